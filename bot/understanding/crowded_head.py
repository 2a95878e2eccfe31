"""The names that begin with one word shared by thousands (« technicien »).

They are looked up by their other words: an utterance is compared with the few names that hold the
most of what was said, whatever the number of names that begin alike.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["CrowdedHead"]

# Of the names that hold the same words of an utterance, so many are compared: five are ever
# shown, and a job may have three names.
_MOST_ALIKE = 16
_BITS = 63

Places = NDArray[np.intp]


class CrowdedHead:
    """Names that begin alike, each a place in a list where the shortest come first."""

    def __init__(self, names: Sequence[Sequence[str]], *, most_bare: int) -> None:
        """Index the names by their other words.

        Args:
            names: the stems of each name, the best covered by its first word alone first.
            most_bare: how many of those with no other word said are worth comparing.
        """
        self._count = len(names)
        self._most_bare = most_bare
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, stems in enumerate(names):
            for stem in set(stems[1:]):
                places[stem].append(place)
        self._places: Mapping[str, array[int]] = dict(places)

    def near(self, said: Iterable[str]) -> list[int]:
        """Return the places of the names to compare with an utterance, in order.

        Args:
            said: the stems of the utterance; the first word of the names is one of them.
        """
        patterns = np.zeros(self._count, dtype=np.uint64)
        # In an utterance of more than 63 such words two may share a bit: fewer are compared.
        known = (places for stem in said if (places := self._places.get(stem)) is not None)
        for number, places in enumerate(known):
            patterns[np.frombuffer(places, dtype=np.uint32)] |= np.uint64(1 << number % _BITS)
        bare = np.flatnonzero(patterns == 0)[: self._most_bare]
        others = np.flatnonzero(patterns)
        kept = others[_rank_among_equals(patterns[others]) < _MOST_ALIKE]
        near: list[int] = np.sort(np.concatenate((bare, kept))).tolist()
        return near


def _rank_among_equals(values: NDArray[np.uint64]) -> Places:
    """Return how many equal values stand before each one."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] + np.uint64(1)))
    lengths = np.diff(starts, append=len(ordered))
    ranks = np.empty(len(values), dtype=np.intp)
    ranks[order] = np.arange(len(values)) - np.repeat(starts, lengths)
    return ranks
