"""The fiches where a very frequent stem says most, found once when the texts are indexed.

A word that tens of thousands of fiches hold is scored in each of them by FTS5, at each search;
here its best fiches are kept, with the scores that FTS5 would give. A catalogue of the size of
the real one has no such stem.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["FrequentStems", "Ranked", "read"]

Ranked = tuple[NDArray[np.uint32], NDArray[np.float32]]
"""The numbers of some fiches, best first, and their scores."""

# The constants of FTS5 (sqlite.org/fts5.html, « The bm25() function »).
_K1, _B = 1.2, 0.75
_LEAST_IDF = 1e-6
_TABLE = (
    "CREATE TABLE frequent (stem TEXT PRIMARY KEY, numbers BLOB NOT NULL, "
    "scores BLOB NOT NULL) WITHOUT ROWID"
)


class FrequentStems:
    """Gathers, fiche by fiche, where each stem stands."""

    def __init__(self, *, most: int) -> None:
        """Prepare; a stem of more than `most` fiches is frequent, and so many are kept."""
        self._most = most
        self._numbers: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._counts: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))
        self._lengths: dict[int, int] = {}

    def add(self, number: int, counts: Mapping[str, float], length: int) -> None:
        """Add a fiche: its stems, weighted by where they stand, and how many stems it has."""
        self._lengths[number] = length
        for stem, count in counts.items():
            self._numbers[stem].append(number)
            self._counts[stem].append(count)

    def write(self, index: sqlite3.Connection) -> None:
        """Keep the best fiches of each frequent stem in a table, when there is such a stem."""
        rows = list(self._rows())
        if rows:
            index.execute(_TABLE)
            index.executemany("INSERT INTO frequent VALUES (?, ?, ?)", rows)

    def _rows(self) -> Iterator[tuple[str, bytes, bytes]]:
        if len(self._lengths) <= self._most:
            return
        lengths = np.zeros(1 + max(self._lengths), dtype=np.float64)
        lengths[list(self._lengths)] = list(self._lengths.values())
        relative = _K1 * (1 - _B + _B * lengths * len(self._lengths) / lengths.sum())
        for stem, found in self._numbers.items():
            if len(found) > self._most:
                numbers = np.frombuffer(found, dtype=np.uint32)
                scores = self._idf(len(found)) * _saturated(self._counts[stem], relative[numbers])
                best = np.argsort(-scores, kind="stable")[: self._most]
                yield stem, numbers[best].tobytes(), scores[best].astype(np.float32).tobytes()

    def _idf(self, holders: int) -> float:
        others = len(self._lengths) - holders
        return max(float(np.log((others + 0.5) / (holders + 0.5))), _LEAST_IDF)


def read(index: sqlite3.Connection, stem: str) -> Ranked | None:
    """Return the best fiches of a frequent stem, None for a stem that is not frequent."""
    if index.execute("SELECT 1 FROM sqlite_master WHERE name = 'frequent'").fetchone() is None:
        return None
    query = "SELECT numbers, scores FROM frequent WHERE stem = ?"
    row = index.execute(query, (stem,)).fetchone()
    if row is None:
        return None
    return np.frombuffer(row[0], dtype=np.uint32), np.frombuffer(row[1], dtype=np.float32)


def _saturated(counts: array[float], relative: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let a word said ten times count less than ten times one said once."""
    said = np.frombuffer(counts, dtype=np.float32).astype(np.float64)
    weights: NDArray[np.float64] = said * (_K1 + 1) / (said + relative)
    return weights
