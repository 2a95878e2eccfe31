"""`balise export`: takes `intents/` and a catalogue to another assistant."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.actions.rasa_project import export_project
from bot.actions.server import HOST
from bot.answers.wording import Wording
from bot.catalogue.loading import load_catalogue
from bot.cli.french_parser import Subparsers
from bot.cli.words import command_words
from bot.settings import Settings

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise export`."""
    parser = subparsers.add_parser(
        "export",
        help=wording.say("cli_export_help"),
        description=wording.say("cli_export_description"),
    )
    parser.add_argument("target", choices=["rasa"], help=wording.say("cli_export_target"))
    parser.add_argument(
        "folder", metavar=wording.say("cli_folder"), type=Path,
        help=wording.say("cli_export_folder"),
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the project; return 0.

    Raises:
        CatalogueError: a source of fiches cannot be read.
        ConfigurationError: the folder holds something, or cannot be written.
        IntentsError: a file of `intents/` is wrong.
    """
    catalogue = load_catalogue(settings.catalogue)
    url = f"http://{HOST}:{settings.actions_port}/webhook"
    count = export_project(settings.intents, catalogue, args.folder, actions_url=url)
    words = command_words()
    print(words.say("export_done", folder=args.folder, examples=count, fiches=len(catalogue)))
    return 0
