"""What a check of the catalogue finds, and what it leaves alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.conflict import Conflict
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
    StudyDuration,
    StudyPath,
    WebSource,
)
from bot.catalogue.finding import KINDS, CatalogueFinding, Severity
from bot.catalogue.formation import Formation, FormationOrigin, formation_source
from bot.catalogue.loading import load_catalogue
from bot.catalogue.validation import check_catalogue

LABELS = {
    "statuts": ("salarié", "artisan"),
    "centres_interet": ("j'aime la nature",),
    "domaines": ("santé", "paramédical"),
}


def section(*texts: str) -> Section:
    return Section(
        blocks=tuple(
            Block(text=t[2:], heading=True) if t.startswith("# ") else Block(text=t) for t in texts
        )
    )


def long_text(subject: str) -> Section:
    return section(
        f"{subject} : un texte qui est assez long pour que personne ne le croie coupé par erreur."
    )


SOUND = Fiche(
    id=MetierId("MET.1"),
    title=Appellation(name="chargé/e de veille", feminine="chargée de veille", masculine="chargé de veille"),
    rome_codes=("M1805",),
    presentation=long_text("Présentation"),
    summary=long_text("En bref"),
    salary=section("# Salaire du débutant", "A partir de 1801 euros brut par mois"),
    study_paths=(
        StudyPath(
            entry="Après le bac",
            text="2 ans",
            durations=(StudyDuration(text="2 ans", years_min=2, years_max=2),),
        ),
    ),
    niveau_min="bac + 2",
    statuts=("Salarié",),
    centres_interet=("j'aime la nature",),
    domaines=(Domaine(domaine="santé", sous_domaine="paramédical"),),
    secteurs=("Social",),
    web_sources=(WebSource(url="https://www.exemple.fr/page"),),
    source=Source(url="https://exemple.fr", dataset="Fiches", licence="ODbL"),
)  # fmt: skip
OTHER = replace(
    SOUND,
    id=MetierId("MET.2"),
    title=Appellation(name="graveur/euse", feminine="graveuse", masculine="graveur"),
    presentation=long_text("Autre présentation"),
    summary=long_text("Autre résumé"),
)


def findings(
    *fiches: Fiche,
    formations: tuple[Formation, ...] = (),
    conflicts: tuple[Conflict, ...] = (),
) -> list[CatalogueFinding]:
    contents = Contents(fiches=fiches, formations=formations, conflicts=conflicts)
    return list(check_catalogue(Catalogue.of(contents), labels=LABELS))


def only(*fiches: Fiche) -> tuple[str, str, str]:
    """The kind, field and detail of the one finding that there should be."""
    found = findings(*fiches)
    assert len(found) == 1, found
    return found[0].kind, found[0].field, found[0].detail


def formation(identifier: str = "FOR.1", label: str = "BTS") -> Formation:
    return Formation(
        id=FormationId(identifier),
        label=label,
        origin=FormationOrigin.TABLE,
        source=formation_source(identifier, dataset="Formations"),
    )


def test_nothing_is_said_of_sound_fiches() -> None:
    assert findings(SOUND, OTHER) == []
    assert findings() == []


def test_the_most_serious_comes_first() -> None:
    damaged = replace(SOUND, niveau_min=None, rome_codes=("A15",))
    found = findings(damaged, replace(OTHER, presentation=None, summary=None, salary=None))
    assert [one.severity for one in found] == [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    severities = list(KINDS.values())
    assert severities == sorted(severities, key=list(Severity).index)


@pytest.mark.parametrize("field", ["presentation", "summary", "niveau_min"])
def test_an_obligatory_field_is_missing(field: str) -> None:
    without: dict[str, Any] = {field: None}
    assert only(replace(SOUND, **without)) == ("field_missing", field, "")


def test_a_name_without_text_is_no_damaged_fiche() -> None:
    named = Fiche(id=MetierId("MET.9"), title=Appellation(name="cartographe"), source=SOUND.source)
    assert only(named) == ("name_only", "", "")


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        (None, "gender_missing"),
        ("", "gender_missing"),
        ("chargé/e de veille", "gender_slash"),
        ("décorateur/trice", "gender_slash"),
        ("gestionnaire actif/passif", None),
        ("responsable d'études et/ou des méthodes", None),
        ("interprète français / LSF (langue des signes française)", None),
    ],
)
def test_the_genders(form: str | None, kind: str | None) -> None:
    found = findings(replace(SOUND, title=replace(SOUND.title, feminine=form)))
    assert [(f.kind, f.field) for f in found] == ([(kind, "feminine")] if kind else [])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"niveau_min": "bac + cinq"}, ("niveau_unknown", "niveau_min", "bac + cinq")),
        ({"statuts": ("freelance",)}, ("label_unknown", "statuts", "freelance")),
        ({"centres_interet": ("jouer",)}, ("label_unknown", "centres_interet", "jouer")),
        ({"domaines": (Domaine(domaine="santé", sous_domaine="x"),)}, ("label_unknown", "domaines", "x")),
        ({"rome_codes": ("M1805", "K15")}, ("rome_malformed", "rome_codes", "K15")),
        ({"rome_codes": ("m1805",)}, ("rome_malformed", "rome_codes", "m1805")),
        ({"web_sources": (WebSource(url="www.exemple.fr"),)}, ("web_source", "web_sources", "www.exemple.fr")),
        ({"study_paths": ()}, ("studies_missing", "study_paths", "")),
    ],
)  # fmt: skip
def test_a_value_out_of_its_list(change: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert only(replace(SOUND, **change)) == expected


@pytest.mark.parametrize(
    "niveau", ["autre formation", "CAP ou équivalent", "bac + 9 et plus", "3E"]
)
def test_known_levels(niveau: str) -> None:
    assert findings(replace(SOUND, niveau_min=niveau)) == []


def test_labels_are_checked_against_the_lists_given_only() -> None:
    odd = replace(SOUND, statuts=("freelance",))
    assert check_catalogue(Catalogue([odd])) == ()


def test_studies_without_a_length() -> None:
    path = StudyPath(entry=None, text="Sur concours.", durations=(StudyDuration(text="Sur concours.", years_min=None, years_max=None),))  # fmt: skip
    found = only(replace(SOUND, study_paths=(*SOUND.study_paths, path)))
    assert found == ("duration_unread", "study_paths", "Sur concours.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A partir de 1801 euros brut par mois", None),
        ("Entre 2 167 et 2\u202f333 € par mois", None),
        ("De 1.801 à 2.000 euros mensuels", None),
        ("45 000 euros par an", None),
        ("De 250 à 350 euros brut par jour", None),
        ("De 50 à 70 euros de l'heure", None),
        ("Variable", None),
        ("Au cachet", None),
        ("180 euros brut par mois", "salary_amount"),
        ("Entre 180 et 2000 euros brut par mois", "salary_amount"),
        ("18 010 à 20 010 euros par mois", "salary_amount"),
        ("1 800 euros par an", "salary_amount"),
        ("25 000 EUROS ANNUELS", None),
        ("1 900 EUROS MENSUELS", None),
        ("Voir la rubrique", "salary_unclear"),
    ],
)
def test_the_salary(text: str, kind: str | None) -> None:
    found = findings(replace(SOUND, salary=section("# Salaire du débutant", text)))
    assert [one.kind for one in found] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("MÃ©tier", "mojibake"),
        ("20 Â°C", "mojibake"),
        ("lâ€™atelier", "mojibake"),
        ("l\u0092atelier", "mojibake"),
        ("mal lu \ufffd", "mojibake"),
        ("un <br/> resté", "html"),
        ("du <strong>gras</strong>", "html"),
        ("R&amp;D", "html"),
        ("Moyen Âge, Âmes sensibles, PÂTISSIER, JOÃO", None),
        ("C++ <3 a<b et b>c, R&D", None),
    ],
)
def test_damaged_text(text: str, kind: str | None) -> None:
    whole = section(f"{text}, et tout ce qu'il faut pour que ce texte ne soit pas trop court.")
    found = findings(replace(SOUND, nature=whole))
    assert [(one.kind, one.field) for one in found] == ([(kind, "nature")] if kind else [])


def test_damaged_names() -> None:
    damaged = replace(SOUND, other_names=(Appellation(name="prÃ©parateur"),))
    assert only(damaged)[:2] == ("mojibake", "other_names")
    found = findings(formations=(formation(label="BTS <em>MCO</em>"),))
    assert [(one.id, one.kind, one.field) for one in found] == [("FOR.1", "html", "label")]


def test_short_text() -> None:
    assert only(replace(SOUND, access=section("Concours."))) == (
        "text_short",
        "access",
        "Concours.",
    )


def test_headings_over_nothing() -> None:
    said = "Un texte assez long pour ne pas être pris pour un reste de quelque chose."
    nature = section("# Vide", "# Plein", said, "# Fin")
    found = findings(replace(SOUND, nature=nature))
    assert [(one.kind, one.detail) for one in found] == [("heading_empty", "Vide"), ("heading_empty", "Fin")]  # fmt: skip


def test_texts_in_double() -> None:
    copied = replace(OTHER, summary=SOUND.summary)
    assert only(SOUND, copied) == ("text_twice", "summary", "MET.1")
    paragraph = "Un paragraphe long comme il y en a dans les fiches. " * 4
    twice = replace(
        SOUND, nature=section(paragraph), access=section(paragraph.upper(), "Et la suite.")
    )
    assert only(twice)[:2] == ("paragraph_twice", "access")


def test_names_of_two_jobs() -> None:
    same = replace(OTHER, title=Appellation(name="chargé de veille", feminine="x", masculine="y"))
    assert only(SOUND, same) == ("name_twice", "name", "MET.1")
    shared = replace(OTHER, other_names=(Appellation(name="Chargé/e de veille"),))
    assert only(SOUND, shared) == ("name_shared", "other_names", "Chargé/e de veille (MET.1)")


def test_sectors() -> None:
    third = replace(SOUND, id=MetierId("MET.3"), title=Appellation(name="z", feminine="z", masculine="z"),
                    presentation=long_text("Troisième"), summary=long_text("Le troisième"))  # fmt: skip
    without = replace(third, secteurs=())
    assert only(SOUND, OTHER, without) == ("secteur_missing", "secteurs", "")
    found = findings(*(replace(fiche, secteurs=()) for fiche in (SOUND, OTHER)))
    assert [(one.id, one.kind, one.detail) for one in found] == [("", "secteurs_rare", "2 / 2")]


def test_formations_that_nothing_describes() -> None:
    linked = replace(SOUND, formations=(FormationLink(label="BUT", id=FormationId("FOR.2")), FormationLink(label="école")))  # fmt: skip
    assert only(linked) == ("formations_not_loaded", "formations", "")
    found = findings(linked, formations=(formation(),))
    assert [(one.kind, one.detail) for one in found] == [("formation_unknown", "BUT (FOR.2)")]
    assert findings(linked, formations=(formation("FOR.2"),)) == []


def test_conflicts() -> None:
    conflict = Conflict(id="MET.1", field="salary", kept="1", other="2", other_file="b.xml")
    unplaced = Conflict(id="MET.1", field="nouveau", kept="", other="texte")
    found = findings(SOUND, conflicts=(conflict, unplaced))
    assert [(one.kind, one.field, one.detail) for one in found] == [
        ("unplaced", "nouveau", "texte"),
        ("conflict", "salary", "1 / 2 (b.xml)"),
    ]


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_can_be_checked(text: str, name: str) -> None:
    any_fiche = replace(
        SOUND,
        title=Appellation(name=name, feminine=name),
        salary=section(text),
        nature=section(f"# {name}", text),
        niveau_min=name,
        rome_codes=(name,),
    )
    assert all(one.kind in KINDS for one in findings(any_fiche))


def test_the_real_fiches_are_sound(onisep: Path) -> None:
    """The data published by Onisep has no error; its oddities are few, and counted here."""
    catalogue = load_catalogue(
        [onisep / "fiches-md", onisep / "metiers.json", onisep / "formations.csv"]
    )
    counts = Counter(one.kind for one in check_catalogue(catalogue))
    assert {kind for kind in counts if KINDS[kind] is not Severity.NOTE} == {
        "rome_malformed",
        "text_twice",
    }
    assert (counts["rome_malformed"], counts["text_twice"], counts["heading_empty"]) == (4, 1, 1)
    assert counts["name_only"] == len(catalogue) - 893
