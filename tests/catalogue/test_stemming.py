"""Stems: inflexions, accents and case come together; words stay apart and in order."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.stemming import stems


@pytest.mark.parametrize(
    "words",
    [
        "cheval chevaux CHEVAL Chevaux",
        "animal animaux",
        "fleur fleurs",
        "enseigner enseigne enseignes",
        "électricien ELECTRICIEN electricien électriciens électricienne",
        "cœur coeur CŒUR Coeurs",
        "œuvre oeuvre œuvres",
        "vitæ vitae",
        "déjà deja DÉJÀ",
        "garçon garcon",
        "maïs mais",
        "bactérie bacteries",
    ],
)
def test_forms_of_one_word_have_one_stem(words: str) -> None:
    assert len(set(stems(words))) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("bâtiment", "bateau"),
        ("avocat", "avoine"),
        ("pilote", "pile"),
        ("bois", "boisson"),
        ("1", "2"),
    ],
)
def test_other_words_have_others(one: str, two: str) -> None:
    assert stems(one) != stems(two)


def test_words_are_cut_at_what_is_no_letter_or_figure() -> None:
    assert stems("l'été, c’est 3D/VFX — e-sport_libre (bac+2) !") == [
        "l", "ete", "c", "est", "3d", "vfx", "e", "sport", "libr", "bac", "2",
    ]  # fmt: skip
    assert stems("") == stems(" \u00a0\t…«»") == []


def test_the_order_and_the_repetitions_are_kept() -> None:
    assert stems("le chien, le chat, les chiens") == ["le", "chien", "le", "chat", "le", "chien"]


@given(st.text())
def test_composed_or_not_a_text_has_the_same_stems(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert stems(composed) == stems(apart)


@given(st.text())
def test_stems_can_be_words_of_a_query(text: str) -> None:
    """No space and no sign of the query language is ever in one, whatever was typed."""
    for stem in stems(text):
        assert stem
        assert not any(char in stem for char in " \t\n\"'*^:()+-{}\0")
