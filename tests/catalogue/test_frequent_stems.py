"""The best fiches of a frequent stem, kept beforehand: those that FTS5 finds, with its scores."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from bot.catalogue import frequent_stems, passages
from bot.catalogue.loading import load_catalogue

MOST = 60


def test_the_scores_are_those_of_fts5(onisep: Path) -> None:
    rows = [passages.stemmed(fiche) for fiche in load_catalogue([onisep / "fiches-md"])]
    rows[1:1] = [None]  # a job without text keeps its number
    with (
        contextlib.closing(sqlite3.connect(":memory:")) as kept,
        contextlib.closing(sqlite3.connect(":memory:")) as plain,
    ):
        for index, most in ((kept, MOST), (plain, len(rows))):
            passages.create(index)
            passages.fill(index, rows, most=most)
        stems = [stem for (stem,) in kept.execute("SELECT stem FROM frequent ORDER BY stem")]
        assert len(stems) > 500
        assert not any(frequent_stems.read(plain, stem) for stem in stems)
        for stem in stems[::20]:
            numbers, scores = passages.rank(kept, (stem,))
            all_numbers, all_scores = passages.rank(plain, (stem,))
            assert len(numbers) == MOST < len(all_numbers)
            assert scores == pytest.approx(all_scores[:MOST], rel=1e-5)
            by_number = dict(zip(all_numbers.tolist(), all_scores.tolist(), strict=True))
            assert scores == pytest.approx([by_number[n] for n in numbers.tolist()], rel=1e-5)


def test_a_stem_that_is_not_frequent_has_no_list(onisep: Path) -> None:
    rows = [passages.stemmed(fiche) for fiche in load_catalogue([onisep / "fiches-md"])]
    with contextlib.closing(sqlite3.connect(":memory:")) as index:
        passages.create(index)
        passages.fill(index, rows)
        assert frequent_stems.read(index, "cheval") is None
        numbers, scores = passages.rank(index, ("cheval",))
    assert len(numbers) > 3
    assert (np.diff(scores) <= 0).all()
