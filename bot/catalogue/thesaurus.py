"""The everyday words that stand for those of the fiches, in searches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue.passages import Phrase
from bot.catalogue.stemming import stems

__all__ = ["Notion", "Thesaurus"]

# In the meaning of a search, the terms of a notion count together a little less than its words.
_TERMS_WEIGHT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Notion:
    """One thing that a search is about: the stems said, and the terms of the fiches for it."""

    said: Phrase
    terms: tuple[Phrase, ...] = ()

    def weights(self) -> Iterator[tuple[str, float]]:
        """Yield the stems with their weights: 1 in all for those said."""
        for stem in self.said:
            yield stem, 1.0 / len(self.said)
        for term in self.terms:
            for stem in term:
                yield stem, _TERMS_WEIGHT / len(term) / len(self.terms)


class Thesaurus:
    """Turns the words of a search into notions: what is said, and the fiches' words for it."""

    def __init__(self, terms: Mapping[str, Sequence[str]], *, empty: Iterable[str] = ()) -> None:
        """Prepare the thesaurus.

        Args:
            terms: words of the fiches, each with the everyday ways of saying it.
            empty: words that say nothing of a job (« je », « cherche », « métier »); those
                of one letter are always such.
        """
        self._empty = frozenset(stem for word in empty for stem in stems(word))
        self._terms: dict[Phrase, dict[Phrase, None]] = {}
        for term, ways in terms.items():
            phrase = self._content(term)
            for way in ways:
                said = self._content(way)
                if said and phrase and said != phrase:
                    self._terms.setdefault(said, {})[tuple(stems(term))] = None
        self._longest = max(map(len, self._terms), default=1)

    def notions(self, text: str) -> list[Notion]:
        """Return the notions of a text: a phrase of the thesaurus is one, and any other word."""
        words = list(dict.fromkeys(self._content(text)))
        found: list[Notion] = []
        place = 0
        while place < len(words):
            length, terms = self._longest_at(words, place)
            found.append(Notion(said=tuple(words[place : place + length]), terms=tuple(terms)))
            place += length
        return found

    def _longest_at(self, words: Sequence[str], place: int) -> tuple[int, Collection[Phrase]]:
        for length in range(min(self._longest, len(words) - place), 0, -1):
            terms = self._terms.get(tuple(words[place : place + length]))
            if terms is not None:
                return length, terms
        return 1, ()

    def _content(self, text: str) -> Phrase:
        return tuple(s for s in stems(text) if len(s) > 1 and s not in self._empty)
