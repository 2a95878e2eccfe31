"""`balise validate`: checks `intents/` and the catalogue."""

from __future__ import annotations

import argparse

from bot.answers.wording import Wording
from bot.cli.french_parser import Subparsers
from bot.cli.words import command_words, problem_line
from bot.evaluation.validation import validate
from bot.settings import Settings

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise validate`."""
    subparsers.add_parser(
        "validate",
        help=wording.say("cli_validate_help"),
        description=wording.say("cli_validate_description"),
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print every finding; return 1 when one of them is an error."""
    words = command_words()
    findings = validate(settings)
    for finding in findings:
        key = "validate_error" if finding.is_error else "validate_notice"
        print(words.say(key, finding=problem_line(finding.problem, words)))
    errors = sum(finding.is_error for finding in findings)
    summary = "validate_failed" if errors else "validate_passed"
    print(words.say(summary, errors=errors, notices=len(findings) - errors))
    return 1 if errors else 0
