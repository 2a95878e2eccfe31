"""Answers to the form: read, added up, corrected, refused."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.answers.idea_answers import heard, liked, merged, without
from bot.answers.idea_table import REFUSED, Answers
from bot.dialogue.decision import RunAction
from bot.understanding.interpretation import EntityMention
from tests.answers.idea_jobs import BIKE, BOOKS, FORGE, table
from tests.answers.test_idea_questions import ANSWERS

FIRE, ROAD, PAGES = (("centre_interet", taste) for taste in (FORGE, BIKE, BOOKS))
CAP, BAC = ("niveau", "cap"), ("niveau", "bac")
NO_FIRE, SKIPPED = (REFUSED, FORGE), ("niveau", "")


@pytest.mark.parametrize(
    ("before", "said", "corrects", "after"),
    [
        # tastes add up; any other answer replaces the former one
        ((FIRE,), (ROAD,), False, (FIRE, ROAD)),
        ((FIRE, CAP), (BAC,), False, (FIRE, BAC)),
        ((FIRE,), (FIRE,), False, (FIRE,)),
        ((SKIPPED, FIRE), (BAC,), False, (FIRE, BAC)),
        # « en fait plutôt … »: the last taste gives way, and only that one
        ((FIRE, ROAD, CAP), (PAGES,), True, (FIRE, CAP, PAGES)),
        ((CAP,), (ROAD, PAGES), True, (CAP, ROAD, PAGES)),
        ((FIRE,), (ROAD, PAGES), True, (ROAD, PAGES)),
        # refused, then liked after all
        ((FIRE, CAP), (NO_FIRE,), False, (CAP, NO_FIRE)),
        ((NO_FIRE,), (FIRE,), False, (FIRE,)),
        ((NO_FIRE,), (ROAD,), False, (NO_FIRE, ROAD)),
    ],
)
def test_merged(before: Answers, said: Answers, *, corrects: bool, after: Answers) -> None:
    assert merged(before, said, corrects=corrects) == after


@given(ANSWERS, ANSWERS)
def test_what_is_said_last_holds(before: Answers, said: Answers) -> None:
    given_ = tuple(pair for pair in said if pair[1])
    after = merged(before, given_, corrects=False)
    assert not given_ or after[-1] == given_[-1]
    assert len(set(after)) == len(after) or len(set(before)) < len(before)
    for question in ("niveau", "lieu", "entourage", "outil", "statut"):
        if question in (name for name, _ in given_):
            assert [name for name, _ in after].count(question) == 1


def test_an_answer_is_taken_back() -> None:
    assert without((FIRE, CAP, ROAD), "centre_interet") == (CAP,)


def test_what_is_heard() -> None:
    arguments = (
        ("envie", "dehors"), ("envie", "etudes_courtes"), ("envie", "etudes_longues"),
        ("envie", "zorglub"), ("centre_interet", FORGE), ("centre_interet", "zorglub"),
        ("niveau", "bac+2"), ("niveau", "zorglub"), ("statut", "salarié"), ("domaine", "livre"),
        ("refus", BIKE), ("refus", "zorglub"), ("questionnaire", "retour"), ("metier", "MET.1"),
    )  # fmt: skip
    decision = RunAction(action="aide_choix", arguments=arguments)
    assert heard(decision, table()) == (
        ("lieu", "dehors"), ("niveau", "bac"), ("niveau", "bac+5"), FIRE, ("niveau", "bac+2"),
        ("statut", "salarié"), ("domaine", "livre"), (REFUSED, BIKE),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "tastes"),
    [
        ("je sais pas quoi faire, j'aime ", [FORGE]),
        ("pas d'idée mais j'ADORE vraiment beaucoup ", [FORGE]),
        ("aucune idée. Je suis passionnée par ", [FORGE]),
        ("mes enfants sont grands et ", []),
        ("j'aime pas ", []),
        ("j'aime bien réfléchir. Mon père fait ", []),
    ],
)
def test_tastes_said_before_the_first_question(before: str, tastes: list[str]) -> None:
    mention = EntityMention(
        entity="centre_interet", value=FORGE, start=len(before), end=len(before) + 4, score=1.0
    )
    decision = RunAction(action="aide_choix", text=f"{before}le feu", mentions=(mention,))
    assert liked(decision, table()) == tuple(("centre_interet", taste) for taste in tastes)
