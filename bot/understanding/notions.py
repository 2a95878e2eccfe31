"""Finds the notions of working life in a text: « quand les autres dorment » speaks of the night.

People and fiches seldom have the same words for one thing. A notion brings together the ways to
say it, `intents/synonyms/travail.yml`; they are compared stem by stem.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue.stemming import stems

__all__ = ["NotionMatch", "NotionTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotionMatch:
    """The notions of the stems first..last, inclusive; a word that says none has no notion."""

    notions: tuple[str, ...]
    first: int
    last: int


class NotionTable:
    """The ways to say each notion."""

    def __init__(self, notions: Mapping[str, Sequence[str]]) -> None:
        """Prepare the ways, which each notion's own name is too; one without a word is ignored."""
        found: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for notion, ways in notions.items():
            for way in (notion, *ways):
                found[tuple(stems(way))][notion] = None
        self._notions = {phrase: tuple(names) for phrase, names in found.items() if phrase}
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for phrase in self._notions:
            lengths[phrase[0]].add(len(phrase))
        # The longest first: « peur du vide » says more than « peur ».
        self._lengths = {first: sorted(known, reverse=True) for first, known in lengths.items()}

    def every(self, text: Sequence[str]) -> Iterator[NotionMatch]:
        """Yield every way said in the stems of a text, those inside another one too."""
        for first in range(len(text)):
            yield from self._at(text, first)

    def longest(self, text: Sequence[str]) -> Iterator[NotionMatch]:
        """Cut the stems of a text into the longest ways said; a word without notion is alone."""
        first = 0
        while first < len(text):
            alone = NotionMatch(notions=(), first=first, last=first)
            match = next(self._at(text, first), alone)
            yield match
            first = match.last + 1

    def _at(self, text: Sequence[str], first: int) -> Iterator[NotionMatch]:
        for length in self._lengths.get(text[first], ()):
            names = self._notions.get(tuple(text[first : first + length]))
            if names is not None and first + length <= len(text):
                yield NotionMatch(notions=names, first=first, last=first + length - 1)
