"""Full-text index of the passages of the fiches: an FTS5 table of SQLite, one row per fiche.

Texts are put in by their stems, so that inflexions and accents do not matter; a column is
a part of the fiche, and weighs by how much it says what the job is. The table has no copy of
the texts: row n is the nth fiche of the catalogue. The best fiches of very frequent stems have
a table of their own (`frequent_stems`).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bot.catalogue import frequent_stems
from bot.catalogue.fiche import Fiche, Section
from bot.catalogue.frequent_stems import FrequentStems, Ranked
from bot.catalogue.stemming import stems

__all__ = [
    "Phrase",
    "Stemmed",
    "create",
    "fill",
    "holders",
    "rank",
    "stemmed",
    "weighted_counts",
]

Phrase = tuple[str, ...]
"""Stems that follow one another; at least one."""

Stemmed = tuple[list[str], ...]
"""The stems of a fiche, one list per column of the table."""

# How much a word counts by where it stands. Half or double of each moved the figures of the
# development set by two points at most: what a column holds matters, not its exact weight.
_WEIGHTS = {
    "names": 10.0,
    "presentation": 5.0,
    "summary": 4.0,
    "labels": 2.0,
    "nature": 2.0,
    "skills": 1.0,
    "conditions": 0.6,
}
_MOST_RANKED = 2000
# The names of the columns are ours: nothing that somebody typed is in these statements.
_RANKED = (
    f"SELECT rowid, -bm25(passage, {', '.join(map(str, _WEIGHTS.values()))}) AS score "  # noqa: S608
    "FROM passage WHERE passage MATCH ? ORDER BY score DESC, rowid LIMIT ?"
)


def create(index: sqlite3.Connection) -> None:
    """Make the table."""
    columns = ", ".join(_WEIGHTS)
    index.execute(
        f"CREATE VIRTUAL TABLE passage USING fts5({columns}, content='', tokenize='ascii')"
    )


def stemmed(fiche: Fiche) -> Stemmed | None:
    """Return the stems of a fiche, part by part; None when it holds no text.

    A name alone, from a table, leads a person nowhere.
    """
    if fiche.presentation is None and fiche.summary is None:
        return None
    names = " ".join(form for names in fiche.names() for form in names.forms())
    fields = [f"{d.domaine} {d.sous_domaine or ''}" for d in fiche.domaines]
    labels = " ".join((*fiche.centres_interet, *fields, *fiche.secteurs))
    sections = (
        fiche.presentation,
        fiche.summary,
        labels,
        fiche.nature,
        fiche.skills,
        fiche.conditions,
    )
    texts = (part if isinstance(part, str) else _text(part) for part in (names, *sections))
    return tuple(stems(text) for text in texts)


def fill(
    index: sqlite3.Connection, rows: Iterable[Stemmed | None], *, most: int = _MOST_RANKED
) -> None:
    """Put in the fiches, numbered from 1; one without text keeps its number and is not found.

    Args:
        index: where the tables are.
        rows: the fiches, in order.
        most: how many fiches `rank` returns for one stem.
    """
    places = ", ".join("?" * (1 + len(_WEIGHTS)))
    told = [(number, row) for number, row in enumerate(rows, start=1) if row is not None]
    index.executemany(
        f"INSERT INTO passage(rowid, {', '.join(_WEIGHTS)}) VALUES ({places})",  # noqa: S608
        ((number, *map(" ".join, row)) for number, row in told),
    )
    if len(told) > most:
        frequent = FrequentStems(most=most)
        for number, row in told:
            frequent.add(number, weighted_counts(row), sum(map(len, row)))
        frequent.write(index)


def weighted_counts(row: Stemmed | None) -> dict[str, float]:
    """Count the stems of a fiche, each time by the weight of where it stands."""
    counts: defaultdict[str, float] = defaultdict(float)
    for weight, part in zip(_WEIGHTS.values(), row or (), strict=False):
        for stem in part:
            counts[stem] += weight
    return counts


def rank(index: sqlite3.Connection, phrase: Phrase, *, most: int = _MOST_RANKED) -> Ranked:
    """Return the numbers of the fiches that hold a phrase, best first, each with a score.

    Source of the score: BM25, as FTS5 computes it (positive here, without upper bound).
    """
    if len(phrase) == 1:
        frequent = frequent_stems.read(index, phrase[0])
        if frequent is not None:
            return frequent
    found = index.execute(_RANKED, (f'"{" ".join(phrase)}"', most)).fetchall()
    numbers, scores = zip(*found, strict=True) if found else ((), ())
    return np.array(numbers, dtype=np.uint32), np.array(scores, dtype=np.float32)


def holders(index: sqlite3.Connection, phrase: Phrase, parts: Iterable[str]) -> NDArray[np.uint32]:
    """Return the numbers of the fiches that hold a phrase in one of some parts, in order.

    `parts` are columns of the table: `summary`, `conditions`…
    """
    query = f'{{{" ".join(parts)}}} : "{" ".join(phrase)}"'
    found = index.execute(
        "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rowid", (query,)
    )
    return np.fromiter((number for (number,) in found), dtype=np.uint32)


def _text(section: Section | None) -> str:
    return section.text if section is not None else ""
