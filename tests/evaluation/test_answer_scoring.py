"""Scores of searches and of questions, with values computed by hand."""

from __future__ import annotations

import pytest

from bot.evaluation.answer_scoring import (
    answers_rightly,
    finds_rightly,
    matches_criteria,
    precision_of_first,
    rank_of_gold,
    score_qa,
    score_search,
)
from bot.evaluation.played import PlayedQa, PlayedSearch
from bot.evaluation.scoring import Ratio
from bot.evaluation.utterance_set import QaCase, SearchCase
from tests.evaluation.fake_assistant import heard

SEVEN = tuple(f"MET.{number}" for number in range(1, 8))


def search(
    relevant: tuple[str, ...],
    shown: tuple[str, ...],
    *,
    must: tuple[str, ...] = (),
    kind: str = "words",
    total: int | None = None,
    found: tuple[str, ...] | None = None,
) -> PlayedSearch:
    case = SearchCase(id="c", text="…", relevant=relevant, must=must, kind=kind)
    return PlayedSearch(
        case=case,
        heard=heard("chercher_metiers"),
        kind="list" if shown else "fallback",
        shown=shown,
        total=total,
        found=shown if found is None else found,
    )


def test_must_is_in_the_first_five() -> None:
    fifth, sixth = search(SEVEN, SEVEN, must=("MET.5",)), search(SEVEN, SEVEN, must=("MET.6",))
    both = search(SEVEN, SEVEN, must=("MET.1", "MET.6"))
    scores = score_search([fifth, sixth, both, search(SEVEN, SEVEN)])
    assert scores.must == Ratio(count=1, total=3)
    assert [finds_rightly(one) for one in (fifth, sixth, both)] == [True, False, False]


def test_precision_of_the_first_five() -> None:
    # Two of five, one of two, nothing shown.
    some = search(("MET.1", "MET.2", "MET.7"), SEVEN)
    few = search(("MET.1",), ("MET.1", "MET.9"))
    none = search(("MET.1",), ())
    assert [precision_of_first(one) for one in (some, few, none)] == [0.4, 0.5, 0.0]
    assert score_search([some, few, none]).precision == pytest.approx(0.3)
    assert score_search([]).precision is None


def test_criteria_alone_are_exact() -> None:
    pages = search(SEVEN, SEVEN[:5], kind="criteria", total=7, found=SEVEN)
    short = search(SEVEN, SEVEN[:5], kind="criteria", total=5)
    lying = search(SEVEN, SEVEN, kind="criteria", total=8)
    other = search(SEVEN, SEVEN, kind="criteria", total=7, found=(*SEVEN[:6], "MET.9"))
    none = search((), (), kind="criteria")
    all_of_them = [pages, short, lying, other, none]
    assert [matches_criteria(one) for one in all_of_them] == [True, False, False, False, True]
    assert score_search(all_of_them).criteria == Ratio(count=2, total=5)


def asked(answers: tuple[str, ...], *quotes: str, missing: tuple[str, ...] = ()) -> PlayedQa:
    case = QaCase(id="q", metier="MET.1", question="?", answers=answers)
    return PlayedQa(
        case=case, heard=heard("question_fiche"), kind="answer", intent="question_fiche",
        quotes=quotes, missing=missing,
    )  # fmt: skip


def test_a_gold_sentence_is_quoted() -> None:
    gold = ("Il dort peu.", "Il dort\nmal.")
    first = asked(gold, "Il dort\N{NO-BREAK SPACE}mal.", "Autre.")
    third = asked(gold, "Un.", "Deux.", "Il dort peu.")
    fourth = asked(gold, "Un.", "Deux.", "Trois.", "Il dort peu.")
    part = asked(gold, "Il dort")
    assert [rank_of_gold(one) for one in (first, third, fourth, part)] == [1, 3, None, None]
    scores = score_qa([first, third, fourth, part])
    assert scores.first == Ratio(count=1, total=4)
    assert scores.among_three == Ratio(count=2, total=4)
    assert scores.said_missing == Ratio(count=0, total=0)


def test_no_sentence_answers() -> None:
    honest = asked((), missing=("question_fiche",))
    inventing = asked((), "Il dort peu.")
    other = asked((), missing=("question_fiche", "salaire"))
    assert [answers_rightly(one) for one in (honest, inventing, other)] == [True, False, False]
    assert score_qa([honest, inventing, other]).said_missing == Ratio(count=1, total=3)
