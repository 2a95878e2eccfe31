"""The form as a conversation: it asks, hears wishes, is left and come back to, and ends in a list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.answer import Answer, AnswerKind
from bot.answers.idea_form import ask_ideas
from bot.answers.idea_questions import MOST_ASKED, MOST_OFFERED
from bot.answers.registry import answer
from bot.assistant import Assistant
from bot.catalogue.catalogue import Catalogue
from bot.dialogue.decision import RunAction
from bot.dialogue.events import FormStepped
from bot.dialogue.offered import pressed
from bot.dialogue.tracker import Form, Tracker
from tests.answers.idea_jobs import BIKE, FORGE, JOBS, table

ASSISTANT: list[Assistant] = []
TASTE, SKIPPED = ("centre_interet", "j'aime bouger"), ("centre_interet", "")
Pairs = tuple[tuple[str, str], ...]


@pytest.fixture(autouse=True)
def _assistant(seed_assistant: Assistant) -> None:
    """The assistant that hypothesis cannot be handed."""
    ASSISTANT[:] = [seed_assistant]


def step(tracker: Tracker, *arguments: tuple[str, str]) -> tuple[Answer, Tracker]:
    """What the form says to answers or wishes, and the conversation after it."""
    decision = RunAction(action="aide_choix", arguments=arguments)
    outcome = answer(decision, ASSISTANT[0].context(tracker))
    return outcome.answer, tracker.replay(outcome.events)


def wish(tracker: Tracker, name: str) -> tuple[Answer, Tracker]:
    return step(tracker, ("questionnaire", name))


def in_form(*answers: tuple[str, str], asked: str = "niveau", status: str = "asked") -> Tracker:
    return Tracker(form=Form(asked=asked, answers=answers, status=status))  # type: ignore[arg-type]


def titles(said: Answer) -> list[str]:
    return [button.title for button in said.buttons]


def form_of(tracker: Tracker) -> Form:
    assert tracker.form is not None
    return tracker.form


# Whatever is pressed


@settings(max_examples=60)
@given(st.lists(st.integers(0, 20), min_size=25, max_size=25))
def test_six_questions_at_most_then_a_list(choices: list[int]) -> None:
    said, tracker = step(Tracker())
    for choice in choices:
        answers = [
            b for b in said.buttons if "questionnaire" not in b.payload or "passer" in b.payload
        ]
        button = answers[choice % len(answers)]
        decision = pressed(button.payload)
        assert decision is not None
        before = tracker
        outcome = answer(decision, ASSISTANT[0].context(tracker))
        said, tracker = outcome.answer, tracker.replay(outcome.events)
        assert form_of(tracker).answers[: len(form_of(before).answers)] == form_of(before).answers
        if said.kind is AnswerKind.LIST:
            break
        assert said.kind is AnswerKind.FORM
        assert 2 <= sum("questionnaire" not in b.payload for b in said.buttons) <= MOST_OFFERED
    assert (said.kind, said.intent) == (AnswerKind.LIST, "aide_choix")
    assert said.metiers
    assert len(form_of(tracker).answers) <= MOST_ASKED
    assert form_of(tracker).status == "done"
    assert said.total == len(tracker.listed)
    given_ = [value for _, value in form_of(tracker).answers if value]
    assert said.text.count("Parce que vous avez dit") == (len(said.metiers) if given_ else 0)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 20), min_size=12, max_size=12))
def test_no_button_leads_nowhere(choices: list[int]) -> None:
    """Back, other choices, the list, an answer changed: each button of ours is heard."""
    said, tracker = step(Tracker())
    for choice in choices:
        buttons = [b for b in said.buttons if b.payload.startswith("/aide_choix")]
        decision = pressed(buttons[choice % len(buttons)].payload)
        assert decision is not None
        outcome = answer(decision, ASSISTANT[0].context(tracker))
        said, tracker = outcome.answer, tracker.replay(outcome.events)
        assert said.kind in (AnswerKind.FORM, AnswerKind.LIST)
        assert titles(said)
        assert len(set(titles(said))) == len(titles(said))
        assert not any(sign in said.text for sign in "{}")


# Wishes


def test_the_first_question() -> None:
    said, tracker = step(Tracker())
    assert (said.kind, form_of(tracker).asked) == (AnswerKind.FORM, "centre_interet")
    assert titles(said)[-2:] == ["D'autres choix", "Passer"]
    assert len(said.buttons) == MOST_OFFERED + 2


def test_skipping() -> None:
    _, tracker = wish(in_form(TASTE), "passer")
    assert form_of(tracker).answers == (TASTE, ("niveau", ""))
    assert form_of(tracker).asked not in ("niveau", "")


@pytest.mark.parametrize(
    ("answers", "asked", "left"),
    [
        ((TASTE,), "centre_interet", ()),
        ((TASTE, ("niveau", "")), "niveau", (TASTE,)),
        ((TASTE, ("statut", "salarié")), "lieu", (TASTE,)),  # which we did not ask
        ((), "lieu", ()),
    ],
)
def test_going_back(answers: Pairs, asked: str, left: Pairs) -> None:
    _, tracker = wish(in_form(*answers, asked="lieu"), "retour")
    assert (form_of(tracker).asked, form_of(tracker).answers) == (asked, left)


def test_other_choices_come_page_by_page_then_the_first_again() -> None:
    said, tracker = step(Tracker())
    shown = [titles(said)]
    for _ in range(5):
        said, tracker = wish(tracker, "autres")
        shown.append(titles(said))
    assert shown[5] == shown[0]
    pages = [set(page) - {"D'autres choix", "Passer"} for page in shown[:5]]
    assert sum(map(len, pages)) == len(set.union(*pages)) == 30


def test_other_choices_of_two_pass_the_question() -> None:
    _, tracker = wish(in_form(SKIPPED, asked="lieu"), "autres")
    assert form_of(tracker).answers == (SKIPPED, ("lieu", ""))


def test_what_is_not_understood_is_asked_again_once() -> None:
    said, once = wish(in_form(TASTE), "incompris")
    assert "pas compris" in said.text
    assert (form_of(once).asked, form_of(once).answers) == ("niveau", (TASTE,))
    _, twice = wish(once, "incompris")
    assert form_of(twice).answers == (TASTE, ("niveau", ""))


def test_stopping_and_coming_back() -> None:
    said, tracker = wish(in_form(TASTE), "arreter")
    assert (said.kind, said.intent) == (AnswerKind.SMALLTALK, "nier")
    assert form_of(tracker).status == "stopped"
    said, tracker = wish(tracker, "reprendre")
    assert "j'aime bouger" in said.text
    assert (form_of(tracker).asked, form_of(tracker).status) == ("niveau", "asked")


def test_what_was_given_up_begins_anew_when_asked_for_ideas() -> None:
    _, tracker = step(in_form(TASTE, status="stopped"))
    assert form_of(tracker).answers == ()
    _, tracker = step(in_form(TASTE, status="done"))
    assert form_of(tracker).answers == ()


def test_what_was_left_for_a_question_goes_on_when_asked_for_ideas() -> None:
    _, tracker = step(in_form(TASTE, status="left"))
    assert form_of(tracker) == Form(asked="niveau", answers=(TASTE,))


def test_changing_one_answer() -> None:
    said, tracker = wish(in_form(TASTE, ("niveau", "cap"), status="done"), "changer")
    assert titles(said) == ["Ce qui m'attire", "Le niveau d'études"]
    said, tracker = wish(tracker, "niveau")
    assert (form_of(tracker).asked, form_of(tracker).answers) == ("niveau", (TASTE,))
    said, tracker = step(in_form(TASTE, ("niveau", "cap")), ("niveau", "bac+5"))
    assert form_of(tracker).answers == (TASTE, ("niveau", "bac+5"))


def test_nothing_to_change() -> None:
    said, tracker = wish(in_form(asked="centre_interet"), "changer")
    assert said.kind is AnswerKind.FORM
    assert form_of(tracker).asked == "centre_interet"


def test_a_refusal_is_no_answer_to_the_question() -> None:
    said, tracker = step(in_form(asked="centre_interet"), ("refus", "j'aime bouger"))
    assert form_of(tracker) == Form(asked="centre_interet", answers=(("refus", "j'aime bouger"),))
    assert "Question 1" in said.text
    assert "j'aime bouger" not in titles(said)


def test_what_no_fiche_says_is_said_to_be_so() -> None:
    said, tracker = step(in_form(TASTE), ("centre_interet", "zorglub"))
    assert "Aucune fiche" in said.text
    assert "zorglub" not in said.text
    assert form_of(tracker).answers == (TASTE,)


def test_answers_that_the_catalogue_no_longer_knows_are_dropped() -> None:
    _, tracker = wish(in_form(("centre_interet", "zorglub"), ("lieu", "")), "reprendre")
    assert form_of(tracker).answers == (("lieu", ""),)


# The list


def test_the_other_pages_of_the_list_say_why_too() -> None:
    _, tracker = wish(in_form(TASTE), "voir")
    said = answer(RunAction(action="suite"), ASSISTANT[0].context(tracker)).answer
    assert said.text.count("Parce que vous avez dit") == len(said.metiers) == 5


def test_another_list_ends_the_form() -> None:
    _, tracker = wish(in_form(TASTE), "voir")
    search = RunAction(action="chercher_metiers", arguments=(("statut", "militaire"),))
    outcome = answer(search, ASSISTANT[0].context(tracker))
    assert "Parce que" not in outcome.answer.text
    assert tracker.replay(outcome.events).form is None


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((), "Sans préférence"),
        ((("centre_interet", FORGE),), "4 métiers répondent à tout."),
        ((("centre_interet", FORGE), ("lieu", "dehors")), "Un métier répond à tout. Les suivants"),
        ((("centre_interet", BIKE), ("outil", "ordinateur")), "Aucune fiche ne confirme tout"),
        (
            (("centre_interet", BIKE), ("centre_interet", "j'aime lire"), ("entourage", "seul")),
            "Aucun métier ne répond à tout",
        ),
    ],
)
def test_the_list_says_how_far_it_answers(answers: Pairs, said: str) -> None:
    tracker = in_form(*answers)
    context = replace(ASSISTANT[0].context(tracker), ideas=table(), catalogue=Catalogue(JOBS))
    decision = RunAction(action="aide_choix", arguments=(("questionnaire", "voir"),))
    outcome = ask_ideas(decision, context)
    assert said in outcome.answer.text
    assert isinstance(outcome.events[-1], FormStepped)


def test_a_catalogue_without_a_text() -> None:
    context = replace(ASSISTANT[0].context(Tracker()), ideas=table(JOBS[-1]))
    outcome = ask_ideas(RunAction(action="aide_choix"), context)
    assert outcome.answer.kind is AnswerKind.FALLBACK


# Beside the form


def under(tracker: Tracker, action: str, *metiers: str) -> Answer:
    decision = RunAction(action=action, metiers=metiers)
    return answer(decision, ASSISTANT[0].context(tracker)).answer


def test_another_answer_offers_to_go_back_to_the_form() -> None:
    resume = "Reprendre les questions"
    for status in ("asked", "left"):
        tracker = in_form(TASTE, status=status)
        assert resume in titles(under(tracker, "salaire", "MET.17"))
        assert resume in titles(under(tracker, "remerciement"))
    for status in ("stopped", "done"):
        assert resume not in titles(under(in_form(TASTE, status=status), "salaire", "MET.17"))
    assert resume not in titles(under(Tracker(), "salaire", "MET.17"))
    for action in ("detresse", "recommencer", "au_revoir"):
        assert resume not in titles(under(in_form(TASTE), action))
