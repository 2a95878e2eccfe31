"""Labels said in other words, by stems; the longest phrase at a place wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.interpretation import EntityMention
from bot.understanding.label_matcher import LabelMatcher, PhraseTable
from bot.understanding.normalisation import Normaliser, stem

NORMALISER = Normaliser()
STATUTS = {
    "salarié": ["employé", "en entreprise"],
    "fonctionnaire": ["fonction publique", "agent public"],
    "intermittent du spectacle": ["intermittence"],
    "artisan": ["à mon compte"],
    "profession libérale": ["à mon compte", "libéral"],
}
MATCHER = LabelMatcher("statut", STATUTS, NORMALISER)


def match(text: str, matcher: LabelMatcher = MATCHER) -> tuple[EntityMention, ...]:
    normalised = NORMALISER.normalise(text)
    return matcher.match(normalised, [stem(word) for word in normalised.words])


@pytest.mark.parametrize(
    ("text", "value", "cut"),
    [
        ("salarié", "salarié", "salarié"),
        ("on est SALARIÉE ?", "salarié", "SALARIÉE"),
        ("des salariés", "salarié", "salariés"),
        ("salarié·e", "salarié", "salarié·e"),
        ("dans la fonction publique", "fonctionnaire", "fonction publique"),
        ("des agents publics", "fonctionnaire", "agents publics"),
        ("intermittente du spectacle ?", "intermittent du spectacle", "intermittente du spectacle"),
    ],
)
def test_gender_number_and_case_do_not_matter(text: str, value: str, cut: str) -> None:
    (mention,) = match(text)
    assert (mention.entity, mention.value, text[mention.start : mention.end]) == (
        "statut",
        value,
        cut,
    )


@pytest.mark.parametrize("text", ["", "?", "bonjour", "fonction", "publique", "spectacle"])
def test_what_is_no_label(text: str) -> None:
    assert match(text) == ()


def test_one_way_of_speaking_may_mean_several_labels() -> None:
    assert [mention.value for mention in match("à mon compte")] == [
        "artisan",
        "profession libérale",
    ]


def test_each_label_once_in_reading_order() -> None:
    said = match("employé ou fonctionnaire, salarié ou libéral")
    assert [mention.value for mention in said] == [
        "salarié",
        "fonctionnaire",
        "profession libérale",
    ]


def test_the_longest_phrase_at_a_place_wins() -> None:
    labels = {"droit": ["droit"], "droit public": ["droit public"], "public": ["public"]}
    matcher = LabelMatcher("domaine", labels, NORMALISER)
    assert [mention.value for mention in match("droit public", matcher)] == ["droit public"]
    assert [mention.value for mention in match("droit et public", matcher)] == ["droit", "public"]


def test_of_labels_with_the_same_stems_the_one_so_written_wins() -> None:
    labels = {"cultures": ["les cultures"], "arts": ["la culture", "culturel"]}
    matcher = LabelMatcher("domaine", labels, NORMALISER)
    assert [mention.value for mention in match("un métier de la culture", matcher)] == ["arts"]
    assert [mention.value for mention in match("travailler dans les cultures", matcher)] == [
        "cultures"
    ]


def test_articles_are_words_of_ordinals_only() -> None:
    labels = {"1": ["le un"], "2": ["le deux"]}
    assert [m.value for m in match("le deux", LabelMatcher("ordinal", labels, NORMALISER))] == ["2"]
    assert match("un chat", LabelMatcher("ordinal", labels, NORMALISER)) == ()


def test_a_table_ignores_what_has_no_word() -> None:
    table = PhraseTable({"rien": ["", "?!", "…"], "mer": ["la mer"]}, NORMALISER)
    assert table.find([]) == []
    assert [found.value for found in table.find(["voir", "la", "mer"])] == ["mer"]


@given(st.lists(st.sampled_from(["salarié", "en", "entreprise", "à", "mon", "compte", "?", "œuf"])))
def test_mentions_are_in_the_text_and_in_order(words: list[str]) -> None:
    text = " ".join(words)
    mentions = match(text)
    assert all(0 <= mention.start < mention.end <= len(text) for mention in mentions)
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    assert {m.value for m in mentions} <= set(STATUTS)
