"""`balise catalogue stats`: counts what the catalogue holds, and what it lacks most."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from bot.answers.wording import Wording
from bot.catalogue.contents import SourceInfo
from bot.catalogue.loading import load_catalogue
from bot.catalogue.niveaux import niveau_rank
from bot.catalogue.statistics import Extent, Statistics, statistics_of
from bot.cli.french_parser import Subparsers
from bot.cli.table import aligned, percent
from bot.cli.text_layout import Screen, bar, french_date, grouped, screen_of, shortened, wrapped
from bot.cli.words import command_words
from bot.settings import Settings

__all__ = ["add_parser", "run", "statistics_as_json", "statistics_lines"]

_INDENT = "  "
_MOST_MISSING = 5
# What a row of counts takes beside its label: indentation, count, percentage, their spaces.
_COUNTS_COLUMNS = 20
_BAR_COLUMNS = 22
_LABEL_COLUMNS = 34


def add_parser(commands: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue stats`."""
    parser = commands.add_parser(
        "stats",
        help=wording.say("cli_catalogue_stats_help"),
        description=wording.say("cli_catalogue_stats_description"),
    )
    parser.add_argument("--json", action="store_true", help=wording.say("cli_json"))
    parser.set_defaults(carry_out=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Load the catalogue and print its counts; return 0.

    Raises:
        CatalogueError: a source cannot be read.
    """
    found = statistics_of(load_catalogue(settings.catalogue))
    if args.json:
        print(json.dumps(statistics_as_json(found), ensure_ascii=False, indent=2))
        return 0
    print(*statistics_lines(found, command_words(), screen_of(sys.stdout)), sep="\n")
    return 0


def statistics_as_json(found: Statistics) -> dict[str, object]:
    """Return the counts as JSON values; programs rely on the keys.

    `sources` counts the fiches by the source to cite; `sources_lues` are the paths that were
    read. `formations` counts those tied to a job.
    """
    formations = found.formations
    return {
        "fiches": found.fiches,
        "fiches_longues": found.extents[Extent.LONG],
        "fiches_courtes": found.extents[Extent.SHORT],
        "noms_seuls": found.extents[Extent.NAME_ONLY],
        "sources": {
            f"{dataset} ({licence}) {date or ''}".strip(): count
            for (dataset, licence, date), count in found.cited
        },
        "sources_lues": [asdict(source) for source in found.sources],
        "champs": {field.field: field.filled for field in found.fields},
        "champs_manquants": {field.field: field.missing for field in found.fields},
        "formations": formations.leading,
        "formations_decrites": formations.described,
        "formations_recommandees": formations.recommended,
        "formations_sans_description": formations.undescribed,
        "appellations": found.appellations,
        "desaccords": found.conflicts,
        "niveaux": dict(found.niveaux),
        "statuts": dict(found.statuts),
        "centres_interet": dict(found.centres_interet),
        "domaines": dict(found.domaines),
        "secteurs": dict(found.secteurs),
    }


def statistics_lines(found: Statistics, words: Wording, screen: Screen) -> list[str]:
    """Return the counts as lines, a blank one before each part."""
    lines = _totals(found, words, screen)
    lines += _sources(found.sources, words, screen)
    fields = [(words.say(f"label_field_{f.field}"), f.filled) for f in found.fields]
    lines += _counts("champs", fields, found.fiches, words, screen)
    lines += _missing(found, words, screen)
    niveaux = sorted(found.niveaux, key=lambda pair: _rank(pair[0]))
    lines += _counts("niveaux", niveaux, found.fiches, words, screen)
    for name in ("statuts", "centres_interet", "domaines", "secteurs"):
        lines += _counts(name, getattr(found, name), found.fiches, words, screen)
    return lines


def _totals(found: Statistics, words: Wording, screen: Screen) -> list[str]:
    formations = found.formations
    rows = [
        ("stats_fiches", found.fiches),
        *((f"stats_extent_{extent.value}", found.extents[extent]) for extent in Extent),
        ("stats_formations_described", formations.described),
        ("stats_formations_recommended", formations.recommended),
        ("stats_formations_undescribed", formations.undescribed),
        ("stats_appellations", found.appellations),
        ("stats_conflicts", found.conflicts),
    ]
    subordinate = ("stats_extent_", "stats_formations_undescribed")
    labelled = [
        (_INDENT * key.startswith(subordinate) + words.say(key), grouped(count))
        for key, count in rows
    ]
    return [
        screen.style.strong(words.say("stats_title")),
        *aligned([(shortened_label(label, screen.width, 12), count) for label, count in labelled]),
    ]


def shortened_label(label: str, width: int | None, beside: int) -> str:
    """Cut a label, its indentation kept, so that a row holds on the screen."""
    margin = label[: len(label) - len(label.lstrip())]
    return margin + shortened(label, None if width is None else width - beside - len(margin))


def _sources(sources: Sequence[SourceInfo], words: Wording, screen: Screen) -> list[str]:
    lines = ["", screen.style.strong(words.say("stats_sources"))] if sources else []
    for source in sources:
        kind = words.say(f"source_kind_{source.kind}", count=grouped(source.records))
        edition = (
            words.say("stats_edition", date=french_date(source.date))
            if source.date
            else words.say("stats_no_edition")
        )
        detail = words.say(
            "stats_source_detail", dataset=source.dataset, edition=edition, licence=source.licence
        )
        first = words.say("stats_source", name=source.name, kind=kind)
        lines += wrapped(screen.style.text(first), screen.width, indent=_INDENT)
        lines += [
            screen.style.faint(line) for line in wrapped(detail, screen.width, indent=_INDENT * 2)
        ]
    return lines


def _counts(
    name: str, counts: Iterable[tuple[str, int]], total: int, words: Wording, screen: Screen
) -> list[str]:
    """Return a titled table: label, count, percentage of all the jobs, bar if there is room."""
    known = list(counts)
    if not known:
        return []
    room = None if screen.width is None else screen.width - _COUNTS_COLUMNS
    with_bar = room is None or room >= _LABEL_COLUMNS + _BAR_COLUMNS
    if room is not None and with_bar:
        room -= _BAR_COLUMNS
    rows = [
        (shortened(label, room), grouped(count), percent(count / total if total else None))
        for label, count in known
    ]
    lines = aligned(rows)
    if with_bar:
        bars = [
            bar(count / total if total else 0.0, encoding=screen.encoding) for _, count in known
        ]
        lines = [
            f"{line}  {screen.style.accent(drawn)}" if drawn else line
            for line, drawn in zip(lines, bars, strict=True)
        ]
    return ["", screen.style.strong(words.say(f"stats_{name}")), *lines]


def _missing(found: Statistics, words: Wording, screen: Screen) -> list[str]:
    """Say which fields the fiches lack most, apart from those that no source gives."""
    given = [field for field in found.fields if field.filled and field.missing]
    nowhere = [field for field in found.fields if not field.filled]
    if not found.told or not (given or nowhere):
        return []
    lines = ["", screen.style.strong(words.say("stats_missing"))]
    lines += wrapped(words.say("stats_missing_among"), screen.width, indent=_INDENT)
    worst = sorted(given, key=lambda field: -field.missing / field.expected)[:_MOST_MISSING]
    rows = [
        (
            words.say(f"label_field_{field.field}"),
            words.say("stats_of", count=grouped(field.missing), total=grouped(field.expected)),
            percent(field.missing / field.expected),
        )
        for field in worst
    ]
    lines += aligned(rows)
    if nowhere:
        labels = ", ".join(words.say(f"label_field_{field.field}") for field in nowhere)
        sentence = words.say("stats_given_nowhere", fields=labels)
        lines += wrapped(sentence, screen.width, indent=_INDENT)
    return lines


def _rank(niveau: str) -> tuple[bool, int]:
    """Place what is no level of the scale after the others."""
    rank = niveau_rank(niveau)
    return (rank is None, rank or 0)
