"""Whether one word alone names a job: its spelling and its place."""

from __future__ import annotations

import pytest

from bot.understanding.bare_word import BareWords, job_is_expected
from bot.understanding.metier_names import first_surfaces
from bot.understanding.normalisation import Normaliser, stem

NORMALISER = Normaliser()
BARE = BareWords(
    first_surfaces(["médecin", "guide de montagne"], NORMALISER),
    common_words=["guide", "cadre"],
    is_known_word={"medecin", "medecine", "guide"}.__contains__,
)


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("guide", "guide", True),
        ("devenir guide", "guide", True),
        ("je veux être un bon guide", "guide", True),
        ("c'est quoi un guide", "guide", True),
        ("il me faut le plan et le guide", "guide", False),
        ("où trouver le guide des études de ma région", "guide", False),
    ],
)
def test_where_a_job_is_expected(text: str, word: str, expected: bool) -> None:
    tokens = NORMALISER.normalise(text).tokens
    place = [token.text for token in tokens].index(word)
    assert job_is_expected(tokens, place) is expected
    assert BARE.is_in_place(tokens, place) is expected


def test_a_word_that_is_not_common_is_in_place_anywhere() -> None:
    tokens = NORMALISER.normalise("où trouver le notaire de ma région").tokens
    assert BARE.is_in_place(tokens, 3)


@pytest.mark.parametrize(
    ("word", "is_so"),
    [("medecin", True), ("medecins", True), ("medecine", False), ("medcin", True)],
)
def test_a_french_word_must_be_written_as_in_a_name(word: str, is_so: bool) -> None:
    assert BARE.is_written_so(word, stem("medecin")) is is_so
