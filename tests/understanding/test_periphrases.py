"""A job told by what is done there is read as « celui qui … », and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.name_index import content_words
from bot.understanding.normalisation import Normaliser
from bot.understanding.periphrases import Periphrases

NORMALISER = Normaliser()
SOMEONE = "celui celle ceux celui-là quelqu'un personne gens mec gars dame femme métier".split()
TOLD = [
    "celui qui écrit des livres", "celui qui prend des photos", "celui qui peint", "celui qui se bat",
    "boulanger", "celui qui",
]  # fmt: skip
PERIPHRASES = Periphrases(SOMEONE, NORMALISER, told=TOLD)


def told(text: str) -> tuple[str, ...]:
    """The words that tell something, periphrases read."""
    return content_words(PERIPHRASES.read(NORMALISER.normalise(text)).words)


@pytest.mark.parametrize(
    "text",
    [
        "celle qui soigne les animaux",
        "celui-là qui soigne les animaux",
        "ceux qui soignent les animaux",
        "la personne qui soigne les animaux",
        "quelqu'un qui soigne des animaux",
        "les gens qui soignent les animaux",
        "le mec qui soigne des animaux",
        "le métier où on soigne les animaux",
        "un métier où tu soignes les animaux",
    ],
)
def test_whoever_does_it_it_is_one_name(text: str) -> None:
    assert told(text) == told("celui qui soigne les animaux")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ceux qui font les routes", "celui qui fait les routes"),
        ("les gens qui nous vendent des fleurs", "celui qui nous vend des fleurs"),
        ("le gars qui vient réparer", "celui qui vient réparer"),
        ("ceux qui écrivent des livres", "celui qui écrit des livres"),
        ("les gens qui prennent des photos", "celui qui prend des photos"),
        ("ceux qui peignent", "celui qui peint"),
    ],
)
def test_the_verb_is_read_in_the_singular(text: str, same: str) -> None:
    assert told(text) == told(same)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "qui es-tu ?",
        "une sage-femme qui travaille la nuit",
        "l'infirmière qui soigne les animaux",
        "celui qui",
        "un métier ou un autre",
        "la dame ou le monsieur",
    ],
)
def test_a_named_job_is_left(text: str) -> None:
    words = NORMALISER.normalise(text).words
    assert list(PERIPHRASES.read_words(words)) == list(words)


@given(st.lists(st.sampled_from([*SOMEONE, "qui", "ou", "on", "les", "soignent", "ont", "une"])))
def test_every_word_keeps_its_place(words: list[str]) -> None:
    text = NORMALISER.normalise(" ".join(words))
    read = PERIPHRASES.read(text)
    assert [(token.start, token.end) for token in read.tokens] == [
        (token.start, token.end) for token in text.tokens
    ]
    again = PERIPHRASES.read(read)
    assert again == read
