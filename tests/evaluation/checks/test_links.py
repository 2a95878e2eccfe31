"""Identifiers of jobs, and what the catalogue has not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalogue.loading import load_catalogue
from bot.evaluation.checks.finding import Finding
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.evaluation.checks.links import check_ids, check_links
from bot.rasa_yaml import read_entries
from tests.conftest import SEEDS
from tests.evaluation.checks.folder import append, found, line_of, written

CATALOGUE = load_catalogue([SEEDS])
FICHE = next(iter(CATALOGUE))


def links(folder: IntentsFolder) -> Iterator[Finding]:
    return check_links(folder, CATALOGUE)


@pytest.fixture(autouse=True)
def known(intents: Path) -> None:
    """Leave in the tables of the copy what the catalogue of `seeds/` has: it has no fields."""
    (intents / "synonyms" / "domaines.yml").unlink()
    labels = {
        "metiers": [FICHE.id],
        "statuts": FICHE.statuts[:1],
        "centres_interet": FICHE.centres_interet[:1],
        "formations": list(CATALOGUE.formation_labels.values())[:1],
    }
    for table, names in labels.items():
        groups = "".join(f'- synonym: "{name}"\n  examples: |\n    - a\n' for name in names)
        path = written(intents, f"synonyms/{table}.yml", f"nlu:\n{groups}")
        assert len(read_entries(path)) == len(names)


@pytest.mark.parametrize("metier", ["MET7984", "met.7984", "FOR.12", "chargé"])
def test_an_identifier_in_the_wrong_form(intents: Path, metier: str) -> None:
    path = append(
        intents, "synonyms/metiers.yml", f"- synonym: {metier}\n  examples: |\n    - xyz\n"
    )
    line = line_of(path, f"- synonym: {metier}")
    assert found(check_ids, intents) == [("metier_id", "metiers.yml", line, True)]


def test_a_catalogue_that_has_it_all(intents: Path) -> None:
    assert found(check_ids, intents) == found(links, intents) == []


@pytest.mark.parametrize("table", ["statuts", "centres_interet"])
def test_a_label_that_no_fiche_has(intents: Path, table: str) -> None:
    path = append(intents, f"synonyms/{table}.yml", "- synonym: zzyzx\n  examples: |\n    - a\n")
    line = line_of(path, "- synonym: zzyzx")
    assert found(links, intents) == [("link_absent", path.name, line, False)]


def test_a_job_among_many_that_is_not_in_the_catalogue(intents: Path) -> None:
    fiches = [*list(CATALOGUE)[:20]]
    groups = [f"- synonym: {fiche.id}\n  examples: |\n    - a\n" for fiche in fiches]
    absent = "- synonym: MET.999999\n  examples: |\n    - b\n"
    path = written(intents, "synonyms/metiers.yml", "nlu:\n" + absent + "".join(groups))
    assert found(links, intents) == [("link_absent", path.name, 2, False)]


def test_a_small_catalogue_is_told_once(intents: Path) -> None:
    groups = [f"- synonym: MET.99999{n}\n  examples: |\n    - b\n" for n in range(4)]
    append(intents, "synonyms/metiers.yml", "".join(groups))
    append(intents, "synonyms/statuts.yml", "- synonym: zzyzx\n  examples: |\n    - a\n")
    assert found(links, intents) == [("links_absent", "metiers.yml", 2, False)]


def test_diplomas_are_counted(intents: Path) -> None:
    groups = [f"- synonym: BTS dragons {n}\n  examples: |\n    - a\n" for n in range(2)]
    path = append(intents, "synonyms/formations.yml", "".join(groups))
    line = line_of(path, "- synonym: BTS dragons 0")
    assert found(links, intents) == [("diplomas_absent", "formations.yml", line, False)]


def test_a_diploma_without_a_name_of_its_own(intents: Path) -> None:
    append(
        intents,
        "synonyms/formations.yml",
        "- synonym: BTS son  # generic\n  examples: |\n    - bts son\n",
    )
    assert found(links, intents) == []
