"""The reader of formations in Markdown: golden files, one test per trap, the real files."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.fiche import Block
from bot.catalogue.formation import Formation, FormationMetier, title_key, with_metier_ids
from bot.catalogue.formation_markdown_reader import parse_formation_markdown
from bot.catalogue.markdown_reader import read_markdown
from bot.errors import CatalogueError

CASES = Path(__file__).parent / "cases" / "formation_markdown"
INPUTS = sorted(CASES.glob("*.md"))
NAMED = Path("FOR.12_bts.md")
HEAD = "# BTS marées\n\n## Informations générales\n\n"


def as_json(formation: Formation) -> dict[str, Any]:
    """The formation as plain values, without the fields that the source has not."""
    return dict(_present(asdict(formation)))


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _present(v) for k, v in value.items() if v not in (None, (), False)}
    return [_present(item) for item in value] if isinstance(value, (list, tuple)) else value


def parse(text: str, path: Path = NAMED) -> Formation:
    (formation,) = parse_formation_markdown(io.BytesIO(text.encode()), path)
    return formation


def problems(data: bytes, path: Path = NAMED) -> list[tuple[str, int | None]]:
    with pytest.raises(CatalogueError) as caught:
        list(parse_formation_markdown(io.BytesIO(data), path))
    assert all(problem.path == path for problem in caught.value.problems)
    return [(problem.key, problem.line) for problem in caught.value.problems]


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_golden(path: Path, update_golden: bool) -> None:
    with path.open("rb") as stream:
        (formation,) = parse_formation_markdown(stream, path)
    expected = path.with_suffix(".expected.json")
    read = as_json(formation)
    if update_golden:
        expected.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert read == json.loads(expected.read_text("utf-8"))


def test_the_golden_folder_is_not_empty() -> None:
    assert len(INPUTS) == 3


def test_the_identifier_is_in_the_name_of_the_file() -> None:
    assert parse(HEAD).id == "FOR.12"
    assert parse(HEAD, Path("x.zip/output/FOR.12.md")).id == "FOR.12"


def test_a_line_is_surer_than_the_name_of_the_file() -> None:
    assert parse("# BTS\n**ID:** FOR.13\n").id == "FOR.13"
    assert parse(HEAD + "**ID:** FOR.13\n", Path("marées.md")).id == "FOR.13"


def test_an_absent_field_is_none_or_empty() -> None:
    formation = parse("# BTS marées\n**Sigle:** non renseigné\n**Tutelle:**\n")
    assert formation.sigle is formation.tutelle is formation.type_label is formation.link is None
    assert formation.description is formation.access is formation.further_studies is None
    assert formation.metiers == ()


def test_a_lone_dash_belongs_to_the_text_below() -> None:
    formation = parse(
        HEAD + "## Attendus\n   -  \n\n    Voir loin\n\n  -\n      Veiller\n\n Fin.\n"
    )
    assert formation.attendus is not None
    assert formation.attendus.paragraphs == ("- Voir loin\n- Veiller", "Fin.")


def test_an_inner_heading_named_like_a_section_stays_inside() -> None:
    formation = parse(HEAD + "## Description\n\n            ### Accès\n            Par la mer.\n")
    assert formation.access is None
    assert formation.description is not None
    assert formation.description.blocks == (
        Block(text="Accès", heading=True),
        Block(text="Par la mer."),
    )


def test_an_unknown_heading_does_not_make_jobs() -> None:
    formation = parse(HEAD + "## Métiers associés\n- veilleur\n## Adresses\n- Brest\n")
    assert formation.metiers == (FormationMetier(label="veilleur"),)
    assert formation.description is not None and formation.description.text == "Adresses\n\n- Brest"


def test_text_is_kept_as_written() -> None:
    odd = "L’œil\u00a0: « 5\u202f% »... 3 < 4 & d'ici **gras** là…  deux espaces"
    formation = parse(HEAD + f"## Description\n\n            {odd}   \n")
    assert formation.description is not None and formation.description.text == odd


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        (HEAD.encode(), Path("marées.md"), [("formation_id_missing", None)]),
        (HEAD.encode(), Path("FOR.1234567890.md"), [("formation_id_missing", None)]),
        (HEAD.encode(), Path("MET.12_x.md"), [("formation_id_missing", None)]),
        (b"## Description\nx\n", Path("x.md"), [("formation_title_missing", 1), ("formation_id_missing", None)]),
        (b"#\n", NAMED, [("formation_title_missing", 1)]),
        (b"# a\n**ID:** MET.1\n", NAMED, [("formation_id_malformed", 2)]),
        (b"# a\n**ID:** FOR.1\n**ID:** FOR.2\n", NAMED, [("id_repeated", 3)]),
        (b"# a\n\n<!-- b\n", NAMED, [("comment_open", 3)]),
        (b"# a\n\0", NAMED, [("binary", None)]),
        (b"# a\n\n\xe9", NAMED, [("not_utf8", 3)]),
        (b"", NAMED, [("formation_title_missing", 1)]),
    ],
)  # fmt: skip
def test_what_is_no_formation(
    data: bytes, path: Path, expected: list[tuple[str, int | None]]
) -> None:
    assert problems(data, path) == expected


def test_long_lines_are_read_at_once() -> None:
    dashes = "-\n" * 50_000
    spaces = " x" + " " * 500_000 + "(ID:"
    formation = parse(HEAD + dashes + "<!-->" * 50_000 + "-->\n## Métiers associés\n- " + spaces)
    assert len(formation.metiers) == 1


def real_formations(folder: Path) -> list[Formation]:
    found: list[Formation] = []
    for path in sorted(folder.glob("*.md")):
        with path.open("rb") as stream:
            found += parse_formation_markdown(stream, path)
    return found


def test_the_real_formations(onisep: Path) -> None:
    formations = real_formations(onisep / "formations-md")
    assert len({formation.id for formation in formations}) == len(formations) == 2342
    having = {
        name: sum(bool(getattr(formation, name)) for formation in formations)
        for name in (
            "sigle",
            "duree",
            "niveau_certification",
            "type_label",
            "code_scolarite",
            "link",
        )
        + ("description", "access", "attendus", "further_studies", "metiers")
    }
    # The counts of `data/onisep/README.md`, and those of the labels.
    assert having == {
        "sigle": 766, "duree": 2342, "niveau_certification": 2342, "type_label": 2342,
        "code_scolarite": 1724, "link": 2113, "description": 846, "access": 705, "attendus": 348,
        "further_studies": 485, "metiers": 2342,
    }  # fmt: skip
    assert sum(formation.code_rncp is not None for formation in formations) > 1400


def test_both_conversions_say_the_same(onisep: Path) -> None:
    others = real_formations(onisep / "formations-md-ragflow")
    assert len(others) == 12
    formations = {
        formation.id: formation for formation in real_formations(onisep / "formations-md")
    }
    assert [as_json(formations[other.id]) for other in others] == [as_json(o) for o in others]


def test_most_jobs_of_the_real_formations_are_found_by_title(onisep: Path) -> None:
    """893 of the 1,043 fiches are there; the titles not found are nearly all those of the others."""
    fiches = [read_markdown(path) for path in sorted((onisep / "fiches-md").glob("*.md"))]
    by_title = {title_key(fiche.name): fiche.id for fiche in fiches}
    assert len(by_title) == len(fiches) == 893
    formations = [
        with_metier_ids(formation, by_title)
        for formation in real_formations(onisep / "formations-md")
    ]
    metiers = [metier for formation in formations for metier in formation.metiers]
    found = sum(metier.id is not None for metier in metiers)
    assert len(metiers) == 6461
    assert 0.86 < found / len(metiers) < 0.88
