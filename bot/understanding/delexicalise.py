"""Replaces the spans of entities by their type: `METIER`, `FORMATION`, `NIVEAU`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.understanding.normalisation import Token

__all__ = ["Span", "delexicalise"]

_PLACEHOLDERS = {"metier": "METIER", "formation": "FORMATION", "niveau": "NIVEAU"}


class Span(Protocol):
    """Anything that has an entity and a place in the typed text (half-open, code points)."""

    @property
    def entity(self) -> str:
        """The kind of entity."""

    @property
    def start(self) -> int:
        """Where it starts."""

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""


def delexicalise(tokens: Sequence[Token], spans: Iterable[Span]) -> tuple[str, ...]:
    """Return the words of an utterance, each span of a known entity as one placeholder.

    Where spans overlap, the first given wins.
    """
    kept = [span for span in spans if span.entity in _PLACEHOLDERS]
    words: list[str] = []
    inside: Span | None = None
    for token in tokens:
        span = next((s for s in kept if token.start < s.end and s.start < token.end), None)
        if span is None:
            words.append(token.text)
        elif span is not inside:
            words.append(_PLACEHOLDERS[span.entity])
        inside = span
    return tuple(words)
