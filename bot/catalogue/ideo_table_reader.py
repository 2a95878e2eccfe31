"""Reads the « Idéo-métiers Onisep » table: JSON, XML or CSV, one row per publication.

The table knows jobs by name, ROME code and field of activity, nothing more. A job comes
back once per printed guide that speaks of it; its rows are merged into one fiche. Column
names differ between the three forms and between years: they are compared without case,
accents or punctuation.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from bot.catalogue.fiche import Domaine, Fiche, MetierId, Source
from bot.catalogue.gendered_name import read_gendered_name
from bot.catalogue.source_file import decode_text, failure, json_rows
from bot.errors import CatalogueError, Problem

__all__ = [
    "column_key",
    "parse_domaines",
    "parse_table_csv",
    "parse_table_json",
    "parse_table_xml",
]

_NAME, _LINK, _ROME, _DOMAINES = "name", "link", "rome", "domaines"
_COLUMNS = {
    "libellemetier": _NAME,
    "libelle": _NAME,
    "liensiteonisepfr": _LINK,
    "urlonisep": _LINK,
    "coderome": _ROME,
    "codesrome": _ROME,
    "domainesousdomaine": _DOMAINES,
    "domaine": _DOMAINES,
}
_FIELD_LABELS = {_NAME: "libellé métier", _LINK: "lien site onisep.fr"}

_LINK_ID = re.compile(r"(MET\.[0-9]{1,9})/?\s*$")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_XML_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row: its cells by the names above, and its line in the file when it has one."""

    cells: Mapping[str, str]
    line: int | None = None


@dataclass(slots=True, kw_only=True)
class _Job:
    """What the rows of one job say together, each value once, in the order of the file."""

    name: str
    rome_codes: dict[str, None] = field(default_factory=dict)
    domaines: dict[Domaine, None] = field(default_factory=dict)


def parse_table_json(data: bytes, path: Path) -> tuple[Fiche, ...]:
    """Read the JSON form: a list of objects, or the API's `{"results": [...]}`.

    Raises:
        CatalogueError: not JSON, not such a list, or rows without a job.
    """
    rows = json_rows(decode_text(data, path), path, malformed="table_malformed")
    return _fiches((_json_row(row) for row in rows), path)


def parse_table_csv(data: bytes, path: Path) -> tuple[Fiche, ...]:
    """Read the CSV form: semicolons, double quotes, perhaps a byte order mark.

    Raises:
        CatalogueError: not UTF-8, not CSV, or rows without a job.
    """
    reader = csv.reader(io.StringIO(decode_text(data, path), newline=""), delimiter=";")
    try:
        columns = [_COLUMNS.get(column_key(name)) for name in next(reader, [])]
        rows = [
            _Row(cells=_named(zip(columns, cells, strict=False)), line=reader.line_num)
            for cells in reader
            if any(cells)
        ]
    except csv.Error as exc:
        raise failure(path, "csv_malformed", line=reader.line_num, detail=str(exc)) from exc
    return _fiches(rows, path)


def parse_table_xml(data: bytes, path: Path) -> tuple[Fiche, ...]:
    """Read the XML form, `<root><item>…`, as a stream.

    Raises:
        CatalogueError: not well formed, a DOCTYPE (which could declare entities that
            expand without end or read other files), or rows without a job.
    """
    return _fiches(_xml_rows(data, path), path)


def parse_domaines(text: str) -> tuple[Domaine, ...]:
    """Read « domaine/sous-domaine| domaine/sous-domaine ».

    The labels hold commas, and a sub-domain may hold a slash: only `|` separates pairs,
    and the first `/` the two levels.
    """
    pairs = (
        tuple(" ".join(level.split()) for level in pair.partition("/")[::2])
        for pair in text.split("|")
    )
    return tuple(
        Domaine(domaine=domaine, sous_domaine=sous_domaine or None)
        for domaine, sous_domaine in pairs
        if domaine
    )


def column_key(name: str) -> str:
    """Fold a column name: « lien site onisep.fr » and `lien_site_onisepfr` are one."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return _NOT_LETTERS.sub("", letters)


# Cells are cleaned once, here: the first column of a name wins, an empty cell is absent.
def _named(cells: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, value in cells:
        if name and value.strip():
            named.setdefault(name, value.strip())
    return named


def _json_row(row: Any) -> _Row:
    if not isinstance(row, dict):
        return _Row(cells={})
    return _Row(
        cells=_named(
            (_COLUMNS.get(column_key(name)), _json_text(value)) for name, value in row.items()
        )
    )


def _json_text(value: Any) -> str:
    """Write a JSON value as the XML form does: several ROME codes are joined by `|`."""
    if isinstance(value, str):
        # Half a character, which JSON can write and nothing can print, is no text.
        return "" if _HALF_CHARACTER.search(value) else value
    if isinstance(value, list):
        codes = (item.get("code") if isinstance(item, dict) else item for item in value)
        known = (code for code in codes if isinstance(code, str))
        return " | ".join(code for code in known if not _HALF_CHARACTER.search(code))
    return ""


def _xml_rows(data: bytes, path: Path) -> Iterator[_Row]:
    """Yield the `<item>` elements of the root, each child being a cell."""
    handler = _XmlHandler(path)
    for start in range(0, len(data), _XML_CHUNK):
        try:
            handler.parser.Parse(data[start : start + _XML_CHUNK], start + _XML_CHUNK >= len(data))
        except expat.ExpatError as exc:
            detail = expat.errors.messages[exc.code]
            raise failure(path, "xml_malformed", line=exc.lineno, detail=detail) from exc
        except (LookupError, ValueError) as exc:  # the encoding it declares
            raise failure(path, "xml_malformed", line=1, detail=str(exc)) from exc
        yield from handler.take_rows()


class _XmlHandler:
    """Turns the events of the XML parser into rows; never expands an entity."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._depth = 0
        self._column: str | None = None
        self._text: list[str] = []
        self._cells: dict[str, str] = {}
        self._rows: list[_Row] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def take_rows(self) -> list[_Row]:
        """Return the rows complete since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def _refuse_doctype(self, *_: object) -> None:
        raise failure(self._path, "xml_doctype", line=self.parser.CurrentLineNumber)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2:
            self._cells = {}
        elif self._depth == 3:
            self._column = _COLUMNS.get(column_key(name))
            self._text = []

    def _characters(self, text: str) -> None:
        if self._column:
            self._text.append(text)

    def _end(self, _name: str) -> None:
        if self._depth == 3 and self._column:
            value = "".join(self._text).strip()
            if value:
                self._cells.setdefault(self._column, value)
            self._column = None
        elif self._depth == 2:
            self._rows.append(_Row(cells=self._cells, line=self.parser.CurrentLineNumber))
        self._depth -= 1


def _fiches(rows: Iterable[_Row], path: Path) -> tuple[Fiche, ...]:
    """Merge the rows of each job, in the order in which jobs first appear."""
    jobs: dict[MetierId, _Job] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        match = _LINK_ID.search(row.cells.get(_LINK, ""))
        missing = _LINK if match is None else _NAME if _NAME not in row.cells else None
        if match is None or missing:
            problems.append(_row_problem(path, row, number, missing or _LINK))
        else:
            _add_row(jobs, MetierId(match[1]), row.cells)
    if problems:
        raise CatalogueError(*problems)
    if not jobs:
        raise failure(path, "table_empty")
    return tuple(_fiche(metier, job) for metier, job in jobs.items())


def _row_problem(path: Path, row: _Row, number: int, missing: str) -> Problem:
    return Problem(
        path=path,
        key=f"table_{missing}_missing",
        line=row.line,
        field=_FIELD_LABELS[missing],
        detail=str(number),
    )


def _add_row(jobs: dict[MetierId, _Job], metier: MetierId, cells: Mapping[str, str]) -> None:
    job = jobs.setdefault(metier, _Job(name=cells[_NAME]))
    codes = cells.get(_ROME, "").split("|")
    job.rome_codes.update(dict.fromkeys(code.strip() for code in codes if code.strip()))
    job.domaines.update(dict.fromkeys(parse_domaines(cells.get(_DOMAINES, ""))))


def _fiche(metier: MetierId, job: _Job) -> Fiche:
    return Fiche(
        id=metier,
        title=read_gendered_name(job.name),
        rome_codes=tuple(job.rome_codes),
        domaines=tuple(job.domaines),
        source=Source(
            url=f"https://www.onisep.fr/http/redirection/metier/slug/{metier}",
            dataset="Idéo-métiers Onisep",
            licence="ODbL",
        ),
    )
