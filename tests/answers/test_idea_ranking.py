"""Which jobs are proposed, in which order, and what is said of each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bot.answers.context import AnswerContext
from bot.answers.idea_ranking import ranked, reason, spoken
from bot.answers.idea_table import REFUSED, Answers
from bot.assistant import Assistant
from bot.dialogue.tracker import Tracker
from tests.answers.idea_jobs import BIKE, BOOKS, FORGE, JOBS, table
from tests.answers.test_idea_questions import ANSWERS

TABLE = table()
FIRE, ROAD, PAGES = (("centre_interet", taste) for taste in (FORGE, BIKE, BOOKS))


def ids(answers: Answers) -> list[str]:
    return [fiche.id.removeprefix("MET.") for fiche in ranked(TABLE, answers).fiches]


@pytest.mark.parametrize(
    ("answers", "first", "whole"),
    [
        # all that match, those of that taste alone first
        ((FIRE,), {"1", "2"}, 4),
        # a job that says it comes before one that says nothing, then one that says the contrary
        ((FIRE, ("lieu", "dehors")), {"2"}, 1),
        ((FIRE, ("lieu", "dedans")), {"1"}, 1),
        ((FIRE, ("entourage", "seul")), {"3"}, 1),
        # up to a level: the nearest first
        ((FIRE, ("niveau", "bac")), {"6"}, 3),
        ((FIRE, ("niveau", "cap")), {"1", "2"}, 2),
        ((("niveau", "bac+10"),), {"8"}, 8),
        # two tastes
        ((FIRE, ROAD), {"6"}, 1),
        # what is refused comes last
        ((PAGES, (REFUSED, FORGE)), {"7", "8", "9"}, 3),
        ((("domaine", "livre"),), {"9"}, 1),
        ((("statut", "salarié"),), {"9"}, 1),
    ],
)
def test_the_order(answers: Answers, first: set[str], whole: int) -> None:
    assert set(ids(answers)[: len(first)]) == first
    assert ranked(TABLE, answers).whole == whole


def test_a_fiche_that_is_silent_is_neither_for_nor_against() -> None:
    silent = next(fiche for fiche in JOBS if fiche.id == "MET.10")
    for question, value in (("lieu", "dehors"), ("niveau", "cap"), ("centre_interet", FORGE)):
        assert TABLE.verdict(question, value, silent) == 0
    assert TABLE.verdict("lieu", "dehors", JOBS[0]) == -1
    assert TABLE.verdict("entourage", "public", JOBS[0]) == 0  # a team does not exclude the public
    assert TABLE.verdict("entourage", "seul", JOBS[0]) == -1


def test_criteria_that_no_job_meets_are_loosened() -> None:
    """No job of the road is told to be done alone, or asks for books."""
    ranking = ranked(TABLE, (ROAD, PAGES, ("entourage", "seul")))
    assert (ranking.whole, ranking.is_loosened) == (0, True)
    assert ranking.fiches


def test_without_answers_every_job_may_be_proposed() -> None:
    ranking = ranked(TABLE, (("lieu", ""),))
    assert len(ranking.fiches) == ranking.whole == 10
    assert not ranking.is_loosened


@given(ANSWERS)
def test_the_list_is_never_empty_and_always_the_same(answers: Answers) -> None:
    ranking = ranked(TABLE, answers)
    assert ranking.fiches
    assert ranking == ranked(TABLE, answers)
    assert len(set(ranking.fiches)) == len(ranking.fiches) >= ranking.whole
    scores = TABLE.standing(answers).score
    order = [scores[TABLE.fiches.index(fiche)] for fiche in ranking.fiches]
    assert order == sorted(order, reverse=True)


# What is said


@pytest.fixture
def context(seed_assistant: Assistant) -> AnswerContext:
    return replace(seed_assistant.context(Tracker()), ideas=TABLE)


@pytest.mark.parametrize(
    ("job", "answers", "said"),
    [
        (2, (FIRE,), "Parce que vous avez dit : « j'aime le feu »."),
        (
            2,
            (FIRE, ("lieu", "dehors"), ("niveau", "cap")),
            "Parce que vous avez dit : « j'aime le feu », « dehors » (la fiche parle de "
            "« en plein air »), niveau CAP au plus.",
        ),
        (
            1,
            (FIRE, ("lieu", "dehors")),
            "Parce que vous avez dit : « j'aime le feu ». En revanche : « dehors », alors que la "
            "fiche parle de « en atelier ».",
        ),
        (
            3,
            (("niveau", "bac"), ("lieu", "dehors")),
            "En revanche : il faut au moins bac + 5. La fiche ne le dit pas : « dehors ».",
        ),
        (4, (FIRE,), "En revanche : « j'aime le feu », que la fiche ne cite pas."),
        (4, ((REFUSED, BIKE),), "En revanche : la fiche cite « j'aime rouler »."),
        (4, ((REFUSED, FORGE),), ""),
        (9, (("statut", "salarié"),), "Parce que vous avez dit : statut salarié."),
        (4, (("lieu", ""),), ""),
    ],
)
def test_the_reason(context: AnswerContext, job: int, answers: Answers, said: str) -> None:
    assert reason(JOBS[job - 1], answers, context) == said


def test_what_was_said_is_said_back(context: AnswerContext) -> None:
    answers = (FIRE, ("lieu", ""), ("niveau", "bac+10"), (REFUSED, BOOKS), ("outil", "mains"))
    assert spoken(answers, context) == (
        "« j'aime le feu », tous les niveaux d'études, pas « j'aime lire », « de mes mains »"
    )
