"""Short values of a fiche: what it pays at first, how long its studies are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.job_facts import FACTS, monthly_pay, study_length
from bot.assistant import Assistant
from bot.catalogue.fiche import Block, Fiche, Section
from bot.dialogue.tracker import Tracker


@pytest.fixture
def baker(seed_assistant: Assistant) -> Fiche:
    found = seed_assistant.catalogue.get("MET.17")
    assert found is not None
    return found


def paid(fiche: Fiche, text: str) -> Fiche:
    """The fiche with another salary, under an inner heading."""
    blocks = (Block(text="Au début", heading=True), Block(text=text))
    return replace(fiche, salary=Section(blocks=blocks))


PAY = {
    "A partir de 1801 euros brut par mois": 1801,
    "Entre 1801 et 2166 euros brut par mois": 1801,
    "En entreprise, on débute à 2 830 € brut par mois, d'après une source (2025).": 2830,
    "Entre 2\u202f500 et 3\u202f250 € brut par mois.": 2500,
    "On débute à 1 801 € brut mensuels.": 1801,
    "En 2025, au moins 1 801 € brut mensuels hors primes.": 1801,
    "Variable. En 2025, 2 300 € brut par mois pour commencer.": 2300,
    "A partir de 3000 euros brut par mois, dans le privé\nA partir de 1892 euros brut par mois": 3000,
    "1084 euros brut par semaine de 35 heures": None,
    "2 000 € par mois": None,
    "Variable en fonction du lieu d'exercice": None,
    "Le brut se compte par mois.": None,
}


@pytest.mark.parametrize("text", PAY)
def test_monthly_pay(text: str, baker: Fiche) -> None:
    pay = monthly_pay(paid(baker, text))
    assert (pay.euros if pay else None) == PAY[text]


@given(euros=st.integers(100, 99_999), above=st.integers(1, 5000), spaced=st.booleans())
def test_the_lowest_of_two_amounts_is_what_is_paid_at_first(
    seed_assistant: Assistant, euros: int, above: int, spaced: bool
) -> None:
    fiche = seed_assistant.catalogue.get("MET.17")
    assert fiche is not None
    low, high = (f"{n:,}".replace(",", " ") if spaced else str(n) for n in (euros, euros + above))
    text = f"Entre {low} et {high} euros brut par mois"
    pay = monthly_pay(paid(fiche, text))
    assert pay is not None
    assert (pay.euros, pay.text) == (euros, text)


def test_a_fiche_without_salary_tells_no_pay(baker: Fiche) -> None:
    assert monthly_pay(replace(baker, salary=None)) is None


def test_jobs_are_ordered_by_level_then_by_years(seed_assistant: Assistant) -> None:
    fiches = {fiche.id: fiche for fiche in seed_assistant.catalogue}
    order = ("MET.504", "MET.17", "MET.313", "MET.12", "MET.38", "MET.869")
    lengths = [study_length(fiches[metier]) for metier in order]  # type: ignore[index]
    assert None not in lengths
    assert lengths == sorted(lengths)  # type: ignore[type-var]
    assert study_length(replace(fiches["MET.17"], niveau_min=None)) is None  # type: ignore[index]


def test_every_value_is_in_the_fiche(seed_assistant: Assistant) -> None:
    context = seed_assistant.context(Tracker())
    for fiche in seed_assistant.catalogue:
        for field in ("formations", "statuts", "salaire", "competences", "conditions_travail"):
            for value in FACTS[field](fiche, context):
                assert value in _text(fiche), (fiche.id, field)


def _text(fiche: Fiche) -> str:
    sections = (fiche.salary, fiche.skills, fiche.conditions)
    labels = (*(link.label for link in fiche.formations), *fiche.statuts)
    return "\n".join((*labels, *(section.text for section in sections if section is not None)))
