"""Reads the « référentiel des appellations » of the ROME: CSV or JSON, one row per appellation.

France Travail publishes it three times a year. Version 4 files an appellation under a fine
code and names its parent, the code of version 3; the JSON of version 4 has shorter names of
columns (`libelle`, `libelle_court`) and is written in cp1252. Old CSVs double their apostrophes
(« d''équipe »). Columns are compared without case, accents or punctuation.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.catalogue.gendered_name import read_gendered_name
from bot.catalogue.ideo_table_reader import column_key
from bot.catalogue.rome import RomeAppellation
from bot.catalogue.source_file import decode_text, failure, json_rows
from bot.errors import CatalogueError, Problem

__all__ = ["is_rome_csv", "is_rome_json", "parse_rome_csv", "parse_rome_json"]

_CODE, _LABEL, _SHORT, _ROME, _PARENT = "code", "label", "short_label", "rome", "parent"
_COLUMNS = {
    "codeogr": _CODE,
    "libelleappellationlong": _LABEL,
    "libelleappellationcourt": _SHORT,
    "coderome": _ROME,
    "coderomeparent": _PARENT,
    "classification": "class",
    "libelletypesectionappellation": "class",
    "peuusite": "rare",
    # Version 4 in JSON
    "libelle": _LABEL,
    "libellecourt": _SHORT,
}
_FIELD_LABELS = {
    _CODE: "code_ogr",
    _LABEL: "libelle_appellation_long",
    _ROME: "code_rome",
    _PARENT: "code_rome_parent",
}
_DELIMITERS = ",;\t"
_MAIN, _RARE = "principale", "o"
_MOST_PROBLEMS = 100

_OGR_CODE = re.compile(r"[0-9]{1,9}")
_ROME_CODE = re.compile(r"[A-Z][0-9]{4}")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
# The first object of a list, which holds no other: a whole ROME sheet nests its appellations.
_FIRST_OBJECT = re.compile(rb"\s*\[\s*\{([^{}\[\]]*)")
_LONG_OR_SHORT = re.compile(rb'"libelle_(?:appellation_(?:long|court)|court)"')
# « Ã© » for « é »: UTF-8 read as cp1252. No French word holds this letter.
_MISREAD = "Ã"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row: its cells by the names above, its number, and its line when it has one."""

    cells: Mapping[str, str]
    number: int
    line: int | None = None


def is_rome_csv(head: bytes) -> bool:
    """Whether the first bytes are a header with the columns of appellations."""
    header = head.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    columns = set(map(column_key, re.split(f"[{_DELIMITERS}]", header)))
    return {"codeogr", "libelleappellationlong"} <= columns


def is_rome_json(head: bytes) -> bool:
    """Whether the first bytes are a list of flat objects that have an OGR code and labels."""
    first = _FIRST_OBJECT.match(head)
    return (
        first is not None
        and b'"code_ogr"' in first[1]
        and _LONG_OR_SHORT.search(first[1]) is not None
    )


def parse_rome_csv(stream: BinaryIO, path: Path) -> Iterator[RomeAppellation]:
    """Read the CSV form: commas (or semicolons, or tabulations), perhaps a byte order mark.

    Yields:
        The appellations, in the order of the file.

    Raises:
        CatalogueError: not UTF-8, not CSV, no row, or rows that are no appellations: those
            are all told (a hundred at most) once the good ones were given.
    """
    text = decode_text(stream.read(), path)
    header = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count), strict=True
    )
    yield from _appellations(_csv_rows(reader, path), path)


def parse_rome_json(stream: BinaryIO, path: Path) -> Iterator[RomeAppellation]:
    """Read the JSON form: a list of objects, in UTF-8 or cp1252.

    Yields and raises as `parse_rome_csv` does; the problems have no line, but the number of
    the object.
    """
    content = json_rows(_decode_json(stream.read(), path), path, malformed="rome_malformed")
    rows = (_Row(cells=_json_cells(row), number=n) for n, row in enumerate(content, start=1))
    yield from _appellations(rows, path)


# `csv.reader` is no type that can be named.
def _csv_rows(reader: Any, path: Path) -> Iterator[_Row]:
    try:
        columns = [_COLUMNS.get(column_key(name)) for name in next(reader, [])]
        for number, cells in enumerate((row for row in reader if any(row)), start=1):
            yield _Row(
                cells=_named(zip(columns, cells, strict=False)),
                number=number,
                line=reader.line_num,
            )
    except csv.Error as exc:
        raise failure(path, "csv_malformed", line=reader.line_num, detail=str(exc)) from exc


def _decode_json(data: bytes, path: Path) -> str:
    try:
        return decode_text(data, path)
    except CatalogueError as error:
        if error.problems[0].key != "not_utf8":
            raise
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:  # neither: what is wrong is said of UTF-8
            raise error from None


def _json_cells(row: object) -> dict[str, str]:
    if not isinstance(row, dict):
        return {}
    return _named((_COLUMNS.get(column_key(name)), _json_text(row[name])) for name in row)


def _json_text(value: object) -> str:
    """Write a JSON value as the CSV form does; half a character is no text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**9 else ""
    return value if isinstance(value, str) and not _HALF_CHARACTER.search(value) else ""


# Cells are cleaned once, here: the first column of a name wins, an empty cell is absent.
def _named(cells: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, value in cells:
        clean = " ".join(value.split()).replace("''", "'")
        if name and clean:
            named.setdefault(name, _reread(clean) if _MISREAD in clean else clean)
    return named


def _reread(text: str) -> str:
    """Undo the reading of UTF-8 as cp1252; a text that was not so read stays as it is."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _appellations(rows: Iterable[_Row], path: Path) -> Iterator[RomeAppellation]:
    problems: list[Problem] = []
    found = False
    for row in rows:
        found = True
        wrong = _problems(row, path)
        problems += wrong
        if len(problems) >= _MOST_PROBLEMS:
            break
        if not wrong:
            yield _appellation(row.cells)
    if problems:
        raise CatalogueError(*problems[:_MOST_PROBLEMS])
    if not found:
        raise failure(path, "rome_empty")


def _problems(row: _Row, path: Path) -> list[Problem]:
    """Say what stops a row from being an appellation: each of its fields that is wrong."""
    cells = row.cells
    wrong: list[tuple[str, str]] = []
    if _OGR_CODE.fullmatch(cells.get(_CODE, "")) is None:
        wrong.append(("rome_code_malformed", _CODE))
    if _LABEL not in cells:
        wrong.append(("rome_label_missing", _LABEL))
    elif _MISREAD in cells[_LABEL]:
        wrong.append(("rome_label_garbled", _LABEL))
    given = [name for name in (_ROME, _PARENT) if name in cells] or [_ROME]
    wrong += (
        ("rome_rome_malformed", name)
        for name in given
        if _ROME_CODE.fullmatch(cells.get(name, "")) is None
    )
    return [
        Problem(
            path=path, key=key, line=row.line, field=_FIELD_LABELS[name], detail=str(row.number)
        )
        for key, name in wrong
    ]


def _appellation(cells: Mapping[str, str]) -> RomeAppellation:
    label = cells[_LABEL]
    genders = read_gendered_name(label)
    codes = (cells[name] for name in (_ROME, _PARENT) if name in cells)
    return RomeAppellation(
        code=cells[_CODE],
        label=label,
        short_label=cells.get(_SHORT, label),
        masculine=genders.masculine,
        feminine=genders.feminine,
        rome_codes=tuple(dict.fromkeys(codes)),
        is_main=cells.get("class", "").casefold() == _MAIN,
        is_rare=cells.get("rare", "").casefold() == _RARE,
    )
