"""`balise validate`: checks `intents/` and the catalogue."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby

from bot.answers.wording import Wording
from bot.assistant import build_knowledge
from bot.cli.french_parser import Subparsers
from bot.cli.progress import reading_bar
from bot.cli.text_layout import grouped
from bot.cli.words import command_words, problem_line
from bot.evaluation.suggestion_starts import Branches, starts_of
from bot.evaluation.suggestions import MOST_ALIKE, Exploration, explore
from bot.evaluation.validation import validate
from bot.settings import Settings

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise validate`."""
    parser = subparsers.add_parser(
        "validate",
        help=wording.say("cli_validate_help"),
        description=wording.say("cli_validate_description"),
    )
    parser.add_argument(
        "--variants", action="store_true", help=wording.say("cli_validate_variants")
    )
    parser.add_argument(
        "--suggestions", action="store_true", help=wording.say("cli_validate_suggestions")
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print every finding; return 1 when one of them is an error, or a button leads nowhere.

    Raises:
        CatalogueError, IntentsError: buttons are to be pressed, and what answers cannot be built.
    """
    words = command_words()
    findings = validate(settings, with_variants=args.variants)
    for finding in findings:
        key = "validate_error" if finding.is_error else "validate_notice"
        print(words.say(key, finding=problem_line(finding.problem, words)))
    errors = sum(finding.is_error for finding in findings)
    summary = "validate_failed" if errors else "validate_passed"
    print(words.say(summary, errors=errors, notices=len(findings) - errors))
    if errors or not args.suggestions:
        return 1 if errors else 0
    found = _press_everything(settings, words)
    print(*_report(found, words), sep="\n")
    return 1 if found.defects else 0


def _press_everything(settings: Settings, words: Wording) -> Exploration:
    with closing(Branches(settings, build_knowledge(settings))) as branches:
        starts = tuple(starts_of(branches))
        with reading_bar(words.say("suggestions_progress"), len(starts)) as advance:
            return explore(starts, branches.press, advance=advance)


def _report(found: Exploration, words: Wording) -> Iterator[str]:
    """Yield how much was gone through, then each defect under what is wrong and what to do."""
    opened, pressed = grouped(found.opened), grouped(found.pressed)
    yield words.say("suggestions_counts", opened=opened, pressed=pressed)
    if found.left:
        yield words.say("suggestions_left", left=grouped(found.left), most=MOST_ALIKE)
    for kind, alike in groupby(found.defects, key=lambda defect: defect.kind):
        lines = [
            words.say("suggestions_defect", path=" › ".join(defect.path), detail=defect.detail)
            for defect in alike
        ]
        title, remedy = words.say(f"suggestion_{kind}"), words.say(f"suggestion_{kind}_remedy")
        yield words.say("suggestions_kind", title=title, remedy=remedy, count=grouped(len(lines)))
        yield from (f"  {line}" for line in lines)
    if found.defects:
        yield words.say("suggestions_found", count=grouped(len(found.defects)))
    else:
        yield words.say("suggestions_none")
