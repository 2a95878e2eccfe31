"""Fits text to the terminal: its width, cut lines, wrapped paragraphs, bars, French numbers.

Where nobody looks (a pipe, a file) nothing is cut nor wrapped: a program reads whole lines.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from dataclasses import dataclass
from typing import TextIO

from bot.cli.terminal import Style, wants_colours

__all__ = ["Screen", "bar", "french_date", "grouped", "screen_of", "shortened", "wrapped"]

_BAR = 20
_FULL, _FALLBACK = "█", "#"
_NARROWEST = 30
_DATE = re.compile(r"\A(\d{4})-(\d{2})-(\d{2})\Z")
# French sets these off by a space at which no line may be broken.
_GLUED = re.compile(r"(?<=«) | (?=[»:;?!])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is written to: its columns (None for a file), its encoding, how it shows text."""

    width: int | None = None
    encoding: str | None = "utf-8"
    style: Style


def screen_of(stream: TextIO) -> Screen:
    """Describe a stream; a terminal is taken to have 30 columns at least."""
    return Screen(
        width=max(shutil.get_terminal_size().columns, _NARROWEST) if stream.isatty() else None,
        encoding=stream.encoding,
        style=Style(colours=wants_colours(stream)),
    )


def shortened(text: str, width: int | None) -> str:
    """Return a text on one line of `width` columns at most, cut with « … »."""
    line = " ".join(text.split())
    return line if width is None or len(line) <= width else f"{line[: width - 1].rstrip()}…"


def wrapped(text: str, width: int | None, *, indent: str = "") -> list[str]:
    """Return the lines of a text, each indented; those too long for the terminal are broken."""
    lines = text.splitlines()
    if width is None:
        return [f"{indent}{line}".rstrip() for line in lines]
    return [
        part
        for line in lines
        for part in textwrap.wrap(
            _GLUED.sub("\N{NO-BREAK SPACE}", line),
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
        )
        or [""]
    ]


def bar(share: float, *, encoding: str | None) -> str:
    """Draw a share, 0..1, in 20 columns at most: one at least for what is not nothing."""
    columns = max(round(share * _BAR), 1) if share > 0 else 0
    try:
        _FULL.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _FALLBACK * columns
    return _FULL * columns


def french_date(date: str) -> str:
    """Write a date of ISO 8601 (2026-02-10) the French way; anything else stays as it is."""
    return _DATE.sub(r"\3/\2/\1", date)


def grouped(number: int) -> str:
    """Write a whole number the French way, its thousands apart by a no-break space."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
