"""Recognises what a source file is by its content, and names the reader of each kind.

To read a new format, write its reader and add its line to `KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO

from bot.catalogue.contents import Yielded
from bot.catalogue.formation_markdown_reader import is_formation_markdown, parse_formation_markdown
from bot.catalogue.formation_table_reader import (
    is_formation_csv,
    is_formation_json,
    is_formation_table_xml,
    parse_formation_csv,
    parse_formation_json,
    parse_formation_table_xml,
)
from bot.catalogue.formation_xml_reader import is_formation_xml, parse_formation_xml
from bot.catalogue.ideo_table_reader import (
    column_key,
    parse_table_csv,
    parse_table_json,
    parse_table_xml,
)
from bot.catalogue.ideo_xml_reader import parse_ideo_xml
from bot.catalogue.markdown_reader import parse_markdown
from bot.catalogue.rome_reader import is_rome_csv, is_rome_json, parse_rome_csv, parse_rome_json
from bot.catalogue.source_file import decode_text, failure
from bot.catalogue.source_files import SourceFile

__all__ = ["KINDS", "Rank", "SourceKind", "kind_of"]

_BOM = b"\xef\xbb\xbf"
_ONISEP_LICENCE = "ODbL"

_FICHE_LINE = re.compile(rb"^[ \t]*(?:#{1,6}\s|\*\*\s*ID\b)", re.MULTILINE)
_JSON_TABLE = re.compile(rb"[\[{]\s*(?:[\[{\"\]}]|$)")
_IDEO_XML = re.compile(rb"<metiers[\s>/]")
# A document type is sent to the reader as well, which refuses it and says why.
_XML_TABLE = re.compile(rb"<item\b|<libelle_?metier\b|<!DOCTYPE", re.IGNORECASE)

# Open data that stand beside the catalogue and hold none: the key of the sentence that says so.
_NO_CATALOGUE = (
    ("rome_codes_only", re.compile(rb'"?code_rome"?,"?code_fiche_metier"?')),
    ("summaries_only", re.compile(rb'\{"id": ?"MET_[0-9]+"')),
    ("certifications_only", re.compile(rb"<.{0,4000}?<certif_info_ci_identifiant>", re.DOTALL)),
    ("gzip", re.compile(rb"\x1f\x8b")),
    ("kind_unknown", re.compile(rb"SQLite format 3\0")),  # a database, but none of ours
)


class Rank(IntEnum):
    """Which kind of source wins when two give a field of one job, first to last."""

    XML = 0
    MARKDOWN = 1
    TABLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """A format: how its first bytes (without a byte order mark) look, and who reads it.

    `dataset` and `licence` are how its data must be cited.
    """

    name: str
    rank: Rank
    matches: Callable[[bytes], bool]
    parse: Callable[[BinaryIO, Path], Iterable[Yielded]]
    dataset: str
    licence: str = _ONISEP_LICENCE


def _whole(
    parse: Callable[[bytes, Path], Iterable[Yielded]],
) -> Callable[[BinaryIO, Path], Iterable[Yielded]]:
    """Give a reader that wants all the bytes at once those of a stream."""
    return lambda stream, path: parse(stream.read(), path)


def _is_json_table(head: bytes) -> bool:
    return _JSON_TABLE.match(head) is not None


def _is_xml_table(head: bytes) -> bool:
    return head.startswith(b"<") and _XML_TABLE.search(head) is not None


def _is_csv_table(head: bytes) -> bool:
    header = head.split(b"\n", 1)[0].decode("utf-8", errors="replace")
    return "libellemetier" in map(column_key, header.split(";")) and ";" in header


def _is_ideo_xml(head: bytes) -> bool:
    return head.startswith(b"<") and _IDEO_XML.search(head) is not None


def _is_fiche(head: bytes) -> bool:
    return _FICHE_LINE.search(head) is not None


def _parse_fiche(stream: BinaryIO, path: Path) -> Iterable[Yielded]:
    return (parse_markdown(decode_text(stream.read(), path), path),)


_FICHES = "Idéo-fiches métiers"
_TABLE = "Idéo-métiers Onisep"
_FORMATION_FICHES = "Idéo-fiches formations"
_FORMATION_TABLE = "Idéo-formations initiales en France"
_ROME = "ROME, référentiel des appellations"
_ROME_LICENCE = "Licence Ouverte 2.0"

_MARKDOWN_FICHE = SourceKind(
    name="markdown_fiche",
    rank=Rank.MARKDOWN,
    matches=_is_fiche,
    parse=_parse_fiche,
    dataset=_FICHES,
)

KINDS = (
    SourceKind(
        name="ideo_xml",
        rank=Rank.XML,
        matches=_is_ideo_xml,
        parse=parse_ideo_xml,
        dataset=_FICHES,
    ),
    SourceKind(
        name="formation_xml",
        rank=Rank.XML,
        matches=is_formation_xml,
        parse=parse_formation_xml,
        dataset=_FORMATION_FICHES,
    ),
    SourceKind(
        name="formation_table_json",
        rank=Rank.TABLE,
        matches=is_formation_json,
        parse=parse_formation_json,
        dataset=_FORMATION_TABLE,
    ),
    SourceKind(
        name="formation_table_xml",
        rank=Rank.TABLE,
        matches=is_formation_table_xml,
        parse=parse_formation_table_xml,
        dataset=_FORMATION_TABLE,
    ),
    SourceKind(
        name="formation_table_csv",
        rank=Rank.TABLE,
        matches=is_formation_csv,
        parse=parse_formation_csv,
        dataset=_FORMATION_TABLE,
    ),
    SourceKind(
        name="rome_json",
        rank=Rank.TABLE,
        matches=is_rome_json,
        parse=parse_rome_json,
        dataset=_ROME,
        licence=_ROME_LICENCE,
    ),
    SourceKind(
        name="rome_csv",
        rank=Rank.TABLE,
        matches=is_rome_csv,
        parse=parse_rome_csv,
        dataset=_ROME,
        licence=_ROME_LICENCE,
    ),
    SourceKind(
        name="ideo_table_json",
        rank=Rank.TABLE,
        matches=_is_json_table,
        parse=_whole(parse_table_json),
        dataset=_TABLE,
    ),
    SourceKind(
        name="ideo_table_xml",
        rank=Rank.TABLE,
        matches=_is_xml_table,
        parse=_whole(parse_table_xml),
        dataset=_TABLE,
    ),
    SourceKind(
        name="ideo_table_csv",
        rank=Rank.TABLE,
        matches=_is_csv_table,
        parse=_whole(parse_table_csv),
        dataset=_TABLE,
    ),
    SourceKind(
        name="formation_markdown",
        rank=Rank.MARKDOWN,
        matches=is_formation_markdown,
        parse=parse_formation_markdown,
        dataset=_FORMATION_FICHES,
    ),
    _MARKDOWN_FICHE,
)
"""The kinds of file, tried in this order."""


def kind_of(file: SourceFile) -> SourceKind:
    """Return the kind of a file, whatever its name.

    Raises:
        CatalogueError: a file that cannot be read, a binary, a text that is not UTF-8, or no
            kind known.
    """
    head = file.head().removeprefix(_BOM).lstrip()
    for key, pattern in _NO_CATALOGUE:
        if pattern.match(head):
            raise failure(file.path, key)
    for kind in KINDS:
        if kind.matches(head):
            return kind
    if b"\0" in head:
        raise failure(file.path, "binary")
    if file.must_be_fiche:
        return _MARKDOWN_FICHE  # its reader says what is missing
    with file.open() as stream:
        # An encoding mistake may be why no kind was known: say it first.
        decode_text(stream.read(), file.path)
    raise failure(file.path, "kind_unknown")
