"""A job said in both genders is folded into one name, and its place covers both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.gender_pairs import fold_pairs, fold_tokens
from bot.understanding.name_index import STOP_WORDS
from bot.understanding.normalisation import Normaliser

NORMALISER = Normaliser()


def folded(text: str) -> list[str]:
    """The tokens that are left, as they cut the typed text."""
    tokens = fold_tokens(NORMALISER.normalise(text), ignored=STOP_WORDS).tokens
    return [text[token.start : token.end] for token in tokens]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Conducteur / Conductrice de grue", ["Conducteur / Conductrice", "de", "grue"]),
        ("conducteur/conductrice", ["conducteur/conductrice"]),
        ("un chef ou une cheffe", ["un", "chef ou une cheffe"]),
        ("Chef d'équipe / Cheffe d'équipe son", ["Chef", "d'", "équipe / Cheffe d'équipe", "son"]),
        ("Graveur doreur / Graveuse doreuse", ["Graveur", "doreur / Graveuse doreuse"]),
    ],
)
def test_both_genders_are_one_name(text: str, left: list[str]) -> None:
    assert folded(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "",
        "avocat et avocate d'affaires",
        "architecte ou architecte d'intérieur",
        "notaire. Notaire ?",
        "boulanger, pas boulangère",
        "pâtissier ou chocolatier",
    ],
)
def test_two_names_stay_two(text: str) -> None:
    normalised = NORMALISER.normalise(text)
    assert fold_tokens(normalised, ignored=STOP_WORDS) is normalised


def test_the_stems_of_a_label() -> None:
    assert fold_pairs(["chef", "chef", "equip"]) == ("chef", "equip")
    assert fold_pairs(["a", "b", "a", "b", "c"]) == ("a", "b", "c")
    assert fold_pairs(["a", "b", "a"]) == ("a", "b", "a")
    assert fold_pairs([]) == ()


@given(st.lists(st.sampled_from("abc")))
def test_folding_only_drops(stems: list[str]) -> None:
    left = fold_pairs(stems)
    assert set(left) == set(stems)
    assert len(left) <= len(stems)
    remaining = iter(stems)
    assert all(word in remaining for word in left)


WORDS = st.sampled_from("chef cheffe avocat avocate de du ou / ( , . monteur monteuse son".split())


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)))
def test_what_is_left_cuts_the_typed_text_in_order(text: str) -> None:
    normalised = NORMALISER.normalise(text)
    left = fold_tokens(normalised, ignored=STOP_WORDS)
    assert left.typed == text
    assert set(left.words) <= set(normalised.words)
    starts = {token.start for token in normalised.tokens}
    ends = {token.end for token in normalised.tokens}
    assert all(token.start in starts and token.end in ends for token in left.tokens)
    assert sorted(token.end for token in left.tokens) == [token.end for token in left.tokens]
