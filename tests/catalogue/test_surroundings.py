"""Where, with whom and with what one works: what a fiche says, in its own words, or nothing."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from bot.assistant import Assistant
from bot.catalogue.surroundings import SURROUNDINGS, Surroundings, contrary
from bot.dialogue.tracker import Tracker
from bot.understanding.building import surroundings_from
from bot.understanding.training_data import read_lexicon
from tests.answers.idea_jobs import JOBS, section, surroundings, told
from tests.conftest import INTENTS

VALUES = [value for values in SURROUNDINGS.values() for value in values]


def holders(made: Surroundings, value: str) -> list[str]:
    return [f"MET.{number + 1}" for number in np.flatnonzero(made.holding(value))]


@pytest.mark.parametrize(
    ("value", "metiers"),
    [
        ("dehors", ["MET.2", "MET.4"]),
        ("dedans", ["MET.1", "MET.7"]),
        ("equipe", ["MET.1"]),
        ("public", ["MET.5"]),
        ("seul", ["MET.3"]),
        ("mains", ["MET.6"]),
        ("ordinateur", ["MET.8"]),
    ],
)
def test_the_jobs_whose_fiche_says_it(value: str, metiers: list[str]) -> None:
    assert holders(surroundings(*JOBS), value) == metiers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("On y est EN PLEIN AIR, souvent.", "EN PLEIN AIR"),
        ("En plein, air compris : la ferme.", "En plein, air"),
        (unicodedata.normalize("NFD", "L'été on est en plein air."), "en plein air"),
        ("Le plein d'air.", None),
        ("", None),
    ],
)
def test_the_words_are_those_of_the_fiche(text: str, words: str | None) -> None:
    fiche = told(1, text)
    assert surroundings(fiche).words(fiche, "dehors") == words


def test_the_conditions_of_work_are_quoted_first() -> None:
    fiche = told(
        1,
        "On sort par tous les temps.",
        skills=section("Aimer être en plein air."),
        centres_interet=("vivre en plein air",),
    )
    made = surroundings(fiche)
    assert made.words(fiche, "dehors") == "par tous les temps"
    assert made.words(told(2, skills=fiche.skills), "dehors") == "en plein air"
    assert made.words(told(3, centres_interet=fiche.centres_interet), "dehors") == "en plein air"


def test_the_studies_say_nothing_of_the_work() -> None:
    fiche = told(1, access=section("Des études en plein air."))
    made = surroundings(fiche)
    assert not made.holding("dehors").any()
    assert made.words(fiche, "dehors") is None


def test_what_is_contrary() -> None:
    assert {value: contrary(value) for value in VALUES} == {
        "dehors": ("dedans",),
        "dedans": ("dehors",),
        "equipe": ("seul",),
        "public": ("seul",),
        "seul": ("equipe", "public"),
        "mains": ("ordinateur",),
        "ordinateur": ("mains",),
    }


# The list of `intents/`, on the real fiches


def test_every_value_has_its_words() -> None:
    ways = surroundings_from(read_lexicon(INTENTS))
    assert sorted(ways) == sorted(VALUES)


def test_each_real_fiche_that_is_found_is_quoted(onisep_assistant: Assistant) -> None:
    catalogue, ideas = onisep_assistant.catalogue, onisep_assistant.context(Tracker()).ideas
    found = {value: ideas.surroundings.holding(value) for value in VALUES}
    for number, fiche in enumerate(catalogue):
        for value in VALUES:
            words = ideas.surroundings.words(fiche, value)
            assert (words is not None) == found[value][number], (fiche.name, value)
    # Silence is common, and it is not hidden: about four fiches of ten for each question.
    for values in SURROUNDINGS.values():
        told_of = np.any([found[value] for value in values], axis=0)
        assert 400 < np.count_nonzero(told_of) < 700
