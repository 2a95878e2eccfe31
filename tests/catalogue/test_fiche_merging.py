"""Merging the fiches of one job: what is kept, what is told, and the laws of both."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.fiche import (
    Appellation,
    Block,
    Domaine,
    Fiche,
    FormationId,
    FormationLink,
    MetierId,
    Section,
    Source,
    StudyPath,
    WebSource,
)
from bot.catalogue.fiche_merging import merge_fiches
from tests.catalogue.test_index_file import fiches

TOGETHER = (("summary", "study_paths"), ("salary", "job_market"))
NAMES = [field.name for field in fields(Fiche)]
one_job = st.lists(
    fiches.map(lambda fiche: replace(fiche, id=MetierId("MET.1"))), min_size=1, max_size=4
)


def section(text: str) -> Section:
    return Section(blocks=(Block(text=text),))


def link(number: int, label: str) -> FormationLink:
    return FormationLink(label=label, id=FormationId(f"FOR.{number}"))


def fiche(**values: object) -> Fiche:
    source = Source(url="u", dataset="d", licence="l")
    made = Fiche(id=MetierId("MET.1"), title=Appellation(name="rêveur/euse"), source=source)
    return replace(made, **values)  # type: ignore[arg-type]


# One value of each field, and another
VALUES: dict[str, tuple[object, object]] = {
    "other_names": ((Appellation(name="songeur"),), (Appellation(name="rêvasseur"),)),
    "rome_codes": (("A1101",), ("A1101", "B1101")),
    "presentation": (section("un"), section("deux")),
    "summary": (section("un"), section("deux")),
    "nature": (section("un"), section("deux")),
    "skills": (section("un"), section("deux")),
    "conditions": (section("un"), section("deux")),
    "salary": (section("un"), section("deux")),
    "job_market": (section("un"), section("deux")),
    "access": (section("un"), section("deux")),
    "niveau_min": ("bac + 2", "bac + 3"),
    "formations": ((link(1, "BTS a"),), (link(2, "BTS a"),)),
    "statuts": (("salarié",), ("fonctionnaire",)),
    "centres_interet": (("j'aime la nuit",), ("j'aime le jour",)),
    "domaines": ((Domaine(domaine="nuit"),), (Domaine(domaine="jour"),)),
    "secteurs": (("Nuit",), ("Jour",)),
    "related": ((MetierId("MET.2"),), (MetierId("MET.3"),)),
    "web_sources": ((WebSource(url="a"),), (WebSource(url="b"),)),
    "keywords": (("nuit",), ("jour",)),
}
NOT_COMPARED = {"other_names", "domaines", "web_sources", "keywords"}


def test_every_field_has_its_values_here() -> None:
    assert {*VALUES, "id", "title", "source", "study_paths"} == set(NAMES)


@pytest.mark.parametrize("name", VALUES)
def test_a_field_is_the_first_one_s(name: str) -> None:
    """And the other value is told, but for names and fields of activity."""
    first, second = (fiche(**{name: value}) for value in VALUES[name])
    merged, conflicts = merge_fiches([first, second])
    assert merged == first
    assert [(c.id, c.field) for c in conflicts] == [("MET.1", name)] * (name not in NOT_COMPARED)
    assert all(c.kept and c.other and c.kept != c.other for c in conflicts)


@pytest.mark.parametrize("name", VALUES)
def test_a_field_that_the_first_has_not_is_taken_from_the_next(name: str) -> None:
    value, other = VALUES[name]
    merged, conflicts = merge_fiches([fiche(), fiche(**{name: value}), fiche(**{name: other})])
    assert merged == fiche(**{name: value})
    assert [c.field for c in conflicts] == [name] * (name not in NOT_COMPARED)


@pytest.mark.parametrize(("one", "two"), TOGETHER)
def test_two_parts_of_one_text_come_from_one_source(one: str, two: str) -> None:
    path = StudyPath(entry=None, text="2 ans", durations=())
    value = (path,) if two == "study_paths" else section("deux")
    merged, _ = merge_fiches(
        [fiche(**{one: section("un")}), fiche(**{one: section("un"), two: value})]
    )
    assert not getattr(merged, two)
    merged, _ = merge_fiches([fiche(), fiche(**{one: section("un"), two: value})])
    assert getattr(merged, one) == section("un")
    assert getattr(merged, two) == value


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        (("a/e", None, None), ("a / ae", "ae", "a"), ("a/e", "ae", "a")),
        (("a/e", "ae", None), ("a / ae", "x", "y"), ("a/e", "ae", None)),
        (("a/e", None, "a"), ("a / ae", "x", "y"), ("a/e", None, "a")),
        (("a/e", None, None), ("b", None, None), ("a/e", None, None)),
    ],
)
def test_the_genders_of_the_title_are_taken_together(
    title: tuple[str, str, str], other: tuple[str, str, str], expected: tuple[str, str, str]
) -> None:
    def named(names: tuple[str, str, str]) -> Fiche:
        return fiche(title=Appellation(name=names[0], feminine=names[1], masculine=names[2]))

    merged, conflicts = merge_fiches([named(title), named(other)])
    assert merged == named(expected)
    assert conflicts == ()


@pytest.mark.parametrize(
    ("name", "one", "two"),
    [
        ("presentation", section("L'été,\n\n  la nuit."), section("l’ÉTÉ, la nuit.")),
        ("presentation", section("a\n\nb"), Section(blocks=(Block(text="a"), Block(text="b")))),
        ("niveau_min", "bac + 2", "Bac  + 2"),
        ("rome_codes", ("A1101", "B1101"), ("B1101", "A1101")),
        ("statuts", ("Salarié", "fonctionnaire"), ("fonctionnaire", "salarié")),
        ("formations", (link(1, "BTS a"), link(2, "b")), (link(2, "B"), link(1, "BTS A, nouveau"))),
        ("formations", (link(1, "BTS a"),), (FormationLink(label="bts A"),)),
        ("formations", (FormationLink(label="bts A"),), (link(1, "BTS a"),)),
    ],
)
def test_what_is_only_written_otherwise_is_no_conflict(name: str, one: object, two: object) -> None:
    merged, conflicts = merge_fiches([fiche(**{name: one}), fiche(**{name: two})])
    assert getattr(merged, name) == one
    assert conflicts == ()


def test_a_conflict_shows_both_values() -> None:
    one = fiche(presentation=section("mot " * 40), formations=(link(2, "b"), link(1, "a")))
    two = fiche(presentation=section("autre"), formations=(link(3, "c"), FormationLink(label="d")))
    _, (text, diplomas) = merge_fiches([one, two])
    assert text.kept == "mot " * 14 + "mot…"
    assert text.other == "autre"
    assert (diplomas.kept, diplomas.other) == ("a, b", "c, d")
    _, (diplomas,) = merge_fiches([one, fiche(formations=(link(3, "c"),))])
    assert (diplomas.kept, diplomas.other) == ("FOR.1, FOR.2", "FOR.3")


def test_each_of_several_sources_is_compared_with_what_is_kept() -> None:
    made = [fiche(niveau_min=niveau) for niveau in (None, "bac", "bac + 2", "bac", "bac + 3")]
    merged, conflicts = merge_fiches(made)
    assert merged.niveau_min == "bac"
    assert [(c.kept, c.other) for c in conflicts] == [("bac", "bac + 2"), ("bac", "bac + 3")]


# Laws


@given(one_job)
def test_the_first_is_never_altered(given: list[Fiche]) -> None:
    merged, _ = merge_fiches(given)
    first = given[0]
    assert (merged.id, merged.name, merged.source) == (first.id, first.name, first.source)
    for name in NAMES:
        if name != "title" and getattr(first, name):
            assert getattr(merged, name) == getattr(first, name), name


@given(one_job)
def test_nothing_is_lost_and_nothing_is_made_up(given: list[Fiche]) -> None:
    merged, _ = merge_fiches(given)
    together = {name for group in TOGETHER for name in group}
    for name in set(NAMES) - {"id", "title", "source"} - together:
        values = [getattr(fiche, name) for fiche in given]
        assert getattr(merged, name) == next(filter(None, values), values[0])
    for group in TOGETHER:
        pairs = [tuple(getattr(fiche, name) for name in group) for fiche in given]
        assert tuple(getattr(merged, name) for name in group) == next(filter(any, pairs), pairs[0])


@given(one_job)
def test_merging_again_changes_nothing(given: list[Fiche]) -> None:
    merged, conflicts = merge_fiches(given)
    assert merge_fiches([merged]) == (merged, ())
    assert merge_fiches([merged, merged]) == (merged, ())
    again, same = merge_fiches([merged, *given])
    assert again == merged
    assert {(c.field, c.other) for c in same} == {(c.field, c.other) for c in conflicts}
