"""The tracker: a value rebuilt by replaying events, and written as JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.dialogue.events import (
    ActionRun,
    ClarificationAsked,
    Digressed,
    Event,
    FormStepped,
    ListShown,
    Missed,
    Restarted,
    Searched,
    Understood,
)
from bot.dialogue.tracker import MOST_LISTED, Form, Tracker, tracker_from_json
from bot.messages import UserMessage
from tests.dialogue.strategies import EVENTS, TRACKERS

RUN = ActionRun(action="etudes", metiers=("MET.1", "MET.2"), arguments=(("niveau", "bac"),))

# Laws


@given(st.lists(EVENTS, max_size=12), st.integers(0, 12))
def test_replaying_the_same_events_gives_the_same_tracker(events: list[Event], cut: int) -> None:
    whole = Tracker().replay(events)
    assert Tracker().replay(events) == whole
    assert Tracker().replay(events[:cut]).replay(events[cut:]) == whole


@given(TRACKERS, EVENTS)
def test_an_event_leaves_the_tracker_before_it_as_it_was(tracker: Tracker, event: Event) -> None:
    before = json.dumps(tracker.as_json())
    tracker.apply(event)
    assert json.dumps(tracker.as_json()) == before
    with pytest.raises(dataclasses.FrozenInstanceError):
        tracker.misses = 3  # type: ignore[misc]


@given(TRACKERS)
def test_any_tracker_comes_back_from_json(tracker: Tracker) -> None:
    text = json.dumps(tracker.as_json(), ensure_ascii=False)
    assert tracker_from_json(json.loads(text)) == tracker


@given(st.lists(EVENTS, max_size=12))
def test_the_tracker_of_any_conversation_comes_back_from_json(events: list[Event]) -> None:
    tracker = Tracker().replay(events)
    assert tracker_from_json(json.loads(json.dumps(tracker.as_json()))) == tracker


def test_a_new_tracker_is_an_empty_object() -> None:
    assert Tracker().as_json() == {}
    assert tracker_from_json({}) == Tracker()


@pytest.mark.parametrize(
    "values",
    [
        {"inconnu": 1},
        {"pending": {"action": "etudes"}},
        {"pending": {"action": "etudes", "candidates": [], "inconnu": 1}},
        {"form": {"pas": 2}},
        {"listed": {"a": 1}},
    ],
)
def test_what_another_version_wrote(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a tracker"):
        tracker_from_json(values)


# What each event does


def test_misses_in_a_row_are_counted_until_something_is_understood() -> None:
    tracker = Tracker().replay([Missed(), Missed()])
    assert (tracker.misses, tracker.turns) == (2, 2)
    tracker = tracker.apply(Understood())
    assert (tracker.misses, tracker.turns) == (0, 3)


def test_the_last_job_answered_about_is_the_current_one() -> None:
    tracker = Tracker().apply(RUN)
    assert (tracker.metier, tracker.question) == ("MET.2", "etudes")
    assert (tracker.last_action, tracker.last_metiers) == ("etudes", ("MET.1", "MET.2"))
    assert tracker.last_arguments == (("niveau", "bac"),)


def test_an_action_about_no_job_keeps_the_current_one() -> None:
    tracker = Tracker().replay([RUN, ActionRun(action="catalogue")])
    assert (tracker.metier, tracker.question) == ("MET.2", "etudes")
    assert tracker.last_action == "catalogue"


def test_a_digression_keeps_the_current_job() -> None:
    digression = ActionRun(action="salaire", metiers=("MET.9",), keeps_metier=True)
    assert Tracker().replay([RUN, digression]).metier == "MET.2"


def test_a_list_and_what_is_on_screen() -> None:
    found = tuple(f"MET.{n}" for n in range(12))
    tracker = Tracker().apply(ListShown(found=found, first=5, last=10))
    assert tracker.listed == found
    assert tracker.shown == found[5:10]


def test_a_long_list_is_remembered_cut() -> None:
    found = tuple(f"MET.{n}" for n in range(MOST_LISTED * 3))
    tracker = Tracker().apply(ListShown(found=found, first=0, last=5))
    assert len(tracker.listed) == MOST_LISTED
    assert len(json.dumps(tracker.as_json())) < 4096


LIST = ListShown(found=tuple(f"MET.{n}" for n in range(12)), first=0, last=5)
SEARCHED = Searched(criteria=(("niveau", "cap"),), pool=("MET.1", "MET.2"))


def test_the_criteria_are_those_of_the_list_on_screen() -> None:
    searched = Tracker().replay([LIST, SEARCHED])
    next_page = searched.apply(dataclasses.replace(LIST, first=5, last=10))
    assert (next_page.criteria, next_page.pool) == (SEARCHED.criteria, SEARCHED.pool)
    another = searched.apply(ListShown(found=("MET.9",), first=0, last=1))
    assert (another.criteria, another.pool) == ((), ())


def test_what_a_long_search_keeps_stays_small() -> None:
    found = tuple(f"MET.{n}" for n in range(1000, 5000))
    events: list[Event] = [ListShown(found=found, first=0, last=5), Searched(pool=found)]
    assert len(json.dumps(Tracker().replay(events).as_json())) < 6 * 1024


def test_what_the_conversation_is_about() -> None:
    one = ActionRun(action="etudes", metiers=("MET.7",))
    compared = Tracker().replay([LIST, RUN])
    assert (compared.focus, compared.several) == ("jobs", RUN.metiers)
    opened = compared.apply(one)
    assert (opened.focus, opened.several, opened.former) == ("job", RUN.metiers, "MET.2")
    listed = opened.apply(LIST)
    assert (listed.focus, listed.several) == ("list", LIST.found[:5])
    assert Tracker().replay([one, RUN]).former == "MET.7"


def test_the_last_two_jobs_may_be_compared() -> None:
    runs = [ActionRun(action="etudes", metiers=(metier,)) for metier in ("MET.1", "MET.2", "MET.2")]
    assert Tracker().replay(runs[:1]).several == ()
    assert Tracker().replay(runs).several == ("MET.1", "MET.2")


def test_a_question_that_another_repeats() -> None:
    free = ActionRun(action="question_fiche", metiers=("MET.1",), repeats="conditions_travail")
    assert Tracker().apply(free).question == "conditions_travail"


def test_a_digression_leaves_the_thread_as_it_was() -> None:
    asked = ClarificationAsked(action="etudes", candidates=("MET.1", "MET.2"))
    tracker = Tracker().replay([RUN, LIST, asked])
    assert tracker.apply(Digressed()) == tracker
    assert tracker.apply(Digressed(closes=True)) == dataclasses.replace(tracker, pending=None)
    about_a_diploma = ActionRun(action="formation_info", keeps_metier=True)
    assert tracker.apply(about_a_diploma).pending == tracker.pending


def test_a_question_of_ours_waits_until_something_is_answered() -> None:
    asked = ClarificationAsked(action="etudes", candidates=("MET.1",), arguments=(("a", "b"),))
    tracker = Tracker().apply(asked)
    assert tracker.pending is not None
    assert (tracker.pending.action, tracker.pending.candidates) == ("etudes", ("MET.1",))
    assert tracker.pending.arguments == (("a", "b"),)
    assert tracker.apply(RUN).pending is None


def test_a_form_and_a_question_exclude_each_other() -> None:
    asked = ClarificationAsked(action="etudes", candidates=())
    step = FormStepped(asked="lieu", answers=(("niveau", "bac"),))
    form = Tracker().replay([asked, step])
    assert form.pending is None
    assert form.form is not None
    assert form.form == Form(asked="lieu", answers=(("niveau", "bac"),))
    assert form.apply(asked).form == Form(asked="lieu", answers=form.form.answers, status="left")
    assert form.apply(RUN).form == form.apply(asked).form


@given(TRACKERS)
def test_starting_again_forgets_everything(tracker: Tracker) -> None:
    assert tracker.apply(Restarted()) == Tracker(turns=tracker.turns + 1)


# Nothing of what people type is kept


@pytest.mark.parametrize(
    "text",
    [
        "quelles études pour être chargé de post-production zorglub ?",
        "métiers artistiques avec des zorglubs",
        "est-ce qu'il choisit son zorglub, le chargé de post-production ?",
        "combien gagne un zorgluboteur",
        "je m'appelle zorglub et je veux mourir",
        "zorglub zorglub",
        "que faire après un BTS zorglub ?",
        "c'est quoi le BUT zorglub ?",
        "je sais pas quoi faire zorglub",
        '/aide_choix{"passe": "oui"}',
    ],
)
def test_nothing_of_the_words_typed_is_remembered(seed_assistant: Assistant, text: str) -> None:
    sender = f"rien de {text}"
    for said in (text, "et zorglub ?", text):
        tracker = seed_assistant.turn(UserMessage(sender=sender, text=said)).tracker
        assert "zorglub" not in json.dumps(tracker.as_json()).casefold()
