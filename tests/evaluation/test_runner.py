from __future__ import annotations

from itertools import count
from pathlib import Path

from bot.answers.answer import Answer, AnswerKind, Quote
from bot.evaluation.runner import play_sets
from bot.evaluation.utterance_set import (
    EvaluationSet,
    QaCase,
    SafetyCase,
    SearchCase,
    Utterance,
)
from tests.evaluation.fake_assistant import FakeAssistant, heard, said

PATH = Path("cas.jsonl")


def listed(*metiers: str, total: int | None) -> Answer:
    return said(kind=AnswerKind.LIST, intent="chercher_metiers", metiers=metiers, total=total)


def search(text: str, kind: str) -> EvaluationSet:
    case = SearchCase(id="c", text=text, relevant=(), must=(), kind=kind)
    return EvaluationSet(path=PATH, search=(case,))


def test_utterances_and_safety_are_interpreted_without_conversation() -> None:
    fake = FakeAssistant(meanings={"slt": heard("salutation"), "au secours": heard("detresse")})
    sets = EvaluationSet(
        path=PATH,
        utterances=(Utterance(id="u", text="slt", intent="salutation"),),
        safety=(SafetyCase(id="s", text="au secours", is_distress=True),),
    )
    ticks = count()
    played = play_sets([sets], fake, clock=lambda: next(ticks) * 0.002)
    assert played.utterances[0].is_right
    assert played.utterances[0].elapsed_ms == 2.0
    assert played.safety[0].is_alarm
    assert not fake.messages


def test_a_search_keeps_the_first_list() -> None:
    fake = FakeAssistant(script={"bois": listed("MET.1", "MET.2", total=9)})
    (one,) = play_sets([search("bois", "words")], fake).search
    assert (one.shown, one.total, one.found) == (("MET.1", "MET.2"), 9, ("MET.1", "MET.2"))
    assert fake.messages["search-c"] == ["bois"]
    assert "search-c" in fake.forgotten


def test_a_search_by_criteria_reads_every_page() -> None:
    pages = [listed("MET.3", "MET.4", total=5), listed("MET.5", total=5)]
    fake = FakeAssistant(script={"bac": listed("MET.1", "MET.2", total=5), "/suite": pages})
    (one,) = play_sets([search("bac", "criteria")], fake).search
    assert one.found == ("MET.1", "MET.2", "MET.3", "MET.4", "MET.5")
    assert one.shown == ("MET.1", "MET.2")


def test_a_list_that_stops_growing_is_left() -> None:
    first = listed("MET.1", total=5)
    fake = FakeAssistant(script={"bac": first, "/suite": first})
    (one,) = play_sets([search("bac", "criteria")], fake).search
    assert one.found == ("MET.1",)


def test_an_answer_that_is_no_list_shows_no_job() -> None:
    fake = FakeAssistant(script={"bois": said(metiers=("MET.1",))})
    (one,) = play_sets([search("bois", "criteria")], fake).search
    assert (one.kind, one.shown, one.total) == ("answer", (), None)


def test_a_question_comes_after_the_presentation_of_its_job() -> None:
    case = QaCase(id="q", metier="MET.1", question="il dort ?", answers=("Il dort.",))
    quotes = (Quote(text="Il dort.", field="presentation"),)
    fake = FakeAssistant(
        script={
            '/presentation{"metier": "MET.1"}': said(),
            "il dort ?": said(intent="question_fiche", quotes=quotes),
        }
    )
    (one,) = play_sets([EvaluationSet(path=PATH, qa=(case,))], fake).qa
    assert one.quotes == ("Il dort.",)
    assert one.intent == "question_fiche"
    assert fake.messages["qa-q"] == ['/presentation{"metier": "MET.1"}', "il dort ?"]
