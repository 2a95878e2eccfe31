"""Merging formations: which source each field is taken from, and what is told as a conflict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from bot.catalogue.conflict import Conflict
from bot.catalogue.fiche import Block, Domaine, FormationId, MetierId, Section
from bot.catalogue.formation import (
    FICHES_DATASET,
    TABLE_DATASET,
    Formation,
    FormationMetier,
    FormationOrigin,
    formation_source,
)
from bot.catalogue.formation_markdown_reader import parse_formation_markdown
from bot.catalogue.formation_merging import merge_formations
from bot.catalogue.formation_table_reader import parse_formation_csv, parse_formation_json

TABLE, XML = FormationOrigin.TABLE, FormationOrigin.FICHE_XML
MARKDOWN, RELAYED = FormationOrigin.FICHE_MARKDOWN, FormationOrigin.RELAYED_TABLE


def formation(origin: FormationOrigin, *, number: int = 1, **values: Any) -> Formation:
    dataset = FICHES_DATASET if origin in (XML, MARKDOWN) else TABLE_DATASET
    return Formation(
        id=FormationId(f"FOR.{number}"),
        origin=origin,
        source=formation_source(f"FOR.{number}", dataset=dataset),
        **{"label": "BTS marées", "file": str(origin), **values},
    )


def given(name: str, value: object) -> dict[str, Any]:
    return {name: value}


def section(text: str) -> Section:
    return Section(blocks=(Block(text=text),))


def merge_one(*records: Formation) -> tuple[Formation, tuple[Conflict, ...]]:
    (merged,), conflicts = merge_formations(records)
    return merged, conflicts


FACTS = ("sigle", "type_label", "duree", "niveau_sortie", "code_rncp", "tutelle")


@pytest.mark.parametrize("name", FACTS)
def test_facts_come_from_the_table_then_the_fiches_then_the_relayed_table(name: str) -> None:
    order = [TABLE, XML, MARKDOWN, RELAYED]
    while order:
        for records in permutations(formation(o, **given(name, f"valeur {o}")) for o in order):
            merged, conflicts = merge_one(*records)
            assert getattr(merged, name) == f"valeur {order[0]}"
            assert [c.other for c in conflicts] == [f"valeur {o}" for o in order[1:]]
        order.pop(0)


@pytest.mark.parametrize("name", ["description", "access", "attendus", "further_studies"])
def test_texts_come_from_the_xml_then_the_markdown(name: str) -> None:
    xml, markdown = (formation(o, **given(name, section(f"texte {o}"))) for o in (XML, MARKDOWN))
    for records in permutations((xml, markdown, formation(TABLE))):
        merged, (conflict,) = merge_one(*records)
        assert getattr(merged, name) == section("texte fiche_xml")
        assert (conflict.field, conflict.other) == (name, "texte fiche_markdown")


def test_each_source_completes_the_others() -> None:
    metiers = (FormationMetier(label="veilleur", id=MetierId("MET.1")),)
    domaines = (Domaine(domaine="mer", sous_domaine="marées"),)
    merged, conflicts = merge_one(
        formation(
            TABLE, niveau_sortie="bac + 2", domaines=domaines, type_label="BTS", type_sigle="BTS"
        ),
        formation(MARKDOWN, description=section("a"), metiers=(FormationMetier(label="gardien"),)),
        formation(XML, metiers=metiers, sous_domaines=("marées",), link="https://exemple.fr"),
        formation(RELAYED, code_rncp="12"),
    )
    assert conflicts == ()
    assert (merged.niveau_sortie, merged.code_rncp, merged.type_sigle) == ("bac + 2", "12", "BTS")
    assert (merged.metiers, merged.domaines, merged.sous_domaines) == (
        metiers,
        domaines,
        ("marées",),
    )
    assert (merged.description, merged.link) == (section("a"), "https://exemple.fr")
    assert (merged.source.dataset, merged.file) == (FICHES_DATASET, "fiche_xml")


def test_a_conflict_says_what_is_kept_and_where_from() -> None:
    _, conflicts = merge_one(
        formation(MARKDOWN, duree="3 ans", file="FOR.1_bts.md"),
        formation(TABLE, duree="2 ans", file="formations.csv"),
        formation(XML, duree="3  ANS"),
    )
    assert conflicts == (
        Conflict(
            id="FOR.1",
            field="duree",
            kept="2 ans",
            other="3 ANS",
            kept_file="formations.csv",
            other_file="fiche_xml",
        ),
    )


def test_a_long_text_is_shown_by_its_start() -> None:
    _, (conflict,) = merge_one(
        formation(XML, access=section("a " * 100)), formation(MARKDOWN, access=section("b"))
    )
    assert (len(conflict.kept), conflict.kept[-1], conflict.other) == (80, "…", "b")


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("label", "BTS l'eau", "bts  l’eau"),
        ("type_label", "licence professionnelle", "licence pro"),
        ("type_label", "brevet de technicien supérieur (BTS)", "brevet de technicien supérieur"),
        ("type_label", "certificat d'aptitude professionnelle (CAP)", "CAP"),
        ("type_label", "certificat de spécialisation (ex MC) (CS (ex MC))", "certificat de spécialisation"),
        ("access", section("- Un\n- deux."), section("Un deux")),
    ],
)  # fmt: skip
def test_what_is_written_in_two_ways_is_no_conflict(name: str, one: object, other: object) -> None:
    _, conflicts = merge_one(
        formation(TABLE, **given(name, one)), formation(XML, **given(name, other))
    )
    assert conflicts == ()


def test_the_same_sigle_is_the_same_type() -> None:
    one = formation(
        TABLE, type_label="certificat de spécialité (agriculture) (CS)", type_sigle="CS"
    )
    other = formation(MARKDOWN, type_label="certificat de spécialisation (CS)", type_sigle="CS")
    assert merge_one(one, other)[1] == ()


def test_the_first_of_two_sources_of_one_form_wins() -> None:
    merged, (conflict,) = merge_one(
        formation(TABLE, duree="2 ans", file="a"), formation(TABLE, duree="3 ans", file="b")
    )
    assert (merged.duree, conflict.other_file) == ("2 ans", "b")


def test_formations_come_in_the_order_of_first_appearance() -> None:
    records = [formation(MARKDOWN, number=n) for n in (3, 1)] + [
        formation(TABLE, number=n) for n in (2, 1, 3)
    ]
    merged, conflicts = merge_formations(iter(records))
    assert ([f.id for f in merged], conflicts) == (["FOR.3", "FOR.1", "FOR.2"], ())
    assert merge_formations([]) == ((), ())


def test_what_was_merged_wins_as_a_whole_and_merging_again_changes_nothing() -> None:
    merged, _ = merge_formations(
        [formation(MARKDOWN, duree="3 ans", access=section("a")), formation(TABLE, duree="2 ans")]
    )
    assert merge_formations(merged) == (merged, ())
    later = formation(XML, access=section("b"), duree="1 an", sigle="MA")
    (again,), conflicts = merge_formations([later, *merged])
    assert (again.duree, again.access, again.sigle) == ("2 ans", section("a"), "MA")
    assert [c.field for c in conflicts] == ["duree", "access"]


def _read(
    parse: Callable[[BinaryIO, Path], Iterator[Formation]], *paths: Path
) -> Iterator[Formation]:
    for path in paths:
        with path.open("rb") as stream:
            yield from parse(stream, path)


def test_the_real_sources(onisep: Path) -> None:
    """The fiches and the table agree; the relayed table, later, changes some names and codes."""
    markdown = list(
        _read(parse_formation_markdown, *sorted((onisep / "formations-md").glob("*.md")))
    )
    table = list(_read(parse_formation_csv, onisep / "formations.csv"))
    relayed = list(
        _read(parse_formation_json, onisep / "sources" / "onisep_formations_extended.json")
    )
    formations, conflicts = merge_formations([*markdown, *table])
    assert len(formations) == 6095
    assert [(c.field, c.other_file[:4]) for c in conflicts] == [("code_rncp", "FOR.")] * 2
    assert sum(bool(f.metiers and f.domaines and f.niveau_sortie) for f in formations) > 2300

    formations, conflicts = merge_formations([*markdown, *table, *relayed])
    assert len(formations) == 6095
    counts = Counter(conflict.field for conflict in conflicts)
    assert counts["duree"] == 15 and counts["niveau_sortie"] == 1 and counts["label"] == 118
    assert {c.other_file for c in conflicts if c.field != "code_rncp"} == {
        "onisep_formations_extended.json"
    }
