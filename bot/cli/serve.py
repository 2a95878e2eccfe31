"""`balise serve`: the HTTP server of the REST channel, the widget and the messaging channels."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.answers.wording import Wording
from bot.assistant import Assistant, build_assistant
from bot.cli.french_parser import Subparsers, whole_number
from bot.cli.ports import require_free
from bot.settings import Settings
from webhook.channels.channel import Channel
from webhook.channels.registry import open_channels
from webhook.reloading import stamp_of
from webhook.serve import serve

if TYPE_CHECKING:
    from webhook.delivery.service import Delivery

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
    parser.add_argument("--no-sender", action="store_true", help=wording.say("cli_serve_no_sender"))


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped.

    Raises:
        ConfigurationError: the address is taken, or is not one of this machine's; a channel of the
            settings is wrong.
        StoreError: the database of the conversations cannot be opened.
    """
    chosen = dataclasses.replace(
        settings,
        host=settings.host if args.host is None else args.host,
        port=settings.port if args.port is None else args.port,
        threads=settings.threads if args.threads is None else args.threads,
    )
    require_free(chosen.host, chosen.port)
    channels = open_channels(chosen.channels)
    since = stamp_of(chosen.catalogue)
    assistant = build_assistant(chosen)
    serve(assistant, since, _delivery(assistant, channels, sends=not args.no_sender))
    return 0


def _delivery(
    assistant: Assistant, channels: Mapping[str, Channel], *, sends: bool
) -> Delivery | None:
    if not channels:
        return None
    # Imported here: a server without a messaging channel does without a database.
    from webhook.delivery.service import Delivery, open_store

    return Delivery(channels, open_store(assistant.settings), assistant=assistant, sends=sends)
