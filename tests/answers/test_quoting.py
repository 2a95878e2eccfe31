"""Quoting: text is cut into sentences without altering a character of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.quoting import bullets, lead, sentences
from bot.assistant import Assistant
from bot.catalogue.fiche import Section

PIECES = st.sampled_from(
    ["Le métier", "est beau", ".", "...", "…", "!", "?", " ", "  ", "\u00a0", "M.", "Mme.", "etc."]
    + ["ex.", "« Oui »", "(non)", "3 ans", "bac + 2", "À", "é", ";", "n°", "\u202f", "J. K."]
)
PARAGRAPHS = st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join))


def folded(text: str) -> str:
    """A text, its white space folded."""
    return " ".join(text.split())


@given(PARAGRAPHS)
def test_sentences_joined_are_the_paragraph(text: str) -> None:
    assert folded(" ".join(sentences(text))) == folded(text)


@given(PARAGRAPHS)
def test_a_sentence_is_a_piece_of_the_text(text: str) -> None:
    for sentence in sentences(text):
        assert sentence.strip()
        assert folded(sentence) in folded(text)


@given(PARAGRAPHS, st.integers(1, 80))
def test_the_lead_is_the_beginning(text: str, words: int) -> None:
    assert folded(text.split("\n\n")[0]).startswith(folded(lead(text, words)))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("Une phrase", ["Une phrase"]),
        ("Une phrase. Une autre.", ["Une phrase.", "Une autre."]),
        ("Vrai ? Oui ! Bon… Alors.", ["Vrai ?", "Oui !", "Bon…", "Alors."]),
        ("Il a 2,5 ans. 3 ans après.", ["Il a 2,5 ans.", "3 ans après."]),
        ("Une phrase. « Une citation. »", ["Une phrase.", "« Une citation. »"]),
        ("La région Rhône-Alpes... et ailleurs.", ["La région Rhône-Alpes... et ailleurs."]),
        ("Avec M. Dupont. Et Mme. Durand.", ["Avec M. Dupont.", "Et Mme. Durand."]),
        ("Des films, etc. Il monte.", ["Des films, etc.", "Il monte."]),
        ("Onisep.fr est un site. Oui.", ["Onisep.fr est un site.", "Oui."]),
        ("Une phrase. Ôter. Œuvrer. Éviter.", ["Une phrase.", "Ôter.", "Œuvrer.", "Éviter."]),
    ],
)
def test_sentences(text: str, cut: list[str]) -> None:
    assert list(sentences(text)) == cut


def test_the_lead_holds_whole_sentences_and_one_at_least() -> None:
    text = "Un deux trois. Quatre cinq six. Sept."
    assert lead(text, 1) == "Un deux trois."
    assert lead(text, 6) == "Un deux trois. Quatre cinq six."
    assert lead(text) == text
    assert lead("Un.\n\nDeux.") == "Un."
    assert lead("") == ""


def test_bullets() -> None:
    assert bullets(["a", "b"]) == "- a\n- b"
    assert bullets([]) == ""


def test_the_sentences_of_every_real_paragraph(onisep_assistant: Assistant) -> None:
    paragraphs = [
        paragraph
        for fiche in onisep_assistant.catalogue
        for section in (fiche.presentation, fiche.summary, fiche.nature, fiche.conditions)
        if isinstance(section, Section)
        for paragraph in section.paragraphs
    ]
    assert len(paragraphs) > 4000
    for paragraph in paragraphs:
        assert folded(" ".join(sentences(paragraph))) == folded(paragraph)
