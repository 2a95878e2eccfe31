"""Renders the sentences of `intents/responses/`: everything that a person reads is there."""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path

from bot.errors import IntentsError, Problem
from bot.rasa_yaml import read_mapping, yaml_files

__all__ = ["Wording", "read_wording"]

_PREFIX = "utter_"


class Wording:
    """The responses by key (without Rasa's `utter_`)."""

    def __init__(
        self, texts: Mapping[str, tuple[str, ...]], metadata: Mapping[str, Mapping[str, str]]
    ) -> None:
        """Keep the variants of each response, and its metadata (links, sources)."""
        self._texts = texts
        self._metadata = metadata

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, in the order of the files."""
        return tuple(self._texts)

    def placeholders(self, key: str) -> frozenset[str]:
        """The names of the blanks of a response."""
        fields = (
            name for text in self._variants(key) for _, name, _, _ in string.Formatter().parse(text)
        )
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
            read = _variants(variants)
            if read is None or not str(name).startswith(_PREFIX):
                problems.append(Problem(path=path, key="bad_response", field=str(name)))
                continue
            texts[key], metadata[key] = read
    if problems:
        raise IntentsError(*problems)
    return Wording(texts, metadata)


def _variants(value: object) -> tuple[tuple[str, ...], Mapping[str, str]] | None:
    if not isinstance(value, list) or not value:
        return None
    texts: list[str] = []
    metadata: dict[str, str] = {}
    for variant in value:
        if not isinstance(variant, dict) or not isinstance(variant.get("text"), str):
            return None
        texts.append(variant["text"])
        extra = variant.get("metadata")
        if isinstance(extra, dict):
            metadata |= {str(name): str(item) for name, item in extra.items()}
    return tuple(texts), metadata
