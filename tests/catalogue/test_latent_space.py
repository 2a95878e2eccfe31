"""Closeness of meaning: what comes near, what stays apart, and catalogues of every size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.latent_space import LatentSpace, fit_latent_space
from bot.catalogue.loading import read_sources
from bot.catalogue.passages import stemmed, weighted_counts

Row = dict[str, float]


def row(text: str) -> Row:
    words = text.split()
    return {word: float(words.count(word)) for word in words}


def nearest(space: LatentSpace, *words: str) -> list[int]:
    close = space.closeness(dict.fromkeys(words, 1.0))
    return [int(number) for number in np.argsort(-close, kind="stable")]


SEA = ("mer bateau poisson filet", "mer bateau voile vent", "poisson filet port", "voile vent port")
NIGHT = ("nuit lune veille", "lune étoile ciel", "nuit étoile télescope", "ciel télescope veille")


def test_words_of_the_same_fiches_come_near() -> None:
    """Fifty subjects of ten words, twelve fiches of each, which say four of the words."""
    random = Random(1)
    said = [random.sample(range(10), 4) for _ in range(600)]
    space = fit_latent_space(
        [{f"{n % 50}-{word}": 1.0 for word in words} for n, words in enumerate(said)]
    )
    near: list[float] = []
    for subject in range(50):
        close = space.closeness({f"{subject}-7": 1.0})
        near += [close[n] for n in range(subject, 600, 50) if 7 not in said[n]]
        assert np.max(abs(close[[n for n in range(600) if n % 50 != subject]])) < 0.05
    assert len(near) > 300
    assert np.mean(near) > 0.4


def test_a_fiche_is_nearest_to_its_own_words() -> None:
    space = fit_latent_space([row(text) for text in (*SEA, *NIGHT)])
    for number, text in enumerate((*SEA, *NIGHT)):
        assert nearest(space, *text.split())[0] == number


def test_words_that_nobody_knows_are_near_nothing() -> None:
    space = fit_latent_space([row(text) for text in SEA])
    for weights in ({}, {"inconnu": 1.0}, {"": 1.0}, {"mer": 0.0}):
        assert space.closeness(weights).tolist() == [0.0] * 4


def test_what_is_unknown_among_known_words_changes_nothing() -> None:
    space = fit_latent_space([row(text) for text in SEA])
    assert (space.closeness({"mer": 1, "x": 9}) == space.closeness({"mer": 1})).all()


def test_the_length_of_a_search_does_not_matter() -> None:
    space = fit_latent_space([row(text) for text in (*SEA, *NIGHT)])
    assert space.closeness({"mer": 1}) == pytest.approx(space.closeness({"mer": 40}), abs=1e-6)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{}, {}, {}],
        [row("mer")],
        [row("mer bateau")] * 2,
        [row("mer"), row("nuit")],
        [{}, *map(row, SEA), {}],
        [row("mer bateau voile")] * 9,
        [row("mer")] * 5 + [{}] + [row("mer nuit")] * 5,
    ],
    ids=len,
)
def test_catalogues_of_few_fiches(rows: Sequence[Row]) -> None:
    space = fit_latent_space(rows)
    assert space.fiches.shape == (len(rows), space.words.shape[1])
    assert len(space.places) == len(space.words)
    close = space.closeness({"mer": 1.0, "bateau": 0.5})
    assert close.shape == (len(rows),)
    assert np.isfinite(close).all()
    assert all(close[number] == 0 for number, one in enumerate(rows) if not one)


counts = st.floats(min_value=0.5, max_value=60)
rows = st.dictionaries(st.sampled_from("abcdefgh"), counts, max_size=6)
repeated = st.tuples(rows, st.integers(min_value=0, max_value=8)).map(
    lambda pair: [pair[0]] * pair[1]
)


@given(st.one_of(st.lists(rows, max_size=12), repeated))
def test_any_fiches_have_a_space(given: list[Row]) -> None:
    space = fit_latent_space(given)
    assert space.words.dtype == space.fiches.dtype == np.float32
    assert np.isfinite(space.words).all() and np.isfinite(space.fiches).all()
    lengths = np.linalg.norm(space.fiches, axis=1)
    assert all(length == 0 or abs(length - 1) < 1e-2 for length in lengths)
    for stem in "abcdefghz":
        close = space.closeness({stem: 1.0})
        assert close.shape == (len(given),)
        assert np.max(abs(close), initial=0) < 1.01
    again = fit_latent_space(given)
    assert again.places == space.places
    assert (again.words == space.words).all() and (again.fiches == space.fiches).all()


@pytest.mark.parametrize("count", [240, 260, 400])
def test_many_fiches_that_repeat_a_few(count: int) -> None:
    """Around the size from which the quicker decomposition is used, whose leftovers are chance."""
    few = [{f"w{(number * 7 + j) % 40}": 1.0 + j for j in range(6)} for number in range(5)]
    made = [few[number % 5] for number in range(count)]
    made += [{f"x{number}": 1.0, f"x{number + 1}": 2.0} for number in range(200)]
    space, again = fit_latent_space(made), fit_latent_space(made)
    assert space.words.shape[1] <= 100
    close = space.closeness(made[0])
    assert sorted(np.flatnonzero(close > 0.9) % 5) == sorted([0] * (count // 5))
    assert again.closeness(made[0]) == pytest.approx(close, abs=1e-3)


def test_the_precision_is_that_of_an_index() -> None:
    space = fit_latent_space([row(text) for text in (*SEA, *NIGHT)])
    for vectors in (space.words, space.fiches):
        assert (vectors.astype(np.float16).astype(np.float32) == vectors).all()
        assert vectors.flags.c_contiguous


def test_each_real_fiche_is_near_what_it_says(onisep: Path) -> None:
    """Each among two hundred: its own words find it first, or nearly always."""
    paths = sorted((onisep / "fiches-md").glob("*.md"))[:200]
    made = [weighted_counts(stemmed(fiche)) for fiche in read_sources(paths).fiches]
    space = fit_latent_space(made)
    first = [int(np.argmax(space.closeness(one))) == number for number, one in enumerate(made)]
    assert sum(first) >= 0.9 * len(made)
