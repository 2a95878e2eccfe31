"""Which jobs have most in common with a job: codes, fields, interests, recommended diplomas.

What each job has is kept the other way round, by code, field, interest and diploma, so that a job
is compared with those that share something with it and never with the whole catalogue.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.catalogue.fiche import Fiche, FormationId, MetierId

__all__ = ["Kinship"]

_CODE, _FIELD, _TASTE = 3.0, 2.0, 1.0
_DIPLOMA = 1.0
_LEAST = 2.0

Key = tuple[str, Hashable]
Scores = NDArray[np.float32]


class Kinship:
    """What the jobs of a catalogue share; safe to share between threads."""

    def __init__(
        self,
        fiches: Iterable[Fiche],
        by_formation: Mapping[FormationId, Sequence[MetierId]],
    ) -> None:
        """Index the fiches; `by_formation`: the jobs, these and others, each diploma leads to."""
        fiches = tuple(fiches)
        self._ids = tuple(fiche.id for fiche in fiches)
        holders: defaultdict[Key, array[int]] = defaultdict(lambda: array("I"))
        for number, fiche in enumerate(fiches):
            for key, _ in _traits(fiche):
                holders[key].append(number)
        numbers = {metier: number for number, metier in enumerate(self._ids)}
        for formation, metiers in by_formation.items():
            holders["diploma", formation].extend(
                numbers[metier] for metier in metiers if metier in numbers
            )
        self._holders: Mapping[Key, array[int]] = dict(holders)

    def closest(self, fiche: Fiche, *, most: int) -> tuple[MetierId, ...]:
        """Return the jobs that share enough with a job, those that share most first."""
        scores: Scores = np.zeros(len(self._ids), dtype=np.float32)
        diplomas = ((("diploma", f.id), _DIPLOMA) for f in fiche.formations if f.id is not None)
        for key, weight in chain(_traits(fiche), diplomas):
            holders = self._holders.get(key)
            if holders:
                scores[np.frombuffer(holders, dtype=np.uint32)] += weight
        near = _first(scores, most + 1)  # the job itself may be among them
        found = tuple(self._ids[number] for number in near)
        return tuple(metier for metier in found if metier != fiche.id)[:most]


def _traits(fiche: Fiche) -> Iterator[tuple[Key, float]]:
    """Yield what a job may share, each once, with how much it counts."""
    for code in dict.fromkeys(fiche.rome_codes):
        yield ("code", code), _CODE
    for domaine in dict.fromkeys(fiche.domaines):
        yield ("field", domaine), _FIELD
    for taste in dict.fromkeys(fiche.centres_interet):
        yield ("taste", taste), _TASTE


def _first(scores: Scores, most: int) -> list[int]:
    """Return the numbers of the best scores, best first, equal ones in the order given."""
    least = _LEAST
    if len(scores) > most:
        least = max(least, float(np.partition(scores, -most)[-most]))
    kept = np.flatnonzero(scores >= least)
    first: list[int] = kept[np.argsort(-scores[kept], kind="stable")][:most].tolist()
    return first
