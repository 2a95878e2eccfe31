"""The interpreter: buttons, typed text, and any text at all."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.dialogue.intents import INTENTS
from bot.understanding.building import build_interpreter
from bot.understanding.interpretation import Interpretation
from bot.understanding.interpreter import Interpreter
from tests import conftest
from tests.understanding.small_catalogue import small_catalogue


@pytest.fixture(scope="module")
def interpreter(model_cache) -> Interpreter:
    """The real `intents/` over the small catalogue."""
    return build_interpreter(conftest.INTENTS, small_catalogue(), cache=model_cache)


@cache
def pieces() -> st.SearchStrategy[str]:
    """Words of the real files, in any order, with what breaks parsers."""
    words = ["/", "/etudes", "/salaire{", '{"metier":', '"MET.2"}', "}", "boulanger", "le premier"]
    words += ["quelles études", "bac + 2", "avocate d'affaires", "😀", "\0", "?", "non", "BTS", "œ"]
    return st.lists(st.sampled_from(words), max_size=10).map(" ".join)


# Buttons


def pressed(interpreter: Interpreter, text: str) -> Interpretation:
    interpretation = interpreter.interpret(text)
    assert interpretation.is_payload
    assert interpretation.intent.confidence == 1
    assert interpretation.text == text
    return interpretation


def carried(interpretation: Interpretation) -> list[tuple[str, str, str | None]]:
    return [(m.entity, m.value, m.id) for m in interpretation.entities]


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [
        ("/suite", "suite", []),
        ('/etudes{"metier": "MET.2"}', "etudes", [("metier", "notaire", "MET.2")]),
        ('  /etudes {"metier":"MET.2"} ', "etudes", [("metier", "notaire", "MET.2")]),
        ('/etudes{\n"metier": "MET.2"\n}', "etudes", [("metier", "notaire", "MET.2")]),
        (
            '/comparer{"metier": ["MET.2", "MET.3"]}',
            "comparer",
            [("metier", "notaire", "MET.2"), ("metier", "avocat", "MET.3")],
        ),
        ('/etudes{"metier": "MET.999"}', "etudes", [("metier_inconnu", "MET.999", None)]),
        ('/aide_choix{"niveau": "bac+2"}', "aide_choix", [("niveau", "bac+2", None)]),
        ('/aide_choix{"n": 2, "v": 1.5}', "aide_choix", [("n", "2", None), ("v", "1.5", None)]),
        ('/formation_info{"formation": "BTS"}', "formation_info", [("formation", "BTS", None)]),
        ('/etudes{"metier": null, "x": {"y": 1}, "z": [[1], null]}', "etudes", []),
        ("/detresse", "detresse", []),
    ],
)
def test_a_button(
    interpreter: Interpreter, text: str, intent: str, entities: list[tuple[str, str, str | None]]
) -> None:
    interpretation = pressed(interpreter, text)
    assert interpretation.intent.name == intent
    assert carried(interpretation) == entities
    assert all((m.start, m.end) == (0, 0) for m in interpretation.entities)


@pytest.mark.parametrize(
    "values", ["{", '{"metier"}', "{metier: MET.2}", "{]}", "{'a': 'b'}", "{NaN}"]
)
def test_a_button_whose_values_are_malformed_carries_none(
    interpreter: Interpreter, values: str
) -> None:
    text = f"/etudes{values}"
    interpretation = interpreter.interpret(text)
    assert not interpretation.entities or not interpretation.is_payload
    if values.endswith("}"):
        assert pressed(interpreter, text).intent.name == "etudes"


@pytest.mark.parametrize(
    "text",
    [
        "/inconnu",
        '/inconnu{"metier": "MET.2"}',
        "/",
        "//etudes",
        "/Etudes",
        "etudes{}",
        "/etudes{} ?",
    ],
)
def test_what_is_no_button_is_text(interpreter: Interpreter, text: str) -> None:
    interpretation = interpreter.interpret(text)
    assert not interpretation.is_payload
    assert len(interpretation.ranking) == len(INTENTS)


@given(intent=st.sampled_from(INTENTS), values=st.dictionaries(st.text(), st.text()))
def test_payloads_come_back_as_they_were_written(
    interpreter: Interpreter, intent: str, values: dict[str, str]
) -> None:
    values = {f"x{name}": value for name, value in values.items()}
    text = f"/{intent}{json.dumps(values, ensure_ascii=False)}"
    interpretation = pressed(interpreter, text)
    assert interpretation.intent.name == intent
    assert {m.entity: m.value for m in interpretation.entities} == values


# Typed text


def test_an_utterance_with_everything(interpreter: Interpreter) -> None:
    text = "quelles études pour être avocate d’affaires à bac + 5 ?"
    interpretation = interpreter.interpret(text)
    assert interpretation.text == text
    assert not interpretation.is_payload
    found = [(m.entity, m.id or m.value, text[m.start : m.end]) for m in interpretation.entities]
    assert ("metier", "MET.4", "avocate d’affaires") in found
    assert ("niveau", "bac+5", "bac + 5") in found
    assert interpretation.words.count("METIER") == interpretation.words.count("NIVEAU") == 1
    assert interpretation.intent == interpretation.ranking[0]
    assert interpretation.reasons


def test_the_job_itself_does_not_choose_the_intent(interpreter: Interpreter) -> None:
    said = [interpreter.interpret(f"combien gagne un {job} ?") for job in ("notaire", "boulanger")]
    assert [i.intent.name for i in said] == ["salaire", "salaire"]
    assert said[0].words == said[1].words
    assert said[0].ranking == said[1].ranking


@pytest.mark.parametrize("text", ["notaire", "et pour notaire ?", "Et notaire", "une notaire ?"])
def test_a_bare_mention(interpreter: Interpreter, text: str) -> None:
    assert interpreter.interpret(text).is_bare_mention


@pytest.mark.parametrize("text", ["", "et pour", "notaire et avocat", "salaire notaire", "bonjour"])
def test_no_bare_mention(interpreter: Interpreter, text: str) -> None:
    assert not interpreter.interpret(text).is_bare_mention


def test_a_job_inside_a_diploma_is_no_job(seed_assistant: Assistant) -> None:
    text = "que faire après un master mention cinéma et audiovisuel ?"
    interpretation = seed_assistant.interpret(text)
    assert [m.id for m in interpretation.all("formation")] == ["FOR.10373"]
    assert interpretation.all("metier") == ()


def test_a_question_out_of_scope_is_about_no_job(interpreter: Interpreter) -> None:
    text = "quelle est la capitale du Pérou ?"
    interpretation = interpreter.interpret(text)
    assert interpretation.intent.name == "hors_sujet"
    assert not interpretation.all("metier")
    assert not interpretation.all("metier_inconnu")


@pytest.mark.parametrize("text", ["", " ", "...", "12", "😀", "\0"])
def test_a_text_without_a_letter(interpreter: Interpreter, text: str) -> None:
    interpretation = interpreter.interpret(text)
    assert interpretation.intent.name == "hors_sujet"
    assert not interpretation.all("metier")


def test_a_lone_question_mark_asks_to_hear_again(interpreter: Interpreter) -> None:
    assert interpreter.interpret("?").intent.name in {"repeter", "hors_sujet"}


@given(data=st.data())
def test_any_text(interpreter: Interpreter, data: st.DataObject) -> None:
    text = data.draw(st.one_of(st.text(), st.text().map(lambda t: f"/etudes{t}"), pieces()))
    interpretation = interpreter.interpret(text)
    assert interpretation.text == text
    assert interpretation.intent == interpretation.ranking[0]
    assert interpretation.intent.name in INTENTS
    for mention in interpretation.entities:
        assert 0 <= mention.start <= mention.end <= len(text)
        assert (mention.start < mention.end) != interpretation.is_payload
        assert mention.entity != "metier" or mention.candidates
    starts = [mention.start for mention in interpretation.entities]
    assert starts == sorted(starts)
    if not interpretation.is_payload:
        assert {prediction.name for prediction in interpretation.ranking} == set(INTENTS)
        if interpretation.intent.name == "hors_sujet":
            assert not interpretation.all("metier")
    assert interpreter.interpret(text) == interpretation


def test_a_very_long_text(interpreter: Interpreter) -> None:
    words = "quelles études pour être avocate d'affaires ou notaire, chef monteur "
    assert interpreter.interpret((words * 40)[:2000]).ranking
