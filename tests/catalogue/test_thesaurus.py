"""The thesaurus: what a text is about, and the words of the fiches for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.stemming import stems
from bot.catalogue.thesaurus import Notion, Thesaurus

TERMS = {
    "bactériologie": ["microbe", "les petites bêtes"],
    "sapeur-pompier": ["pompier", "éteindre les incendies", "feu"],
    "prise de vue": ["image", "monter les images"],
    "image": ["dessin"],
}
EMPTY = ("je", "veux", "travailler", "avec", "les", "le", "de", "métier", "dans", "sur")
THESAURUS = Thesaurus(TERMS, empty=EMPTY)


def said(text: str, thesaurus: Thesaurus = THESAURUS) -> list[str]:
    return [" ".join(notion.said) for notion in thesaurus.notions(text)]


def terms(text: str, thesaurus: Thesaurus = THESAURUS) -> list[list[str]]:
    return [[" ".join(term) for term in notion.terms] for notion in thesaurus.notions(text)]


def test_a_word_of_the_thesaurus_has_the_terms_of_the_fiches() -> None:
    assert THESAURUS.notions("les microbes") == [
        Notion(said=("microb",), terms=(("bacteriolog",),))
    ]


def test_a_word_that_is_not_in_it_stands_for_itself() -> None:
    assert THESAURUS.notions("cheval") == [Notion(said=("cheval",))]


@pytest.mark.parametrize(
    "text",
    ["éteindre les incendies", "ETEINDRE INCENDIES", "eteindre  l'incendie"],
)
def test_a_phrase_is_one_notion_however_it_is_written(text: str) -> None:
    (notion,) = THESAURUS.notions(text)
    assert len(notion.said) == 2
    assert notion.terms == (("sapeur", "pompi"),)


def test_the_longest_phrase_wins() -> None:
    assert terms("monter les images") == terms("image") == [["pri de vu"]]
    assert terms("monter un dessin") == [[], [], ["imag"]]
    assert terms("images, dessins") == [["pri de vu"], ["imag"]]


def test_a_term_keeps_the_words_that_say_nothing() -> None:
    """They stand in the fiches, where the term is looked for as it is written."""
    (notion,) = Thesaurus({"chef de la cuisine": ["cuistot"]}, empty=("de", "la")).notions(
        "cuistot"
    )
    assert notion.terms == (("chef", "de", "la", "cuisin"),)


def test_what_says_nothing_is_no_notion() -> None:
    for text in ("", "   ", "je veux travailler dans le métier", "JE VEUX", "y a l d", "?!"):
        assert THESAURUS.notions(text) == []


def test_a_word_said_twice_counts_once() -> None:
    assert said("dessin, chevaux, DESSINS et cheval") == ["dessin", "cheval", "et"]


def test_several_terms_are_kept_in_order_and_once() -> None:
    made = Thesaurus({"a1 b": ["mot"], "c1": ["Mots", "mot", "autre"], "mot": ["mot"]})
    assert terms("mots", made) == [["a1 b", "c1"]], "a word does not stand for itself"


def test_an_empty_thesaurus() -> None:
    for made in (Thesaurus({}), Thesaurus({"de": ["le"], "x": [], "le": ["mot"]}, empty=EMPTY)):
        assert set(map(tuple, terms("un mot de trop", made))) == {()}
        assert "mot" in said("un mot de trop", made)


def test_weights() -> None:
    notion = Notion(said=("a", "b"), terms=(("c",), ("d", "e")))
    assert dict(notion.weights()) == pytest.approx(
        {"a": 0.5, "b": 0.5, "c": 0.3, "d": 0.15, "e": 0.15}
    )
    assert list(Notion(said=("a",)).weights()) == [("a", 1.0)]


words = st.sampled_from(
    ["feu", "microbes", "les", "petites", "bêtes", "éteindre", "incendies", "dessin"]
)
texts = st.one_of(st.text(), st.lists(words).map(" ".join))


@given(texts)
def test_every_word_is_in_one_notion_in_order(text: str) -> None:
    kept = [
        stem for stem in stems(text) if len(stem) > 1 and stem not in set(stems(" ".join(EMPTY)))
    ]
    notions = THESAURUS.notions(text)
    assert [stem for notion in notions for stem in notion.said] == list(dict.fromkeys(kept))
    for notion in notions:
        total = sum(weight for _, weight in notion.weights())
        assert total == pytest.approx(1.6 if notion.terms else 1.0)
        assert len(notion.said) == 1 or notion.terms
