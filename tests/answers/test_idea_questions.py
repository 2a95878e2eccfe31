"""What is asked next: what narrows the jobs most, given the answers so far."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.idea_questions import MOST_ASKED, MOST_OFFERED, next_question, question
from bot.answers.idea_table import QUESTIONS, REFUSED, Answers
from tests.answers.idea_jobs import BIKE, BOOKS, FORGE, JOBS, table, told

TABLE = table()


def test_what_an_answer_tells_is_counted_in_bits() -> None:
    """Of ten jobs, tastes: 3½ of fire, 2½ of the road, 3½ of books (a job of two halves each)."""
    asked = question(TABLE, "centre_interet", ())
    kept = {FORGE: 4.5, BIKE: 3.5, BOOKS: 4.5}  # the job of no taste counts for half
    likely = {FORGE: 3.0, BIKE: 2.5, BOOKS: 3.5}
    bits = {taste: likely[taste] / 10 * math.log2(10 / kept[taste]) for taste in kept}
    assert asked.bits == pytest.approx(sum(bits.values()))
    assert asked.values == tuple(sorted(bits, key=lambda taste: -bits[taste]))


def test_the_question_that_tells_most_is_asked() -> None:
    bits = {name: question(TABLE, name, ()).bits for name in QUESTIONS}
    asked = next_question(TABLE, ())
    assert asked is not None
    assert bits[asked.name] == max(bits.values()) == asked.bits


def test_levels_come_in_their_order_and_only_those_of_some_job() -> None:
    assert question(TABLE, "niveau", ()).values == ("cap", "bac", "bac+2", "bac+5", "bac+10")
    few = question(TABLE, "niveau", (("centre_interet", BIKE),))
    assert few.values == ("cap", "bac", "bac+2")


def test_what_was_answered_is_not_offered_again() -> None:
    for answers in ((("centre_interet", FORGE),), ((REFUSED, FORGE),)):
        assert FORGE not in question(TABLE, "centre_interet", answers).values


def test_few_jobs_left_are_shown_at_once() -> None:
    fire = ("centre_interet", FORGE)
    assert next_question(TABLE, (fire,)) is None
    more = table(*JOBS[:9], *(replace(told(20 + n), centres_interet=(FORGE,)) for n in range(6)))
    assert next_question(more, (fire,)) is not None


def test_a_skipped_question_is_not_asked_again() -> None:
    answers: Answers = ()
    asked = []
    while (one := next_question(TABLE, answers)) is not None:
        asked.append(one.name)
        answers = (*answers, (one.name, ""))
    assert len(set(asked)) == len(asked) > 2


def test_where_fiches_tell_nothing_nothing_is_asked() -> None:
    assert next_question(table(*(told(n) for n in range(1, 20))), ()) is None
    alike = (told(n, centres_interet=(FORGE,), niveau_min="bac") for n in range(1, 20))
    assert next_question(table(*alike), ()) is None


ANSWERS = st.lists(
    st.sampled_from(
        [
            *((name, value) for name in QUESTIONS for value in (*TABLE.values(name), "")),
            *((REFUSED, taste) for taste in (FORGE, BIKE, BOOKS)),
            ("domaine", "livre"),
            ("statut", "salarié"),
        ]
    ),
    max_size=8,
).map(tuple)


@given(ANSWERS)
def test_a_question_offers_answers_that_some_job_left_gives(answers: Answers) -> None:
    asked = next_question(TABLE, answers)
    assert asked == next_question(TABLE, answers)
    if asked is None:
        return
    assert sum(name != REFUSED for name, _ in answers) < MOST_ASKED
    left = TABLE.standing(answers).left
    assert len(asked.values) > 1
    for value in asked.values[:MOST_OFFERED]:
        assert (TABLE.verdicts(asked.name, value)[left] > 0).any()
        assert (asked.name, value) not in answers
