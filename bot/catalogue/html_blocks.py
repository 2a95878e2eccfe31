"""Reads the HTML fragments of the Onisep exports into blocks: paragraphs and headings.

The fragments are h3 to h5, p, ul, li, br, strong, em, a, sup; some have no tag at all, some
leave tags open. What a person would read is kept to the word, in order; tags, comments,
scripts and styles are not read. A list is one paragraph, a line `- item` for each item.

Fragments are cut here rather than by `html.parser`, which is quadratic on an unclosed tag
and raises on `<![` in the Pythons of 2023, and drops an unclosed end or not depending on
the version. Here the work grows with the length, and what is no complete tag is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from bot.catalogue.fiche import Block

__all__ = ["read_blocks"]

# A name, then what is in quotes or is neither quote nor bracket; a tag whose quotes do not
# pair ends at its first bracket. Nothing is read again when a form fails.
_TOKEN = re.compile(
    r"""<(?: (?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)(?=[\s/>])
             (?: [^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)*> | [^<>]*+> )
           | !--
           | [!?](?=[a-zA-Z\[])[^<>]*+> )""",
    re.VERBOSE,
)
_COMMENT_END = "-->"
_HIDDEN_END = {
    name: re.compile(rf"</{name}(?=[\s/>])[^<>]*+>", re.IGNORECASE) for name in ("script", "style")
}
# `unescape` raises on a number that Python refuses to convert, of some thousands of digits.
_ENDLESS_NUMBER = re.compile(r"&#(?:[0-9]{100,}|[xX][0-9a-fA-F]{100,});?")
_LINE_END = re.compile(r"[\r\n]")
_SOURCE_SPACES = " \t\f"  # what surrounds a line break of the source; no no-break space

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_PARAGRAPHS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
        "div", "dl", "dt", "figcaption", "figure", "footer", "form", "header", "hr", "main",
        "nav", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
        "tr",
    }
)  # fmt: skip


def read_blocks(html: str) -> tuple[Block, ...]:
    """Return the blocks of a fragment, in reading order; empty when it shows no text.

    Character references are decoded. Inside a tag, a line break of the source is a space, as
    in HTML; outside any, it is a line break, and an empty line separates paragraphs. Other
    spaces stay as they are, no-break ones too, except at the ends of lines.
    """
    gatherer = _Gatherer()
    for text, tag, is_closing in _tokens(html):
        gatherer.add_text(_decoded(text))
        if tag:
            gatherer.add_tag(tag, is_closing=is_closing)
    return gatherer.finish()


def _decoded(text: str) -> str:
    """Decode the character references; a number that is no character gives U+FFFD."""
    return unescape(_ENDLESS_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _tokens(html: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the text before each tag, the name of the tag, and whether it is a closing one.

    The name is empty for what is not a tag: a comment, a declaration, the end.
    """
    start = position = 0
    last_comment_end = html.rfind(_COMMENT_END)
    while match := _TOKEN.search(html, position):
        position = match.end()
        name = (match["name"] or "").lower()
        if match[0] == "<!--":
            if last_comment_end < match.start():
                continue  # never closed: it hides nothing
            # `<!-->` is a whole comment.
            position = html.find(_COMMENT_END, match.start() + 2) + len(_COMMENT_END)
        yield html[start : match.start()], name, bool(match["closing"])
        if name in _HIDDEN_END and not (match["closing"] or match[0].endswith("/>")):
            hidden_end = _HIDDEN_END[name].search(html, position)
            position = hidden_end.end() if hidden_end else len(html)
        start = position
    yield html[start:], "", False


class _Gatherer:
    """The blocks gathered so far, and the lines of the one being read."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lines: list[str] = []
        self._pieces: list[str] = []  # of the current line
        self._item_mark = ""  # of the list item whose text has not come
        self._list_depth = 0
        self._in_heading = False
        self._in_block = False

    def add_text(self, text: str) -> None:
        """Take the text between two tags, decoded."""
        if not text:
            return
        first, *others = _LINE_END.split(text)
        if first:
            self._pieces.append(first)
        for line in others:
            if self._in_block:
                # One space, whatever the indentation.
                before = self._pieces.pop().rstrip(_SOURCE_SPACES) if self._pieces else ""
                self._pieces += (before, " " + line.lstrip(_SOURCE_SPACES))
            else:
                self._end_line_or_paragraph()
                self._pieces.append(line)

    def add_tag(self, name: str, *, is_closing: bool) -> None:
        """Take a tag; one that is unknown or belongs inside a line changes nothing."""
        if name in _HEADINGS:
            self._end_block()
            self._list_depth = 0
            self._in_heading = self._in_block = not is_closing
        elif name in _LISTS:
            self._add_list_tag(is_closing=is_closing)
        elif name == "li":
            self._end_line()
            self._item_mark = "" if is_closing else "- "
            self._in_block = True
        elif name == "br" or (name in _PARAGRAPHS and self._list_depth):
            self._end_line()
        elif name in _PARAGRAPHS:
            self._end_block()
            self._in_block = not is_closing

    def finish(self) -> tuple[Block, ...]:
        """Return the blocks, the last one included."""
        self._end_block()
        return tuple(self._blocks)

    def _add_list_tag(self, *, is_closing: bool) -> None:
        """Open or close a list; one inside another goes on with its lines."""
        if self._list_depth:
            self._end_line()
        self._list_depth = max(0, self._list_depth + (-1 if is_closing else 1))
        if self._list_depth == int(not is_closing):
            self._end_block()
            self._in_block = not is_closing

    def _end_line(self) -> bool:
        """Close the current line; say whether it had text."""
        line = "".join(self._pieces).strip()
        self._pieces.clear()
        if not line:
            return False
        self._lines.append(self._item_mark + line)
        self._item_mark = ""
        return True

    def _end_line_or_paragraph(self) -> None:
        if not self._end_line():
            self._end_block()

    def _end_block(self) -> None:
        self._end_line()
        self._item_mark = ""
        if self._lines:
            text = (" " if self._in_heading else "\n").join(self._lines)
            self._blocks.append(Block(text=text, heading=self._in_heading))
            self._lines.clear()
        self._in_heading = False
