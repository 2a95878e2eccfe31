"""The criteria of a search of jobs, and which jobs meet them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.catalogue.fiche import Fiche
from bot.catalogue.niveaux import niveau_rank

__all__ = ["Criteria", "LabelIndex", "Mask"]

Mask = NDArray[np.bool_]
Counts = NDArray[np.int8]

_NO_NIVEAU = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What the jobs must be; empty values ask for nothing.

    `niveau`: a level of the contract (`bac+2`); `niveau_rule`: `max` keeps the jobs open from
    that level or below, `equal` those of that level only. Of each kind of label, one at
    least must be the job's.
    """

    niveau: str | None = None
    niveau_rule: str = "max"
    statuts: tuple[str, ...] = ()
    centres_interet: tuple[str, ...] = ()
    domaines: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return bool(self.niveau or self.statuts or self.centres_interet or self.domaines)


class LabelIndex:
    """Which jobs have which level and labels; jobs are numbered in the order given, from 0."""

    def __init__(self, fiches: Sequence[Fiche]) -> None:
        """Read the labels of the fiches; case does not matter."""
        self._count = len(fiches)
        self._niveaux = np.fromiter(map(_niveau, fiches), dtype=np.int8, count=len(fiches))
        numbers: dict[tuple[str, str], array[int]] = {}
        for number, fiche in enumerate(fiches):
            for kind, labels in (
                ("statut", fiche.statuts),
                ("centre_interet", fiche.centres_interet),
                ("domaine", _fields(fiche)),
            ):
                for label in labels:
                    numbers.setdefault((kind, label.casefold()), array("I")).append(number)
        self._numbers = {
            label: np.frombuffer(found, dtype=np.uint32) for label, found in numbers.items()
        }

    def missed(self, criteria: Criteria) -> Counts:
        """Return how many of the criteria each job misses."""
        missed = np.zeros(self._count, dtype=np.int8)
        if criteria.niveau:
            missed += ~self._of_niveau(criteria.niveau, exactly=criteria.niveau_rule == "equal")
        for kind, labels in (
            ("statut", criteria.statuts),
            ("centre_interet", criteria.centres_interet),
            ("domaine", criteria.domaines),
        ):
            if labels:
                missed += ~self._having(kind, labels)
        return missed

    def _of_niveau(self, niveau: str, *, exactly: bool) -> Mask:
        rank = niveau_rank(niveau)
        if rank is None:
            return np.zeros(self._count, dtype=np.bool_)
        known = self._niveaux != _NO_NIVEAU
        kept = self._niveaux == rank if exactly else self._niveaux <= rank
        mask: Mask = known & kept
        return mask

    def _having(self, kind: str, labels: Iterable[str]) -> Mask:
        mask = np.zeros(self._count, dtype=np.bool_)
        for label in labels:
            numbers = self._numbers.get((kind, label.casefold()))
            if numbers is not None:
                mask[numbers] = True
        return mask


def _niveau(fiche: Fiche) -> int:
    rank = niveau_rank(fiche.niveau_min) if fiche.niveau_min else None
    return _NO_NIVEAU if rank is None else rank


def _fields(fiche: Fiche) -> set[str]:
    fields = {domaine.domaine for domaine in fiche.domaines}
    fields |= {domaine.sous_domaine for domaine in fiche.domaines if domaine.sous_domaine}
    return fields.union(fiche.secteurs)
