"""Renders the Markdown subset of the answers to safe HTML: bold, lists, links, paragraphs.

Everything is escaped first; then only these four shapes are given tags again.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["to_html"]

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_LINK = re.compile(r"\[([^\[\]]+)\]\(((?:https?://|tel:)[^\s()<>\"']+)\)")
_ITEM = re.compile(r"(?:- |(\d+)\. )(.*)")


def to_html(text: str) -> Markup:
    """Return the HTML of an answer's text."""
    return Markup("\n").join(_block(block) for block in re.split(r"\n{2,}", text) if block.strip())


def _block(block: str) -> Markup:
    parts: list[str] = []
    items: list[str] = []
    start = 1
    for line in block.split("\n"):
        item = _ITEM.fullmatch(line)
        if item is None:
            _close(parts, items, start)
            parts.append(f"<p>{_inline(line)}</p>")
            continue
        if not items:
            start = int(item[1]) if item[1] and len(item[1]) < 7 else 0
        items.append(f"<li>{_inline(item[2])}</li>")
    _close(parts, items, start)
    return Markup("\n".join(parts))  # noqa: S704 - every text in it was escaped by _inline


def _close(parts: list[str], items: list[str], start: int) -> None:
    if items:
        opening, closing = (f'<ol start="{start}">', "</ol>") if start else ("<ul>", "</ul>")
        parts.append(opening + "".join(items) + closing)
        items.clear()


def _inline(text: str) -> str:
    escaped = str(escape(text))
    linked = _LINK.sub(r'<a href="\2" rel="noopener">\1</a>', escaped)
    return _BOLD.sub(r"<strong>\1</strong>", linked)
