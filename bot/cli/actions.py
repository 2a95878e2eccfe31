"""`balise actions`: our answers as the action server of a Rasa assistant."""

from __future__ import annotations

import argparse
import sys

from bot.actions.server import HOST, serve_actions
from bot.answers.wording import Wording
from bot.assistant import build_assistant
from bot.cli.french_parser import Subparsers, whole_number
from bot.cli.ports import require_free
from bot.cli.words import command_words
from bot.settings import Settings

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise actions`."""
    parser = subparsers.add_parser(
        "actions",
        help=wording.say("cli_actions_help"),
        description=wording.say("cli_actions_description"),
    )
    parser.add_argument(
        "--port", metavar="PORT", type=whole_number(wording, low=1, high=65535),
        help=wording.say("cli_actions_port"),
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve the actions until stopped.

    Raises:
        ConfigurationError: the port is taken.
    """
    port = settings.actions_port if args.port is None else args.port
    require_free(HOST, port)
    assistant = build_assistant(settings)
    print(command_words().say("actions_listening", host=HOST, port=port), file=sys.stderr)
    try:
        serve_actions(assistant, port=port)
    finally:
        assistant.close()
    return 0
