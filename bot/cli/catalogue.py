"""`balise catalogue`: builds the catalogue, says what it holds, looks into it, checks it.

Each command is a module with `add_parser`, which declares it and names what carries it out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bot.answers.wording import Wording
from bot.cli import (
    catalogue_import,
    catalogue_search,
    catalogue_show,
    catalogue_stats,
    catalogue_update,
    catalogue_validate,
)
from bot.cli.french_parser import Subparsers
from bot.settings import Settings

__all__ = ["add_parser", "run"]

# In the order of the help; a new command is one line here.
_COMMANDS = (
    catalogue_import,
    catalogue_update,
    catalogue_stats,
    catalogue_show,
    catalogue_search,
    catalogue_validate,
)


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue` and its commands."""
    parser = subparsers.add_parser(
        "catalogue",
        help=wording.say("cli_catalogue_help"),
        description=wording.say("cli_catalogue_description"),
    )
    commands = parser.add_subparsers(dest="catalogue_command", required=True)
    for command in _COMMANDS:
        command.add_parser(commands, wording)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry out the command asked for and return its exit status.

    Raises:
        CatalogueError: a source cannot be read.
        IntentsError: a file of `intents/` that the command needs is wrong.
    """
    carry_out: Callable[[argparse.Namespace, Settings], int] = args.carry_out
    return carry_out(args, settings)
