"""The XML reader of formations: golden files, the Markdown of the same formations, bad files."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from bot.catalogue.fiche import Section
from bot.catalogue.formation import MOST_PROBLEMS, Formation
from bot.catalogue.formation_markdown_reader import parse_formation_markdown
from bot.catalogue.formation_xml_reader import parse_formation_xml
from bot.errors import CatalogueError
from tests.catalogue.test_formation_markdown_reader import as_json

CASES = Path(__file__).parent / "cases" / "formation_xml"
INPUTS = sorted(CASES.glob("*.xml"))
REAL = CASES / "Onisep_Ideo_Fiches_Formations_21102025.xml"
PATH = Path("formations.xml")


def read(data: bytes | str, path: Path = PATH) -> list[Formation]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(parse_formation_xml(stream, path))


def export(*records: str) -> str:
    return (
        "<formations>" + "\n".join(f"<formation>{r}</formation>" for r in records) + "</formations>"
    )


def record(number: int, *elements: str) -> str:
    head = f"<identifiant>FOR.{number}</identifiant><libelle_complet>a</libelle_complet>"
    return head + "".join(elements)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_golden(path: Path, update_golden: bool) -> None:
    expected = path.with_suffix(".expected.json")
    formations = [as_json(formation) for formation in read(path.read_bytes(), path)]
    if update_golden:
        expected.write_text(json.dumps(formations, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert formations == json.loads(expected.read_text("utf-8"))


def test_the_golden_folder_is_not_empty() -> None:
    assert len(INPUTS) == 2


def test_the_xml_and_the_markdown_of_a_formation_say_the_same(onisep: Path) -> None:
    formations = read(REAL.read_bytes(), REAL)
    assert len(formations) == 3
    for formation in formations:
        (path,) = (onisep / "formations-md").glob(f"{formation.id}_*.md")
        with path.open("rb") as stream:
            (markdown,) = parse_formation_markdown(stream, path)
        for name in ("label", "sigle", "type_label", "duree", "niveau_certification", "code_rncp"):
            assert getattr(formation, name) == getattr(markdown, name)
        for name in ("description", "access", "attendus", "further_studies"):
            assert words(getattr(formation, name)) == words(getattr(markdown, name))
        assert [m.label for m in formation.metiers] == [m.label for m in markdown.metiers]


def words(section: Section | None) -> list[tuple[bool, list[str]]]:
    blocks = section.blocks if section else ()
    return [(block.heading, re.findall(r"\w+", block.text)) for block in blocks]


def test_the_name_of_an_export_dates_its_formations() -> None:
    assert {formation.source.date for formation in read(REAL.read_bytes(), REAL)} == {"2025-10-21"}
    bad = Path("Onisep_Ideo_Fiches_Formations_99992025.xml")
    assert [formation.source.date for formation in read(export(record(1)), bad)] == [None]


def test_a_job_inside_a_formation_is_no_formation() -> None:
    nested = (
        "<metiers_formation><metier><identifiant>MET.1</identifiant></metier></metiers_formation>"
    )
    assert [formation.id for formation in read(export(record(1, nested)))] == ["FOR.1"]


def test_every_bad_record_is_told_once_the_others_are_given() -> None:
    text = export(
        record(1),
        "<identifiant>FOR.2</identifiant>",
        "<libelle_complet>b</libelle_complet><identifiant/>",
        "<libelle_complet>c</libelle_complet><identifiant>MET.3</identifiant>",
        record(4, "<attendus>Un <p>texte</p> perdu</attendus>"),
        record(5),
    )
    formations = parse_formation_xml(io.BytesIO(text.encode()), PATH)
    given: list[Formation] = []
    with pytest.raises(CatalogueError) as caught:
        given.extend(formations)
    assert [formation.id for formation in given] == ["FOR.1", "FOR.5"]
    assert [(p.key, p.line, p.field, p.detail) for p in caught.value.problems] == [
        ("xml_field_missing", 2, "libelle_complet", ""),
        ("xml_field_missing", 3, "identifiant", ""),
        ("formation_id_malformed", 4, "identifiant", "MET.3"),
        ("xml_element_unknown", 5, "p", "texte"),
    ]


def test_a_file_of_bad_records_is_given_up() -> None:
    with pytest.raises(CatalogueError) as caught:
        read(export(*["<identifiant>FOR.1</identifiant>"] * 10_000))
    assert len(caught.value.problems) == MOST_PROBLEMS


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ('<!DOCTYPE formations [<!ENTITY a "b">]>' + export(record(1)), "xml_doctype"),
        ('<!DOCTYPE formations SYSTEM "file:///etc/passwd">' + export(record(1)), "xml_doctype"),
        (export(record(1))[:-5], "xml_malformed"),
        ("<metiers><metier/></metiers>", "xml_root"),
        ("<formations></formations>", "xml_no_record"),
        (export(record(1)).encode() + b"\0", "xml_malformed"),
        (b"<formations><formation>\xe9</formation></formations>", "xml_byte"),
        (export(record(1, "<attendus>" + "x" * 3_000_000 + "</attendus>")), "xml_too_large"),
        ("", "xml_malformed"),
        (b"\x89PNG\r\n\x1a\n", "xml_byte"),
    ],
    ids=[
        "entity",
        "system",
        "truncated",
        "jobs",
        "empty",
        "nul",
        "not_utf8",
        "huge",
        "nothing",
        "png",
    ],
)
def test_bad_xml(data: bytes | str, key: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(data)
    assert [problem.key for problem in caught.value.problems] == [key]
