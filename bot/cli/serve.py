"""`balise serve`: the HTTP server of the REST channel, the widget and the messaging channels."""

from __future__ import annotations

import argparse
import dataclasses

from bot.answers.wording import Wording
from bot.assistant import build_assistant
from bot.cli.french_parser import Subparsers, whole_number
from bot.cli.ports import require_free
from bot.settings import Settings
from webhook.reloading import stamp_of
from webhook.serve import serve

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise serve`."""
    parser = subparsers.add_parser(
        "serve",
        help=wording.say("cli_serve_help"),
        description=wording.say("cli_serve_description"),
    )
    parser.add_argument(
        "--host", metavar=wording.say("cli_address"), help=wording.say("cli_serve_host")
    )
    parser.add_argument(
        "--port", metavar="PORT", type=whole_number(wording, low=0, high=65535),
        help=wording.say("cli_serve_port"),
    )  # fmt: skip
    parser.add_argument(
        "--threads", metavar="N", type=whole_number(wording, low=1, high=256),
        help=wording.say("cli_serve_threads"),
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped.

    Raises:
        ConfigurationError: the address is taken, or is not one of this machine's.
    """
    chosen = dataclasses.replace(
        settings,
        host=settings.host if args.host is None else args.host,
        port=settings.port if args.port is None else args.port,
        threads=settings.threads if args.threads is None else args.threads,
    )
    require_free(chosen.host, chosen.port)
    since = stamp_of(chosen.catalogue)
    serve(build_assistant(chosen), since)
    return 0
