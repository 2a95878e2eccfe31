"""Shows answers on a terminal: their small Markdown as plain text, with or without colours."""

from __future__ import annotations

import os
import re
from typing import TextIO

__all__ = ["Style", "wants_colours"]

_LINK = re.compile(r"\[(?P<label>[^\]\n]+)\]\((?P<target>[^()\s]+)\)")
_BOLD = re.compile(r"\*\*(?P<text>[^*\n]+)\*\*")
# Escape sequences in a fiche or in a typed text must not reach the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def wants_colours(stream: TextIO) -> bool:
    """Whether to write colours: on a real terminal, unless `NO_COLOR` says no."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Style:
    """Turns text into what a terminal shows."""

    def __init__(self, *, colours: bool) -> None:
        """Use ANSI sequences only when `colours`."""
        self._colours = colours

    def text(self, markdown: str) -> str:
        """Render the Markdown of answers: bold, and links with their address after them."""
        clean = _LINK.sub(_spell_link, _CONTROLS.sub("", markdown))
        return _BOLD.sub(lambda match: self.strong(match["text"]), clean)

    def strong(self, text: str) -> str:
        """Bold."""
        return self._wrap("1", text)

    def faint(self, text: str) -> str:
        """Grey, for what accompanies the answer."""
        return self._wrap("2", text)

    def accent(self, text: str) -> str:
        """Cyan, for what may be pressed."""
        return self._wrap("36", text)

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours else text


def _spell_link(match: re.Match[str]) -> str:
    label, target = match["label"], match["target"]
    if not target.startswith(("http://", "https://")) or label == target:
        return label
    return f"{label} ({target})"
