"""Laws of the readers of formations: any bytes give formations or a CatalogueError only."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.formation import FORMATION_ID, Formation
from bot.catalogue.formation_markdown_reader import is_formation_markdown, parse_formation_markdown
from bot.catalogue.formation_merging import merge_formations
from bot.catalogue.formation_table_reader import (
    is_formation_csv,
    is_formation_json,
    is_formation_table_xml,
    parse_formation_csv,
    parse_formation_json,
    parse_formation_table_xml,
)
from bot.catalogue.formation_xml_reader import is_formation_xml, parse_formation_xml
from bot.errors import CatalogueError
from tests.catalogue.test_formation_table_reader import csv_text, json_text, xml_text
from tests.conftest import SHARED

CASES = Path(__file__).parent / "cases"
PATH = Path("FOR.7_source")
Parse = Callable[[BinaryIO, Path], Iterator[Formation]]
PARSERS: dict[str, Parse] = {
    "markdown": parse_formation_markdown,
    "csv": parse_formation_csv,
    "json": parse_formation_json,
    "table_xml": parse_formation_table_xml,
    "xml": parse_formation_xml,
}
RECOGNISERS = (
    is_formation_markdown, is_formation_csv, is_formation_json, is_formation_table_xml,
    is_formation_xml,
)  # fmt: skip
PIECES = (
    [b"# titre\n", b"**ID:** FOR.1\n", b"## Acc\xc3\xa8s\n", b"## M\xc3\xa9tiers associ\xc3\xa9s\n", b"-\n", b"- a\n"]
    + [b"for_id,libelle\n", b"FOR.1,a\n", b'"', b";", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"<!--", b"-->"]
    + [b"<formations>", b"<formation>", b"</formation>", b"</formations>", b"<![CDATA[", b"]]>", b"<!DOCTYPE a>"]
    + [b"<root>", b"<item>", b"</item>", b"</root>", b"&a;", b"&#0;", b"<p>", b"<identifiant>FOR.1</identifiant>"]
    + [b"[", b"]", b"{", b"}", b'"for_id":', b"1e999", b"\\ud800", b"**Type:** (", b")"]
)  # fmt: skip


@cache
def sample(kind: str) -> bytes:
    """A file of each kind: real when the real data are there, else one of the cases."""
    onisep = SHARED / "data" / "onisep"
    if kind == "markdown":
        real = sorted((onisep / "formations-md").glob("FOR.9722_*.md"))
        return (real or sorted((CASES / "formation_markdown").glob("*.md")))[0].read_bytes()
    if kind == "csv" and (table := onisep / "formations.csv").is_file():
        return table.read_bytes()[:8000]
    if kind == "json" and (table := onisep / "sources/onisep_formations_extended.json").is_file():
        return table.read_bytes()[:8000].rpartition(b",\n  {")[0] + b"]"
    if kind == "xml":
        return (CASES / "formation_xml" / "variants.xml").read_bytes()
    return {"csv": csv_text(), "json": json_text(), "table_xml": xml_text()}[kind].encode()


def read(parse: Parse, data: bytes) -> list[Formation]:
    given: list[Formation] = []
    try:
        given.extend(parse(io.BytesIO(data), PATH))
    except CatalogueError as error:
        assert all(problem.path == PATH and problem.key for problem in error.problems)
    else:
        assert given
    return given


def assert_sound(formations: list[Formation]) -> None:
    for formation in formations:
        assert FORMATION_ID.fullmatch(formation.id)
        assert formation.label.strip() == formation.label != ""
        for text in (formation.sigle, formation.type_label, formation.duree, formation.link):
            assert text is None or text.strip() == text != ""
        sections = (formation.description, formation.access, formation.attendus)
        assert all(section is None or section.text.strip() for section in sections)
        assert all(metier.label for metier in formation.metiers)
    merged, _ = merge_formations(formations)
    assert len(merged) == len({formation.id for formation in formations})
    assert merge_formations(merged) == (merged, ())


@pytest.mark.parametrize("kind", PARSERS)
def test_the_samples_are_read(kind: str) -> None:
    formations = read(PARSERS[kind], sample(kind))
    assert formations
    assert_sound(formations)


@pytest.mark.parametrize("kind", PARSERS)
@given(data=st.data())
def test_a_damaged_file_gives_formations_or_an_error(kind: str, data: st.DataObject) -> None:
    whole = sample(kind)
    places = st.integers(min_value=0, max_value=len(whole))
    start, end = sorted((data.draw(places), data.draw(places)))
    inserted = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(PIECES)))
    moved = whole[start:end] if data.draw(st.booleans()) else b""
    assert_sound(read(PARSERS[kind], whole[:start] + inserted + whole[end:] + moved))


@pytest.mark.parametrize("kind", PARSERS)
@given(data=st.one_of(st.binary(), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_any_bytes_give_formations_or_an_error(kind: str, data: bytes) -> None:
    assert_sound(read(PARSERS[kind], data))


@given(st.one_of(st.binary(), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_any_bytes_are_of_one_kind_at_most(head: bytes) -> None:
    recognised = [matches(head.lstrip()) for matches in RECOGNISERS]
    # A text with a heading of a formation may start as a table does.
    assert sum(recognised[1:]) <= 1
