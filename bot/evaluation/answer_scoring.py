"""Scores of the answers to searches and to questions about a fiche.

Pure functions, as in `scoring`. A gold sentence is compared with a quote by its words: line
breaks, doubled spaces and the kinds of spaces and apostrophes do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.played import PlayedQa, PlayedSearch
from bot.evaluation.scoring import Ratio
from bot.understanding.normalisation import fold

__all__ = [
    "QaScores",
    "SearchScores",
    "answers_rightly",
    "finds_rightly",
    "matches_criteria",
    "precision_of_first",
    "rank_of_gold",
    "score_qa",
    "score_search",
]

_FIRST = 5
_QUOTES = 3
_CRITERIA = "criteria"
_NOT_IN_FICHE = ("question_fiche",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScores:
    """`must`: searches whose every expected job is in the first five.

    `precision`: mean over the searches of the share of right jobs among the first five shown, 0
    where nothing is shown. `criteria`: searches by criteria alone whose total and jobs are exact.
    """

    must: Ratio
    precision: float | None
    criteria: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class QaScores:
    """Answerable questions: a gold sentence quoted first, or among three; the others: said so."""

    first: Ratio
    among_three: Ratio
    said_missing: Ratio


def score_search(played: Sequence[PlayedSearch]) -> SearchScores:
    """Score searches."""
    with_must = [one for one in played if one.case.must]
    criteria = [one for one in played if one.case.kind == _CRITERIA]
    shares = [precision_of_first(one) for one in played if one.case.relevant]
    return SearchScores(
        must=Ratio(count=sum(_has_must(one) for one in with_must), total=len(with_must)),
        precision=sum(shares) / len(shares) if shares else None,
        criteria=Ratio(count=sum(matches_criteria(one) for one in criteria), total=len(criteria)),
    )


def precision_of_first(played: PlayedSearch) -> float:
    """The share of relevant jobs among the first five shown, 0..1."""
    first = played.shown[:_FIRST]
    return sum(metier in played.case.relevant for metier in first) / len(first) if first else 0.0


def matches_criteria(played: PlayedSearch) -> bool:
    """Whether the list announces the right number of jobs and holds exactly the right ones."""
    relevant = played.case.relevant
    exact = len(played.found) == len(relevant) and set(played.found) == set(relevant)
    return exact and (played.total or 0) == len(relevant)


def finds_rightly(played: PlayedSearch) -> bool:
    """Whether a search has no defect: every `must` first, and criteria exact."""
    return _has_must(played) and (played.case.kind != _CRITERIA or matches_criteria(played))


def score_qa(played: Sequence[PlayedQa]) -> QaScores:
    """Score questions about a fiche."""
    ranks = [rank_of_gold(one) for one in played if one.case.answers]
    absent = [one for one in played if not one.case.answers]
    return QaScores(
        first=Ratio(count=sum(rank == 1 for rank in ranks), total=len(ranks)),
        among_three=Ratio(count=sum(rank is not None for rank in ranks), total=len(ranks)),
        said_missing=Ratio(count=sum(answers_rightly(one) for one in absent), total=len(absent)),
    )


def rank_of_gold(played: PlayedQa) -> int | None:
    """The 1-based place of the first gold sentence among the first three quotes, or None."""
    gold = {_words(sentence) for sentence in played.case.answers}
    quotes = enumerate(played.quotes[:_QUOTES], start=1)
    return next((rank for rank, quote in quotes if _words(quote) in gold), None)


def answers_rightly(played: PlayedQa) -> bool:
    """Whether a gold sentence is quoted, or the absence of any is said."""
    if played.case.answers:
        return rank_of_gold(played) is not None
    return played.missing == _NOT_IN_FICHE


def _has_must(played: PlayedSearch) -> bool:
    return set(played.case.must) <= set(played.shown[:_FIRST])


def _words(sentence: str) -> str:
    return " ".join(fold(sentence).split())
