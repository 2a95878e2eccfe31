"""`balise evaluate`: measures the assistant on sets of cases."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.answers.wording import Wording
from bot.assistant import Assistant, build_assistant
from bot.cli.evaluation_table import comparison_lines, error_lines, result_lines
from bot.cli.french_parser import Subparsers
from bot.cli.words import command_words
from bot.errors import FileError, Problem
from bot.evaluation.case_outcome import CaseOutcome, explained, outcomes_of
from bot.evaluation.explanation import Explainer
from bot.evaluation.figures import Figure, Scores, figures_of, score_sets
from bot.evaluation.report import Report, render_report
from bot.evaluation.run_record import Comparison, compare, read_run, run_as_json
from bot.evaluation.runner import play_sets
from bot.evaluation.utterance_set import EvaluationSet, read_set
from bot.settings import Settings

__all__ = ["add_parser", "run"]

_REPORT = "index.html"
_EXAMPLES = 3


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """A run, ready to be shown."""

    sets: tuple[EvaluationSet, ...]
    fiches: int
    scores: Scores
    figures: tuple[Figure, ...]
    outcomes: tuple[CaseOutcome, ...]
    absent: tuple[str, ...]


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise evaluate`."""
    parser = subparsers.add_parser(
        "evaluate",
        help=wording.say("cli_evaluate_help"),
        description=wording.say("cli_evaluate_description"),
    )
    file, folder = wording.say("cli_file"), wording.say("cli_folder")
    parser.add_argument(
        "files", nargs="+", type=Path, metavar=file, help=wording.say("cli_evaluate_files")
    )
    parser.add_argument("--json", action="store_true", help=wording.say("cli_json"))
    parser.add_argument("--errors", action="store_true", help=wording.say("cli_evaluate_errors"))
    parser.add_argument(
        "--report", type=Path, metavar=folder, help=wording.say("cli_evaluate_report")
    )
    parser.add_argument(
        "--compare", type=Path, metavar=file, help=wording.say("cli_evaluate_compare")
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Play the sets and show the figures; return 0.

    Raises:
        FileError: a set or the previous run is wrong, or the report cannot be written.
    """
    words = command_words()
    # Every file is read before anything long begins.
    sets = _read_sets(args.files)
    previous = read_run(args.compare) if args.compare else None
    assistant = build_assistant(dataclasses.replace(settings, state=None))
    try:
        result = _play(sets, assistant)
    finally:
        assistant.close()
    comparison = compare(previous, result.figures, result.outcomes) if previous else None
    if args.json:
        print(json.dumps(_as_json(result), ensure_ascii=False, indent=1))
    else:
        print(*_lines(result, words), sep="\n")
        if args.errors:
            print(*error_lines(result.outcomes, words), sep="\n")
    # With --json, stdout must stay one JSON value.
    out = sys.stderr if args.json else sys.stdout
    if comparison is not None:
        total = len(result.outcomes)
        lines = comparison_lines(comparison, words, path=args.compare, total=total)
        print("", *lines, sep="\n", file=out)
    if args.report:
        written = _write_report(args.report, result, comparison, words)
        print("", words.say("evaluate_report", path=written), sep="\n", file=out)
    if result.absent:
        print(_absent_line(result.absent, words), file=sys.stderr)
    return 0


def _read_sets(paths: Sequence[Path]) -> tuple[EvaluationSet, ...]:
    sets: list[EvaluationSet] = []
    problems: list[Problem] = []
    for path in dict.fromkeys(paths):
        try:
            sets.append(read_set(path))
        except FileError as error:
            problems.extend(error.problems)
    if problems:
        raise FileError(*problems)
    return tuple(sets)


def _play(sets: tuple[EvaluationSet, ...], assistant: Assistant) -> _Result:
    played = play_sets(sets, assistant)
    scores = score_sets(played)
    explainer = Explainer(assistant.interpreter, assistant.settings.intents)
    expected = [metier for one in sets for metier in one.metiers]
    return _Result(
        sets=sets,
        fiches=len(assistant.catalogue),
        scores=scores,
        figures=figures_of(scores),
        outcomes=explained(outcomes_of(played), explainer),
        absent=tuple(dict.fromkeys(m for m in expected if m not in assistant.catalogue)),
    )


def _lines(result: _Result, words: Wording) -> list[str]:
    lines = [words.say("evaluate_catalogue", count=result.fiches)]
    lines += [words.say("evaluate_played", path=one.path, count=len(one)) for one in result.sets]
    return lines + result_lines(result.scores, result.figures, result.outcomes, words)


def _as_json(result: _Result) -> dict[str, object]:
    return run_as_json(
        files=[(one.path, len(one)) for one in result.sets],
        fiches=result.fiches,
        scores=result.scores,
        figures=result.figures,
        outcomes=result.outcomes,
    )


def _write_report(
    folder: Path, result: _Result, comparison: Comparison | None, words: Wording
) -> Path:
    report = Report(
        files=tuple((one.path.name, len(one)) for one in result.sets),
        fiches=result.fiches,
        scores=result.scores,
        figures=result.figures,
        outcomes=result.outcomes,
        comparison=comparison,
    )
    path = folder / _REPORT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(render_report(report, words), encoding="utf-8")
    except OSError as error:
        raise FileError(Problem(path=path, key="not_writable", detail=str(error))) from error
    return path


def _absent_line(absent: tuple[str, ...], words: Wording) -> str:
    return words.say("evaluate_absent", count=len(absent), examples=", ".join(absent[:_EXAMPLES]))
