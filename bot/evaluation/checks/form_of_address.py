"""Checks that what is said with « vous » is said with « tu » as well, where a file does both."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from bot.evaluation.checks.finding import Finding, error
from bot.evaluation.checks.yaml_nodes import child, composed, items, line_of, pairs
from bot.rasa_yaml import yaml_files

__all__ = ["check_address"]

_LINK = re.compile(r"\(https?:[^)]*\)")
_FORMAL = re.compile(r"\b(?:vous|votre|vos|[a-zà-ÿ]+ez)\b", re.IGNORECASE)
_NOT_FORMAL = frozenset({"chez", "assez", "nez"})


def check_address(intents: Path) -> Iterator[Finding]:
    """Yield the responses that lack a text with « tu », or whose one says « vous ».

    A file without any such text (the commands, the message of distress) is left as it is.
    """
    for path in yaml_files(intents / "responses"):
        written = [
            (str(name.value), line_of(name), *_texts(variants))
            for name, variants in pairs(child(composed(path), "responses"))
        ]
        if any(familiar for *_, familiar in written):
            for field, line, texts, familiar in written:
                yield from _findings(path, line, field, texts, familiar)


def _findings(
    path: Path, line: int, field: str, texts: Sequence[str], familiar: Sequence[str]
) -> Iterator[Finding]:
    if not familiar:
        if any(map(_formal_words, texts)):
            yield error("response_unfamiliar", path, line, field=field)
        return
    for word in dict.fromkeys(word for text in familiar for word in _formal_words(text)):
        yield error("response_formal", path, line, field=field, detail=word)
    if [_blanks(text) for text in texts] != [_blanks(text) for text in familiar]:
        yield error("response_uneven", path, line, field=field)


def _texts(variants: yaml.Node) -> tuple[list[str], list[str]]:
    """Return the texts of a response, then those under a condition."""
    texts: list[str] = []
    familiar: list[str] = []
    for variant in items(variants):
        text = child(variant, "text")
        if isinstance(text, yaml.ScalarNode):
            (texts if child(variant, "condition") is None else familiar).append(text.value)
    return texts, familiar


def _formal_words(text: str) -> list[str]:
    words = _FORMAL.findall(_LINK.sub("", text))
    return [word for word in words if word.lower() not in _NOT_FORMAL]


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
