"""Finds jobs by criteria (level, status, interest, field) and by words of their fiches.

Criteria keep or drop a job. Words rank the jobs: by the full-text index of the passages, with a
thesaurus of everyday words, and by closeness of meaning. The jobs that meet every criterion
come first; when words leave few of them, those that miss a criterion follow, told apart.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.catalogue import index_file, passages
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.criteria import Criteria, LabelIndex, Mask
from bot.catalogue.fiche import MetierId
from bot.catalogue.latent_space import LatentSpace, fit_latent_space
from bot.catalogue.passages import Phrase
from bot.catalogue.thesaurus import Notion, Thesaurus

__all__ = ["Search", "SearchResult"]

# A term of the thesaurus says a little less than the word typed.
_TERM = 0.9
# Picked by hand on the development set of searches, with the two below.
# A job is listed when its score is at least this share of the best.
_NEAR_ENOUGH = 0.75
# How much a label said in other words counts, beside words (at most 1) and meaning (at most 1).
_LABEL = 0.3
# A job that meets the criteria answers the words when its score is at least this share of that of
# the job that answers them best, whatever its criteria.
_ANSWERING = 0.5
_NOTHING = 1e-6
_MOST_ANSWERING = 100

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The jobs found, best first; the first `exact` meet every criterion, the rest come near.

    `answering`: those that answer the words whatever the criteria, best first; empty when no
    word was looked for.
    """

    metiers: tuple[MetierId, ...]
    exact: int
    answering: tuple[MetierId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What searching by words needs; built once."""

    index: sqlite3.Connection
    space: LatentSpace


class Search:
    """Searches one catalogue; safe to share between threads."""

    def __init__(self, catalogue: Catalogue, thesaurus: Thesaurus) -> None:
        """Prepare the search; without a built index, texts are indexed at the first search."""
        self._catalogue = catalogue
        self._thesaurus = thesaurus
        self._lock = threading.Lock()
        fiches = tuple(catalogue)
        self._ids = np.array([fiche.id for fiche in fiches], dtype=object)
        self._labels = LabelIndex(fiches)
        told = (fiche.is_told for fiche in fiches)
        self._told = np.fromiter(told, dtype=np.bool_, count=len(fiches))
        self._prepared: _Prepared | None = None

    def says_something(self, words: str) -> bool:
        """Whether a text holds a word that a fiche could hold."""
        return bool(self._thesaurus.notions(words))

    def find(
        self, criteria: Criteria, words: str = "", *, hints: Criteria | None = None
    ) -> SearchResult:
        """Return the jobs that answer the words among those that meet the criteria, best first.

        Args:
            criteria: what the jobs must be.
            words: a text whose notions the fiches should hold; without any, every job that meets
                the criteria is kept.
            hints: labels that the words may mean: a job that has them is put forward.
        """
        missed = self._labels.missed(criteria)
        notions = self._thesaurus.notions(words)
        if not notions:
            return self.meeting(criteria)
        scores = self._scores(notions)
        if hints:
            scores += _LABEL * (self._labels.missed(hints) == 0)
        answering = _ANSWERING * float(np.max(scores[self._told], initial=0.0))
        exact = _best(scores, (missed == 0) & self._told, floor=answering)
        floor = max(answering, _floor(scores, exact))
        near = _best(scores, (missed == 1) & self._told, floor=floor)
        return SearchResult(
            metiers=self._metiers([*exact, *near]),
            exact=len(exact),
            answering=self._metiers(_above(scores, self._told, answering)[:_MOST_ANSWERING]),
        )

    def meeting(self, criteria: Criteria, words: str = "") -> SearchResult:
        """Return every job that meets the criteria, in the order in which they answer the words."""
        kept = np.flatnonzero((self._labels.missed(criteria) == 0) & self._told)
        notions = self._thesaurus.notions(words)
        if notions and len(kept):
            kept = kept[np.argsort(-self._scores(notions)[kept], kind="stable")]
        return SearchResult(metiers=self._metiers(kept), exact=len(kept))

    def holding(self, phrases: Iterable[Phrase], parts: Collection[str]) -> Mask:
        """Tell which jobs hold one of some phrases in one of some parts of their fiche.

        Args:
            phrases: stems that follow one another.
            parts: columns of `passages`.
        """
        mask = np.zeros(len(self._ids), dtype=np.bool_)
        with self._lock:
            prepared = self._prepared = self._prepared or self._prepare()
            for phrase in phrases:
                mask[passages.holders(prepared.index, phrase, parts) - 1] = True
        return mask

    def close(self) -> None:
        """Release the full-text index, which is opened again if it is needed."""
        with self._lock:
            if self._prepared is not None:
                self._prepared.index.close()
                self._prepared = None

    def _metiers(self, numbers: Sequence[int] | NDArray[np.intp]) -> tuple[MetierId, ...]:
        return tuple(self._ids[numbers].tolist()) if len(numbers) else ()

    def _scores(self, notions: Sequence[Notion]) -> Scores:
        """Score every fiche: its words (0..1) plus its meaning (0..1)."""
        with self._lock:
            prepared = self._prepared = self._prepared or self._prepare()
            scores = np.zeros(len(self._ids), dtype=np.float32)
            for notion in notions:
                scores += self._notion_scores(prepared.index, notion)
        best = float(np.max(scores, initial=0.0))
        if best > 0:
            scores /= best
        weights: dict[str, float] = {}
        for notion in notions:
            for stem, weight in notion.weights():
                weights[stem] = weights.get(stem, 0.0) + weight
        meaning: Scores = scores + np.maximum(0, prepared.space.closeness(weights))
        return meaning

    def _notion_scores(self, index: sqlite3.Connection, notion: Notion) -> Scores:
        scores = np.zeros(len(self._ids), dtype=np.float32)
        for stem in notion.said:
            numbers, ranked = passages.rank(index, (stem,))
            scores[numbers - 1] += ranked / len(notion.said)
        for term in notion.terms:
            numbers, ranked = passages.rank(index, term)
            scores[numbers - 1] = np.maximum(scores[numbers - 1], _TERM * ranked)
        return scores

    def _prepare(self) -> _Prepared:
        index = self._catalogue.index
        built = index.opened() if index is not None else None
        if built is not None:
            return _Prepared(built, index_file.read_space(built))
        rows = [passages.stemmed(fiche) for fiche in self._catalogue]
        texts = sqlite3.connect(":memory:", check_same_thread=False)
        passages.create(texts)
        passages.fill(texts, rows)
        return _Prepared(texts, fit_latent_space([passages.weighted_counts(row) for row in rows]))


def _floor(scores: Scores, exact: Sequence[int]) -> float:
    """A job that misses a criterion must answer the words better than any that meets all."""
    return float(scores[exact[0]]) if exact else 0.0


def _above(scores: Scores, kept: Mask, floor: float) -> NDArray[np.intp]:
    """Return the jobs kept whose score is above a floor, best first."""
    numbers = np.flatnonzero(kept & (scores > max(floor, _NOTHING)))
    return numbers[np.argsort(-scores[numbers], kind="stable")]


def _best(scores: Scores, kept: Mask, *, floor: float = 0.0) -> list[int]:
    """Return the jobs kept whose score is near the best one's and above a floor, best first."""
    numbers = np.flatnonzero(kept)
    if not len(numbers):
        return []
    best = float(np.max(scores[numbers]))
    near = numbers[scores[numbers] > max(_NEAR_ENOUGH * best, floor, _NOTHING)]
    found: list[int] = near[np.argsort(-scores[near], kind="stable")].tolist()
    return found
