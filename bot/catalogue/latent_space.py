"""Closeness of meaning between words and fiches, learnt from the fiches alone.

Latent semantic analysis (Deerwester et al., 1990): words that are written in the same fiches
come near one another, so that « microbes » finds the bacteriologist whose fiche says
« bactéries ». It completes the full-text index, which knows only the words themselves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

__all__ = ["LatentSpace", "Vector", "fit_latent_space"]

Vector = NDArray[np.float32]

_DIMENSIONS = 100
# The words are placed by so many fiches at most, evenly chosen; the other fiches are placed
# among them. The space of 3,000 fiches is that of the whole, and its cost stays bounded.
_MOST_FITTED = 3000
# Up to so many fiches, the decomposition is made whole: the quicker one starts again at random
# on the few axes of a small catalogue.
_MOST_WHOLE = 250
_PLACED_TOGETHER = 2000  # fiches whose words are in memory at once
_LEAST_LENGTH = 1e-3
_RARE = 2  # a word of one fiche has no neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentSpace:
    """Words and fiches as unit vectors of `_DIMENSIONS` or fewer numbers.

    `places`: row of each stem in `words`, which is already weighted by rarity; row n of
    `fiches` is fiche number n+1 (zeros where it has no text).
    """

    places: Mapping[str, int]
    words: Vector
    fiches: Vector

    def closeness(self, weights: Mapping[str, float]) -> Vector:
        """Return how close each fiche is to weighted stems: the cosine, -1..1, 0 when unknown."""
        place = np.zeros(self.words.shape[1], dtype=np.float32)
        for stem, weight in weights.items():
            row = self.places.get(stem)
            if row is not None:
                place += weight * self.words[row]
        length = float(np.linalg.norm(place))
        if length == 0.0:
            return np.zeros(len(self.fiches), dtype=np.float32)
        close: Vector = self.fiches @ (place / length)
        return close


def fit_latent_space(rows: Sequence[Mapping[str, float]]) -> LatentSpace:
    """Learn the space of fiches given as weighted counts of stems (an empty row has no text)."""
    told = [row for row in rows if row]
    sample = told[:: math.ceil(len(told) / _MOST_FITTED) or 1]
    rarity = _rarity(sample)
    places = {stem: place for place, stem in enumerate(rarity)}
    width = min(_DIMENSIONS, min(len(sample), len(places)) - 1)
    if width < 1:
        empty = np.zeros((len(rows), 0), dtype=np.float32)
        return LatentSpace(places={}, words=np.zeros((0, 0), dtype=np.float32), fiches=empty)
    # One thread: on a busy machine several wait for one another, and each adds up in its order.
    with threadpool_limits(limits=1):
        axes = _axes(_matrix(sample, places, rarity), width)
    fiches = np.concatenate(
        [
            _matrix(rows[start : start + _PLACED_TOGETHER], places, rarity) @ axes.T
            for start in range(0, len(rows), _PLACED_TOGETHER)
        ]
    )
    lengths = np.linalg.norm(fiches, axis=1, keepdims=True)
    fiches = np.divide(fiches, lengths, out=np.zeros_like(fiches), where=lengths > _LEAST_LENGTH)
    weights = np.fromiter(rarity.values(), dtype=np.float32)
    return LatentSpace(
        places=places, words=_rounded(axes.T * weights[:, None]), fiches=_rounded(fiches)
    )


def _axes(matrix: Any, width: int) -> Vector:
    """Return the `width` directions, or fewer, along which the rows differ most."""
    from scipy.sparse.linalg import svds  # a third of a second, needed only here

    if min(matrix.shape) <= _MOST_WHOLE:
        lengths, axes = _all_axes(matrix.toarray().astype(np.float64))
    else:
        # A fixed start: the same fiches give the same space.
        _, lengths, axes = svds(matrix, k=width, v0=np.ones(min(matrix.shape), dtype=np.float32))
    best = np.argsort(-lengths, kind="stable")[:width]
    # Rows that repeat each other leave directions without length, which are chance.
    real = axes[best[lengths[best] > _LEAST_LENGTH * np.max(lengths)]]
    return real.astype(np.float32)


def _all_axes(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Decompose a matrix of few rows or few columns: its singular values and its axes."""
    if len(matrix) > matrix.shape[1]:
        squares, vectors = np.linalg.eigh(matrix.T @ matrix)
        return np.sqrt(np.maximum(squares, 0)), vectors.T
    squares, vectors = np.linalg.eigh(matrix @ matrix.T)
    lengths = np.sqrt(np.maximum(squares, 0))
    axes = vectors.T @ matrix
    return lengths, np.divide(axes, lengths[:, None], out=axes, where=lengths[:, None] > 0)


def _rounded(vectors: Vector) -> Vector:
    """Keep the precision of an index, so that one searches as the sources that it was built of."""
    return np.ascontiguousarray(vectors, dtype=np.float16).astype(np.float32)


def _rarity(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Weigh the stems of two fiches or more by how few hold them, in alphabetical order."""
    counts = Counter(stem for row in rows for stem in row)
    return {
        stem: math.log(1 + (len(rows) - count + 0.5) / (count + 0.5))
        for stem, count in sorted(counts.items())
        if count >= _RARE
    }


def _matrix(
    rows: Iterable[Mapping[str, float]], places: Mapping[str, int], rarity: Mapping[str, float]
) -> Any:
    """Make the sparse matrix of fiches by stems, each row of length 1."""
    from scipy.sparse import csr_array

    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for row in rows:
        values = {s: math.log1p(w) * rarity[s] for s, w in row.items() if s in rarity}
        length = math.sqrt(sum(value * value for value in values.values())) or 1.0
        columns += (places[stem] for stem in values)
        data += (value / length for value in values.values())
        starts.append(len(data))
    return csr_array(
        (np.array(data, dtype=np.float32), columns, starts), shape=(len(starts) - 1, len(places))
    )
