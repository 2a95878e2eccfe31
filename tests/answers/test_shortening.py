"""Answers cut at whole sentences and lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answers.quoting import sentences
from bot.answers.shortening import shorten

SECTION = (
    "Qualités, d'après la fiche :\n\n**Être précis**\n\nUn deux trois. Quatre cinq six.\n\n"
    "**Aimer le contact**\n\nSept huit neuf dix."
)


def test_a_short_text_is_left_alone() -> None:
    assert shorten(SECTION, 60) == (SECTION, False)


def test_headings_are_kept_and_sentences_whole() -> None:
    short, is_cut = shorten(SECTION, 13)
    assert is_cut
    assert short == (
        "Qualités, d'après la fiche :\n\n**Être précis**\n\nUn deux trois.\n\n**Aimer le contact**"
    )


def test_the_first_sentence_is_kept_whatever_its_length() -> None:
    assert shorten("Un deux trois quatre. Cinq.", 2) == ("Un deux trois quatre.", True)


def test_lines_of_a_list_are_whole() -> None:
    assert shorten("Diplômes :\n\n- un deux\n- trois quatre\n- cinq", 4) == (
        "Diplômes :\n\n- un deux",
        True,
    )


SENTENCE = st.from_regex(r"[A-Z][a-z]{1,8}( [a-z]{1,8}){0,12}\.", fullmatch=True)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join)


@given(st.lists(PARAGRAPH, min_size=1, max_size=5).map("\n\n".join), st.integers(1, 80))
def test_what_is_kept_is_the_beginning_unaltered(text: str, words: int) -> None:
    short, is_cut = shorten(text, words)
    assert text.startswith(short)
    assert is_cut == (short != text)
    first = sentences(text.split("\n\n")[0])[0]
    assert len(short.split()) <= max(words, len(first.split()))


def test_the_first_piece_under_each_heading_is_kept() -> None:
    text = "Pour :\n\n**A**\n- un deux. Trois quatre.\n- cinq\n\n**B**\n- six sept\n- huit"
    assert shorten(text, 4, of_each=True) == (
        "Pour :\n\n**A**\n- un deux.\n\n**B**\n- six sept",
        True,
    )
    assert shorten(text, 4)[0] == "Pour :\n\n**A**\n- un deux.\n\n**B**"


def test_the_first_piece_under_a_later_heading_leaves_less_room_before() -> None:
    text = "**A**\n- un deux\n- trois quatre\n\n**B**\n- cinq six"
    assert shorten(text, 7, of_each=True) == ("**A**\n- un deux\n\n**B**\n- cinq six", True)
    assert shorten(text, 8, of_each=True) == (text, False)


def test_a_text_that_is_not_much_longer_is_left_whole() -> None:
    text = "Un deux trois. Quatre cinq. Six."
    assert shorten(text, 3, unless=6) == (text, False)
    assert shorten(text, 3, unless=5) == ("Un deux trois.", True)
