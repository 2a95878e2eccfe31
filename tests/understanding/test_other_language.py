"""Utterances in other languages are told from French ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.understanding.training_data import read_examples
from tests.conftest import INTENTS

FOREIGN = (
    "hello how can I become a nurse in France?",
    "how much does a baker earn",
    "I want to be a pilot",
    "wie werde ich Pilot",
    "come posso diventare pilota",
    "quiero ser médico, qué estudios?",
    "كيف أصبح طبيبا",
    "як стати лікарем",
)
FRENCH = (
    "je veux bosser à Dublin, c'est quoi le job ?",
    "community manager salaire",
    "c koi data scientist",
    "UX designer ou web designer",
    "😭😭",
    "",
)


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_heard(seed_assistant: Assistant, text: str) -> None:
    understood = seed_assistant.interpreter.interpret(text)
    assert understood.is_foreign
    assert understood.intent.name == "hors_sujet"


@pytest.mark.parametrize("text", FRENCH)
def test_french_is_not_foreign(seed_assistant: Assistant, text: str) -> None:
    assert not seed_assistant.interpreter.interpret(text).is_foreign


def test_distress_comes_first(seed_assistant: Assistant) -> None:
    understood = seed_assistant.interpreter.interpret("i want to kill myself")
    assert understood.intent.name == "detresse"
    assert not understood.is_foreign


def test_no_french_example_is_foreign(seed_assistant: Assistant) -> None:
    languages = seed_assistant.interpreter.languages
    normalise = seed_assistant.interpreter.normaliser.normalise
    heard = {
        example.intent
        for example in read_examples(INTENTS)
        if languages.heard(example.text, normalise(example.text).words)
    }
    # The examples in other languages are all of these two intents.
    assert heard <= {"detresse", "hors_sujet"}


@given(st.text())
def test_any_text_has_an_answer(seed_assistant: Assistant, text: str) -> None:
    assert seed_assistant.interpreter.languages.heard(text, text.split()) in {True, False}
