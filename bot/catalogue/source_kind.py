"""Recognises what a source file is by its content, and names the reader of each kind.

To read a new format, write its reader and add its line to `KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.catalogue.fiche import Fiche
from bot.catalogue.ideo_table_reader import (
    column_key,
    parse_table_csv,
    parse_table_json,
    parse_table_xml,
)
from bot.catalogue.markdown_reader import parse_markdown
from bot.catalogue.source_file import decode_text, failure

__all__ = ["KINDS", "Role", "SourceKind", "parse_fiche_file", "recognise"]

_HEAD_BYTES = 1 << 16
_BOM = b"\xef\xbb\xbf"

_FICHE_LINE = re.compile(rb"^[ \t]*(?:#{1,6}\s|\*\*\s*ID\b)", re.MULTILINE)
_JSON_TABLE = re.compile(rb"[\[{]\s*(?:[\[{\"\]}]|$)")
# A document type is sent to the reader as well, which refuses it and says why.
_XML_TABLE = re.compile(rb"<item\b|<libelle_?metier\b|<!DOCTYPE", re.IGNORECASE)


class Role(StrEnum):
    """What a source brings: whole fiches, or the columns of a table that complete them."""

    FICHES = "fiches"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """A format: how its first bytes (without a byte order mark) look, and who reads it."""

    name: str
    role: Role
    matches: Callable[[bytes], bool]
    parse: Callable[[bytes, Path], tuple[Fiche, ...]]


def _is_json_table(head: bytes) -> bool:
    return _JSON_TABLE.match(head) is not None


def _is_xml_table(head: bytes) -> bool:
    return head.startswith(b"<") and _XML_TABLE.search(head) is not None


def _is_csv_table(head: bytes) -> bool:
    header = head.split(b"\n", 1)[0].decode("utf-8", errors="replace")
    return "libellemetier" in map(column_key, header.split(";")) and ";" in header


def _is_fiche(head: bytes) -> bool:
    return _FICHE_LINE.search(head) is not None


def parse_fiche_file(data: bytes, path: Path) -> tuple[Fiche, ...]:
    """Read a Markdown file, which holds one fiche."""
    return (parse_markdown(decode_text(data, path), path),)


KINDS = (
    SourceKind(
        name="ideo_table_json", role=Role.TABLE, matches=_is_json_table, parse=parse_table_json
    ),
    SourceKind(
        name="ideo_table_xml", role=Role.TABLE, matches=_is_xml_table, parse=parse_table_xml
    ),
    SourceKind(
        name="ideo_table_csv", role=Role.TABLE, matches=_is_csv_table, parse=parse_table_csv
    ),
    SourceKind(name="markdown_fiche", role=Role.FICHES, matches=_is_fiche, parse=parse_fiche_file),
)
"""The kinds of file, tried in this order; a folder is a set of Markdown fiches."""


def recognise(data: bytes, path: Path) -> SourceKind:
    """Return the kind of a file, whatever its name.

    Raises:
        CatalogueError: a binary file, a text that is not UTF-8, or no kind known.
    """
    head = data[:_HEAD_BYTES].removeprefix(_BOM).lstrip()
    if b"\0" in head:
        raise failure(path, "binary")
    for kind in KINDS:
        if kind.matches(head):
            return kind
    decode_text(data, path)  # an encoding mistake may be why no kind was known: say it first
    raise failure(path, "kind_unknown")
