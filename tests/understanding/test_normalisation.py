"""Normalisation: laws over any text, and a table of the ways people write."""

from __future__ import annotations

import itertools
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.building import normaliser_from
from bot.understanding.normalisation import Normaliser, fold, phonetic_key, stem
from bot.understanding.training_data import read_lexicon
from tests.conftest import INTENTS

PIECES = st.sampled_from(
    ["l'", "d’", "qu'", "avocat", "chargé", "·e", "(e)", "/ère", ".e.s", "-e-s", " ", "  ", "bac"]
    + ["+", "+2", "2,5", "½", "Œ", "œ", "ﬁ", "é", "e\u0301", "c", "pr", "ouiii", "aujourd'hui", "?"]
    + ["\u00a0", "\n", "😀", "–", "·", "'", "’", "post-prod", "ß", "Ⅷ", "ş", "ﬃ", "\ud800", "\0"]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


@cache
def with_sms() -> Normaliser:
    """The normaliser of the real `intents/`."""
    return normaliser_from(read_lexicon(INTENTS))


def written(words: tuple[str, ...]) -> str:
    """Write normalised words as a text: an elided word touches the next one."""
    return " ".join(words).replace("' ", "'")


def squeezed(text: str) -> str:
    """Fold a text, every run of one letter written once."""
    return re.sub(r"(.)\1+", r"\1", fold(text))


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    for normaliser in (Normaliser(), with_sms()):
        words = normaliser.normalise(text).words
        assert normaliser.normalise(written(words)).words == words


@given(TEXTS)
def test_each_span_cuts_the_typed_text(text: str) -> None:
    for token in Normaliser().normalise(text).tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert squeezed(token.text) in squeezed(text[token.start : token.end])


@given(TEXTS)
def test_spans_never_go_backwards(text: str) -> None:
    for normaliser in (Normaliser(), with_sms()):
        tokens = normaliser.normalise(text).tokens
        for before, after in itertools.pairwise(tokens):
            assert before.start <= after.start
            assert before.end <= after.end


@given(TEXTS)
def test_case_and_accents_do_not_matter(text: str) -> None:
    words = Normaliser().normalise(text).words
    assert Normaliser().normalise(fold(text)).words == words
    assert all(word == fold(word) and " " not in word for word in words)


@pytest.mark.parametrize("plane", range(3))
def test_folding_twice_changes_nothing(plane: int) -> None:
    characters = (chr(code) for code in range(plane << 16, (plane + 1) << 16))
    changed = [char for char in characters if fold(fold(char)) != fold(char)]
    assert not changed


@given(st.from_regex(r"[a-z]{1,20}", fullmatch=True))
def test_stems_and_sounds_of_any_word(word: str) -> None:
    assert stem(word)
    assert stem(word) == stem(word)
    assert isinstance(phonetic_key(word), str)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # inclusive forms, as people and Onisep write them
        ("chargé·e de post-production", "charge de post production"),
        ("chargé(e) de post-prod", "charge de post prod"),
        ("chargé/e", "charge"),
        ("chargé.e.s", "charge"),
        ("chargé-e-s", "charge"),
        ("chargée", "chargee"),
        ("animateurs·rices", "animateurs"),
        ("animateur(trice)s", "animateur"),
        ("acteur·rice·s", "acteur"),
        ("boulanger/ère", "boulanger"),
        ("monteur/euse", "monteur"),
        ("directeur.trice", "directeur"),
        ("infirmièr.e.s", "infirmier"),
        ("technicien/ne", "technicien"),
        ("sportif/ve", "sportif"),
        ("chef/fe monteur/euse", "chef monteur"),
        ("expert/e-comptable", "expert comptable"),
        # a full stop that only misses its space is no inclusive form
        ("fini.le reste", "fini le reste"),
        ("prof.", "prof"),
        # elision, with either apostrophe
        ("l'avocat", "l' avocat"),
        ("L’AVOCAT", "l' avocat"),
        ("architecte d'intérieur", "architecte d' interieur"),
        ("jusqu'à", "jusqu' a"),
        ("qu'est-ce qu'il", "qu' est ce qu' il"),
        ("aujourd'hui", "aujourd'hui"),
        # accents, ligatures and other letters
        ("œnologue", "oenologue"),
        ("ŒNOLOGUE", "oenologue"),
        ("CHARGÉ", "charge"),
        ("e\u0301tudes", "etudes"),
        ("ﬁlm", "film"),
        ("straße", "strasse"),
        ("ＦＵＬＬ", "full"),
        ("𝐍𝐎𝐓𝐀𝐈𝐑𝐄", "notaire"),
        ("métiers–arts", "metiers arts"),
        ("a\u00a0priori", "a priori"),
        # figures and marks
        ("bac+2", "bac + 2"),
        ("bac + 2", "bac + 2"),
        ("3,5 ans", "3,5 ans"),
        ("notaire?", "notaire ?"),
        ("ouiiiii", "oui"),
        # nothing to read
        ("", ""),
        (" \n\t", ""),
        ("😀 ... !", "😀"),
    ],
)
def test_what_people_write(text: str, words: str) -> None:
    assert " ".join(Normaliser().normalise(text).words) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("c koi les etudes", "c' est quoi les etudes"),
        ("pr etre notaire", "pour etre notaire"),
        ("jsp", "je sais pas"),
    ],
)
def test_sms_spellings(text: str, words: str) -> None:
    assert " ".join(with_sms().normalise(text).words) == words


def test_words_of_one_sms_spelling_share_its_span() -> None:
    text = "bon jsp trop"
    cuts = [text[t.start : t.end] for t in with_sms().normalise(text).tokens]
    assert cuts == ["bon", "jsp", "jsp", "jsp", "trop"]


def test_a_table_of_our_own() -> None:
    table = {"tk": "travail de", "Été": "saison", "un": "un", "deux mots": "rien", "a": "il a"}
    normaliser = Normaliser(table)
    words = normaliser.normalise("TK un ete a deux mots deux").words
    assert words == ("travail", "de", "un", "saison", "a", "rien", "deux")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("monteuses", "monteur"),
        ("directrice", "directeur"),
        ("chargee", "charge"),
        ("avocates", "avocat"),
        ("boulangere", "boulanger"),
        ("techniciennes", "technicien"),
        ("sportive", "sportif"),
        ("commerciaux", "commercial"),
        ("notaires", "notaire"),
    ],
)
def test_genders_and_numbers_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_words_that_keep_apart() -> None:
    words = ["monteur", "moniteur", "boulanger", "notaire", "avocat", "cap", "bac", "2", "l'"]
    assert len({stem(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("typed", "right"),
    [("chofagiste", "chauffagiste"), ("notere", "notaire"), ("farmacien", "pharmacien")],
)
def test_words_that_sound_the_same(typed: str, right: str) -> None:
    assert phonetic_key(typed) == phonetic_key(right)
