"""A search that goes on: criteria that change, jobs on screen that are chosen among."""

from __future__ import annotations

import pytest

from bot.answers.answer import AnswerKind
from bot.answers.context import Outcome
from bot.answers.registry import answer
from bot.assistant import Assistant
from bot.catalogue.niveaux import niveau_rank
from bot.dialogue.decision import RunAction
from bot.dialogue.tracker import Tracker
from bot.messages import UserMessage

Arguments = tuple[tuple[str, str], ...]
KEEP = ("garde", "oui")
SHORTER = ("plus_court", "oui")
# Vétérinaire, boulanger, infirmière, mannequin, magistrat.
FIVE = ("MET.171", "MET.17", "MET.38", "MET.504", "MET.769")
ON_SCREEN = Tracker(listed=FIVE, shown_last=5, focus="list")


def search(assistant: Assistant, tracker: Tracker, *arguments: tuple[str, str]) -> Outcome:
    decision = RunAction(action="chercher_metiers", arguments=arguments)
    return answer(decision, assistant.context(tracker))


def among(assistant: Assistant, tracker: Tracker, *arguments: tuple[str, str]) -> Outcome:
    decision = RunAction(
        action="chercher_metiers", metiers=tracker.shown, arguments=(*arguments, ("parmi", "oui"))
    )
    return answer(decision, assistant.context(tracker))


def levels(assistant: Assistant, metiers: tuple[str, ...]) -> list[int]:
    ranks = [niveau_rank(f.niveau_min or "") for f in assistant.context(Tracker()).fiches(metiers)]
    return [rank for rank in ranks if rank is not None]


def searched(assistant: Assistant, sender: str, text: str) -> Tracker:
    assistant.forget(sender)
    return assistant.turn(UserMessage(sender=sender, text=text)).tracker


# One criterion changes


def test_a_level_changes_and_the_words_stay(seed_assistant: Assistant) -> None:
    tracker = searched(seed_assistant, "garde", "quels métiers pour soigner les animaux ?")
    assert tracker.pool or tracker.criteria
    outcome = search(seed_assistant, tracker, *tracker.criteria, ("niveau", "bac+1"), KEEP)
    assert outcome.answer.kind is AnswerKind.LIST
    assert "MET.323" in outcome.answer.metiers
    assert "MET.171" not in outcome.answer.metiers
    after = tracker.replay(outcome.events)
    assert ("niveau", "bac+1") in after.criteria
    assert after.pool == tracker.pool


def test_a_list_that_no_search_made_is_kept_to_the_level(seed_assistant: Assistant) -> None:
    outcome = search(seed_assistant, ON_SCREEN, ("niveau", "cap"), KEEP)
    assert outcome.answer.metiers == ("MET.17", "MET.504")
    widened = ON_SCREEN.replay(outcome.events)
    again = search(seed_assistant, widened, ("niveau", "bac+3"), KEEP)
    assert again.answer.metiers == ("MET.17", "MET.38", "MET.504")


def test_an_exact_level(seed_assistant: Assistant) -> None:
    exact: Arguments = (("niveau", "bac+3"), ("niveau_rule", "equal"), KEEP)
    assert search(seed_assistant, ON_SCREEN, *exact).answer.metiers == ("MET.38",)


def test_a_status(seed_assistant: Assistant) -> None:
    outcome = search(seed_assistant, ON_SCREEN, ("statut", "fonctionnaire"), KEEP)
    assert outcome.answer.metiers == ("MET.38", "MET.769")


def test_nothing_meets_it_and_the_list_stays(seed_assistant: Assistant) -> None:
    outcome = search(seed_assistant, ON_SCREEN, ("statut", "militaire"), KEEP)
    assert (outcome.answer.kind, outcome.answer.total) == (AnswerKind.FALLBACK, 0)
    assert ON_SCREEN.replay(outcome.events).shown == FIVE


# Shorter


@pytest.mark.parametrize(
    ("before", "now"),
    [("bac+5", "bac + 4"), ("bac+1", "bac"), ("bac", "CAP"), ("cap", "sans diplôme")],
)
def test_one_level_below_the_last_criterion(
    before: str, now: str, seed_assistant: Assistant
) -> None:
    outcome = search(seed_assistant, ON_SCREEN, ("niveau", before), KEEP, SHORTER)
    assert f"niveau {now}" in outcome.answer.text


@pytest.mark.parametrize("criteria", [(), (("niveau", "sans_diplome"),)])
def test_without_a_lower_level_the_shortest_come_first(
    criteria: Arguments, seed_assistant: Assistant
) -> None:
    said = search(seed_assistant, ON_SCREEN, *criteria, KEEP, SHORTER).answer
    assert set(said.metiers) == set(FIVE)
    assert levels(seed_assistant, said.metiers) == sorted(levels(seed_assistant, FIVE))


def test_close_jobs_that_ask_for_less(seed_assistant: Assistant) -> None:
    decision = RunAction(action="metiers_proches", metiers=("MET.171",), arguments=(SHORTER,))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    assert said.kind is AnswerKind.LIST
    own = levels(seed_assistant, ("MET.171",))[0]
    assert all(rank < own for rank in levels(seed_assistant, said.metiers))


def test_no_close_job_asks_for_less(seed_assistant: Assistant) -> None:
    decision = RunAction(action="metiers_proches", metiers=("MET.504",), arguments=(SHORTER,))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    assert said.kind is AnswerKind.FALLBACK
    assert "moins élevé" in said.text


# Among those on screen


def test_those_that_meet_it_become_the_list(seed_assistant: Assistant) -> None:
    outcome = among(seed_assistant, ON_SCREEN, ("niveau", "cap"))
    assert (outcome.answer.kind, outcome.answer.total) == (AnswerKind.LIST, 2)
    assert "De ces 5 métiers, 2 conviennent (niveau CAP au plus)" in outcome.answer.text
    assert ON_SCREEN.replay(outcome.events).shown == ("MET.17", "MET.504")


def test_only_one(seed_assistant: Assistant) -> None:
    said = among(seed_assistant, ON_SCREEN, ("niveau", "sans_diplome")).answer
    assert said.metiers == ("MET.504",)
    assert "un seul convient" in said.text


def test_none_on_screen_but_some_further(seed_assistant: Assistant) -> None:
    first_page = Tracker(listed=FIVE, shown_last=1, focus="list")
    said = among(seed_assistant, first_page, ("niveau", "cap")).answer
    assert said.metiers == ("MET.17", "MET.504")
    assert "plus loin dans la liste" in said.text


def test_none_at_all(seed_assistant: Assistant) -> None:
    said = among(seed_assistant, ON_SCREEN, ("statut", "militaire")).answer
    assert (said.kind, said.metiers, said.total) == (AnswerKind.ANSWER, (), 0)
    assert len(said.buttons) == len(FIVE)


# Pages


@pytest.mark.parametrize(
    ("page", "first"), [("meme", 5), ("avant", 0), (None, 10)], ids=["same", "before", "next"]
)
def test_pages(page: str | None, first: int, seed_assistant: Assistant) -> None:
    metiers = tuple(fiche.id for fiche in seed_assistant.catalogue)
    tracker = Tracker(listed=metiers, shown_first=5, shown_last=10, focus="job")
    arguments = (("page", page),) if page else ()
    outcome = answer(
        RunAction(action="suite", arguments=arguments), seed_assistant.context(tracker)
    )
    assert outcome.answer.metiers == metiers[first : first + 5]
    assert tracker.replay(outcome.events).focus == "list"
