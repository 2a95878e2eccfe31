"""Each form of formations is recognised by its content, and no other file is taken for one."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalogue.formation_markdown_reader import is_formation_markdown
from bot.catalogue.formation_table_reader import (
    is_formation_csv,
    is_formation_json,
    is_formation_table_xml,
)
from bot.catalogue.formation_xml_reader import is_formation_xml
from tests.catalogue.test_formation_table_reader import csv_text, json_text, xml_text
from tests.conftest import SEEDS

CASES = Path(__file__).parent / "cases"
KINDS: dict[str, Callable[[bytes], bool]] = {
    "markdown": is_formation_markdown,
    "json": is_formation_json,
    "csv": is_formation_csv,
    "table_xml": is_formation_table_xml,
    "xml": is_formation_xml,
}
HEAD_BYTES = 1 << 16


def kinds(data: bytes) -> list[str]:
    """The kinds that recognise a file by its head, given as they will be given it."""
    head = data[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    return [name for name, matches in KINDS.items() if matches(head)]


def in_folder(folder: Path, pattern: str) -> set[str]:
    """The kinds of the files of a folder, « none » for those of no kind."""
    files = sorted(folder.glob(pattern))
    assert files
    return {kind for path in files for kind in kinds(path.read_bytes()) or ["none"]}


@pytest.mark.parametrize(
    ("text", "kind"), [(csv_text(), "csv"), (json_text(), "json"), (xml_text(), "table_xml")]
)
def test_the_flat_table(text: str, kind: str) -> None:
    assert kinds(text.encode()) == [kind]


def test_the_answer_of_the_api() -> None:
    assert kinds(f'{{"total": 2, "results": {json_text()}}}'.encode()) == ["json"]
    assert kinds(b'{"for_id":"","libelle":""}') == ["json"]


def test_the_cases() -> None:
    assert in_folder(CASES / "formation_markdown", "*.md") == {"markdown"}
    assert in_folder(CASES / "formation_xml", "*.xml") == {"xml"}
    assert in_folder(CASES / "markdown", "*.[mt]*") == {"none"}
    assert in_folder(SEEDS, "*.txt") == {"none"}


def test_the_real_formations(onisep: Path) -> None:
    assert in_folder(onisep / "formations-md", "*.md") == {"markdown"}
    assert in_folder(onisep / "formations-md-ragflow", "*.md") == {"markdown"}
    assert kinds((onisep / "formations.csv").read_bytes()) == ["csv"]
    relayed = onisep / "sources" / "onisep_formations_extended.json"
    assert kinds(relayed.read_bytes()) == ["json"]


def test_other_real_data_are_not_taken_for_formations(onisep: Path) -> None:
    assert in_folder(onisep / "fiches-md", "*.md") == {"none"}
    assert in_folder(onisep / "fiches-md-ragflow", "*.md") == {"none"}
    assert in_folder(onisep, "*.json*") == {"none"}
    assert in_folder(onisep, "*.xml") == {"none"}
    assert in_folder(onisep.parent / "rome", "*.csv") == {"none"}
    codes = onisep / "sources" / "table_de_passage_codes_certifications_et_formations.xml.gz"
    assert kinds(codes.read_bytes()) == kinds(gzip.decompress(codes.read_bytes())) == []


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"# a\n\n  ##  M\xc3\xa9tiers associ\xc3\xa9s :\n", "markdown"),
        ("# a\n## Me\u0301tiers associe\u0301s\n".encode(), "markdown"),
        (b"# a\n**ID:** MET.1\n## M\xc3\xa9tiers associ\xc3\xa9s\n", None),
        (b"# a\n### M\xc3\xa9tiers associ\xc3\xa9s\n", None),
        (b"# a\n## Description\n## Acc\xc3\xa8s\n", None),
        (b"<formations/>", "xml"),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE formations [<!ENTITY a "b">]>\n<formations>', "xml"),
        (b"<metiers><metier><formations>", None),
        (b"<formations_min_requise>", None),
        (b"<!--" * 20_000, None),
        (b"<!-- --><!-- " * 5_000, None),
        (b"<root><item><libelle_metier>a</libelle_metier><libelle_formation_principal>", None),
        (b"<!DOCTYPE root><root><item><URL_et_ID_Onisep>", "table_xml"),
        (b'[{"libelle_metier": "a", "url_et_id_onisep": "b"}]', None),
        (b'{"results": [{"libell\xc3\xa9 formation principal": "a"}', "json"),
        (b'{"libelle": "a", "url_onisep": "b"}', None),
        (b"libelle_metier;url_et_id_onisep\n", None),
        (b'"FOR ID","a"\r\n', "csv"),
        (b"un texte qui cite for_id\n", None),
        (b"", None),
        (b"\0\0", None),
        (b"\xff\xfe<\0", None),
    ],
)  # fmt: skip
def test_heads(head: bytes, kind: str | None) -> None:
    assert kinds(head) == ([kind] if kind else [])
