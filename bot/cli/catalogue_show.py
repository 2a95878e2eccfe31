"""`balise catalogue show ID`: one job or one formation, whole."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from bot.answers.wording import Wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Fiche, FormationId
from bot.catalogue.loading import load_catalogue
from bot.cli.catalogue_lookup import close_records, find_records, record_name
from bot.cli.french_parser import Subparsers
from bot.cli.record_lines import RecordPrinter
from bot.cli.text_layout import screen_of
from bot.cli.words import command_words
from bot.settings import Settings

__all__ = ["add_parser", "run"]

_USAGE = 2


def add_parser(commands: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue show ID`."""
    parser = commands.add_parser(
        "show",
        help=wording.say("cli_catalogue_show_help"),
        description=wording.say("cli_catalogue_show_description"),
    )
    parser.add_argument("id", nargs="+", metavar="ID", help=wording.say("cli_catalogue_show_id"))
    parser.add_argument("--json", action="store_true", help=wording.say("cli_json"))
    parser.set_defaults(carry_out=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the record named; return 2 when there is none, or several.

    Raises:
        CatalogueError: a source cannot be read.
    """
    catalogue = load_catalogue(settings.catalogue)
    asked = " ".join(args.id)
    found = find_records(asked, catalogue)
    if len(found) != 1:
        print(*_refusal(asked, found, catalogue, command_words()), sep="\n", file=sys.stderr)
        return _USAGE
    if args.json:
        print(json.dumps(_as_json(found[0], catalogue), ensure_ascii=False, indent=2))
        return 0
    printer = RecordPrinter(catalogue, command_words(), screen_of(sys.stdout))
    print(*printer.lines(found[0]), sep="\n")
    return 0


def _refusal(asked: str, found: Sequence[str], catalogue: Catalogue, words: Wording) -> list[str]:
    """Say that a name is ambiguous, or not known and what is close to it."""
    if found:
        return [words.say("show_ambiguous", asked=asked), *_listed(found, catalogue)]
    lines = [words.say("show_unknown", asked=asked)]
    close = close_records(asked, catalogue)
    return [*lines, words.say("show_close"), *_listed(close, catalogue)] if close else lines


def _listed(identifiers: Sequence[str], catalogue: Catalogue) -> list[str]:
    width = max(map(len, identifiers))
    return [f"  {one.ljust(width)}  {record_name(one, catalogue)}" for one in identifiers]


def _as_json(identifier: str, catalogue: Catalogue) -> dict[str, object]:
    """Return every field of the record, and what other records say of it.

    A formation has also `described`, whether a source describes it (without that, only its
    `id` and `label` are there), and `recommended_by`, the jobs whose fiche recommends it.
    """
    fiche = catalogue.get(identifier)
    if fiche is not None:
        conflicts = [asdict(c) for c in catalogue.contents.conflicts if c.id == identifier]
        return {**asdict(fiche), "conflicts": conflicts}
    formation = catalogue.formations.get(FormationId(identifier))
    return {
        "id": identifier,
        "label": record_name(identifier, catalogue),
        **(asdict(formation) if formation else {}),
        "described": formation is not None,
        "recommended_by": [
            {"id": fiche.id, "name": fiche.name}
            for fiche in catalogue
            if _recommends(fiche, identifier)
        ],
    }


def _recommends(fiche: Fiche, formation: str) -> bool:
    return any(link.id == formation for link in fiche.formations)
