"""Words that come near distress get their answer, then the numbers in one sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.answers.answer import Answer, AnswerKind
from bot.answers.context import Outcome
from bot.answers.safety import with_gentle_word
from bot.assistant import Assistant
from bot.understanding.distress_detector import DISTRESS, Alarm, hears_distress
from bot.understanding.intent_classifier import IntentModel
from bot.understanding.interpretation import IntentPrediction


def test_the_answer_stays_and_the_numbers_follow(seed_assistant: Assistant) -> None:
    answer = Answer(kind=AnswerKind.ANSWER, intent="etudes", text="Un BTS.", metiers=("MET.17",))
    changed = with_gentle_word(Outcome(answer=answer), seed_assistant.wording).answer
    assert changed.text.startswith("Un BTS.\n\n")
    assert all(number in changed.text for number in ("3114", "119", "3018"))
    assert replace(changed, text=answer.text) == answer


@pytest.mark.parametrize(
    ("margin", "alarm"),
    [(-0.9, Alarm.NONE), (-0.25, Alarm.GENTLE), (-0.1, Alarm.GENTLE), (0.1, Alarm.DISTRESS)],
)
def test_between_calm_and_alarm_there_is_a_gentle_word(margin: float, alarm: Alarm) -> None:
    detector = IntentModel(
        intents=("autre", DISTRESS),
        columns={"w:mot": 0},
        weights=np.zeros((1, 2), dtype=np.float32),
        bias=np.array([-margin, margin], dtype=np.float32),
        slope=1.0,
    )
    sure = IntentPrediction(name="presentation", confidence=0.9)
    assert hears_distress(detector, {"w:mot": 1.0}, sure) is alarm


def test_a_doubt_is_an_alarm_when_no_intent_is_sure() -> None:
    detector = IntentModel(
        intents=("autre", DISTRESS),
        columns={"w:mot": 0},
        weights=np.zeros((1, 2), dtype=np.float32),
        bias=np.array([0.1, -0.1], dtype=np.float32),
        slope=1.0,
    )
    unsure = IntentPrediction(name="presentation", confidence=0.2)
    assert hears_distress(detector, {"w:mot": 1.0}, unsure) is Alarm.DISTRESS
