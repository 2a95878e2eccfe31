"""How like the names and the text of a fiche another name is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.catalogue.fiche import Block, Section
from bot.understanding.gender_pairs import fold_pairs
from bot.understanding.metier_names import WrittenName, metier_names
from bot.understanding.name_index import content_words
from bot.understanding.name_likeness import LikenessMeasure
from bot.understanding.normalisation import Normaliser
from tests.understanding.small_catalogue import small_fiche

NORMALISER = Normaliser()
NAMES = metier_names(
    [
        WrittenName("MET.1", "archiviste", "title"),
        WrittenName("MET.1", "gardien de manuscrits", "synonym"),
        WrittenName("MET.2", "technicien du froid", "title"),
        WrittenName("MET.3", "technicien du son", "title"),
    ],
    NORMALISER,
)
SUMMARY = Section(blocks=(Block(text="Il restaure des Manuscrits enluminés."),))
FICHES = [replace(small_fiche(1, "archiviste"), summary=SUMMARY)]
FICHES += [small_fiche(2, "technicien du froid"), small_fiche(3, "technicien du son")]
OTHERS = ("archiviste", "archives municipales", "gardienne de manuscrits", "technicien du froid",
          "technicien du chaud", "restaurateur", "boulanger")  # fmt: skip


def stems(form: str) -> tuple[str, ...]:
    return fold_pairs(content_words(NORMALISER.normalise(form).words))


MEASURE = LikenessMeasure(FICHES, NAMES, map(stems, OTHERS))
COMPARE = MEASURE.among(["MET.1", "MET.2", "MET.3"])


def test_the_same_words_are_wholly_like() -> None:
    likeness = COMPARE(stems("archiviste"))["MET.1"]
    assert likeness.closest == pytest.approx(1)
    assert likeness.title == pytest.approx(1)


def test_another_name_is_not_the_title() -> None:
    likeness = COMPARE(stems("gardienne de manuscrits"))["MET.1"]
    assert likeness.closest == pytest.approx(1)
    assert likeness.title == 0.0
    assert 0 < likeness.told < 1  # « manuscrits » is told, « gardienne » is not


def test_a_root_in_common_is_less_than_a_word() -> None:
    assert 0 < COMPARE(stems("archives municipales"))["MET.1"].closest < 0.5


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    likeness = COMPARE(stems("technicien du froid"))
    assert likeness["MET.2"].closest == pytest.approx(1)
    assert likeness["MET.3"].closest < 0.5
    assert "MET.1" not in likeness


def test_only_the_fiches_asked_about_and_that_share_something() -> None:
    assert set(MEASURE.among(["MET.3"])(stems("technicien du chaud"))) == {"MET.3"}
    assert COMPARE(stems("boulanger")) == {}
    assert MEASURE.among([])(stems("archiviste")) == {}
