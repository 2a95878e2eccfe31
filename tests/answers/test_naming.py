"""Names of jobs in plain French: both genders in full, « de » or « d' »."""

from __future__ import annotations

import re

import pytest

from bot.answers.naming import both_genders, of
from bot.assistant import Assistant
from bot.catalogue.fiche import Appellation
from bot.messages import UserMessage


@pytest.mark.parametrize(
    ("masculine", "feminine", "name"),
    [
        (
            "chargé de post-production",
            "chargée de post-production",
            "chargé ou chargée de post-production",
        ),
        ("notaire", "notaire", "notaire"),
        ("avocat", "avocate", "avocat ou avocate"),
        ("chef monteur", "cheffe monteuse", "chef monteur ou cheffe monteuse"),
        ("directeur d'hôtel", "directrice d'hôtel", "directeur ou directrice d'hôtel"),
        ("agent de sûreté", "agente de sûreté", "agent ou agente de sûreté"),
        (
            "juriste international",
            "juriste internationale",
            "juriste international ou juriste internationale",
        ),
        ("barman", "barmaid", "barman ou barmaid"),
    ],
)
def test_both_genders(masculine: str, feminine: str, name: str) -> None:
    appellation = Appellation(name="titre", masculine=masculine, feminine=feminine)
    assert both_genders(appellation) == name


def test_the_form_that_the_person_used_comes_first() -> None:
    title = Appellation(
        name="titre",
        masculine="chargé de post-production",
        feminine="chargée de post-production",
    )
    assert both_genders(title, feminine_first=True) == "chargée ou chargé de post-production"


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (
            ("salaire d'une boulangère", "et les études ?", "combien gagne un boulanger"),
            ("boulangère ou boulanger", "boulangère ou boulanger", "boulanger ou boulangère"),
        ),
        (("la boulangère ou le boulanger, ça gagne combien",), ("boulangère ou boulanger",)),
        (("combien gagne un boulanger", "et une boulangère ?"), ("boulanger ou", "boulangère ou")),
    ],
)
def test_the_form_used_is_followed_until_another_is(
    seed_assistant: Assistant, said: tuple[str, ...], names: tuple[str, ...]
) -> None:
    for text, name in zip(said, names, strict=True):
        message = UserMessage(sender=f"forme {said[0]}", text=text)
        assert name in seed_assistant.reply(message).text


@pytest.mark.parametrize(
    ("masculine", "feminine", "name"),
    [(None, None, "titre"), ("x", None, "x"), (None, "y", "y"), ("", "", "titre")],
)
def test_a_gender_that_is_not_given(masculine: str | None, feminine: str | None, name: str) -> None:
    appellation = Appellation(name="titre", masculine=masculine, feminine=feminine)
    assert both_genders(appellation) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("boulanger", "de boulanger"),
        ("avocat", "d'avocat"),
        ("Avocat", "d'Avocat"),
        ("éducateur", "d'éducateur"),
        ("œnologue", "d'œnologue"),
        ("ingénieur", "d'ingénieur"),
        ("horloger", "d'horloger"),
        ("hôtelier", "d'hôtelier"),
        ("huissier", "d'huissier"),
        ("hockeyeur", "de hockeyeur"),
        ("harpiste", "de harpiste"),
        ("hacker éthique", "de hacker éthique"),
        ("yield manager", "de yield manager"),
    ],
)
def test_de_or_d(name: str, said: str) -> None:
    assert of(name) == said


def test_the_real_names_hold_both_forms_in_full(onisep_assistant: Assistant) -> None:
    titles = [fiche.title for fiche in onisep_assistant.catalogue]
    gendered = [title for title in titles if title.masculine and title.feminine]
    assert len(gendered) > 800
    for title in gendered:
        name = both_genders(title)
        assert title.feminine is not None
        assert title.masculine is not None
        assert name.endswith(" ".join(title.feminine.split()))
        assert name.split(" ou ")[0].split()[0] == title.masculine.split()[0]
        assert not re.search(r"·|\((?:e|ne)\)", name)
