"""The index of names: what is found of a name, and how much of it was said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.name_index import (
    IndexedName,
    NameIndex,
    NameMatch,
    content_words,
    no_known_word,
)
from bot.understanding.normalisation import Normaliser

NORMALISER = Normaliser()
FORMS = {
    "a": "chargé de post-production",
    "b": "avocat",
    "c": "avocat d'affaires",
    "d": "ergothérapeute",
    "e": "chef monteur",
}


def name(key: str, form: str, *, whole_only: bool = False) -> IndexedName:
    stems = content_words(NORMALISER.normalise(form).words)
    return IndexedName(key=key, form=form, stems=stems, kind="title", whole_only=whole_only)


INDEX = NameIndex([name(key, form) for key, form in FORMS.items()], is_known_word=no_known_word)


def find(text: str, index: NameIndex = INDEX, *, floor: float = 0.0) -> dict[str, NameMatch]:
    return {m.name.key: m for m in index.find(NORMALISER.normalise(text).tokens, floor=floor)}


@pytest.mark.parametrize(
    ("text", "key", "cut"),
    [
        ("être chargée de post production demain", "a", "chargée de post production"),
        ("les avocats", "b", "avocats"),
        ("AVOCATE D’AFFAIRES", "c", "AVOCATE D’AFFAIRES"),
        ("un ergo thérapeute", "d", "ergo thérapeute"),
        ("cheffe monteuse", "e", "cheffe monteuse"),
    ],
)
def test_a_name_said_whole(text: str, key: str, cut: str) -> None:
    match = find(text)[key]
    tokens = NORMALISER.normalise(text).tokens
    assert match.is_whole
    assert match.has_head
    assert match.coverage == pytest.approx(1.0)
    assert text[tokens[match.first].start : tokens[match.last].end] == cut


def test_a_name_inside_a_longer_one_is_found_as_well() -> None:
    found = find("avocat d'affaires")
    assert found["b"].is_whole
    assert found["c"].is_whole
    assert found["c"].spoken_weight > found["b"].spoken_weight


def test_a_typo_lowers_the_score() -> None:
    exact, typo = find("ergothérapeute")["d"], find("ergotérapeutte")["d"]
    assert typo.is_whole
    assert typo.score < exact.score <= 1.0


def test_words_in_between_or_in_disorder_lower_the_score() -> None:
    exact = find("chef monteur")["e"].score
    assert find("chef vraiment monteur")["e"].score < exact
    assert find("monteur chef")["e"].score < exact


def test_a_part_counts_from_the_first_word_and_above_the_floor() -> None:
    part = find("avocat")["c"]
    assert not part.is_whole
    assert 0 < part.coverage < 1
    assert "c" not in find("affaires")
    assert "c" not in find("avocat", floor=part.coverage + 0.01)
    assert "c" in find("avocat", floor=part.coverage)


def test_a_whole_only_name_is_never_said_in_part() -> None:
    index = NameIndex([name("x", "aide véto", whole_only=True)], is_known_word=no_known_word)
    assert find("aide", index) == {}
    assert find("une aide-véto", index)["x"].is_whole


def test_a_french_word_is_no_typo() -> None:
    strict = NameIndex([name("b", "avocat")], is_known_word={"avocado"}.__contains__)
    loose = NameIndex([name("b", "avocat")], is_known_word=no_known_word)
    assert find("avocado", strict) == {}
    assert find("avocats", strict)
    assert find("avocato", loose)


def test_or_separates_two_names() -> None:
    assert not find("chef ou monteur").get("e") or not find("chef ou monteur")["e"].is_whole


def test_or_inside_a_name_separates_nothing() -> None:
    with_or = replace(name("p", "chef de projet ou d'équipe"), has_or=True)
    index = NameIndex([with_or], is_known_word=no_known_word)
    match = find("cheffe de projet ou d'équipe", index)["p"]
    assert match.is_whole
    assert match.score == pytest.approx(1.0)


def test_a_rare_word_tells_more() -> None:
    assert INDEX.telling("avocat") < INDEX.telling("monteur") <= INDEX.telling("inconnu")


@pytest.mark.parametrize("text", ["", "?", "de la", "bonjour tout le monde", "12 + 3"])
def test_nothing_is_found(text: str) -> None:
    assert find(text) == {}


def test_an_empty_index() -> None:
    index = NameIndex([], is_known_word=no_known_word)
    assert find("avocat", index) == {}
    assert not index.has_word("avocat")


def test_content_words_are_stems_without_the_small_ones() -> None:
    assert content_words(["les", "avocates", "d'", "affaires"]) == content_words(
        ["avocat", "affaire"]
    )


WORDS = st.sampled_from(
    ["chargée", "charge", "de", "post", "production", "postproduction", "avocat", "d'affaires"]
    + ["ergo", "thérapeute", "chef", "ou", "monteur", "cheff", "montteur", "?", "œ", "affaire"]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)))
def test_matches_are_sound(text: str) -> None:
    tokens = NORMALISER.normalise(text).tokens
    matches = INDEX.find(tokens)
    for match in matches:
        assert 0 <= match.first <= match.last < len(tokens)
        assert 0 <= match.score <= 1
        assert 0 < match.coverage <= 1 + 1e-9
        assert 1 <= match.spoken <= len(match.name.stems)
    assert INDEX.find(tokens) == matches
