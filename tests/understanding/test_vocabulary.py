"""Which words of a closed list a typed word may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalisation import fold, stem
from bot.understanding.vocabulary import Vocabulary, no_known_word

WORDS = ("ergothérapeute", "chauffagiste", "notaire", "avocat", "pharmacien", "son")
VOCABULARY = Vocabulary((stem(fold(word)) for word in WORDS), is_known_word=no_known_word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("notaires", "notaire"),
        ("ergoterapeute", "ergothérapeute"),
        ("chofagiste", "chauffagiste"),
        ("farmacien", "pharmacien"),
        ("lavocat", "avocat"),
        ("avoact", "avocat"),
    ],
)
def test_a_misspelt_word(typed: str, meant: str) -> None:
    best, likeness = VOCABULARY.similar(typed)[0]
    assert best == stem(fold(meant))
    assert 0.7 < likeness <= 1.0
    assert (likeness == 1.0) == (stem(typed) == best)


@pytest.mark.parametrize("typed", ["sun", "12", "avo", "boulanger", "a1b2c3"])
def test_another_word(typed: str) -> None:
    assert VOCABULARY.similar(typed) == ()


def test_a_french_word_is_no_slip() -> None:
    strict = Vocabulary([stem("avocat")], is_known_word={"avocats"}.__contains__)
    assert strict.similar("avocats") == ((stem("avocat"), 1.0),)
    assert Vocabulary(["notair"], is_known_word={"notoire"}.__contains__).similar("notoire") == ()
    assert Vocabulary(["notair"], is_known_word=no_known_word).similar("notoire") != ()


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=20))
def test_likeness_is_sound(word: str) -> None:
    found = VOCABULARY.similar(word)
    assert [likeness for _, likeness in found] == sorted((s for _, s in found), reverse=True)
    assert all(root in VOCABULARY and 0 < likeness <= 1 for root, likeness in found)
