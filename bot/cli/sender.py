"""`balise sender`: sends what waits in the outbox, in a process of its own."""

from __future__ import annotations

import argparse
import signal
import sys

from bot.answers.wording import Wording
from bot.cli.french_parser import Subparsers
from bot.cli.words import command_words
from bot.errors import ConfigurationError
from bot.settings import Settings
from webhook.channels.registry import channel_names, open_channels
from webhook.delivery.service import Delivery, open_store

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise sender`."""
    subparsers.add_parser(
        "sender",
        help=wording.say("cli_sender_help"),
        description=wording.say("cli_sender_description"),
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Send until stopped (SIGTERM, Ctrl-C); what has begun is finished.

    Raises:
        ConfigurationError: a channel of the settings is wrong, or there is none.
        StoreError: the database cannot be opened.
    """
    channels = open_channels(settings.channels)
    if not channels:
        raise ConfigurationError("channels_none", ", ".join(channel_names()))
    delivery = Delivery(channels, open_store(settings), assistant=None)
    signal.signal(signal.SIGTERM, lambda *_: delivery.ask_to_stop())
    signal.signal(signal.SIGINT, lambda *_: delivery.ask_to_stop())
    delivery.start()
    print(command_words().say("sender_ready", names=", ".join(channels)), file=sys.stderr)
    delivery.wait()
    delivery.stop()
    return 0
