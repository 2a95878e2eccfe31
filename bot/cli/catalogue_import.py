"""`balise catalogue import`: builds one index from any number of sources."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bot.answers.wording import Wording
from bot.catalogue.contents import Contents
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import read_sources
from bot.cli.french_parser import Subparsers
from bot.cli.progress import reading_bar, size_of
from bot.cli.words import command_words
from bot.settings import Settings

__all__ = ["INDEX_NAME", "add_parser", "run", "summary_lines"]

INDEX_NAME = "catalogue.sqlite"
"""The name of the index in the data folder, when no other is asked for."""


def add_parser(commands: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue import SOURCE…`."""
    parser = commands.add_parser(
        "import",
        help=wording.say("cli_import_help"),
        description=wording.say("cli_import_description"),
    )
    parser.add_argument(
        "sources", nargs="+", type=Path, metavar=wording.say("cli_source"),
        help=wording.say("cli_import_sources"),
    )  # fmt: skip
    parser.add_argument(
        "--index", type=Path, metavar=wording.say("cli_file"), help=wording.say("cli_index")
    )
    parser.set_defaults(carry_out=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Read the sources, write the index, say what it holds.

    Raises:
        CatalogueError: a source cannot be read, or the index cannot be written; the former
            index is then untouched.
    """
    words = command_words()
    index = args.index or settings.data / INDEX_NAME
    start = time.perf_counter()
    with reading_bar(words.say("import_reading"), size_of(args.sources)) as advance:
        contents = read_sources(args.sources, on_bytes=advance)
    write_index(contents, index)
    print(*summary_lines(contents, index, words), sep="\n")
    print(words.say("import_done", seconds=f"{time.perf_counter() - start:.1f}".replace(".", ",")))
    return 0


def summary_lines(contents: Contents, index: Path, words: Wording) -> list[str]:
    """Say what an index holds, where it is and how to use it."""
    told = sum(1 for f in contents.fiches if f.presentation is not None or f.summary is not None)
    lines = [
        words.say(
            "import_source",
            name=source.name,
            dataset=source.dataset,
            date=source.date or words.say("import_no_date"),
            count=source.records,
        )
        for source in contents.sources
    ]
    lines.append(
        words.say(
            "import_counts",
            told=told,
            named=len(contents.fiches) - told,
            formations=len(contents.formations),
            appellations=len(contents.appellations),
        )
    )
    if contents.conflicts:
        lines.append(words.say("import_conflicts", count=len(contents.conflicts)))
    lines.append(words.say("import_written", path=index))
    return lines
