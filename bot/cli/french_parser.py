"""An `argparse` that speaks French: headings, help of its own options, and errors.

`argparse` builds its errors in English before anybody can choose; they are recognised here by
their shape, and said again with the words of `intents/responses/cli.yml`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NoReturn, TypeAlias

from bot.answers.wording import Wording
from bot.cli.words import command_words

__all__ = ["FrenchParser", "Subparsers", "whole_number"]

Subparsers: TypeAlias = "argparse._SubParsersAction[FrenchParser]"

_NAME = r"argument (?P<name>.+?): "
_FOUND = r"'?(?P<found>.*?)'?"
# The errors of argparse (Python 3.11 to 3.14), and the response that says each; first match wins.
_ERRORS = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (r"unrecognized arguments: (?P<found>-.*)", "cli_bad_option"),
        (r"unrecognized arguments: (?P<found>.*)", "cli_bad_extra"),
        (r"the following arguments are required: (?P<names>.+)", "cli_bad_required"),
        (r"one of the arguments (?P<names>.+) is required", "cli_bad_required"),
        (
            rf"{_NAME}invalid choice: {_FOUND}(?:, maybe you meant .*\?)?"
            r" \(choose from (?P<choices>.+)\)",
            "cli_bad_choice",
        ),
        (rf"{_NAME}expected .*arguments?", "cli_bad_no_value"),
        (rf"{_NAME}ignored explicit argument {_FOUND}", "cli_bad_flag_value"),
        (rf"{_NAME}not allowed with argument (?P<other>.+)", "cli_bad_together"),
        (rf"{_NAME}invalid \S+ value: {_FOUND}", "cli_bad_value"),
        # Our own types raise ArgumentTypeError with a French reason.
        (rf"{_NAME}(?P<reason>.+)", "cli_bad_reason"),
    )
)


class FrenchParser(argparse.ArgumentParser):
    """A parser of the command line whose every word comes from `intents/responses/cli.yml`."""

    def __init__(self, **options: Any) -> None:
        """Take the options of `argparse.ArgumentParser`; abbreviated options are refused."""
        self._words = command_words()
        self._declared: Subparsers | None = None
        options.setdefault("allow_abbrev", False)
        formatter = partial(_Formatter, usage_word=self._words.say("cli_usage"))
        super().__init__(**{**options, "add_help": False, "formatter_class": formatter})
        self._positionals.title = self._title("cli_positionals")
        self._optionals.title = self._title("cli_options")
        self.add_argument("-h", "--help", action="help", help=self._words.say("cli_option_help"))

    def add_subparsers(self, **options: Any) -> Subparsers:  # type: ignore[override]
        """Add commands, under the French title that all lists of commands have."""
        options.setdefault("title", self._title("cli_commands"))
        options.setdefault("metavar", self._words.say("cli_command"))
        self._declared = super().add_subparsers(**options)
        return self._declared

    @property
    def commands(self) -> tuple[FrenchParser, ...]:
        """The parsers of the commands declared so far."""
        return tuple(self._declared.choices.values()) if self._declared is not None else ()

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong with the command line, and stop with status 2."""
        line = self._words.say("cli_bad_usage", prog=self.prog, reason=self._reason(message))
        self.exit(2, f"{line}\n")

    def refuse(self, arguments: Sequence[str]) -> NoReturn:
        """Stop because of arguments that no option or place takes."""
        self.error(f"unrecognized arguments: {' '.join(arguments)}")

    def require(self, name: str) -> NoReturn:
        """Stop because an argument is missing."""
        self.error(f"the following arguments are required: {name}")

    def _title(self, key: str) -> str:
        # argparse adds a colon, which French sets off by a space.
        return f"{self._words.say(key)}\N{NO-BREAK SPACE}"

    def _reason(self, message: str) -> str:
        for pattern, key in _ERRORS:
            match = pattern.fullmatch(message)
            if match is not None:
                found = match.groupdict()
                if "choices" in found:
                    found["choices"] = found["choices"].replace("'", "")
                return self._words.say(key, **found)
        return self._words.say("cli_bad_other")


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str, *, usage_word: str) -> None:
        super().__init__(prog, max_help_position=28)
        self._usage_word = usage_word

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(
            usage, actions, groups, f"{self._usage_word} " if prefix is None else prefix
        )


def whole_number(words: Wording, *, low: int, high: int) -> Callable[[str], int]:
    """Return an argument type: a whole number, `low` and `high` included."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            reason = words.say("cli_bad_number", found=text, low=low, high=high)
            raise argparse.ArgumentTypeError(reason)
        return int(text)

    return read
