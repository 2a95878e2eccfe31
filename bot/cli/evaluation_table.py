"""The figures of an evaluation as lines of the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.answers.wording import Wording
from bot.cli.reasons import interpretation_lines
from bot.cli.table import aligned, percent, rounded
from bot.evaluation.case_outcome import CaseOutcome
from bot.evaluation.figures import Figure, Scores, Unit
from bot.evaluation.run_record import Comparison, FigureChange
from bot.evaluation.scoring import IntentScores

__all__ = ["comparison_lines", "error_lines", "result_lines"]

# The confusions that fit a screen; the report and --json have them all.
_MOST_CONFUSIONS = 15
_LONGEST_TEXT = 80


def result_lines(
    scores: Scores, figures: Sequence[Figure], outcomes: Sequence[CaseOutcome], words: Wording
) -> list[str]:
    """Return the tables: figures by kind of set, intents, styles, confusions, distress missed."""
    lines: list[str] = []
    sizes = Counter(outcome.group for outcome in outcomes)
    for group in dict.fromkeys(figure.group for figure in figures):
        lines += ["", words.say(f"evaluate_section_{group}", count=sizes[group])]
        lines += aligned([_figure_row(f, words) for f in figures if f.group == group])
    if scores.utterances is not None:
        lines += _intent_lines(scores.utterances.intents, words)
    lines += _missed_distress(outcomes, words)
    return lines


def error_lines(outcomes: Sequence[CaseOutcome], words: Wording) -> Iterator[str]:
    """Yield each case that is wrong, with what was expected, found, and why."""
    wrong = [outcome for outcome in outcomes if not outcome.is_right]
    yield from ("", words.say("evaluate_section_errors", count=len(wrong)))
    for outcome in wrong:
        yield f"  {_case(outcome, words)}"
        for key, pairs in (("expected", outcome.expected), ("found", outcome.found)):
            said = " ; ".join(
                f"{words.say(f'evaluate_field_{name}')} {value}" for name, value in pairs if value
            )
            yield f"    {words.say(f'evaluate_{key}', values=said or '–')}"
        for line in interpretation_lines(outcome.heard, outcome.why, words):
            yield f"    {line}"


def comparison_lines(
    comparison: Comparison, words: Wording, *, path: Path, total: int
) -> list[str]:
    """Return what changed since a previous run, of which `path` is the file."""
    lines = [
        words.say("evaluate_section_comparison", path=path),
        "  " + words.say("evaluate_shared", shared=comparison.shared, total=total),
    ]
    # Times differ from one run to the next whatever the code does.
    shares = [c for c in comparison.changes if c.figure.unit is Unit.SHARE]
    changes = [c for c in shares if percent(c.before) != percent(c.figure.value)]
    if changes:
        head = ["", words.say("evaluate_column_before"), words.say("evaluate_column_now")]
        lines += aligned([head, *(_change_row(change, words) for change in changes)])
    else:
        lines.append("  " + words.say("evaluate_no_change"))
    for key, cases in (("broken", comparison.broken), ("mended", comparison.mended)):
        if cases:
            lines += ["", words.say(f"evaluate_{key}", count=len(cases))]
            lines += [f"  {_case(outcome, words)}" for outcome in cases]
    return lines


def _figure_row(figure: Figure, words: Wording) -> list[str]:
    row = [words.say(f"figure_{figure.key}"), _value(figure, figure.value)]
    return [*row, f"{figure.ratio.count}/{figure.ratio.total}"] if figure.ratio else row


def _value(figure: Figure, value: float | None) -> str:
    if figure.unit is Unit.MILLISECONDS:
        return "–" if value is None else f"{rounded(value)} ms"
    return percent(value)


def _intent_lines(scores: IntentScores, words: Wording) -> list[str]:
    columns = ("intent", "recall", "precision", "f1", "count")
    head = [words.say(f"evaluate_column_{name}") for name in columns]
    rows = [
        [s.intent, percent(s.recall.share), percent(s.precision.share), percent(s.f1),
         str(s.expected)]
        for s in scores.per_intent
    ]  # fmt: skip
    lines = ["", words.say("evaluate_section_intents"), *aligned([head, *rows])]
    if scores.by_style:
        styles = [
            [style, percent(ratio.share), f"{ratio.count}/{ratio.total}"]
            for style, ratio in scores.by_style
        ]
        lines += ["", words.say("evaluate_section_styles"), *aligned(styles)]
    if scores.confusions:
        named = ("expected", "understood", "times")
        head = [words.say(f"evaluate_column_{name}") for name in named]
        confused = [
            [c.expected, c.understood, str(c.count)] for c in scores.confusions[:_MOST_CONFUSIONS]
        ]
        lines += ["", words.say("evaluate_section_confusions"), *aligned([head, *confused])]
        left = len(scores.confusions) - _MOST_CONFUSIONS
        lines += [f"  … + {left}"] if left > 0 else []
    return lines


def _missed_distress(outcomes: Sequence[CaseOutcome], words: Wording) -> Iterator[str]:
    missed = [outcome for outcome in outcomes if outcome.misses_distress]
    if missed:
        yield from ("", words.say("evaluate_section_distress"))
        yield from (f"  {_case(outcome, words)}" for outcome in missed)


def _change_row(change: FigureChange, words: Wording) -> list[str]:
    figure = change.figure
    group = words.say(f"evaluate_group_{figure.group}")
    row = [
        f"{group} – {words.say(f'figure_{figure.key}')}", _value(figure, change.before),
        _value(figure, figure.value),
    ]  # fmt: skip
    verdict = {1: "evaluate_better", -1: "evaluate_worse"}.get(change.verdict)
    return [*row, words.say(verdict)] if verdict else row


def _case(outcome: CaseOutcome, words: Wording) -> str:
    text = " ".join(outcome.text.split())
    if len(text) > _LONGEST_TEXT:
        text = f"{text[:_LONGEST_TEXT]}…"
    if outcome.is_right:
        return words.say("evaluate_case_right", id=outcome.id, text=text)
    defects = ", ".join(words.say(f"defect_{defect}") for defect in outcome.defects)
    return words.say("evaluate_case", id=outcome.id, text=text, defects=defects)
