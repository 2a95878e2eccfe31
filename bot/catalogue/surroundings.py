"""Where, with whom and with what one works, as far as the text of a fiche tells.

No field of the fiches holds this. A short list of what fiches say (`intents/synonyms/milieux.yml`)
is looked for in their texts. A fiche that says nothing of it is silent: nothing is guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.catalogue.criteria import Mask
from bot.catalogue.fiche import Fiche
from bot.catalogue.passages import Phrase
from bot.catalogue.search import Search
from bot.catalogue.stemming import stems

__all__ = ["SURROUNDINGS", "Surroundings", "contrary"]

SURROUNDINGS: Mapping[str, tuple[str, ...]] = {
    "lieu": ("dehors", "dedans"),
    "entourage": ("equipe", "public", "seul"),
    "outil": ("mains", "ordinateur"),
}
"""What is looked for: by question, the values that a fiche may hold (several, or none)."""

# A job with people is not one where one is alone; a team does not exclude the public.
_TOGETHER = frozenset({"equipe", "public"})
# Columns of `passages`; the first that says it is quoted.
_PARTS = ("conditions", "skills", "labels", "summary", "presentation")
_WORD = re.compile(r"[^\W_]+")


def contrary(value: str) -> tuple[str, ...]:
    """Return the values that say the contrary of one, when a fiche does not hold it as well."""
    values = next(values for values in SURROUNDINGS.values() if value in values)
    return tuple(v for v in values if v != value and not {v, value} <= _TOGETHER)


class Surroundings:
    """What the fiches of one catalogue say of it; safe to share between threads."""

    def __init__(self, search: Search, ways: Mapping[str, Sequence[str]]) -> None:
        """Look through the texts that `search` indexes; `ways` are what fiches say, by value."""
        self._search = search
        self._phrases: dict[str, dict[Phrase, None]] = {
            value: dict.fromkeys(tuple(stems(way)) for way in ways.get(value, ()))
            for values in SURROUNDINGS.values()
            for value in values
        }
        self._starting: defaultdict[str, list[tuple[Phrase, str]]] = defaultdict(list)
        for value, phrases in self._phrases.items():
            for phrase in sorted(phrases, key=len, reverse=True):
                self._starting[phrase[0]].append((phrase, value))
        self._said: dict[str, Mapping[str, str]] = {}

    def holding(self, value: str) -> Mask:
        """Tell which jobs, in the order of the catalogue, have a fiche that says a value."""
        return self._search.holding(self._phrases[value], _PARTS)

    def words(self, fiche: Fiche, value: str) -> str | None:
        """Return the first words of a fiche that say a value, unaltered; None when none does."""
        if fiche.id not in self._said:
            said: dict[str, str] = {}
            for text in _texts(fiche):
                for found, words in self._found(text):
                    said.setdefault(found, words)
            self._said[fiche.id] = said
        return self._said[fiche.id].get(value)

    def _found(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the values that a text says, with the words that say it."""
        words = list(_WORD.finditer(text))
        roots = stems(text)
        if len(roots) != len(words):  # accents written apart from their letters
            roots = [next(iter(stems(word[0])), "") for word in words]
        for first, root in enumerate(roots):
            for phrase, value in self._starting.get(root, ()):
                last = first + len(phrase) - 1
                if tuple(roots[first : last + 1]) == phrase:
                    yield value, text[words[first].start() : words[last].end()]


def _texts(fiche: Fiche) -> Iterator[str]:
    """Yield the paragraphs and the labels where the words are looked for."""
    for name in _PARTS:
        if name == "labels":
            yield from fiche.centres_interet
        elif section := getattr(fiche, name):
            yield from (block.text for block in section.blocks)
