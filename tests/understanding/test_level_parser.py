"""Levels of study, with the words of the real `intents/synonyms/niveaux.yml`."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.niveaux import niveau_rank
from bot.understanding.building import normaliser_from
from bot.understanding.interpretation import EntityMention
from bot.understanding.level_parser import LevelParser
from bot.understanding.normalisation import Normaliser, stem
from bot.understanding.training_data import read_lexicon
from tests.conftest import INTENTS

VALUES = {"sans_diplome", "cap", "bac", *(f"bac+{years}" for years in range(1, 11))}


@cache
def parts() -> tuple[Normaliser, LevelParser]:
    lexicon = read_lexicon(INTENTS)
    normaliser = normaliser_from(lexicon)
    return normaliser, LevelParser(lexicon.synonyms["niveaux"], normaliser)


def parse(text: str) -> tuple[EntityMention, ...]:
    normaliser, parser = parts()
    normalised = normaliser.normalise(text)
    return parser.parse(normalised, [stem(word) for word in normalised.words])


@pytest.mark.parametrize(
    ("text", "value", "cut"),
    [
        ("métiers à bac + 2", "bac+2", "bac + 2"),
        ("métiers à bac+2", "bac+2", "bac+2"),
        ("BAC +5 minimum", "bac+5", "BAC +5"),
        ("bac plus trois", "bac+3", "bac plus trois"),
        ("bac plus 8", "bac+8", "bac plus 8"),
        ("un bac+ 10", "bac+10", "bac+ 10"),
        ("bac + 12", "bac+10", "bac + 12"),
        ("un métier sans bac", "cap", "sans bac"),
        ("sans le bac on fait quoi", "cap", "sans le bac"),
        ("j'ai pas eu le bac", "cap", "pas eu le bac"),
        ("quel CAP ?", "cap", "CAP"),
        ("un bep", "cap", "bep"),
        ("avec un bac", "bac", "bac"),
        ("après le baccalauréat", "bac", "baccalauréat"),
        ("un bac pro", "bac", "bac pro"),
        ("niveau bac", "bac", "niveau bac"),
        ("un BTS", "bac+2", "BTS"),
        ("en licence", "bac+3", "licence"),
        ("licence pro", "bac+3", "licence pro"),
        ("un master", "bac+5", "master"),
        ("école d'ingénieurs", "bac+5", "école d'ingénieurs"),
        ("un doctorat", "bac+8", "doctorat"),
        ("sans diplôme", "sans_diplome", "sans diplôme"),
        ("sans aucun diplome", "sans_diplome", "sans aucun diplome"),
        ("après la 3e", "sans_diplome", "après la 3e"),
        ("apres la troisieme", "sans_diplome", "apres la troisieme"),
    ],
)
def test_one_level(text: str, value: str, cut: str) -> None:
    (mention,) = parse(text)
    assert (mention.entity, mention.value, text[mention.start : mention.end]) == (
        "niveau",
        value,
        cut,
    )


def test_several_levels_in_reading_order() -> None:
    said = parse("un CAP, le bac ou bac + 2 puis un master")
    assert [mention.value for mention in said] == ["cap", "bac", "bac+2", "bac+5"]


def test_a_number_of_years_is_not_also_the_bac() -> None:
    assert [mention.value for mention in parse("bac + 5")] == ["bac+5"]


@pytest.mark.parametrize("text", ["", "bonjour", "capable", "je suis bachelier", "plus 2", "+ 5"])
def test_what_is_no_level(text: str) -> None:
    assert parse(text) == ()


def test_what_cannot_be_a_number_of_years() -> None:
    assert [mention.value for mention in parse("bac + 0")] == ["bac"]
    assert [mention.value for mention in parse("bac + 45")] == ["bac"]


def test_every_level_of_the_files_is_a_value_of_the_contract() -> None:
    levels = read_lexicon(INTENTS).synonyms["niveaux"]
    assert len(levels) > 5
    assert set(levels) <= VALUES
    for value, ways in levels.items():
        assert niveau_rank(value) is not None
        for way in ways:
            said = "un BUT" if way == "but" else way  # alone, « but » is a goal
            assert [mention.value for mention in parse(said)] == [value], way


WORDS = st.sampled_from(
    ["bac", "+", "plus", "2", "deux", "99", "sans", "le", "CAP", "BTS", "œ", "½"]
)


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join)))
def test_any_text_gives_levels_of_the_contract(text: str) -> None:
    mentions = parse(text)
    assert {mention.value for mention in mentions} <= VALUES
    assert all(0 <= mention.start < mention.end <= len(text) for mention in mentions)
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
