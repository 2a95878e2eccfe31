"""`balise channels`: checks the messaging channels of the settings, looks into the outbox."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Mapping

from bot.answers.wording import Wording
from bot.cli.french_parser import Subparsers
from bot.cli.table import aligned
from bot.cli.words import command_words
from bot.errors import ConfigurationError, DeliveryFailed
from bot.settings import Settings
from webhook.channels.channel import Channel, WithCheck
from webhook.channels.registry import channel_names, open_channels
from webhook.delivery.dead_letters import Letter, drop, letters, retry
from webhook.delivery.http import HttpTransport
from webhook.delivery.sending import Accesses, Transport
from webhook.delivery.service import open_store

__all__ = ["add_parser", "check_channel", "run"]

_REFUSED = 1


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise channels` and its commands."""
    parser = subparsers.add_parser(
        "channels",
        help=wording.say("cli_channels_help"),
        description=wording.say("cli_channels_description"),
    )
    commands = parser.add_subparsers(dest="channels_command", required=True)
    check = commands.add_parser(
        "check",
        help=wording.say("cli_channels_check_help"),
        description=wording.say("cli_channels_check_description"),
    )
    check.add_argument(
        "name", nargs="?", metavar=wording.say("cli_name"),
        help=wording.say("cli_channels_check_name"),
    )  # fmt: skip
    check.set_defaults(carry_out=_check)
    outbox = commands.add_parser(
        "outbox",
        help=wording.say("cli_channels_outbox_help"),
        description=wording.say("cli_channels_outbox_description"),
    )
    what = outbox.add_mutually_exclusive_group()
    for option, key in (("--retry", "cli_channels_retry"), ("--drop", "cli_channels_drop")):
        what.add_argument(option, nargs="+", metavar="ID", help=wording.say(key))
    outbox.set_defaults(carry_out=_outbox)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry out the command asked for; return 0, or 1 when a channel is not right.

    Raises:
        ConfigurationError: a channel of the settings is wrong, or there is none.
        StoreError: the database cannot be opened.
    """
    carry_out: Callable[[argparse.Namespace, Settings], int] = args.carry_out
    return carry_out(args, settings)


def _check(args: argparse.Namespace, settings: Settings) -> int:
    names = [args.name] if args.name else list(settings.channels)
    if not names:
        raise ConfigurationError("channels_none", ", ".join(channel_names()))
    for name in names:
        if name not in settings.channels:
            key = "channel_not_set" if name in channel_names() else "channel_unknown"
            raise ConfigurationError(key, f"{name} ({', '.join(channel_names())})")
    channels = open_channels({name: settings.channels[name] for name in names})
    transport = HttpTransport()
    rights = []
    for channel in channels.values():
        lines, is_right = check_channel(channel, settings.public_url, transport)
        print(*lines, sep="\n", end="\n\n")
        rights.append(is_right)
    return 0 if all(rights) else _REFUSED


def check_channel(
    channel: Channel, public_url: str | None, transport: Transport
) -> tuple[list[str], bool]:
    """Return what there is to say of a channel whose settings are complete, and if all is right."""
    words = command_words()
    lines = [words.say("channels_title", name=channel.name)]
    said, is_right = _credentials(channel, transport, words)
    lines.append(said)
    if public_url is None:
        lines.append(words.say("channels_no_url"))
        is_right = False
    url = f"{public_url or 'https://…'}/webhooks/{channel.name}/webhook"
    lines += [
        words.say("channels_address", url=url),
        "",
        words.say(f"channel_{channel.name}_steps", url=url),
    ]
    return lines, is_right


def _credentials(channel: Channel, transport: Transport, words: Wording) -> tuple[str, bool]:
    """Ask the platform whether the credentials are right, where it can be asked."""
    try:
        access = Accesses(transport, now=time.time).of(channel)
        if isinstance(channel, WithCheck):
            who = channel.check_answer(transport.send(channel.check_request(access=access)))
            if who is None:
                return words.say("channels_refused"), False
            return words.say("channels_accepted", who=who), True
    except DeliveryFailed as error:
        return words.say("channels_unreachable", detail=error), False
    return words.say("channels_lent" if access is not None else "channels_complete"), True


def _outbox(args: argparse.Namespace, settings: Settings) -> int:
    store = open_store(settings)
    try:
        words = command_words()
        for asked, change, key in (
            (args.retry, retry, "channels_retried"),
            (args.drop, drop, "channels_dropped"),
        ):
            if asked:
                print(words.say(key, count=change(store, _ids(asked))))
                return 0
        waiting, dead = letters(store)
        print(words.say("channels_outbox", waiting=sum(waiting.values()), dead=len(dead)))
        print(*aligned([*_counts(waiting), *_rows(dead, words)]), sep="\n")
        return 0
    finally:
        store.close()


def _ids(asked: Iterable[str]) -> tuple[int, ...] | None:
    """Read identifiers; None for « tout », all of them."""
    words = list(asked)
    if words == [command_words().say("channels_all")]:
        return None
    if not all(word.isascii() and word.isdigit() for word in words):
        raise ConfigurationError("channels_ids", " ".join(words))
    return tuple(int(word) for word in words)


def _counts(waiting: Mapping[str, int]) -> Iterable[list[str]]:
    return ([channel, str(count)] for channel, count in sorted(waiting.items()))


def _rows(dead: Iterable[Letter], words: Wording) -> Iterable[list[str]]:
    for letter in dead:
        day = time.strftime("%d/%m/%Y %H:%M", time.localtime(letter.made))
        direction = words.say(f"channels_{letter.direction}")
        yield [str(letter.id), direction, letter.channel, day, str(letter.tries), letter.error]
