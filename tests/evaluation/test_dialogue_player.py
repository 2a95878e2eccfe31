from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.answers.answer import Answer, AnswerKind
from bot.assistant import Turn
from bot.dialogue.tracker import Tracker
from bot.evaluation.dialogue_file import Dialogue, Expectation, ScriptedTurn
from bot.evaluation.dialogue_player import (
    ButtonNotOfferedError,
    Difference,
    ScriptedChat,
    differences,
    play_dialogue,
)
from bot.evaluation.junit import junit_xml
from tests.evaluation.fake_assistant import FakeAssistant, heard, said

CHEF = '/etudes{"metier": "MET.656"}'
CHOICE = said(
    "Lequel ?",
    kind=AnswerKind.CLARIFICATION,
    buttons=[("Chef monteur", CHEF), ("Monteur-câbleur", '/etudes{"metier": "MET.183"}')],
)


def after(answer: Answer, *, metier: str | None = None) -> Turn:
    return Turn(
        interpretation=heard("aide"),
        answer=answer,
        tracker=Tracker(metier=metier),
        elapsed_ms=1.0,
    )


def keys(expect: Expectation, answer: Answer, *, metier: str | None = None) -> list[str]:
    return [one.key for one in differences(expect, after(answer, metier=metier))]


def scripted(*turns: tuple[str, Expectation] | str) -> Dialogue:
    made = []
    for line, turn in enumerate(turns, start=1):
        text, expect = turn if isinstance(turn, tuple) else (turn, Expectation())
        is_press = text.startswith("!")
        made.append(
            ScriptedTurn(text=text.removeprefix("!"), is_press=is_press, expect=expect, line=line)
        )
    return Dialogue(name="essai", catalogue="seed", turns=tuple(made), path=Path("d.yml"), line=1)


# Expectations


def test_the_exact_ones() -> None:
    answer = said(intent="salaire", metiers=("MET.1", "MET.2"), sources=["MET.1", "MET.2"])
    right = Expectation(
        intent="salaire", metiers=("MET.1", "MET.2"), kinds=(AnswerKind.LIST, AnswerKind.ANSWER),
        source="MET.2",
    )  # fmt: skip
    wrong = Expectation(
        intent="etudes", metiers=("MET.2", "MET.1"), kinds=(AnswerKind.LIST,), source="MET.3"
    )
    assert keys(right, answer) == []
    assert keys(wrong, answer) == ["intent", "metiers", "kind", "source"]
    assert keys(Expectation(metiers=()), answer) == ["metiers"]


def test_words_are_sought_without_case_accents_and_kinds_of_spaces() -> None:
    answer = said("Un BTS, en 2\N{NO-BREAK SPACE}ans, après l’ÉCOLE\nobligatoire.")
    assert keys(Expectation(contains=("bts", "2 ans", "l'ecole obligatoire")), answer) == []
    assert keys(Expectation(contains=("3 ans",), excludes=("École", "licence")), answer) == [
        "contains",
        "not_contains",
    ]


def test_buttons_that_must_be_offered() -> None:
    assert keys(Expectation(buttons=("chef monteur",)), CHOICE) == []
    (one,) = differences(Expectation(buttons=("Chef monteur", "Notaire")), after(CHOICE))
    assert one == Difference(
        key="buttons", expected="Notaire", found="Chef monteur, Monteur-câbleur"
    )


def test_fields_said_to_be_missing() -> None:
    answer = said(missing=("salaire", "debouches"))
    assert keys(Expectation(missing=("salaire",)), answer) == []
    assert keys(Expectation(missing=("statuts",)), answer) == ["missing"]
    assert keys(Expectation(missing=()), answer) == ["missing"]
    assert keys(Expectation(missing=()), said()) == []


def test_the_jobs_of_a_list_or_the_job_that_it_is_about() -> None:
    answer = said(kind=AnswerKind.LIST, metiers=("MET.1", "MET.2"))
    assert keys(Expectation(metiers=("MET.1", "MET.2")), answer, metier="MET.9") == []
    assert keys(Expectation(metiers=("MET.9",)), answer, metier="MET.9") == []
    assert keys(Expectation(metiers=("MET.8",)), answer, metier="MET.9") == ["metiers"]
    assert keys(Expectation(metiers=("MET.9",)), said(metiers=("MET.1",)), metier="MET.9") == [
        "metiers"
    ]


# The scripted chat


@pytest.mark.parametrize(
    "named",
    ["Chef monteur", "chef  MONTEUR", CHEF, '/etudes {"metier":"MET.656"}'],
)
def test_pressing_a_button_sends_its_payload(named: str) -> None:
    fake = FakeAssistant(script={"monteur": CHOICE, CHEF: said("Un BTS.")})
    chat = ScriptedChat(fake, "anna")
    chat.say("monteur")
    assert chat.press(named).answer.text == "Un BTS."
    assert fake.messages["anna"] == ["monteur", CHEF]


def test_a_button_that_is_not_offered_cannot_be_pressed() -> None:
    chat = ScriptedChat(FakeAssistant(script={"monteur": CHOICE, CHEF: said()}))
    with pytest.raises(ButtonNotOfferedError, match="Chef"):
        chat.press("Chef monteur")
    chat.say("monteur")
    with pytest.raises(ButtonNotOfferedError) as caught:
        chat.press('/salaire{"metier": "MET.656"}')
    assert caught.value.offered == ("Chef monteur", "Monteur-câbleur")


# Whole dialogues


def test_a_dialogue_that_is_as_expected() -> None:
    fake = FakeAssistant(script={"monteur": CHOICE, CHEF: said("Un BTS.")})
    script = scripted(
        ("monteur", Expectation(kinds=(AnswerKind.CLARIFICATION,))),
        ("!Chef monteur", Expectation(contains=("bts",))),
    )
    played = play_dialogue(script, fake, sender="t")
    assert played.is_right
    assert played.elapsed_ms == 2.0
    # Nothing of another dialogue before, nothing left after.
    assert fake.forgotten == ["t", "t"]


def test_a_turn_that_differs_does_not_stop_the_dialogue() -> None:
    fake = FakeAssistant(script={"a": said("oui"), "b": said("non")})
    script = scripted(
        ("a", Expectation(contains=("jamais",))), "b", ("b", Expectation(excludes=("non",)))
    )
    played = play_dialogue(script, fake, sender="t")
    assert [failure.number for failure in played.failures] == [1, 3]
    assert played.failures[0].answer == said("oui")
    assert played.failures[0].differences == (
        Difference(key="contains", expected="jamais", found="oui"),
    )
    assert played.unplayed == 0


def test_a_missing_button_stops_the_dialogue() -> None:
    fake = FakeAssistant(script={"monteur": CHOICE})
    played = play_dialogue(scripted("monteur", "!Notaire", "fin"), fake, sender="t")
    (failure,) = played.failures
    assert failure.differences == (
        Difference(key="press", expected="Notaire", found="Chef monteur, Monteur-câbleur"),
    )
    assert failure.answer is None
    assert played.unplayed == 1


def test_an_assistant_that_breaks_is_a_failure_of_the_turn() -> None:
    played = play_dialogue(scripted("inconnu", "fin"), FakeAssistant(), sender="t")
    (failure,) = played.failures
    assert failure.differences == (
        Difference(key="error", expected="", found="KeyError: 'inconnu'"),
    )
    assert played.unplayed == 1


def test_junit() -> None:
    fake = FakeAssistant(script={"a": said("oui\x0b <non>")})
    right = play_dialogue(scripted("a"), fake, sender="t")
    wrong = play_dialogue(scripted(("a", Expectation(contains=("jamais",)))), fake, sender="t")
    document = junit_xml(
        [right, wrong],
        [scripted("a")],
        failure_lines=lambda one: ["ÉCHEC", str(one.failures[0].answer and "oui\x0b <non>")],
        unplayed_line=lambda one: f"{one.catalogue} absent",
    )
    (suite,) = ET.fromstring(document)
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    first, second, third = suite
    assert list(first) == []
    failure = second.find("failure")
    assert failure is not None and failure.get("message") == "ÉCHEC"
    assert failure.text == "ÉCHEC\noui\N{REPLACEMENT CHARACTER} <non>"
    skipped = third.find("skipped")
    assert skipped is not None and skipped.get("message") == "seed absent"
