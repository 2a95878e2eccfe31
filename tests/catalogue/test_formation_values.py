"""The facts of a formation: one spelling for what the sources write in several ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.fiche import FormationId, MetierId
from bot.catalogue.formation import (
    FICHES_DATASET,
    Formation,
    FormationMetier,
    FormationOrigin,
    certification_of_code,
    formation_source,
    present,
    read_certification,
    read_niveau,
    read_type,
    rncp_of_link,
    title_key,
    with_metier_ids,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("bac+5", "bac + 5"),
        ("Bac + 5", "bac + 5"),
        ("bac\u00a0+ 5", "bac + 5"),
        ("bac + 9 et plus", "bac + 9 et plus"),
        ("Bac ou équivalent", "bac ou équivalent"),
        ("CAP ou équivalent + 1 an", "CAP ou équivalent + 1 an"),
        ("3E", "3E"),
        ("baccalauréat + 2", "baccalauréat + 2"),
        (" non renseigné ", None),
        ("Non  renseignée", None),
        ("null", None),
        ("", None),
        (None, None),
    ],
)
def test_levels(written: str | None, read: str | None) -> None:
    assert read_niveau(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("niveau 7 (bac + 5)", "niveau 7"),
        ("Niveau 3", "niveau 3"),
        ("non inscrit au RNCP", "non inscrit au RNCP"),
        ("niveau inconnu", "niveau inconnu"),
        ("non renseigné", None),
    ],
)
def test_levels_of_certification(written: str, read: str | None) -> None:
    assert read_certification(written) == read
    assert certification_of_code(written) == read


@pytest.mark.parametrize(
    ("code", "read"),
    [("0", "non inscrit au RNCP"), ("1", "niveau 7"), ("5", "niveau 3"), ("9", "9"), ("", None)],
)
def test_codes_of_certification(code: str, read: str | None) -> None:
    assert certification_of_code(code) == read


@pytest.mark.parametrize(
    ("label", "sigle", "read"),
    [
        ("brevet de technicien supérieur (BTS)", None, ("brevet de technicien supérieur (BTS)", "BTS")),
        ("brevet de technicien supérieur", "BTS", ("brevet de technicien supérieur (BTS)", "BTS")),
        ("brevet de technicien supérieur (BTS)", "BTS", ("brevet de technicien supérieur (BTS)", "BTS")),
        ("certificat de spécialisation (ex MC) (CS (ex MC))", None, ("certificat de spécialisation (ex MC) (CS (ex MC))", "CS (ex MC)")),
        ("mastère spécialisé (mastère spé.)", None, ("mastère spécialisé (mastère spé.)", None)),
        ("diplôme d'école de commerce visé (bac + 3)", None, ("diplôme d'école de commerce visé (bac + 3)", None)),
        ("Master of Science (MSc)", None, ("Master of Science (MSc)", "MSc")),
        ("CAP agricole (CAPa)", "", ("CAP agricole (CAPa)", "CAPa")),
        ("CAP (CAP)", None, ("CAP", "CAP")),
        ("CAP", "CAP", ("CAP", "CAP")),
        ("licence", "non renseigné", ("licence", None)),
        (None, "BUT", ("BUT", "BUT")),
        (None, None, (None, None)),
        ("(BTS)", None, ("(BTS)", None)),
        ("trop)", None, ("trop)", None)),
    ],
)  # fmt: skip
def test_types(label: str | None, sigle: str | None, read: tuple[str | None, str | None]) -> None:
    assert read_type(label, sigle) == read


def test_the_code_of_a_register_link() -> None:
    assert rncp_of_link("https://www.francecompetences.fr/recherche/rncp/39159/") == "39159"
    assert rncp_of_link("http://www.francecompetences.fr/recherche/rncp/39159") == "39159"
    assert rncp_of_link("https://exemple.fr/recherche/rncp/39159/") is None
    assert rncp_of_link(None) is None


def formation(*metiers: FormationMetier) -> Formation:
    return Formation(
        id=FormationId("FOR.1"),
        label="BTS marées",
        metiers=metiers,
        origin=FormationOrigin.FICHE_MARKDOWN,
        source=formation_source("FOR.1", dataset=FICHES_DATASET),
    )


def test_the_page_of_a_formation() -> None:
    assert formation().url == "https://www.onisep.fr/http/redirection/formation/slug/FOR.1"
    assert formation().source.url == formation().url


def test_jobs_get_the_identifier_of_their_exact_title() -> None:
    by_title = {
        title_key("Veilleur/euse  de l’aube"): MetierId("MET.7"),
        "océanographe": MetierId("MET.8"),
    }
    linked = with_metier_ids(
        formation(
            FormationMetier(label="veilleur/euse de l'aube"),
            FormationMetier(label="océanographe", id=MetierId("MET.9")),
            FormationMetier(label="veilleur"),
        ),
        by_title,
    )
    assert [metier.id for metier in linked.metiers] == ["MET.7", "MET.9", None]
    assert linked.metiers[0].label == "veilleur/euse de l'aube"


def test_nothing_found_changes_nothing() -> None:
    alone = formation(FormationMetier(label="veilleur"))
    assert with_metier_ids(alone, {}) is alone


@given(st.text())
def test_reading_a_fact_twice_changes_nothing(text: str) -> None:
    for read in (present, read_niveau, read_certification):
        assert read(read(text)) == read(text)
    label, sigle = read_type(text)
    assert read_type(label, sigle) == (label, sigle)
    assert title_key(title_key(text)) == title_key(text)
