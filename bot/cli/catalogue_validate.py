"""`balise catalogue validate`: what looks wrong in the catalogue, and what to do about it."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from bot.answers.wording import Wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.finding import CatalogueFinding, Severity
from bot.catalogue.loading import load_catalogue
from bot.catalogue.validation import check_catalogue
from bot.cli.catalogue_lookup import record_name
from bot.cli.french_parser import Subparsers
from bot.cli.text_layout import Screen, grouped, screen_of, shortened, wrapped
from bot.cli.words import command_words
from bot.settings import Settings
from bot.understanding.training_data import read_lexicon

__all__ = ["add_parser", "run"]

_FOUND_ERRORS = 1
_MOST_OF_A_KIND = 10
_LONGEST_LINE = 200  # where there is no screen: a detail may be a whole paragraph
_INDENT = "  "
_CLOSED_LISTS = ("statuts", "centres_interet", "domaines")


def add_parser(commands: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue validate`."""
    parser = commands.add_parser(
        "validate",
        help=wording.say("cli_catalogue_validate_help"),
        description=wording.say("cli_catalogue_validate_description"),
    )
    parser.add_argument(
        "--all", action="store_true",
        help=wording.say("cli_catalogue_validate_all", count=_MOST_OF_A_KIND),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=wording.say("cli_json"))
    parser.set_defaults(carry_out=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Check the catalogue and print the findings; return 1 when one of them is an error.

    Raises:
        CatalogueError: a source cannot be read.
        IntentsError: a file of `intents/` is wrong: the closed lists of labels are there.
    """
    catalogue = load_catalogue(settings.catalogue)
    synonyms = read_lexicon(settings.intents).synonyms
    labels = {name: tuple(synonyms[name]) for name in _CLOSED_LISTS if name in synonyms}
    findings = check_catalogue(catalogue, labels=labels)
    counts = Counter(finding.severity for finding in findings)
    words = command_words()
    if args.json:
        print(
            json.dumps(_as_json(findings, counts, catalogue, words), ensure_ascii=False, indent=2)
        )
    else:
        most = len(findings) if args.all else _MOST_OF_A_KIND
        report = _Report(catalogue, words, screen_of(sys.stdout), most)
        print(*report.lines(findings), *report.summary(counts), sep="\n")
    return _FOUND_ERRORS if counts[Severity.ERROR] else 0


class _Report:
    """Writes findings for one screen, `most` of each kind at most."""

    def __init__(self, catalogue: Catalogue, words: Wording, screen: Screen, most: int) -> None:
        self._catalogue = catalogue
        self._words = words
        self._screen = screen
        self._most = most

    def lines(self, findings: Sequence[CatalogueFinding]) -> list[str]:
        """Return the findings under their severity, then under their kind."""
        lines: list[str] = []
        for severity, grave in groupby(findings, key=lambda finding: finding.severity):
            lines += [self._screen.style.accent(self._words.say(f"findings_{severity.value}")), ""]
            for kind, alike in groupby(grave, key=lambda finding: finding.kind):
                lines += [*self._kind(kind, tuple(alike)), ""]
        return lines

    def summary(self, counts: Counter[Severity]) -> list[str]:
        """Say what was checked and how many findings there are."""
        checked = self._words.say(
            "findings_checked",
            fiches=grouped(len(self._catalogue)),
            formations=grouped(len(self._catalogue.formations)),
        )
        if not counts:
            return [checked, self._words.say("findings_none")]
        numbers = {f"{severity.value}s": grouped(counts[severity]) for severity in Severity}
        return [checked, self._words.say("findings_summary", **numbers)]

    def _kind(self, kind: str, alike: Sequence[CatalogueFinding]) -> list[str]:
        """Say a kind of finding, its remedy, and the records where it was found."""
        about_all = not alike[0].id
        say = self._words.say
        title = say(f"finding_{kind}", detail=alike[0].detail if about_all else "")
        if not about_all:
            title = say("findings_counted", title=title, count=grouped(len(alike)))
        remedy = say(f"finding_{kind}_remedy")
        lines = [
            *map(self._screen.style.strong, wrapped(title, self._screen.width, indent=_INDENT)),
            *wrapped(remedy, self._screen.width, indent=_INDENT * 2),
        ]
        if about_all:
            return lines
        lines += [self._record(finding) for finding in alike[: self._most]]
        left = len(alike) - self._most
        if left > 0:
            more = say("findings_more_one" if left == 1 else "findings_more", count=grouped(left))
            lines.append(_INDENT * 3 + self._screen.style.faint(more))
        return lines

    def _record(self, finding: CatalogueFinding) -> str:
        name = record_name(finding.id, self._catalogue)
        parts = [f"{finding.id} {name}".rstrip()]
        parts += [_label(finding.field, self._words)] if finding.field else []
        line = ", ".join(parts)
        if finding.detail:
            line = self._words.say("finding_line", place=line, detail=finding.detail)
        width = self._screen.width or _LONGEST_LINE
        margin = _INDENT * 3
        return margin + shortened(self._screen.style.text(line), width - len(margin))


def _label(field: str, words: Wording) -> str:
    key = f"label_field_{field}"
    return words.say(key) if key in words else field


def _as_json(
    findings: Sequence[CatalogueFinding],
    counts: Counter[Severity],
    catalogue: Catalogue,
    words: Wording,
) -> dict[str, object]:
    """Return every finding as JSON values; `what` and `remedy` are sentences."""
    return {
        "fiches": len(catalogue),
        "formations": len(catalogue.formations),
        **{f"{severity.value}s": counts[severity] for severity in Severity},
        "findings": [
            {
                "id": finding.id,
                "name": record_name(finding.id, catalogue),
                "severity": finding.severity.value,
                "kind": finding.kind,
                "field": finding.field,
                "detail": finding.detail,
                "what": words.say(f"finding_{finding.kind}", detail=finding.detail),
                "remedy": words.say(f"finding_{finding.kind}_remedy"),
            }
            for finding in findings
        ],
    }
