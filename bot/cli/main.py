"""The command `balise`: reads the command line, runs one command, says errors in French.

Exit statuses: 0 done; 1 a check found something; 2 bad usage, configuration or data; 3 not
understood; 70 an error of ours; 130 interrupted; 141 nobody reads the output any more.
"""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from bot.answers.wording import Wording
from bot.cli.french_parser import FrenchParser, Subparsers
from bot.cli.words import command_words, error_lines
from bot.errors import BaliseError
from bot.settings import Settings, settings_from

__all__ = ["COMMANDS", "Command", "main"]

# The module of each command; only the one that is asked for is imported.
COMMANDS = {
    "ask": "bot.cli.ask",
    "chat": "bot.cli.chat",
    "serve": "bot.cli.serve",
    "actions": "bot.cli.actions",
    "test": "bot.cli.test",
    "evaluate": "bot.cli.evaluate",
    "validate": "bot.cli.validate",
    "catalogue": "bot.cli.catalogue",
    "channels": "bot.cli.channels",
    "sender": "bot.cli.sender",
    "export": "bot.cli.export",
}
_USAGE, _OURS, _INTERRUPTED, _BROKEN_PIPE = 2, 70, 130, 141


class Command(Protocol):
    """What the module of a command offers."""

    def add_parser(self, subparsers: Subparsers, wording: Wording) -> None:
        """Declare the command and its options."""

    def run(self, args: argparse.Namespace, settings: Settings) -> int:
        """Carry it out and return the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `balise` and return its exit status."""
    _write_anything()
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # What is still in the buffer must not fail again when the interpreter closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    return status


def _run(arguments: list[str]) -> int:
    words = command_words()
    debug = "--debug" in arguments
    try:
        sources: list[Path] = []
        args, command = _parse(arguments, words, sources)
        if debug:
            logging.basicConfig(level=logging.INFO)
        settings = settings_from(os.environ, catalogue=tuple(sources) or None)
        return command.run(args, settings)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    except BaliseError as error:
        print(*error_lines(error, words), sep="\n", file=sys.stderr)
        return _USAGE
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        if debug:
            raise
        print(words.say("error_unexpected", name=type(error).__name__), file=sys.stderr)
        return _OURS


def _parse(
    arguments: list[str], words: Wording, sources: list[Path]
) -> tuple[argparse.Namespace, Command]:
    """Read the command line; the sources of the catalogue are added to `sources`."""
    parser = FrenchParser(prog="balise", description=words.say("cli_description"))
    parser.add_argument("--version", action=_ShowVersion, help=words.say("cli_option_version"))
    subparsers = parser.add_subparsers(dest="command")
    modules: dict[str, Command] = {}
    for name, module in COMMANDS.items():
        # The command asked for is one of the arguments; for the others their name is enough.
        if name in arguments:
            modules[name] = cast(Command, importlib.import_module(module))
            modules[name].add_parser(subparsers, words)
        else:
            subparsers.add_parser(name, help=words.say(f"cli_{name}_help"))
    _add_common(parser, words, sources)
    args, rest = parser.parse_known_args(arguments)
    if rest:
        subparsers.choices.get(args.command, parser).refuse(rest)
    if args.command is None:
        parser.require(words.say("cli_command"))
    return args, modules[args.command]


def _add_common(parser: FrenchParser, words: Wording, sources: list[Path]) -> None:
    """Add the options that may stand before the command or after it."""
    parser.add_argument(
        "--catalogue", metavar=words.say("cli_path"), action=_Gather, gathered=sources,
        help=words.say("cli_option_catalogue"),
    )  # fmt: skip
    parser.add_argument("--debug", action="store_true", help=words.say("cli_option_debug"))
    for command in parser.commands:
        _add_common(command, words, sources)


class _Gather(argparse.Action):
    """Gathers the paths of an option of several parsers: argparse keeps those of the last one."""

    def __init__(
        self, option_strings: Sequence[str], dest: str, gathered: list[Path], **options: Any
    ) -> None:
        super().__init__(option_strings, dest, **options)
        self._gathered = gathered

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        _namespace: argparse.Namespace,
        values: object,
        _option: str | None = None,
    ) -> None:
        self._gathered.append(Path(str(values)))


class _ShowVersion(argparse.Action):
    """Prints the version and stops; looks it up only then, for it reads the installed package."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        print(f"balise {_version()}")
        parser.exit()


def _version() -> str:
    from importlib import metadata  # costs more than the rest of this module

    try:
        return metadata.version("balise")
    except metadata.PackageNotFoundError:
        # A checkout that nobody has installed.
        project = Path(__file__).parents[2] / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def _write_anything() -> None:
    """Write a character that the terminal's encoding lacks as « ? » rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
