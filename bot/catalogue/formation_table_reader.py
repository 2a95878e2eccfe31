"""Reads tables of formations, one row per formation: JSON, CSV or XML.

The flat « Idéo-formations initiales en France », and two tables made from it by others that
have the same facts under other names. A table knows no text. Its columns are compared
without case, accents or punctuation; a column that nothing here knows is left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.catalogue.fiche import FormationId
from bot.catalogue.formation import (
    FORMATION_ID,
    MOST_PROBLEMS,
    TABLE_DATASET,
    Formation,
    FormationOrigin,
    certification_of_code,
    formation_source,
    present,
    read_certification,
    read_niveau,
    read_type,
)
from bot.catalogue.ideo_table_reader import column_key, parse_domaines
from bot.catalogue.source_file import decode_text, failure, json_rows
from bot.catalogue.xml_records import Element, read_records
from bot.errors import CatalogueError, Problem

__all__ = [
    "is_formation_csv",
    "is_formation_json",
    "is_formation_table_xml",
    "parse_formation_csv",
    "parse_formation_json",
    "parse_formation_table_xml",
]

_ID, _LABEL = "id", "label"
_COLUMNS = {
    # « Idéo-formations initiales en France »
    "urletidonisep": _ID,
    "libelleformationprincipal": _LABEL,
    "sigleformation": "sigle",
    "libelletypeformation": "type",
    "sigletypeformation": "type_sigle",
    "duree": "duree",
    "niveaudesortieindicatif": "niveau_sortie",
    "libelleniveaudecertification": "certification",
    "niveaudecertification": "certification_code",
    "coderncp": "code_rncp",
    "codescolarite": "code_scolarite",
    "tutelle": "tutelle",
    "domainesousdomaine": "domaines",
    # The table that joins several of Onisep's
    "forid": _ID,
    "libelle": _LABEL,
    "type": "type",
    "sigle": "sigle",
    "niveausortie": "niveau_sortie",
    "niveaucertification": "certification_code",
    "domaines": "domaines",
    # The table relayed by another project in 2026
    "urlonisep": _ID,
    "nom": _LABEL,
    "typediplome": "type",
    "niveau": "niveau_sortie",
    "rncp": "code_rncp",
}
# One of them names a table of formations; jobs have `url_onisep` and `libelle` too.
_OWN_COLUMNS = frozenset(
    {"urletidonisep", "libelleformationprincipal", "forid", "typediplome", "libelletypeformation"}
)
_RELAYED_COLUMN = "typediplome"
_JOB_COLUMN = "libellemetier"

_DELIMITERS = ";,"
_LINK_ID = re.compile(rf"(?:^|[^A-Za-z0-9])({FORMATION_ID.pattern})/?\s*$")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_JSON_START = re.compile(rb"[\[{]\s*(?:[\[{\"\]}]|$)")
_JSON_KEY = re.compile(r'"([^"\\]{1,60})"\s*:')
_XML_ELEMENT = re.compile(r"<([^\s<>/!?]{1,60})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row: its cells by the names above, and its line in the file when it has one."""

    cells: Mapping[str, str]
    line: int | None = None
    relayed: bool = False


def is_formation_json(head: bytes) -> bool:
    """Say whether a file that starts so is a table of formations in JSON."""
    return _JSON_START.match(head) is not None and _has_own_column(_JSON_KEY.findall(_text(head)))


def is_formation_csv(head: bytes) -> bool:
    """Say whether a file that starts so is a table of formations in CSV, by its header."""
    header = _text(head).partition("\n")[0].replace('"', "")
    return not header.startswith(("[", "{", "<")) and any(
        _has_own_column(header.split(delimiter)) for delimiter in _DELIMITERS
    )


def is_formation_table_xml(head: bytes) -> bool:
    """Say whether a file that starts so is a table of formations in XML, `<root><item>`."""
    return head.startswith(b"<") and _has_own_column(_XML_ELEMENT.findall(_text(head)))


def _has_own_column(names: Iterable[str]) -> bool:
    keys = set(map(column_key, names))
    return not keys.isdisjoint(_OWN_COLUMNS) and _JOB_COLUMN not in keys


def _text(head: bytes) -> str:
    return head.decode("utf-8", errors="replace")


def parse_formation_json(stream: BinaryIO, path: Path) -> Iterator[Formation]:
    """Read the JSON form: a list of objects, or the API's `{"results": [...]}`.

    Raises:
        CatalogueError: not JSON, not such a list, no row, or rows without an identifier or
            a label (told once the other rows were given, `MOST_PROBLEMS` at most).
    """
    rows = json_rows(decode_text(stream.read(), path), path, malformed="formation_table_malformed")
    yield from _formations(map(_json_row, rows), path)


def parse_formation_csv(stream: BinaryIO, path: Path) -> Iterator[Formation]:
    """Read the CSV form: semicolons or commas, double quotes, perhaps a byte order mark.

    Raises:
        CatalogueError: not UTF-8, not CSV, no row, or rows without an identifier or a label
            (told once the other rows were given, `MOST_PROBLEMS` at most).
    """
    yield from _formations(_csv_rows(decode_text(stream.read(), path), path), path)


def parse_formation_table_xml(stream: BinaryIO, path: Path) -> Iterator[Formation]:
    """Read the XML form, `<root><item>…`, as a stream.

    Raises:
        CatalogueError: what `read_records` refuses, or rows without an identifier or a label
            (told once the other rows were given, `MOST_PROBLEMS` at most).
    """
    rows = map(_xml_row, read_records(stream, path, root="root", record="item"))
    yield from _formations(rows, path)


def _xml_row(item: Element) -> _Row:
    values = [(column_key(cell.tag), cell.value or "") for cell in item.children]
    return _Row(
        cells=_named((_COLUMNS.get(key), value) for key, value in values),
        line=item.line,
        relayed=any(key == _RELAYED_COLUMN for key, _ in values),
    )


def _csv_rows(text: str, path: Path) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        keys = list(map(column_key, next(reader, [])))
        columns = [_COLUMNS.get(key) for key in keys]
        for cells in reader:
            if any(cells):
                yield _Row(
                    cells=_named(zip(columns, cells, strict=False)),
                    line=reader.line_num,
                    relayed=_RELAYED_COLUMN in keys,
                )
    except csv.Error as exc:
        raise failure(path, "csv_malformed", line=reader.line_num, detail=str(exc)) from exc


def _delimiter(text: str) -> str:
    """Return the delimiter that gives the header the most columns known here."""
    header = text.partition("\n")[0].replace('"', "")

    def known(delimiter: str) -> int:
        return sum(column_key(name) in _COLUMNS for name in header.split(delimiter))

    return max(_DELIMITERS, key=known)


def _json_row(row: Any) -> _Row:
    if not isinstance(row, dict):
        return _Row(cells={})
    values = [(column_key(name), _json_text(value)) for name, value in row.items()]
    return _Row(
        cells=_named((_COLUMNS.get(key), value) for key, value in values),
        relayed=any(key == _RELAYED_COLUMN for key, _ in values),
    )


def _json_text(value: Any) -> str:
    """Write a JSON value as the other forms do; codes may be numbers."""
    if isinstance(value, str):
        # Half a character, which JSON can write and nothing can print, is no text.
        return "" if _HALF_CHARACTER.search(value) else value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return ""


# Cells are cleaned once, here: the first column of a name that has a value wins.
def _named(cells: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, value in cells:
        text = present(value) if name else None
        if name and text:
            named.setdefault(name, text)
    return named


def _formations(rows: Iterable[_Row], path: Path) -> Iterator[Formation]:
    """Yield the formations of the rows that have one, then tell of the others, or of many."""
    problems: list[Problem] = []
    number = 0
    for number, row in enumerate(rows, start=1):
        match = _LINK_ID.search(row.cells.get(_ID, ""))
        if match and _LABEL in row.cells:
            yield _formation(FormationId(match[1]), row, path)
        else:
            key = f"formation_table_{_LABEL if match else _ID}_missing"
            problems.append(Problem(path=path, key=key, line=row.line, detail=str(number)))
        if len(problems) == MOST_PROBLEMS:
            break
    if problems:
        raise CatalogueError(*problems)
    if not number:
        raise failure(path, "formation_table_empty")


def _formation(formation: FormationId, row: _Row, path: Path) -> Formation:
    get: Callable[[str], str | None] = row.cells.get
    type_label, type_sigle = read_type(get("type"), get("type_sigle"))
    return Formation(
        id=formation,
        label=row.cells[_LABEL],
        sigle=get("sigle"),
        type_label=type_label,
        type_sigle=type_sigle,
        duree=get("duree"),
        niveau_sortie=read_niveau(get("niveau_sortie")),
        niveau_certification=read_certification(get("certification"))
        or certification_of_code(get("certification_code")),
        code_rncp=get("code_rncp"),
        code_scolarite=get("code_scolarite"),
        tutelle=get("tutelle"),
        domaines=parse_domaines(get("domaines") or ""),
        origin=FormationOrigin.RELAYED_TABLE if row.relayed else FormationOrigin.TABLE,
        source=formation_source(formation, dataset=TABLE_DATASET),
        file=path.name,
    )
