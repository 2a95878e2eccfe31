"""Asking back, and what is said when nothing was understood."""

from __future__ import annotations

import itertools
import json

import pytest

from bot.answers.answer import AnswerKind, Button
from bot.answers.registry import answer
from bot.assistant import Assistant
from bot.dialogue.decision import AskClarification, Fallback, RunAction, UnknownMetier
from bot.dialogue.tracker import Tracker

BAKER, PASTRY, VET = "MET.17", "MET.152", "MET.171"


def carried(button: Button) -> dict[str, object]:
    values: dict[str, object] = json.loads(button.payload[button.payload.index("{") :])
    return values


# Which job


def test_each_button_carries_the_question_that_waits(seed_assistant: Assistant) -> None:
    asked = RunAction(action="niveau_acces", arguments=(("niveau", "cap"),))
    decision = AskClarification(asked=asked, mention="tel", candidates=(BAKER, PASTRY))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    assert said.kind is AnswerKind.CLARIFICATION
    assert "« tel »" in said.text
    assert [carried(button) for button in said.buttons] == [
        {"metier": BAKER, "niveau": "cap"}, {"metier": PASTRY, "niveau": "cap"},
    ]  # fmt: skip


def test_a_job_to_compare_with_is_carried_too(seed_assistant: Assistant) -> None:
    asked = RunAction(action="comparer", metiers=(VET,))
    decision = AskClarification(asked=asked, mention="tel", candidates=(BAKER, PASTRY))
    outcome = answer(decision, seed_assistant.context(Tracker()))
    assert carried(outcome.answer.buttons[0]) == {"metier": [VET, BAKER]}
    pending = Tracker().replay(outcome.events).pending
    assert pending is not None
    assert (pending.metiers, pending.candidates) == ((VET,), (BAKER, PASTRY))


def test_a_free_question_is_answered_after_the_choice(seed_assistant: Assistant) -> None:
    text = "est-ce qu'il se lève tôt, le matin ?"
    asked = RunAction(action="question_fiche", text=text)
    decision = AskClarification(asked=asked, mention="tel", candidates=(BAKER, VET))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    pressed = RunAction(
        action="question_fiche",
        metiers=(BAKER,),
        arguments=(("sentences", str(carried(said.buttons[0])["sentences"])),),
    )
    alone = RunAction(action="question_fiche", metiers=(BAKER,), text=text)
    context = seed_assistant.context(Tracker())
    assert answer(pressed, context).answer.quotes == answer(alone, context).answer.quotes


def test_the_same_candidates_for_another_question(seed_assistant: Assistant) -> None:
    decision = AskClarification(asked=RunAction(action="salaire"), candidates=(BAKER, PASTRY))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    assert said.text == "Pour lequel de ces métiers ?"


def test_an_unknown_job_leaves_the_other_to_compare(seed_assistant: Assistant) -> None:
    decision = UnknownMetier(action="comparer", mention="zorgluboteur", metiers=(BAKER,))
    outcome = answer(decision, seed_assistant.context(Tracker()))
    pending = Tracker().replay(outcome.events).pending
    assert pending is not None
    assert pending.metiers == (BAKER,)


# Not understood


def test_two_or_three_readings_are_proposed(seed_assistant: Assistant) -> None:
    guesses = ("salaire", "debouches", "aide_choix")
    decision = Fallback(stage=1, intent="salaire", guesses=guesses, metier=BAKER)
    outcome = answer(decision, seed_assistant.context(Tracker()))
    assert outcome.answer.kind is AnswerKind.CLARIFICATION
    assert [button.payload for button in outcome.answer.buttons] == [
        f'/salaire{{"metier": "{BAKER}"}}',
        f'/debouches{{"metier": "{BAKER}"}}',
        "/aide_choix",
        "/conseiller",
    ]
    after = Tracker().replay(outcome.events)
    assert after.pending is not None
    assert (after.pending.action, after.pending.metiers) == ("salaire", (BAKER,))
    assert after.misses == 1


def test_one_reading_is_a_question(seed_assistant: Assistant) -> None:
    decision = Fallback(stage=1, intent="catalogue", guesses=("catalogue",))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    assert "Vouliez-vous dire : « Les métiers connus » ?" in said.text


def test_no_sentence_comes_twice_in_a_row(seed_assistant: Assistant) -> None:
    tracker, texts, kinds = Tracker(), [], []
    for stage in range(1, 8):
        outcome = answer(Fallback(stage=stage), seed_assistant.context(tracker))
        tracker = tracker.replay(outcome.events)
        texts.append(outcome.answer.text)
        kinds.append(outcome.answer.kind)
    assert all(before != now for before, now in itertools.pairwise(texts))
    assert kinds[:3] == [AnswerKind.FALLBACK, AnswerKind.FALLBACK, AnswerKind.HANDOFF]
    assert tracker.misses == 7


@pytest.mark.parametrize("stage", [2, 3, 4])
def test_from_the_second_miss_on_a_person_is_named(stage: int, seed_assistant: Assistant) -> None:
    said = answer(Fallback(stage=stage), seed_assistant.context(Tracker())).answer
    assert said.handoff is not None
    assert "décrire un métier" in said.text or "répondre sur un métier" in said.text
    assert said.buttons
