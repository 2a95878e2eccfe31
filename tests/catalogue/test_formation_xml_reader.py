"""The XML reader of formations: golden files, the Markdown of the same formations, bad files."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from bot.catalogue.fiche import Section
from bot.catalogue.formation import MOST_PROBLEMS, Formation
from bot.catalogue.formation_markdown_reader import parse_formation_markdown
from bot.catalogue.formation_xml_reader import parse_formation_xml
from bot.errors import CatalogueError
from tests.catalogue.test_formation_markdown_reader import as_json

CASES = Path(__file__).parent / "cases" / "formation_xml"
INPUTS = sorted(CASES.glob("*.xml"))
DATED = Path("Onisep_Ideo_Fiches_Formations_21102025.xml")
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
    assert len(INPUTS) == 1


def test_the_xml_and_the_markdown_of_a_formation_say_the_same(onisep: Path) -> None:
    """Every real Markdown fiche, written back in the structure of the XML, is the same formation."""
    paths = sorted((onisep / "formations-md").glob("FOR.*.md"))
    assert len(paths) > 2000
    markdown = [formation for path in paths for formation in _read_markdown(path)]
    formations = read(export(*map(written_as_xml, markdown)))
    assert len(formations) == len(markdown)
    for formation, expected in zip(formations, markdown, strict=True):
        for name in ("id", "label", "sigle", "duree", "niveau_certification", "code_scolarite"):
            assert getattr(formation, name) == getattr(expected, name)
        for name in ("description", "access", "attendus", "further_studies"):
            assert words(getattr(formation, name)) == words(getattr(expected, name))
        assert [m.label for m in formation.metiers] == [m.label for m in expected.metiers]


def _read_markdown(path: Path) -> list[Formation]:
    with path.open("rb") as stream:
        return list(parse_formation_markdown(stream, path))


def written_as_xml(formation: Formation) -> str:
    """Write what the structure of data-formats 3.6 says, by no code of the readers."""
    texts = {
        "descriptif_format_court": formation.description,
        "descriptif_acces": formation.access,
        "attendus": formation.attendus,
        "descriptif_poursuite_etudes": formation.further_studies,
    }
    facts = {
        "identifiant": formation.id,
        "libelle_complet": formation.label,
        "sigle": formation.sigle,
        "duree_formation": f'"{formation.duree}"' if formation.duree else None,
        "niveau_certification": formation.niveau_certification,
        "code_scolarite": formation.code_scolarite,
    }
    metiers = "".join(
        f"<metier><nom_metier>{escape(m.label)}</nom_metier></metier>" for m in formation.metiers
    )
    return (
        "".join(f"<{tag}>{escape(value or '')}</{tag}>" for tag, value in facts.items())
        + "".join(f"<{tag}><![CDATA[{_html(text)}]]></{tag}>" for tag, text in texts.items())
        + f"<metiers_formation>{metiers}</metiers_formation>"
    )


def _html(section: Section | None) -> str:
    written = []
    for block in section.blocks if section else ():
        if block.heading:
            written.append(f"<h3>{escape(block.text)}</h3>")
        elif block.text.startswith("- "):
            items = block.text.removeprefix("- ").split("\n- ")
            written.append(f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>")
        else:
            written.append(f"<p>{escape(block.text)}</p>")
    return "\n".join(written)


def words(section: Section | None) -> list[tuple[bool, list[str]]]:
    blocks = section.blocks if section else ()
    return [(block.heading, re.findall(r"\w+", block.text)) for block in blocks]


def test_the_name_of_an_export_dates_its_formations() -> None:
    assert [formation.source.date for formation in read(export(record(1)), DATED)] == ["2025-10-21"]
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
