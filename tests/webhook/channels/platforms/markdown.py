"""What a person sees of Markdown: no mark, no address, no backslash."""

from __future__ import annotations

import re

__all__ = ["shown_markdown"]


def shown_markdown(text: str) -> str:
    """Return the words shown; the marks that are written with a backslash are words."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\0{len(kept) - 1}\0"

    bare = re.sub(r"\\([\\`*_\[\]<>~|])", keep, text)
    bare = re.sub(r"\[([^\[\]\n]*)\]\((?:https?://|tel:)[^\s()]*\)", r"\1", bare)
    bare = re.sub(r"\*\*(.+?)\*\*", r"\1", bare)
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], bare)
