"""Aliases of the ROME in an utterance: said whole, in order, and nothing between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.alias_index import AliasIndex, AliasMatch
from bot.understanding.alias_ranking import RankedMetier
from bot.understanding.name_index import content_words, no_known_word
from bot.understanding.normalisation import Normaliser
from bot.understanding.rome_aliases import RomeAlias

NORMALISER = Normaliser()
FORMS = (
    "technicien de surface",
    "agent de surface",
    "pâtissier chocolatier",
    "chauffeur de bus",
    "chauffeur de bus scolaire",
    "agent d'accueil et d'information",
    "animateur de jeux, ludothécaire",
    "vitrier",
)


def alias(form: str) -> RomeAlias:
    stems = content_words(NORMALISER.normalise(form).words)
    return RomeAlias(form=form, stems=stems, metiers=(RankedMetier(id="MET.1", weight=0.5),))


def index(*known: str) -> AliasIndex:
    return AliasIndex(
        map(alias, FORMS), telling=lambda _: 2.0, is_known_word=set(known).__contains__
    )


INDEX = index()


def find(text: str, aliases: AliasIndex = INDEX) -> dict[str, AliasMatch]:
    return {match.alias.form: match for match in aliases.find(NORMALISER.normalise(text))}


@pytest.mark.parametrize(
    ("text", "form", "cut"),
    [
        ("être technicienne de surface demain", "technicien de surface", "technicienne de surface"),
        ("les TECHNICIENS DES SURFACES", "technicien de surface", "TECHNICIENS DES SURFACES"),
        ("technicien surface", "technicien de surface", "technicien surface"),
        ("un pâtissier-chocolatier", "pâtissier chocolatier", "pâtissier-chocolatier"),
        ("agent d'accueil et d'information", FORMS[5], "agent d'accueil et d'information"),
        ("agente d’accueil, information", FORMS[5], "agente d’accueil, information"),
        ("animatrice de jeux, ludothécaire", FORMS[6], "animatrice de jeux, ludothécaire"),
        ("des vitriers ?", "vitrier", "vitriers"),
    ],
)
def test_an_alias_said_whole(text: str, form: str, cut: str) -> None:
    match = find(text)[form]
    tokens = NORMALISER.normalise(text).tokens
    assert text[tokens[match.first].start : tokens[match.last].end] == cut
    assert match.score == 1.0
    assert match.spoken == len(match.alias.stems)
    assert match.spoken_weight == 2.0 * match.spoken
    assert 0 < match.information < match.spoken_weight


def test_a_longer_alias_and_the_one_inside_are_both_found() -> None:
    assert set(find("chauffeur de bus scolaire")) == {
        "chauffeur de bus",
        "chauffeur de bus scolaire",
    }


@pytest.mark.parametrize(
    "text",
    [
        *("", "?", "surface", "technicien", "surface de technicien", "technicien bleu de surface"),
        # what parts two names
        *("pâtissier et chocolatier", "pâtissier ou chocolatier", "pâtissier, chocolatier"),
        *("pâtissier. Chocolatier ?", "un chauffeur est dans le bus", "chauffeur ? bus"),
    ],
)
def test_no_alias(text: str) -> None:
    assert find(text) == {}


def test_slips_lower_the_score_and_french_words_are_none() -> None:
    assert 0.8 < find("tecnicien de surfasse")["technicien de surface"].score < 1.0
    assert find("vitrié")["vitrier"].score < 1.0
    assert find("vitré", index("vitre")) == {}


def test_an_empty_index() -> None:
    empty = AliasIndex((), telling=lambda _: 1.0, is_known_word=no_known_word)
    assert find("technicien de surface", empty) == {}


WORDS = st.sampled_from(
    "technicien technicienne de surface agent bus chauffeur scolaire et ou , . ? pâtissier vitrier "
    "chocolatier d'accueil information tecnicien".split()
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)))
def test_matches_are_sound(text: str) -> None:
    normalised = NORMALISER.normalise(text)
    matches = INDEX.find(normalised)
    for match in matches:
        assert 0 <= match.first <= match.last < len(normalised.tokens)
        assert 0 < match.score <= 1
        assert match.alias.form in FORMS
        assert match.last - match.first + 1 >= match.spoken
    assert INDEX.find(normalised) == matches
