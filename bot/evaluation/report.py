"""The HTML report of an evaluation: one file that needs nothing beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import jinja2

from bot.answers.wording import Wording
from bot.evaluation.case_outcome import CaseOutcome
from bot.evaluation.charts import confidence_histogram, confusion_matrix, reliability_diagram
from bot.evaluation.figures import Figure, Scores, Unit
from bot.evaluation.reason_words import reason_lines
from bot.evaluation.run_record import Comparison

__all__ = ["Report", "render_report"]

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report shows; `files` are the names of the sets and their number of cases."""

    files: tuple[tuple[str, int], ...]
    fiches: int
    scores: Scores
    figures: tuple[Figure, ...]
    outcomes: tuple[CaseOutcome, ...]
    comparison: Comparison | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The kinds of set that were played, in order."""
        return tuple(dict.fromkeys(figure.group for figure in self.figures))

    def size(self, group: str) -> int:
        """How many cases of a kind were played."""
        return sum(outcome.group == group for outcome in self.outcomes)

    def wrong(self, group: str) -> tuple[CaseOutcome, ...]:
        """The cases of a kind with a defect: distress missed first, then the surest mistakes."""
        wrong = [o for o in self.outcomes if o.group == group and not o.is_right]
        wrong.sort(key=lambda o: (not o.misses_distress, -o.heard.intent.confidence))
        return tuple(wrong)


def render_report(report: Report, words: Wording) -> str:
    """Return the HTML document; `words` name the figures and the defects."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = _percent
    environment.filters["value"] = _value
    environment.filters["bound"] = _bound
    template = environment.get_template("report.html")
    return template.render(
        report=report,
        say=words.say,
        field=lambda name: words.say(f"evaluate_field_{name}"),
        reason_lines=lambda outcome: reason_lines(outcome.heard, outcome.why, words),
        confusion_matrix=confusion_matrix,
        reliability_diagram=reliability_diagram,
        confidence_histogram=confidence_histogram,
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else _bound(f"{share * 100:.1f} %".replace(".", ","))


def _value(value: float | None, figure: Figure) -> str:
    if figure.unit is Unit.MILLISECONDS and value is not None:
        return _bound(f"{value:.1f} ms".replace(".", ","))
    return _percent(value)


def _bound(text: str) -> str:
    """Keep French signs and units on the line of what they go with."""
    return re.sub(r"(?<=«) | (?=[»:;?!%]|ms\b)", "\N{NO-BREAK SPACE}", text)
