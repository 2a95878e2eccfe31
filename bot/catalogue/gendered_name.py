"""Reads the two genders of a job written « masculin / féminin » in the Idéo table.

The second form may come short (« secrétaire médical / médicale ») or be followed by a
complement that belongs to both (« robinétier /robinétière nucléaire »). When the two
sides do not answer each other word for word, no gender is guessed.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from bot.catalogue.fiche import Appellation

__all__ = ["read_gendered_name"]

# A slash between spaces, or with one at least: « et/ou » joins, it does not pair genders.
_SLASH = re.compile(r"\s+/\s*|\s*/\s+")
_AND_OR = re.compile(r"\bet\s*/\s*ou\b")
_TOKEN = re.compile(r"\w+|\W+")
_SHARED_LETTERS = 3
_LONGEST_NAME = 300  # three times the longest real one; the work grows with the square


def read_gendered_name(name: str) -> Appellation:
    """Return the name with its genders, when it is cleanly of the form « masculin / féminin ».

    Source: the `libelle` column of « Idéo-métiers Onisep » (1,075 jobs, spring 2026).
    """
    if len(name) > _LONGEST_NAME:
        return Appellation(name=name)
    sides = _SLASH.split(_AND_OR.sub(lambda match: "\0" * len(match[0]), name))
    if len(sides) != 2 or sides[0].count("(") != sides[0].count(")"):
        return Appellation(name=name)
    left = _TOKEN.findall(name[: len(sides[0])])
    right = _TOKEN.findall(name[len(name) - len(sides[1]) :])
    # The feminine may repeat the last words only: the first word that answers is looked for.
    for shared in range(0, len(left), 2):
        if left and right and _answer(left[shared:], right):
            complement = right[len(left) - shared :]
            return Appellation(
                name=name,
                masculine="".join((*left, *complement)).strip(),
                feminine="".join((*left[:shared], *right)).strip(),
            )
    return Appellation(name=name)


def _answer(masculine: list[str], feminine: list[str]) -> bool:
    """Say whether each word of the masculine has its feminine at the same place."""
    return all(
        second is not None and _is_feminine_of(first, second)
        for first, second in zip_longest(masculine, feminine[: len(masculine)])
        if first is not None
    )


def _is_feminine_of(masculine: str, feminine: str) -> bool:
    if masculine == feminine:
        return True
    letters = min(_SHARED_LETTERS, len(masculine))
    return masculine[:letters].isalpha() and masculine[:letters] == feminine[:letters]
