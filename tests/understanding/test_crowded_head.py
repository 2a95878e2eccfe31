"""A word that begins hundreds of names: few are compared, and the best are among them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import name_index
from bot.understanding.crowded_head import CrowdedHead
from bot.understanding.name_index import IndexedName, NameIndex, content_words, no_known_word
from bot.understanding.normalisation import Normaliser

NORMALISER = Normaliser()
WORDS = "son image bois route piscine laboratoire chantier hopital navire piano forge".split()
FORMS = [
    " ".join(("technicien", *words))
    for count in (1, 2, 3, 4)
    for words in itertools.combinations(WORDS, count)
]


def index_of(forms: list[str]) -> NameIndex:
    names = [
        IndexedName(key=form, form=form, stems=content_words(form.split()), kind="title")
        for form in forms
    ]
    return NameIndex(names, is_known_word=no_known_word)


def best(index: NameIndex, text: str) -> tuple[float, float] | None:
    found = index.find(NORMALISER.normalise(text).tokens)
    return max(((round(m.score, 9), round(m.coverage, 9)) for m in found), default=None)


CROWDED = index_of(FORMS)
with pytest.MonkeyPatch.context() as patch:
    patch.setattr(name_index, "_CROWD", len(FORMS))
    SCANNED = index_of(FORMS)


@given(said=st.lists(st.sampled_from([*WORDS, "technicien", "de", "salaire", "tecnicien"])))
def test_the_best_of_a_crowd_is_the_best_of_all(said: list[str]) -> None:
    assert best(CROWDED, " ".join(said)) == best(SCANNED, " ".join(said))


@pytest.mark.parametrize("form", [FORMS[3], FORMS[40], FORMS[200], FORMS[-1]])
def test_a_name_of_a_crowd_said_whole(form: str) -> None:
    found = CROWDED.find(NORMALISER.normalise(f"devenir {form}").tokens)
    best_told = max(found, key=lambda match: match.information)
    assert (best_told.name.form, best_told.is_whole) == (form, True)


def test_few_names_of_a_crowd_are_compared() -> None:
    scanned = SCANNED.find(NORMALISER.normalise("technicien son bois").tokens)
    crowded = CROWDED.find(NORMALISER.normalise("technicien son bois").tokens)
    assert len(crowded) < len(scanned) / 2
    assert {match.name.form for match in crowded} <= {match.name.form for match in scanned}


def test_an_alias_among_a_crowd_is_found() -> None:
    alias = IndexedName(
        key="alias", form="zzz", stems=("technicien",), kind="alias", whole_only=True
    )
    index = NameIndex([*SCANNED.names, alias], is_known_word=no_known_word)
    assert "alias" in {m.name.key for m in index.find(NORMALISER.normalise("technicien").tokens)}


def test_more_words_than_bits() -> None:
    names = [("tete", f"mot{number}") for number in range(200)]
    crowd = CrowdedHead(names, most_bare=5)
    assert crowd.near(["tete"]) == [0, 1, 2, 3, 4]
    assert len(crowd.near(["tete", *(f"mot{number}" for number in range(200))])) >= 63
    assert 7 in crowd.near(["tete", "mot7"])
