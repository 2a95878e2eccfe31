"""The main figures of a run: the table, the report, the JSON and the comparison share them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.evaluation.answer_scoring import QaScores, SearchScores, score_qa, score_search
from bot.evaluation.runner import PlayedSets
from bot.evaluation.scoring import (
    DistressScores,
    Ratio,
    UtteranceScores,
    score_safety,
    score_utterances,
)

__all__ = ["Figure", "Scores", "Unit", "figures_of", "score_sets"]


class Unit(StrEnum):
    """How a figure is written."""

    SHARE = "share"
    MILLISECONDS = "ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure; `group` is the set that it measures, `ratio` what a share was made from.

    `direction` is 1 when higher is better, -1 when lower is, 0 when neither. `value` is None
    when there was nothing to measure.
    """

    group: str
    key: str
    value: float | None
    direction: int = 1
    ratio: Ratio | None = None
    unit: Unit = Unit.SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The scores of each kind of set; None for a kind that was not played."""

    utterances: UtteranceScores | None = None
    safety: DistressScores | None = None
    search: SearchScores | None = None
    qa: QaScores | None = None


def score_sets(played: PlayedSets) -> Scores:
    """Score every kind of case that was played."""
    return Scores(
        utterances=score_utterances(played.utterances) if played.utterances else None,
        safety=score_safety(played.safety) if played.safety else None,
        search=score_search(played.search) if played.search else None,
        qa=score_qa(played.qa) if played.qa else None,
    )


def figures_of(scores: Scores) -> tuple[Figure, ...]:
    """List the figures of the kinds that were played, in the order in which they are read."""
    figures: list[Figure] = []
    if scores.utterances is not None:
        figures += _of_utterances(scores.utterances)
    if scores.safety is not None:
        figures += _of_distress("safety", scores.safety)
    if scores.search is not None:
        figures += _of_search(scores.search)
    if scores.qa is not None:
        figures += [
            _share("qa", "first_quote", scores.qa.first),
            _share("qa", "among_three", scores.qa.among_three),
            _share("qa", "said_missing", scores.qa.said_missing),
        ]
    return tuple(figures)


def _of_utterances(scores: UtteranceScores) -> list[Figure]:
    group = "utterances"
    out_of_scope = next((s for s in scores.intents.per_intent if s.intent == "hors_sujet"), None)
    figures = [
        _share(group, "intent_accuracy", scores.intents.accuracy),
        Figure(group=group, key="intent_macro_f1", value=scores.intents.macro_f1),
        _share(group, "job_rank_1", scores.linking.rank_1),
        _share(group, "job_rank_5", scores.linking.rank_5),
        _share(group, "job_false_positives", scores.linking.false_positives, direction=-1),
        _share(group, "asked", scores.ambiguity.asked),
        _share(group, "asked_needlessly", scores.ambiguity.asked_needlessly, direction=-1),
    ]
    if out_of_scope is not None:
        figures += [
            _share(group, "out_of_scope_precision", out_of_scope.precision),
            _share(group, "out_of_scope_recall", out_of_scope.recall),
        ]
    figures += _of_distress(group, scores.distress)
    figures += [
        _share(group, f"entity_{entity.entity}", entity.exact) for entity in scores.entities
    ]
    error = scores.calibration.expected_error
    figures.append(Figure(group=group, key="calibration_error", value=error, direction=-1))
    # Times depend on the machine and its load: a change of them is no verdict.
    for key, value in (("median_ms", scores.median_ms), ("slow_ms", scores.slow_ms)):
        figures.append(
            Figure(group=group, key=key, value=value, direction=0, unit=Unit.MILLISECONDS)
        )
    return figures


def _of_distress(group: str, scores: DistressScores) -> list[Figure]:
    figures = [
        _share(group, "distress_recall", scores.recall),
        _share(group, "distress_false_alarms", scores.false_alarms, direction=-1),
    ]
    if scores.borderline.total:
        figures.append(_share(group, "distress_borderline", scores.borderline, direction=0))
    return figures


def _of_search(scores: SearchScores) -> list[Figure]:
    return [
        _share("search", "must_first", scores.must),
        Figure(group="search", key="precision_of_first", value=scores.precision),
        _share("search", "criteria_exact", scores.criteria),
    ]


def _share(group: str, key: str, ratio: Ratio, *, direction: int = 1) -> Figure:
    return Figure(group=group, key=key, value=ratio.share, direction=direction, ratio=ratio)
