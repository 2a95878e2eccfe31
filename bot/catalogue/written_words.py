"""The words that the fiches are written with: such a word, typed, is French and no typing slip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.catalogue.fiche import Fiche

__all__ = ["written_words"]

_WORD = re.compile(r"[^\W\d_]{2,}")


def written_words(fiches: Iterable[Fiche]) -> frozenset[str]:
    """Return the distinct words (two letters or more, case kept) of the texts of fiches."""
    words: set[str] = set()
    for fiche in fiches:
        for text in _texts(fiche):
            words.update(_WORD.findall(text))
    return frozenset(words)


def _texts(fiche: Fiche) -> Iterator[str]:
    sections = (
        fiche.presentation,
        fiche.summary,
        fiche.nature,
        fiche.skills,
        fiche.conditions,
        fiche.job_market,
        fiche.access,
    )
    return (section.text for section in sections if section is not None)
