"""How like the names of a fiche, and like what its text says, the words of another name are.

Names are compared by their stems and by the first letters of the long ones, so that
« archiviste » meets « archives »; a rare word tells more than « technicien ».
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.catalogue.fiche import Fiche
from bot.understanding.name_index import IndexedName

__all__ = ["Likeness", "LikenessMeasure"]

_ROOT_LETTERS = 5
_ROOT = "*"
_DOUBLE = re.compile(r"([a-z])\1")
_BEGINNING = 2 * _ROOT_LETTERS  # whose double letters, once folded, leave a root
_LETTERS_ONLY = bytes(code if chr(code).islower() else ord(" ") for code in range(256))


@dataclass(frozen=True, slots=True)
class Likeness:
    """Three shares in 0..1: of the closest name, of the title, and of the roots that are told."""

    closest: float
    title: float
    told: float


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """What a name of a fiche is compared by, and how much it weighs together."""

    metier: str
    parts: frozenset[str]
    weight: float
    is_title: bool


class LikenessMeasure:
    """Knows the names and the texts of fiches, and which words are rare."""

    def __init__(
        self,
        fiches: Iterable[Fiche],
        names: Iterable[IndexedName],
        others: Iterable[tuple[str, ...]],
    ) -> None:
        """Prepare the fiches.

        Args:
            fiches: whose text counts.
            names: those of the fiches, `key` being the identifier.
            others: the stems of the names to compare; with `names` they tell which words are rare.
        """
        kept = [(name, _parts(name.stems)) for name in names]
        self._parts = {stems: _parts(stems) for stems in others}
        counts = Counter(part for _, parts in kept for part in parts)
        counts.update(part for parts in self._parts.values() for part in parts)
        total = len(kept) + len(self._parts)
        self._weights = {part: 1.0 + math.log(total / count) for part, count in counts.items()}
        self._named: dict[str, list[_Words]] = defaultdict(list)
        for name, parts in kept:
            words = _Words(name.key, parts, self._weight(parts), name.kind == "title")
            self._named[name.key].append(words)
        self._told: dict[str, frozenset[str]] = {fiche.id: _roots_told(fiche) for fiche in fiches}

    def among(self, metiers: Iterable[str]) -> Callable[[tuple[str, ...]], dict[str, Likeness]]:
        """Return what compares a name with some fiches.

        It takes the stems of a name of `others`, and gives the likeness of each fiche that has
        a part of it in its names.
        """
        names = [words for metier in metiers for words in self._named[metier]]
        by_part: dict[str, list[_Words]] = defaultdict(list)
        for words in names:
            for part in words.parts:
                by_part[part].append(words)
        return lambda stems: self._compare(self._parts[stems], by_part)

    def _compare(
        self, parts: frozenset[str], by_part: Mapping[str, Sequence[_Words]]
    ) -> dict[str, Likeness]:
        common: dict[_Words, float] = defaultdict(float)
        for part in parts & by_part.keys():
            for words in by_part[part]:
                common[words] += self._weights[part]
        weight = self._weight(parts)
        closest: dict[str, float] = defaultdict(float)
        title: dict[str, float] = defaultdict(float)
        for words, shared in common.items():
            closeness = 2 * shared / (weight + words.weight)
            closest[words.metier] = max(closest[words.metier], closeness)
            if words.is_title:
                title[words.metier] = max(title[words.metier], closeness)
        roots = [part for part in parts if part[-1] == _ROOT]
        told = self._weight(roots) or 1.0
        return {
            metier: Likeness(
                closest=closeness,
                title=title[metier],
                told=self._weight(self._told[metier].intersection(roots)) / told,
            )
            for metier, closeness in closest.items()
        }

    def _weight(self, parts: Iterable[str]) -> float:
        return sum(map(self._weights.__getitem__, parts))


def _parts(stems: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(_parts_of, stems))


@lru_cache(maxsize=65536)
def _parts_of(stem: str) -> tuple[str, ...]:
    if len(stem) < _ROOT_LETTERS:
        return (stem,)
    return (stem, stem[:_ROOT_LETTERS] + _ROOT)


def _roots_told(fiche: Fiche) -> frozenset[str]:
    """Return the roots of the words that present the fiche, folded as stems are."""
    sections = (fiche.presentation, fiche.summary)
    text = " ".join(section.text for section in sections if section is not None)
    plain = unicodedata.normalize("NFD", text.lower()).encode("ascii", "ignore")
    words = plain.translate(_LETTERS_ONLY).decode("ascii").split()
    beginnings = {word[:_BEGINNING] for word in words if len(word) >= _ROOT_LETTERS}
    return frozenset(filter(None, map(_root_of, beginnings)))


@lru_cache(maxsize=65536)
def _root_of(beginning: str) -> str | None:
    folded = _DOUBLE.sub(r"\1", beginning)
    return folded[:_ROOT_LETTERS] + _ROOT if len(folded) >= _ROOT_LETTERS else None
