"""Renders the sentences of `intents/responses/`: everything that a person reads is there."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import IntentsError, Problem
from bot.rasa_yaml import read_mapping, yaml_files

__all__ = ["Wording", "read_wording"]

_PREFIX = "utter_"
# Rasa's condition of a variation, which marks the texts that say « tu »; the others say « vous ».
_FAMILIAR = [{"type": "slot", "name": "adresse", "value": "tu"}]


class Wording:
    """The responses by key (without Rasa's `utter_`)."""

    def __init__(
        self,
        texts: Mapping[str, tuple[str, ...]],
        metadata: Mapping[str, Mapping[str, str]],
        familiar: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Keep the texts of each response, and its metadata (links, sources).

        `familiar`: the texts that say « tu », of the responses where that makes a difference.
        """
        self._texts = texts
        self._metadata = metadata
        self._familiar = familiar or {}

    def familiarly(self) -> Wording:
        """Return the same responses saying « tu »."""
        return Wording({**self._texts, **self._familiar}, self._metadata)

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, in the order of the files."""
        return tuple(self._texts)

    def placeholders(self, key: str) -> frozenset[str]:
        """The names of the blanks of a response."""
        texts = (*self._variants(key), *self._familiar.get(key, ()))
        fields = (name for text in texts for _, name, _, _ in string.Formatter().parse(text))
        return frozenset(name for name in fields if name)

    def say(self, key: str, **values: object) -> str:
        """Render a response (its first text).

        Raises:
            ValueError: there is no such response, or a blank of it is not filled.
        """
        return self.say_in_turn(key, 0, **values)

    def say_in_turn(self, key: str, turn: int, /, **values: object) -> str:
        """Render the text of a response that comes at a turn: several texts alternate.

        Raises:
            ValueError: there is no such response, or a blank of it is not filled.
        """
        variants = self._variants(key)
        try:
            return variants[turn % len(variants)].format(**values).strip()
        except (KeyError, IndexError) as error:
            raise ValueError(f"response {key} needs {error}") from error

    def meta(self, key: str, name: str) -> str | None:
        """Return a metadata value of a response (`url`, `label`…), or None."""
        return self._metadata.get(key, {}).get(name)

    def starting(self, prefix: str) -> tuple[str, ...]:
        """The keys that start with a prefix, in the order of the files."""
        return tuple(key for key in self._texts if key.startswith(prefix))

    def _variants(self, key: str) -> tuple[str, ...]:
        variants = self._texts.get(key)
        if not variants:
            raise ValueError(f"no response utter_{key} in intents/responses/")
        return variants


def read_wording(intents: Path) -> Wording:
    """Read every file of `intents/responses/` (Rasa 3.1 `responses:`).

    Raises:
        IntentsError: a file is wrong, or two responses have one name.
    """
    texts: dict[str, tuple[str, ...]] = {}
    familiar: dict[str, tuple[str, ...]] = {}
    metadata: dict[str, Mapping[str, str]] = {}
    problems: list[Problem] = []
    for path in yaml_files(intents / "responses"):
        responses = read_mapping(path).get("responses")
        if not isinstance(responses, dict):
            problems.append(Problem(path=path, key="no_responses", field="responses"))
            continue
        for name, variants in responses.items():
            key = str(name).removeprefix(_PREFIX)
            if key in texts:
                problems.append(Problem(path=path, key="duplicate_response", field=str(name)))
            read = _response(variants)
            if read is None or not str(name).startswith(_PREFIX):
                problems.append(Problem(path=path, key="bad_response", field=str(name)))
                continue
            texts[key], metadata[key] = tuple(read.texts), read.metadata
            if read.familiar:
                familiar[key] = tuple(read.familiar)
    if problems:
        raise IntentsError(*problems)
    return Wording(texts, metadata, familiar)


@dataclass(frozen=True, slots=True)
class _Response:
    """A response as it is written: its texts, those that say « tu », its metadata."""

    texts: list[str] = field(default_factory=list)
    familiar: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)


def _response(value: object) -> _Response | None:
    if not isinstance(value, list):
        return None
    read = _Response()
    for variant in value:
        if not isinstance(variant, dict) or not isinstance(variant.get("text"), str):
            return None
        if variant.get("condition", _FAMILIAR) != _FAMILIAR:
            return None
        (read.familiar if "condition" in variant else read.texts).append(variant["text"])
        extra = variant.get("metadata")
        if isinstance(extra, dict):
            read.metadata.update({str(name): str(item) for name, item in extra.items()})
    return read if read.texts else None
