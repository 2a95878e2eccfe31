"""What each job answers to the questions of the form, told by its fiche: yes, no, or nothing.

A fiche that says nothing of a question is neither for nor against any answer to it.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.criteria import Mask
from bot.catalogue.fiche import Fiche
from bot.catalogue.niveaux import niveau_rank
from bot.catalogue.surroundings import SURROUNDINGS, Surroundings, contrary

__all__ = ["LEVELS", "QUESTIONS", "REFUSED", "WEIGHTS", "Answers", "IdeaTable", "Standing"]

Answers = tuple[tuple[str, str], ...]
"""The answers so far as (question, value), in order; the value of a skipped one is empty."""

LEVELS = ("cap", "bac", "bac+2", "bac+3", "bac+5", "bac+10")
"""The levels that are offered; any other one may be said."""

QUESTIONS = ("centre_interet", "niveau", *SURROUNDINGS)
"""What may be asked; at equal gain the first is."""

REFUSED = "refus"
"""The « question » of the tastes and fields that one does not want: they only put jobs aside."""

WEIGHTS = {"centre_interet": 2, "domaine": 2, REFUSED: 2}
"""What an answer counts for, when not once: what one likes says more than where one works."""

Verdicts = NDArray[np.int8]
"""For each job: 1 where its fiche says so, -1 where it says otherwise, 0 where it is silent."""

_UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What each job matches of the answers, and what it misses, in points (`WEIGHTS`)."""

    matched: NDArray[np.int16]
    missed: NDArray[np.int16]

    @property
    def score(self) -> NDArray[np.int16]:
        """What speaks for each job, less what speaks against it."""
        return self.matched - self.missed

    @property
    def left(self) -> Mask:
        """The jobs still in the running: as near as the nearest, or silent once where it is not."""
        score = self.score
        mask: Mask = score >= score.max(initial=0) - 1
        return mask


class IdeaTable:
    """The jobs of one catalogue that a text tells of; safe to share between threads."""

    def __init__(self, catalogue: Catalogue, surroundings: Surroundings) -> None:
        """Keep what to read; the table is made when a form first needs it."""
        self.surroundings = surroundings
        self._catalogue = catalogue

    @cached_property
    def fiches(self) -> tuple[Fiche, ...]:
        """The jobs, in the order of the catalogue."""
        return tuple(fiche for fiche in self._catalogue if fiche.is_told)

    def values(self, question: str) -> tuple[str, ...]:
        """Every answer that a question may have."""
        return LEVELS if question == "niveau" else tuple(self._verdicts[question])

    def knows(self, question: str, value: str) -> bool:
        """Whether something is an answer to a question: a person may write what they like."""
        if question == REFUSED:
            return any(value in self._verdicts[kind] for kind in ("centre_interet", "domaine"))
        if question == "niveau":
            return niveau_rank(value) is not None
        return value in self._verdicts.get(question, ())

    def verdicts(self, question: str, value: str) -> Verdicts:
        """What the fiches say of an answer that is known."""
        if question == "niveau":
            return _verdicts(yes=self._levels <= _rank(value), known=self._levels != _UNKNOWN)
        if question == REFUSED:
            kind = "centre_interet" if value in self._verdicts["centre_interet"] else "domaine"
            return -(self._verdicts[kind][value] > 0).astype(np.int8)
        return self._verdicts[question][value]

    def standing(self, answers: Answers) -> Standing:
        """Count what each job matches and misses of the answers."""
        matched = np.zeros(len(self.fiches), dtype=np.int16)
        missed = np.zeros(len(self.fiches), dtype=np.int16)
        for question, value in answers:
            if value:
                verdicts = self.verdicts(question, value)
                weight = np.int16(WEIGHTS.get(question, 1))
                matched += weight * (verdicts > 0)
                missed += weight * (verdicts < 0)
        return Standing(matched=matched, missed=missed)

    def likely(self, question: str) -> NDArray[np.float32]:
        """How likely each answer (row) is for a person made for each job (column).

        Such a person says what the fiche says: one of its labels, its own level. A column of
        zeros is a job whose fiche is silent.
        """
        if question == "niveau":
            ranks = np.array([_rank(level) for level in LEVELS])
            own = np.searchsorted(ranks, self._levels)
            chosen = (own == np.arange(len(LEVELS))[:, None]) & (self._levels != _UNKNOWN)
        else:
            chosen = np.stack(list(self._verdicts[question].values())) > 0
        return np.asarray(chosen / np.maximum(1, chosen.sum(axis=0)), dtype=np.float32)

    def verdict(self, question: str, value: str, fiche: Fiche) -> int:
        """What one fiche says of an answer that is known: 1, -1 or 0."""
        return int(self.verdicts(question, value)[self._numbers[fiche.id]])

    def share(self, tastes: Collection[str]) -> NDArray[np.float32]:
        """Which share of each job's tastes is among some."""
        known = [self._verdicts["centre_interet"][taste] > 0 for taste in tastes]
        counts = np.array([max(1, len(fiche.centres_interet)) for fiche in self.fiches])
        shared = np.sum(known, axis=0) if known else np.zeros(len(self.fiches))
        return np.asarray(shared / counts, dtype=np.float32)

    @cached_property
    def mixed(self) -> NDArray[np.uint32]:
        """A number for each job that means nothing and is always the same."""
        digests = [zlib.crc32(fiche.id.encode()) for fiche in self.fiches]
        return np.array(digests, dtype=np.uint32)

    def levels_below(self, value: str) -> NDArray[np.int8]:
        """How far each job's level is below one that is wanted; 0 where it is not known."""
        below = _rank(value) - self._levels
        return np.where((self._levels == _UNKNOWN) | (below < 0), 0, below).astype(np.int8)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {fiche.id: number for number, fiche in enumerate(self.fiches)}

    @cached_property
    def _levels(self) -> NDArray[np.int8]:
        ranks = (niveau_rank(fiche.niveau_min or "") for fiche in self.fiches)
        return np.array([_UNKNOWN if rank is None else rank for rank in ranks], dtype=np.int8)

    @cached_property
    def _verdicts(self) -> Mapping[str, Mapping[str, Verdicts]]:
        labels = {
            "centre_interet": [fiche.centres_interet for fiche in self.fiches],
            "statut": [fiche.statuts for fiche in self.fiches],
            "domaine": [_fields(fiche) for fiche in self.fiches],
        }
        return {
            **{kind: _of_labels(held) for kind, held in labels.items()},
            **self._of_surroundings(),
        }

    def _of_surroundings(self) -> dict[str, dict[str, Verdicts]]:
        told = np.array([fiche.is_told for fiche in self._catalogue], dtype=np.bool_)
        holding = {
            value: self.surroundings.holding(value)[told]
            for values in SURROUNDINGS.values()
            for value in values
        }
        verdicts: dict[str, dict[str, Verdicts]] = {}
        for question, values in SURROUNDINGS.items():
            verdicts[question] = {}
            for value in values:
                yes = holding[value]
                against = np.any([holding[other] for other in contrary(value)], axis=0)
                verdicts[question][value] = _verdicts(yes=yes, known=yes | against)
        return verdicts


def _of_labels(held: list[tuple[str, ...]]) -> dict[str, Verdicts]:
    known = np.array([bool(labels) for labels in held], dtype=np.bool_)
    every = dict.fromkeys(label for labels in held for label in labels)
    return {
        label: _verdicts(yes=np.array([label in labels for labels in held]), known=known)
        for label in every
    }


def _verdicts(*, yes: Mask, known: Mask) -> Verdicts:
    return np.where(known, np.where(yes, 1, -1), 0).astype(np.int8)


def _fields(fiche: Fiche) -> tuple[str, ...]:
    parts: Iterable[str | None] = (
        name for field in fiche.domaines for name in (field.domaine, field.sous_domaine)
    )
    return tuple(dict.fromkeys(name for name in (*parts, *fiche.secteurs) if name))


def _rank(level: str) -> int:
    rank = niveau_rank(level)
    return _UNKNOWN if rank is None else rank
