"""Study durations: sentences of each shape, laws, and the coverage over the real fiches."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.loading import load_catalogue
from bot.catalogue.study_durations import read_durations
from tests.catalogue.measure_durations import measure

REQUIRED_RATE = 0.97

ONE_CLAUSE = [
    ("2 ans pour préparer le BTS horlogerie.", 2, 2, None),
    ("2 à 3 ans pour un diplôme d'école.", 2, 3, None),
    ("De 5 à 8 ans pour un doctorat.", 5, 8, None),
    ("9 à 11 ans d'études médicales.", 9, 11, None),
    ("Entre 4 et 7 ans pour le DE.", 4, 7, None),
    ("1 ou 2 ans pour le titre.", 1, 2, None),
    ("4 ans minimum pour un diplôme.", 4, 4, None),
    ("Deux ans pour le bac pro.", 2, 2, None),
    ("Un an au minimum pour un certificat.", 1, 1, None),
    ("3 années d'études en IUT.", 3, 3, None),
    ("12 mois pour le titre.", 1, 1, None),
    ("18 à 24 mois de formation.", 1.5, 2, None),
    ("De 6 mois à 1 an de formation.", 0.5, 1, None),
    ("2 semestres à l'université.", 1, 1, None),
    ("23 semaines de formation, dont 7 de stage.", 0.44, 0.44, None),
    ("2ans pour un BP.", 2, 2, None),
    ("Préparation en 3 ans du bac pro.", 3, 3, None),
    ("DN MADE mention lune en 3 ans.", 3, 3, None),
    ("Bac pro cadrans (3 ans d'études).", 3, 3, None),
    ("3 ans après un bac + 2 pour le diplôme.", 3, 3, "bac + 2"),
    ("1 an (après un bac + 2) pour la licence pro.", 1, 1, "bac + 2"),
    ("2 ans pour préparer le BP après un CAP.", 2, 2, "CAP"),
    ("Après un CAP, 2 ans pour le BP.", 2, 2, "CAP"),
    ("28 mois après un master 2 en physique.", 2.33, 2.33, "master 2"),
    ("3 ans (1 an après un bac + 2) pour la licence pro.", 3, 3, None),
    ("5 ans (ou 3 ans après un bac + 2) pour le diplôme.", 5, 5, None),
    ("Réussir le concours puis suivre une formation de 12 mois.", 1, 1, "concours"),
    ("2 ans pour le CAP, complété par un CS (1 an) ou un BP (en 2 ans).", 2, 2, None),
    ("2 ans pour le CAP ; complété par un CS (en 1 an), un BP (2 ans).", 2, 2, None),
    ("3 ans pour le BUT ; une licence pro (1 an) ; un diplôme d'école.", 3, 3, None),
    ("3 ans pour le bac pro. Il peut être complété par un CS (1 an).", 3, 3, None),
    ("5 ans de master, puis 2 ans pour le DESN.", 5, 5, None),
    ("6 à 7 ans pour le DEV, dont 5 ans en école.", 6, 7, None),
]
LEVELS = [
    ("Bac + 5 : master ou diplôme d'ingénieur.", 5, 5),
    ("Bac + 5: diplôme d'ingénieur.", 5, 5),
    ("De bac + 2 (BTS ; DEUST) à bac + 3 (BUT), jusqu'à bac + 5 (master).", 2, 5),
    ("Un diplôme de niveau bac + 4/5 est requis.", 4, 5),
    ("Un bac+2 suffit.", 2, 2),
]
NOT_STUDIES = [
    "Accès sur dossier.",
    "À partir de 18 ans.",
    "Être âgé de 17 ans et demi à 25 ans au plus.",
    "Après 2 ans d'expérience professionnelle au minimum.",
    "Un contrat de 3 ans.",
    "S'engager 10 ans dans l'armée.",
    "Un agrément valable 10 ans.",
    "La spécialisation est un internat de 4 ans d'internat.",
    "La musique s'apprend dès l'âge de 6 ans.",
    "En 1re année de licence, à partir de 2026.",
    "Concours accessible avec un bac + 2.",
]


@pytest.mark.parametrize(("text", "low", "high", "after"), ONE_CLAUSE)
def test_one_clause(text: str, low: float, high: float, after: str | None) -> None:
    (clause,) = read_durations(text)
    assert (clause.years_min, clause.years_max, clause.after) == (low, high, after)
    assert clause.text == text


@pytest.mark.parametrize(("text", "low", "high"), LEVELS)
def test_levels_after_the_bac(text: str, low: float, high: float) -> None:
    for entry in (None, "Après le bac"):
        (clause,) = read_durations(text, entry=entry)
        assert (clause.years_min, clause.years_max) == (low, high)


def test_a_level_after_the_bac_is_no_length_after_the_3e() -> None:
    (clause,) = read_durations("Bac + 5 : master.", entry="Après la 3e")
    assert clause.years_min is None


def test_a_level_is_counted_from_the_entry() -> None:
    (clause,) = read_durations("Bac + 5 : master.", entry="Après un bac + 3")
    assert clause.years_min == 2


def test_a_length_in_the_heading() -> None:
    (clause,) = read_durations("Diplôme, suivi d'un DSA en 2 ans.", entry="Après le bac en 7 ans")
    assert clause.years_min == 7


@pytest.mark.parametrize("text", NOT_STUDIES)
def test_what_is_no_length_of_study(text: str) -> None:
    assert all(clause.years_min is None for clause in read_durations(text))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("2 ans pour le CAP ; 3 ans pour le bac pro.", ["2 ans pour le CAP ; ", "3 ans pour le bac pro."]),
        ("2 ans pour le CAP. 3 ans pour le BP.", ["2 ans pour le CAP. ", "3 ans pour le BP."]),
        ("2 ans pour le CAP.3 ans pour le BP.", ["2 ans pour le CAP.", "3 ans pour le BP."]),
        ("2 ans pour le CAP... 3 ans pour le BP.", ["2 ans pour le CAP... ", "3 ans pour le BP."]),
        ("2 ans (BTS), 3 ans (BUT), voire 5 ans (master).", ["2 ans (BTS),", " 3 ans (BUT),", " voire 5 ans (master)."]),
        ("2 ans pour le CAP ou 3 ans pour le bac.", ["2 ans pour le CAP ", "ou 3 ans pour le bac."]),
        ("2 ans pour un CAP (cuisine ; pâtisserie) ; 3 ans.", ["2 ans pour un CAP (cuisine ; pâtisserie) ; ", "3 ans."]),
        ("CAP lad (2 ans) ou bac pro (3 ans).", ["CAP lad (2 ans) ", "ou bac pro (3 ans)."]),
        ("Sur le tas. 2 ans pour le BTS.\n\nAccès sur dossier.", ["Sur le tas. ", "2 ans pour le BTS.\n\n", "Accès sur dossier."]),
        ("Bac + 2 : BTS lune. Bac + 3 : BUT.", ["Bac + 2 : BTS lune. ", "Bac + 3 : BUT."]),
    ],
)  # fmt: skip
def test_clauses(text: str, clauses: list[str]) -> None:
    assert [clause.text for clause in read_durations(text)] == clauses


def test_one_year_more_is_counted_from_the_entry() -> None:
    first, second = read_durations("2 ans pour le BTS. 1 an de plus pour la licence pro.")
    assert (first.years_min, second.years_min) == (2, 3)


def test_no_text_has_no_clause() -> None:
    assert read_durations("") == ()


PIECES = st.sampled_from(
    ["2 ans", "un an", "12 mois", "De 5 à 8 ans", "3 à ", "(1 an", "après un bac + 2", ")", "(", " ; "]
    + [". ", "... ", ", ", " ou ", " puis ", "complété par ", "Bac + 5 : ", "bac+2/3", "\n\n", " "]
    + ["1 an de plus", "une licence", "BTS", "concours", "formation de 6 mois", "18 ans", "\u00a0"]
)  # fmt: skip
ENTRIES = st.sampled_from([None, "Après la 3e", "Après le bac", "Après le bac en 5 ans"])


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)), ENTRIES)
def test_the_clauses_are_the_paragraph(text: str, entry: str | None) -> None:
    clauses = read_durations(text, entry=entry)
    assert "".join(clause.text for clause in clauses) == text
    for clause in clauses:
        assert clause.text
        assert (clause.years_min is None) == (clause.years_max is None)
        if clause.years_min is not None and clause.years_max is not None:
            assert 0 <= clause.years_min <= clause.years_max


def test_coverage_of_the_real_fiches(onisep: Path) -> None:
    coverage = measure(load_catalogue([onisep / "fiches-md"]))
    assert coverage.stated > 1300
    assert coverage.rate >= REQUIRED_RATE, "\n".join(coverage.unread)
