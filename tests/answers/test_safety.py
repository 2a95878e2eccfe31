"""The texts of distress: the numbers and what each is for, then nothing of jobs; gentle words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from bot.answers.answer import Answer, AnswerKind
from bot.answers.safety import safety, stay_quiet, with_gentle_word
from bot.assistant import Assistant
from bot.dialogue.decision import RunAction, StayQuiet
from bot.dialogue.intents import INTENTS
from bot.dialogue.tracker import Pending, Tracker
from bot.understanding.distress_detector import DISTRESS, Alarm, hears_distress
from bot.understanding.intent_classifier import IntentModel
from bot.understanding.interpretation import IntentPrediction

NUMBERS = {
    "3114": "suicid",
    "119": "enfant",
    "3018": "harcèlement",
    "15": "médicale",
    "17": "police",
    "18": "pompiers",
    "112": "urgence",
    "114": "SMS",
}
JOBS = re.compile(r"métier|fiche|étude|idée|formation|orientation|Onisep", re.IGNORECASE)
ASKED = Tracker(
    metier="MET.7984", turns=3, pending=Pending(action="salaire", candidates=("MET.7984",))
)


@pytest.mark.parametrize(("number", "purpose"), NUMBERS.items())
def test_each_number_says_what_it_is_for(
    seed_assistant: Assistant, number: str, purpose: str
) -> None:
    context = seed_assistant.context(ASKED)
    text = safety(RunAction(action="detresse"), context).answer.text
    (line,) = (line for line in text.split("\n") if line.startswith(f"- **{number}** : "))
    assert purpose in line


def test_distress_offers_nothing_else(seed_assistant: Assistant) -> None:
    outcome = safety(RunAction(action="detresse"), seed_assistant.context(ASKED))
    assert (outcome.answer.buttons, outcome.answer.handoff, outcome.answer.sources) == (
        (),
        None,
        (),
    )
    assert not JOBS.search(outcome.answer.text)
    assert ASKED.replay(outcome.events) == replace(ASKED, pending=None, quiet=True)


@pytest.mark.parametrize("is_sure", [True, False])
@pytest.mark.parametrize("intent", INTENTS)
def test_then_whatever_is_said_gets_gentle_words_and_the_numbers(
    seed_assistant: Assistant, intent: str, is_sure: bool
) -> None:
    quiet = replace(ASKED, quiet=True)
    context = seed_assistant.context(quiet)
    outcome = stay_quiet(StayQuiet(intent=intent, is_sure=is_sure), context)
    said = outcome.answer
    assert said.intent == intent
    assert (said.buttons, said.handoff, said.metiers) == ((), None, ())
    assert "3114" in said.text
    assert "119" in said.text
    assert not JOBS.search(said.text)
    assert quiet.replay(outcome.events).quiet


def test_the_answer_stays_and_the_numbers_follow(seed_assistant: Assistant) -> None:
    answer = Answer(kind=AnswerKind.ANSWER, intent="etudes", text="Un BTS.", metiers=("MET.17",))
    changed = with_gentle_word(answer, seed_assistant.wording)
    assert changed.text.startswith("Un BTS.\n\n")
    assert all(number in changed.text for number in ("3114", "119", "3018"))
    assert replace(changed, text=answer.text) == answer


def detector(margin: float) -> IntentModel:
    """A detector that gives every message the same margin of distress."""
    return IntentModel(
        intents=("autre", DISTRESS),
        columns={"w:mot": 0},
        weights=np.zeros((1, 2), dtype=np.float32),
        bias=np.array([-margin, margin], dtype=np.float32),
        slope=1.0,
    )


@pytest.mark.parametrize(
    ("margin", "alarm"),
    [
        (-0.9, Alarm.NONE),
        (-0.25, Alarm.GENTLE),
        (-0.1, Alarm.GENTLE),
        (0.1, Alarm.GENTLE),
        (0.3, Alarm.DISTRESS),
    ],
)
def test_between_calm_and_alarm_there_is_a_gentle_word(margin: float, alarm: Alarm) -> None:
    sure = IntentPrediction(name="presentation", confidence=0.9)
    assert hears_distress(detector(margin), {"w:mot": 1.0}, sure) is alarm


@pytest.mark.parametrize(
    ("margin", "intent", "confidence"),
    [
        (-0.1, "presentation", 0.2),
        (0.1, "presentation", 0.85),
        # That nothing else was understood is no sign of safety.
        (-0.1, "hors_sujet", 0.99),
        (0.1, "hors_sujet", 0.99),
    ],
)
def test_a_doubt_is_an_alarm_when_no_intent_is_sure(
    margin: float, intent: str, confidence: float
) -> None:
    unsure = IntentPrediction(name=intent, confidence=confidence)
    assert hears_distress(detector(margin), {"w:mot": 1.0}, unsure) is Alarm.DISTRESS
