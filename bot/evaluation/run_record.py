"""A run as JSON: what `balise evaluate --json` prints, and what a later run is compared with."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import FileError, Problem
from bot.evaluation.case_outcome import CaseOutcome
from bot.evaluation.figures import Figure, Scores
from bot.evaluation.scoring import IntentScore, Ratio

__all__ = ["Comparison", "FigureChange", "PreviousRun", "compare", "read_run", "run_as_json"]

_FORMAT = "balise-evaluation-1"
_RANKED = 5
# Below this, two shares read the same.
_LEAST_CHANGE = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousRun:
    """A run read back: figures by group and key, and whether each case (group, id) was right."""

    figures: Mapping[tuple[str, str], float]
    cases: Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A figure before and now; `verdict` is 1 for better, -1 for worse, 0 otherwise."""

    figure: Figure
    before: float
    verdict: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed since a run: its figures, the cases mended and broken since.

    `shared` counts the cases of both runs: figures compare like with like only when it is all.
    """

    changes: tuple[FigureChange, ...]
    mended: tuple[CaseOutcome, ...]
    broken: tuple[CaseOutcome, ...]
    shared: int

    def change_of(self, figure: Figure) -> FigureChange | None:
        """The change of a figure, or None when the other run has it not."""
        return next((change for change in self.changes if change.figure == figure), None)


def run_as_json(
    *,
    files: Sequence[tuple[Path, int]],
    fiches: int,
    scores: Scores,
    figures: Sequence[Figure],
    outcomes: Sequence[CaseOutcome],
) -> dict[str, object]:
    """Return a run as JSON values.

    Args:
        files: the sets played, with their number of cases.
        fiches: how many fiches the catalogue has.
        scores: every score, in detail.
        figures: the main figures.
        outcomes: the cases, each with what is wrong.
    """
    return {
        "format": _FORMAT,
        "files": [{"path": str(path), "cases": count} for path, count in files],
        "fiches": fiches,
        "figures": [
            {"group": f.group, "key": f.key, "value": f.value, "unit": f.unit.value}
            | ({"count": f.ratio.count, "total": f.ratio.total} if f.ratio else {})
            for f in figures
        ],
        "scores": _plain(scores),
        "cases": [_case(outcome) for outcome in outcomes],
    }


def read_run(path: Path) -> PreviousRun:
    """Read back what `run_as_json` gave.

    Raises:
        FileError: the file cannot be read, or is not such a run.
    """
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FileError(Problem(path=path, key="path_missing")) from error
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(Problem(path=path, key="unreadable", detail=str(error))) from error
    except (ValueError, RecursionError) as error:
        raise FileError(Problem(path=path, key="run_not_ours")) from error
    if not isinstance(run, dict) or run.get("format") != _FORMAT:
        raise FileError(Problem(path=path, key="run_not_ours"))
    try:
        return PreviousRun(
            figures={
                (str(f["group"]), str(f["key"])): float(f["value"])
                for f in run["figures"]
                if f["value"] is not None
            },
            cases={(str(c["set"]), str(c["id"])): bool(c["right"]) for c in run["cases"]},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FileError(Problem(path=path, key="run_not_ours")) from error


def compare(
    previous: PreviousRun, figures: Sequence[Figure], outcomes: Sequence[CaseOutcome]
) -> Comparison:
    """Tell what changed since a previous run."""
    shared = [outcome for outcome in outcomes if (outcome.group, outcome.id) in previous.cases]
    return Comparison(
        changes=tuple(
            _change(figure, previous.figures[figure.group, figure.key])
            for figure in figures
            if (figure.group, figure.key) in previous.figures and figure.value is not None
        ),
        mended=tuple(o for o in shared if o.is_right and not previous.cases[o.group, o.id]),
        broken=tuple(o for o in shared if not o.is_right and previous.cases[o.group, o.id]),
        shared=len(shared),
    )


def _change(figure: Figure, before: float) -> FigureChange:
    difference = (figure.value or 0.0) - before
    sign = 0 if abs(difference) < _LEAST_CHANGE else (1 if difference > 0 else -1)
    return FigureChange(figure=figure, before=before, verdict=sign * figure.direction)


def _case(outcome: CaseOutcome) -> dict[str, object]:
    return {
        "set": outcome.group,
        "id": outcome.id,
        "text": outcome.text,
        "style": outcome.style,
        "borderline": outcome.is_borderline,
        "right": outcome.is_right,
        "defects": list(outcome.defects),
        "expected": dict(outcome.expected),
        "found": dict(outcome.found),
        "confidence": outcome.heard.intent.confidence,
    } | ({} if outcome.is_right else {"why": _why(outcome)})


def _why(outcome: CaseOutcome) -> dict[str, object]:
    """What decided a case that is wrong, and the examples nearest to it."""
    neighbours = outcome.why.neighbours if outcome.why else ()
    return {
        "reasons": list(outcome.heard.reasons),
        "intents": {p.name: p.confidence for p in outcome.heard.ranking[:_RANKED]},
        "neighbours": [
            {
                "intent": near.example.intent,
                "text": near.example.text,
                "place": f"{near.example.path.name}:{near.example.line}",
                "likeness": round(near.likeness, 3),
            }
            for near in neighbours
        ],
    }


def _plain(value: object) -> object:
    """Return a score as JSON values; what is computed from a ratio is written beside it."""
    if isinstance(value, Ratio):
        return {"count": value.count, "total": value.total, "share": value.share}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if not dataclasses.is_dataclass(value):
        return value
    plain = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, IntentScore):
        plain |= {
            "precision": value.precision.share, "recall": value.recall.share, "f1": value.f1
        }  # fmt: skip
    return plain
