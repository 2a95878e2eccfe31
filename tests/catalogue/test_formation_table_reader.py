"""The tables of formations in their forms, and what their rows may lack."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from bot.catalogue.fiche import Domaine
from bot.catalogue.formation import MOST_PROBLEMS, Formation, FormationOrigin
from bot.catalogue.formation_table_reader import (
    parse_formation_csv,
    parse_formation_json,
    parse_formation_table_xml,
)
from bot.errors import CatalogueError

PATH = Path("folder/table")
LINK = "https://www.onisep.fr/http/redirection/formation/slug/"

# The columns of the three forms of « Idéo-formations initiales en France », and two rows.
CSV_COLUMNS = (
    "code NSF", "code scolarité", "sigle type formation", "libellé type formation",
    "libellé formation principal", "sigle formation", "durée", "niveau de sortie indicatif",
    "code RNCP", "niveau de certification", "libellé niveau de certification", "tutelle",
    "URL et ID Onisep", "domaine/sous-domaine",
)  # fmt: skip
ROWS = (
    ("230", "32099999", "BTS", "brevet de technicien supérieur", 'BTS "marées" ; phares', "MA",
     "2 ans", "Bac + 2", "99999", "3", "niveau 5 (bac + 2)", "Ministère de la Lune",
     f"{LINK}FOR.900001", "mer, phares/marées| nuit/lune/croissants"),
    ("non renseigné", "", "", "formation d'école spécialisée", "veilleur", "non renseigné",
     "1 an", "non renseigné", "non renseigné", "0", "", "non renseigné", f"{LINK}FOR.900002/", ""),
)  # fmt: skip


def _key(column: str) -> str:
    plain = column.replace("é", "e").replace("/", "").replace("-", "_").replace(" ", "_")
    return plain.lower().replace("domainesous_domaine", "domainesous-domaine")


def csv_text() -> str:
    lines = [";".join(f'"{name}"' for name in CSV_COLUMNS)]
    lines += [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in ROWS]
    return "\ufeff" + "\n".join(lines) + "\n"


def json_text() -> str:
    rows = [dict(zip(map(_key, CSV_COLUMNS), row, strict=True)) for row in ROWS]
    return json.dumps([{**rows[0], "code_rncp": 99999, "niveau_de_certification": 3}, rows[1]])


def xml_text() -> str:
    items = [
        "".join(
            f"<{_key(name)}>{cell}</{_key(name)}>" if cell else f"<{_key(name)}/>"
            for name, cell in zip(CSV_COLUMNS, row, strict=True)
        )
        for row in ROWS
    ]
    return "<root>" + "".join(f"<item>{item}</item>" for item in items) + "</root>"


Parse = Callable[[BinaryIO, Path], Iterator[Formation]]


def read(parse: Parse, data: bytes | str) -> list[Formation]:
    return list(parse(io.BytesIO(data.encode() if isinstance(data, str) else data), PATH))


def problems(parse: Parse, data: bytes | str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(CatalogueError) as caught:
        read(parse, data)
    assert all(problem.path == PATH for problem in caught.value.problems)
    return [(problem.key, problem.line, problem.detail) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_formation_csv, csv_text()),
        (parse_formation_json, json_text()),
        (parse_formation_json, f'{{"total": 2, "results": {json_text()}}}'),
        (parse_formation_table_xml, xml_text()),
    ],
    ids=["csv", "json", "api", "xml"],
)
def test_the_flat_table(parse: Parse, text: str) -> None:
    marees, veilleur = read(parse, text)
    assert (marees.id, marees.label, marees.sigle) == ("FOR.900001", 'BTS "marées" ; phares', "MA")
    assert (marees.type_label, marees.type_sigle) == ("brevet de technicien supérieur (BTS)", "BTS")
    assert (marees.duree, marees.niveau_sortie) == ("2 ans", "bac + 2")
    assert marees.niveau_certification == "niveau 5"
    assert (marees.code_rncp, marees.code_scolarite) == ("99999", "32099999")
    assert marees.tutelle == "Ministère de la Lune"
    assert marees.domaines == (
        Domaine(domaine="mer, phares", sous_domaine="marées"),
        Domaine(domaine="nuit", sous_domaine="lune/croissants"),
    )
    assert (marees.origin, marees.file) == (FormationOrigin.TABLE, "table")
    assert marees.source.dataset == "Idéo-formations initiales en France"
    assert marees.source.url == f"{LINK}FOR.900001"
    assert (veilleur.id, veilleur.duree) == ("FOR.900002", "1 an")
    assert (
        veilleur.sigle is veilleur.niveau_sortie is veilleur.code_rncp is veilleur.tutelle is None
    )
    assert veilleur.niveau_certification == "non inscrit au RNCP"
    assert (veilleur.type_sigle, veilleur.domaines, veilleur.metiers) == (None, (), ())


def test_a_table_relayed_by_another_project() -> None:
    row = {
        "domaine": "cyber",
        "nom": "BTS marées (Brest)",
        "rncp": None,
        "url_onisep": f"{LINK}FOR.900001",
        "type_diplome": "brevet de technicien supérieur",
        "niveau": "bac+2",
        "niveau_certification": "3",
    }
    (formation,) = read(parse_formation_json, json.dumps([row]))
    assert formation.origin is FormationOrigin.RELAYED_TABLE
    assert (formation.label, formation.niveau_sortie) == ("BTS marées (Brest)", "bac + 2")
    assert formation.niveau_certification == "niveau 5"
    assert formation.domaines == ()  # « cyber » is no field of Onisep


def test_a_comma_or_a_semicolon_separates_the_cells() -> None:
    for delimiter in ",;":
        text = f"FOR_ID|Libellé|sigle\nFOR.1|a|{'b'}\n".replace("|", delimiter)
        (formation,) = read(parse_formation_csv, text)
        assert (formation.id, formation.label, formation.sigle) == ("FOR.1", "a", "b")


def test_every_bad_row_is_told_once_the_others_are_given() -> None:
    text = "for_id,libelle\nFOR.1,a\nMET.2,b\n,\nFOR.3,non renseigné\nxFOR.4,c\nFOR.5,d\n"
    formations = parse_formation_csv(io.BytesIO(text.encode()), PATH)
    given: list[Formation] = []
    with pytest.raises(CatalogueError) as caught:
        given.extend(formations)
    assert [formation.id for formation in given] == ["FOR.1", "FOR.5"]
    assert [(p.key, p.line, p.detail) for p in caught.value.problems] == [
        ("formation_table_id_missing", 3, "2"),
        ("formation_table_label_missing", 5, "3"),
        ("formation_table_id_missing", 6, "4"),
    ]


@pytest.mark.parametrize(
    ("parse", "data", "expected"),
    [
        (parse_formation_csv, b"for_id,libelle\n", [("formation_table_empty", None, "")]),
        (parse_formation_csv, b"", [("formation_table_empty", None, "")]),
        (parse_formation_csv, b"for_id\n\0", [("binary", None, "")]),
        (parse_formation_csv, b"for_id\n\n\xe9", [("not_utf8", 3, "0xE9")]),
        (parse_formation_csv, b"a;b\n1;2\n", [("formation_table_id_missing", 2, "1")]),
        (parse_formation_json, "[", [("json_malformed", 1, "Expecting value")]),
        (parse_formation_json, "[" * 100_000, [("json_too_deep", None, "")]),
        (parse_formation_json, '{"a": 1}', [("formation_table_malformed", None, "")]),
        (parse_formation_json, "[" + "9" * 5000 + "]", [("formation_table_malformed", None, "")]),
        (parse_formation_json, "[]", [("formation_table_empty", None, "")]),
        (parse_formation_json, "[1]", [("formation_table_id_missing", None, "1")]),
        (parse_formation_json, '[{"for_id": "FOR.1", "libelle": "\\ud800"}]', [("formation_table_label_missing", None, "1")]),
        (parse_formation_json, '[{"for_id": "FOR.1", "libelle": true}]', [("formation_table_label_missing", None, "1")]),
        (parse_formation_json, '[{"for_id": NaN, "libelle": "a"}]', [("formation_table_id_missing", None, "1")]),
        (parse_formation_table_xml, "<root>\n<item><nom>a</nom></item></root>", [("formation_table_id_missing", 2, "1")]),
    ],
)  # fmt: skip
def test_what_is_no_table(parse: Parse, data: bytes | str, expected: list[object]) -> None:
    assert problems(parse, data) == expected


def test_a_file_of_bad_rows_is_given_up() -> None:
    rows = "MET.1,a\n" * 100_000
    found = problems(parse_formation_csv, "for_id,libelle\n" + rows)
    assert len(found) == MOST_PROBLEMS


def test_a_cell_too_long_for_csv() -> None:
    ((key, line, _),) = problems(parse_formation_csv, "for_id,libelle\nFOR.1," + "x" * 200_000)
    assert (key, line) == ("csv_malformed", 2)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('<!DOCTYPE root [<!ENTITY a "b">]><root><item/></root>', "xml_doctype"),
        ("<root><item><nom>", "xml_malformed"),
        ("<formations><item/></formations>", "xml_root"),
    ],
)
def test_bad_xml(text: str, key: str) -> None:
    ((found, _, _),) = problems(parse_formation_table_xml, text)
    assert found == key


def test_the_real_table(onisep: Path) -> None:
    path = onisep / "formations.csv"
    with path.open("rb") as stream:
        formations = list(parse_formation_csv(stream, path))
    assert len({formation.id for formation in formations}) == len(formations) == 6095
    # The counts of `data/onisep/README.md`.
    assert sum(bool(formation.duree and formation.type_label) for formation in formations) == 6095
    assert sum(formation.niveau_sortie is not None for formation in formations) == 5986
    assert sum(formation.niveau_certification is not None for formation in formations) == 5776
    assert sum(formation.code_rncp is not None for formation in formations) == 3996
    assert sum(formation.code_scolarite is not None for formation in formations) == 3202
    assert sum(bool(formation.domaines) for formation in formations) == 5776
    levels = Counter(formation.niveau_sortie for formation in formations)
    assert len(levels) == 17  # one spelling each, and None
    assert levels["bac + 5"] == 1943 + 117


def test_the_real_relayed_table(onisep: Path) -> None:
    path = onisep / "sources" / "onisep_formations_extended.json"
    with path.open("rb") as stream:
        formations = list(parse_formation_json(stream, path))
    assert len({formation.id for formation in formations}) == len(formations) == 4775
    assert {formation.origin for formation in formations} == {FormationOrigin.RELAYED_TABLE}
    assert {formation.niveau_sortie for formation in formations} == {
        "bac + 2", "bac + 3", "bac + 5", "bac + 8", None,
    }  # fmt: skip
    assert all("renseigné" not in (formation.tutelle or "") for formation in formations)


def test_the_codes_of_certification_are_those_of_the_labels(onisep: Path) -> None:
    """The relayed table has codes, the other one labels, of the same formations."""
    with (onisep / "formations.csv").open("rb") as stream:
        table = {formation.id: formation for formation in parse_formation_csv(stream, PATH)}
    with (onisep / "sources" / "onisep_formations_extended.json").open("rb") as stream:
        pairs = [
            (formation.niveau_certification, table[formation.id].niveau_certification)
            for formation in parse_formation_json(stream, PATH)
        ]
    differing = [pair for pair in pairs if pair[1] and pair[0] != pair[1]]
    assert len(differing) == 13
    assert sum(label is not None for _, label in pairs) == 4456
