"""What a catalogue is said to hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.contents import Contents
from bot.catalogue.fiche import (
    Appellation,
    Block,
    Domaine,
    Fiche,
    FormationId,
    FormationLink,
    MetierId,
    Section,
    Source,
)
from bot.catalogue.formation import Formation, FormationOrigin, formation_source
from bot.catalogue.loading import load_catalogue
from bot.catalogue.statistics import FICHE_FIELDS, Coverage, Extent, Statistics, statistics_of

TEXT = Section(blocks=(Block(text="Un texte."),))
NAMED = Fiche(
    id=MetierId("MET.1"),
    title=Appellation(name="cartographe"),
    source=Source(url="https://exemple.fr", dataset="Tableau", licence="ODbL"),
)
SHORT = replace(NAMED, id=MetierId("MET.2"), presentation=TEXT, niveau_min="bac + 2")
LONG = replace(
    SHORT,
    id=MetierId("MET.3"),
    nature=TEXT,
    source=replace(NAMED.source, dataset="Fiches", date="2026-02-10"),
)


def counted(*fiches: Fiche, formations: tuple[Formation, ...] = ()) -> Statistics:
    return statistics_of(Catalogue.of(Contents(fiches=fiches, formations=formations)))


def coverage(found: Statistics, name: str) -> Coverage:
    return next(field for field in found.fields if field.field == name)


def test_an_empty_catalogue() -> None:
    found = counted()
    assert (found.fiches, found.told, found.niveaux) == (0, 0, ())
    assert {field.field: field.filled for field in found.fields} == dict.fromkeys(FICHE_FIELDS, 0)


def test_how_much_is_told() -> None:
    found = counted(NAMED, SHORT, LONG)
    assert found.extents == {Extent.LONG: 1, Extent.SHORT: 1, Extent.NAME_ONLY: 1}
    assert (found.fiches, found.told) == (3, 2)
    assert found.cited == ((("Tableau", "ODbL", None), 2), (("Fiches", "ODbL", "2026-02-10"), 1))


def test_what_is_missing_is_what_was_to_be_expected() -> None:
    found = counted(NAMED, SHORT, LONG)
    assert coverage(found, "presentation") == Coverage(
        field="presentation", filled=2, missing=0, expected=2
    )
    assert coverage(found, "statuts") == Coverage(field="statuts", filled=0, missing=2, expected=2)
    assert coverage(found, "salary") == Coverage(field="salary", filled=0, missing=1, expected=1)


def test_a_label_counts_once_in_a_fiche() -> None:
    domaines = (
        Domaine(domaine="santé", sous_domaine="paramédical"),
        Domaine(domaine="santé", sous_domaine="social"),
        Domaine(domaine="sciences"),
    )
    found = counted(
        replace(SHORT, domaines=domaines[2:]),
        replace(LONG, domaines=domaines),
    )
    assert found.domaines == (("sciences", 2), ("santé", 1))
    assert found.niveaux == (("bac + 2", 2),)


def test_formations_described_and_recommended() -> None:
    described = Formation(
        id=FormationId("FOR.1"),
        label="BTS",
        origin=FormationOrigin.TABLE,
        source=formation_source("FOR.1", dataset="Formations"),
    )
    links = (
        FormationLink(label="BTS", id=FormationId("FOR.1")),
        FormationLink(label="BUT", id=FormationId("FOR.2")),
        FormationLink(label="école"),
    )
    other = replace(described, id=FormationId("FOR.3"))
    found = counted(replace(SHORT, formations=links), formations=(described, other)).formations
    assert (found.described, found.leading, found.recommended, found.undescribed) == (2, 2, 2, 1)


@pytest.mark.parametrize("tables", [(), ("metiers.json", "formations.csv")])
def test_the_real_catalogue(onisep: Path, tables: tuple[str, ...]) -> None:
    """The 893 fiches: 723 long ones, as the README of the data counts them."""
    paths = [onisep / "fiches-md", *(onisep / name for name in tables)]
    found = statistics_of(load_catalogue(paths))
    assert (found.extents[Extent.LONG], found.extents[Extent.SHORT]) == (723, 170)
    assert coverage(found, "niveau_min").missing == 0
    assert sum(count for _, count in found.niveaux) == 893
    assert sum(source.records for source in found.sources) > 890
    assert (found.formations.undescribed < 100) == bool(tables)
