"""Criteria: exactly the jobs that have the level and the labels asked for, no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.criteria import Criteria, LabelIndex
from bot.catalogue.fiche import Appellation, Domaine, Fiche, MetierId, Source
from bot.catalogue.loading import load_catalogue
from bot.catalogue.search import Search
from bot.catalogue.thesaurus import Thesaurus
from tests.conftest import require_shared

# The labels of the fiches and the values of the entity, from the lowest step up.
SCALE = (
    ("sans diplôme", "sans_diplome", "3E", "brevet", "diplôme national du brevet"),
    ("CAP ou équivalent", "cap", "CAP ou équivalent + 1 an"),
    ("bac ou équivalent", "bac"),
    ("bac + 1", "bac+1"), ("bac + 2", "bac+2"), ("bac + 3", "bac+3"), ("bac + 4", "bac+4"),
    ("bac + 5", "bac+5"), ("bac + 6", "bac+6"), ("bac + 7", "bac+7"), ("bac + 8", "bac+8"),
    ("bac + 9 et plus", "bac+9", "bac+10"),
)  # fmt: skip
STEP = {label.casefold(): step for step, labels in enumerate(SCALE) for label in labels}
KINDS = ("statuts", "centres_interet", "domaines")


def fiche(number: int, **values: object) -> Fiche:
    source = Source(url="u", dataset="d", licence="l")
    made = Fiche(id=MetierId(f"MET.{number}"), title=Appellation(name="rêveur"), source=source)
    return replace(made, **values)  # type: ignore[arg-type]


def missed(fiches: Iterable[Fiche], criteria: Criteria) -> list[int]:
    return [int(count) for count in LabelIndex(tuple(fiches)).missed(criteria)]


# By hand


@pytest.mark.parametrize(
    ("niveau", "rule", "expected"),
    [
        ("bac+2", "max", [0, 0, 0, 0, 1, 1, 1]),
        ("bac+2", "equal", [1, 1, 1, 0, 1, 1, 1]),
        ("cap", "max", [0, 0, 1, 1, 1, 1, 1]),
        ("sans_diplome", "equal", [0, 1, 1, 1, 1, 1, 1]),
        ("bac+10", "max", [0, 0, 0, 0, 0, 1, 1]),
        ("autre formation", "max", [1, 1, 1, 1, 1, 1, 1]),
        ("n'importe quoi", "equal", [1, 1, 1, 1, 1, 1, 1]),
        (None, "equal", [0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_levels(niveau: str | None, rule: str, expected: list[int]) -> None:
    labels = (
        "3E",
        "CAP ou équivalent",
        "bac ou équivalent",
        "bac + 2",
        "bac + 5",
        None,
        "autre formation",
    )
    fiches = [fiche(n, niveau_min=label) for n, label in enumerate(labels)]
    assert missed(fiches, Criteria(niveau=niveau, niveau_rule=rule)) == expected


def test_one_label_of_each_kind_is_enough() -> None:
    fiches = [
        fiche(1, statuts=("salarié", "indépendant"), centres_interet=("La nuit",)),
        fiche(2, statuts=("fonctionnaire",), centres_interet=("la nuit", "le jour")),
        fiche(3),
    ]
    assert missed(fiches, Criteria(statuts=("salarié", "fonctionnaire"))) == [0, 0, 1]
    assert missed(fiches, Criteria(statuts=("SALARIÉ",))) == [0, 1, 1]
    asked = Criteria(statuts=("fonctionnaire",), centres_interet=("LA NUIT",), niveau="bac")
    assert missed(fiches, asked) == [2, 1, 3]
    assert missed(fiches, Criteria(statuts=("inconnu",))) == [1, 1, 1]


def test_a_field_is_that_of_either_level_or_a_sector() -> None:
    fiches = [
        fiche(1, domaines=(Domaine(domaine="santé", sous_domaine="paramédical"),)),
        fiche(2, domaines=(Domaine(domaine="Santé"),)),
        fiche(3, secteurs=("Santé",)),
        fiche(4, domaines=(Domaine(domaine="social", sous_domaine="santé"),)),
        fiche(5, domaines=(Domaine(domaine="santé animale"),)),
    ]
    assert missed(fiches, Criteria(domaines=("santé",))) == [0, 0, 0, 0, 1]
    assert missed(fiches, Criteria(domaines=("paramédical",))) == [0, 1, 1, 1, 1]


def test_what_asks_for_nothing() -> None:
    assert not Criteria()
    assert not Criteria(niveau_rule="equal")
    for name in ("niveau", *KINDS):
        assert Criteria(**{name: "bac" if name == "niveau" else ("x",)})  # type: ignore[arg-type]
    assert missed([], Criteria(niveau="bac", statuts=("x",))) == []


# Over the real catalogue, counted again without any index


@cache
def catalogue() -> Catalogue:
    onisep = require_shared("data/onisep")
    return load_catalogue([onisep / "fiches-md", onisep / "metiers.json"])


@cache
def labels(kind: str) -> list[str]:
    found = {label for fiche in catalogue() for label in having(fiche, kind)}
    assert len(found) > 5
    return sorted(found)


def having(fiche: Fiche, kind: str) -> set[str]:
    if kind != "domaines":
        return set(getattr(fiche, kind))
    levels = {label for d in fiche.domaines for label in (d.domaine, d.sous_domaine) if label}
    return levels | set(fiche.secteurs)


def misses(fiche: Fiche, criteria: Criteria) -> int:
    count = 0
    if criteria.niveau:
        wanted = STEP[criteria.niveau.casefold()]
        step = STEP.get((fiche.niveau_min or "").casefold())
        exactly = criteria.niveau_rule == "equal"
        count += step is None or (step != wanted if exactly else step > wanted)
    for kind in KINDS:
        asked = {label.casefold() for label in getattr(criteria, kind)}
        count += bool(asked) and asked.isdisjoint(map(str.casefold, having(fiche, kind)))
    return count


@st.composite
def criteria(draw: st.DrawFn) -> Criteria:
    chosen = {
        kind: tuple(draw(st.lists(st.sampled_from(labels(kind)), max_size=3))) for kind in KINDS
    }
    niveau = draw(st.none() | st.sampled_from([value for step in SCALE for value in step]))
    return Criteria(niveau=niveau, niveau_rule=draw(st.sampled_from(("max", "equal"))), **chosen)


def test_the_levels_of_the_real_fiches_are_all_on_the_scale(onisep: Path) -> None:
    levels = {fiche.niveau_min for fiche in catalogue() if fiche.niveau_min}
    assert len(levels) > 10
    assert {level for level in levels if level.casefold() not in STEP} == {"autre formation"}


@given(data=st.data())
def test_the_real_jobs_that_meet_criteria(onisep: Path, data: st.DataObject) -> None:
    asked = data.draw(criteria())
    expected = [misses(fiche, asked) for fiche in catalogue()]
    assert missed(catalogue(), asked) == expected
    told = [fiche.presentation is not None or fiche.summary is not None for fiche in catalogue()]
    result = Search(catalogue(), Thesaurus({})).meeting(asked)
    assert result.exact == len(result.metiers)
    assert list(result.metiers) == [
        fiche.id
        for fiche, count, has_text in zip(catalogue(), expected, told, strict=True)
        if has_text and not count
    ]
