from __future__ import annotations

from collections import Counter
from pathlib import Path

from bot.answers.answer import Answer, AnswerKind
from bot.dialogue.tracker import Tracker
from bot.evaluation.dialogue_coverage import checked_questions
from bot.evaluation.dialogue_file import parse_dialogues
from bot.evaluation.dialogue_player import play_dialogue
from tests.evaluation.fake_assistant import FakeAssistant, said

PAY = said(intent="salaire", metiers=("MET.1",))


def checked(turns: str, **answers: Answer) -> Counter[tuple[str, str]]:
    (dialogue,) = parse_dialogues(f"- dialogue: d\n  turns: [{turns}]", Path("d.yml"))
    fake = FakeAssistant(script=answers, tracker_after=Tracker(metier="MET.9"))
    return checked_questions([play_dialogue(dialogue, fake, sender="t")] * 2)


def test_an_answer_is_checked_when_its_turn_expects_it() -> None:
    turns = "{user: a, expect: {kind: answer}}, {user: a, expect: {intent: etudes}}, {user: a}"
    assert checked(turns, a=PAY) == {("MET.1", "salaire"): 2}


def test_each_job_of_an_answer_counts() -> None:
    both = said(intent="comparer", metiers=("MET.1", "MET.2"))
    assert checked("{user: a, expect: {kind: answer}}", a=both) == {
        ("MET.1", "comparer"): 2,
        ("MET.2", "comparer"): 2,
    }


def test_a_list_is_about_the_current_job() -> None:
    near = said(kind=AnswerKind.LIST, intent="metiers_proches", metiers=("MET.1", "MET.2"))
    assert checked("{user: a, expect: {kind: list}}", a=near) == {("MET.9", "metiers_proches"): 2}


def test_what_is_no_answer_about_a_job() -> None:
    turns = "{user: a, expect: {metiers: [MET.1]}}, {user: b, expect: {metiers: [MET.1]}}"
    choice = said(kind=AnswerKind.CLARIFICATION, intent="salaire", metiers=("MET.1",))
    found = said(kind=AnswerKind.LIST, intent="chercher_metiers", metiers=("MET.1",))
    assert checked(turns, a=choice, b=found) == {}


def test_turns_after_a_missing_button_are_not_checked() -> None:
    turns = (
        "{user: a, expect: {kind: answer}}, {press: x, expect: {kind: answer}},"
        " {user: a, expect: {kind: answer}}"
    )
    assert checked(turns, a=PAY) == {("MET.1", "salaire"): 2}
