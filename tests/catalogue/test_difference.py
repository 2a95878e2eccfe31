"""What changed between two catalogues: on small ones written here, and between real editions."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.difference import (
    AnswerChange,
    Edition,
    Named,
    Renaming,
    as_json,
    compare,
    compare_answers,
)
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
from bot.catalogue.field_change import ChangeKind, FieldChange, field_changes
from bot.catalogue.formation import Formation, FormationMetier, FormationOrigin, formation_source
from bot.catalogue.ideo_table_reader import parse_table_json, parse_table_xml
from bot.catalogue.markdown_reader import parse_markdown

SOURCE = Source(url="https://x/", dataset="Idéo-fiches métiers", licence="ODbL", date="2025-10-21")


def section(*texts: str) -> Section:
    return Section(blocks=tuple(Block(text=text) for text in texts))


def fiche(number: int, name: str = "rêveur/euse", **fields) -> Fiche:
    title = fields.pop("title", Appellation(name=name))
    return Fiche(id=MetierId(f"MET.{number}"), title=title, source=SOURCE, **fields)


def formation(number: int, label: str = "BTS rêve", **fields) -> Formation:
    identifier = FormationId(f"FOR.{number}")
    source = formation_source(identifier, dataset="Idéo-fiches formations", date="2025-10-21")
    return Formation(
        id=identifier, label=label, origin=FormationOrigin.FICHE_XML, source=source, **fields
    )


FULL = fiche(
    1,
    title=Appellation(name="rêveur/euse", feminine="rêveuse", masculine="rêveur"),
    other_names=(Appellation(name="songeur/euse", feminine="songeuse", masculine="songeur"),),
    rome_codes=("L1101",),
    presentation=section("Il rêve.", "Elle aussi."),
    study_paths=(StudyPath(entry="Après le bac", text="3 ans", durations=()),),
    salary=section("À partir de 2000 euros brut par mois."),
    niveau_min="bac + 3",
    formations=(
        FormationLink(label="BTS rêve", id=FormationId("FOR.1")),
        FormationLink(label="CAP"),
    ),
    domaines=(Domaine(domaine="arts", sous_domaine="spectacle"), Domaine(domaine="santé")),
    web_sources=(
        WebSource(url="https://reve.fr/", label="Le rêve"),
        WebSource(url="https://nu.fr/"),
    ),
)


def only_change(old: Fiche, new: Fiche) -> FieldChange:
    (record,) = compare([old], [new]).fiches.changed
    (field,) = record.fields
    return field


# Records


def test_nothing_changed() -> None:
    found = compare([FULL], [FULL], old_formations=[formation(1)], new_formations=[formation(1)])
    assert found.is_empty
    assert found.fiches.is_empty and found.formations.is_empty


def test_nothing_at_all_is_no_change() -> None:
    assert compare([], []).is_empty


def test_added_removed_renamed_and_changed() -> None:
    old = [fiche(1), fiche(2, "plombier/ière"), fiche(3, "soudeur/euse"), fiche(4)]
    new = [
        fiche(5, "éthicien/ne"),
        fiche(4, niveau_min="bac"),
        fiche(3, "soudeur/euse sur métal"),
        fiche(1),
    ]
    found = compare(old, new).fiches
    assert found.added == (Named(id="MET.5", name="éthicien/ne"),)
    assert found.removed == (Named(id="MET.2", name="plombier/ière"),)
    assert found.renamed == (
        Renaming(id="MET.3", old="soudeur/euse", new="soudeur/euse sur métal"),
    )
    assert [(change.id, change.fields) for change in found.changed] == [
        ("MET.4", (FieldChange(field="niveau_min", old=None, new="bac"),))
    ]


def test_a_renamed_job_may_have_changed_too() -> None:
    found = compare([fiche(1, "a")], [fiche(1, "b", rome_codes=("L1101",))]).fiches
    assert found.renamed == (Renaming(id="MET.1", old="a", new="b"),)
    assert [(change.name, change.fields[0].field) for change in found.changed] == [
        ("b", "rome_codes")
    ]


def test_the_genders_follow_a_new_name() -> None:
    old = fiche(1, title=Appellation(name="a", feminine="a", masculine="a"))
    new = fiche(1, title=Appellation(name="b", feminine="b", masculine="b"))
    assert compare([old], [new]).fiches.changed == ()
    same_name = fiche(1, title=Appellation(name="a", feminine="une a", masculine="a"))
    assert only_change(old, same_name) == FieldChange(field="feminine", old="a", new="une a")


def test_formations_are_compared_as_well() -> None:
    old = [formation(1), formation(2), formation(3, duree="2 ans"), formation(4, "BTS nuit")]
    new = [
        formation(2, "BTS rêves"),
        replace(formation(3, duree="3 ans"), file="autre.xml", origin=FormationOrigin.TABLE),
        replace(
            formation(
                4, "BTS nuit", metiers=(FormationMetier(label="veilleur", id=MetierId("MET.9")),)
            )
        ),
        formation(5, "BTS jour"),
    ]
    found = compare([], [], old_formations=old, new_formations=new)
    assert found.fiches.is_empty and not found.is_empty
    assert found.formations.added == (Named(id="FOR.5", name="BTS jour"),)
    assert found.formations.removed == (Named(id="FOR.1", name="BTS rêve"),)
    assert found.formations.renamed == (Renaming(id="FOR.2", old="BTS rêve", new="BTS rêves"),)
    assert [change.fields for change in found.formations.changed] == [
        (FieldChange(field="duree", old="2 ans", new="3 ans"),),
        (FieldChange(field="metiers", old=(), new=("veilleur ; MET.9",)),),
    ]


@dataclass
class JustNamed:
    """The least that can be compared."""

    id: str
    label: str


class Plain:
    id, label = "FOR.1", "BTS"


def test_the_least_that_can_be_compared() -> None:
    assert compare([], [], old_formations=[JustNamed("FOR.1", "a")],
                   new_formations=[JustNamed("FOR.1", "b")]).formations.renamed  # fmt: skip
    assert compare([], [], old_formations=[Plain()], new_formations=[Plain()]).is_empty


def test_a_new_edition_is_told_apart_from_the_fiches() -> None:
    later = [replace(f, source=replace(SOURCE, date="2026-02-10")) for f in (fiche(1), fiche(2))]
    found = compare([fiche(1), fiche(2)], later)
    assert found.fiches.is_empty and not found.is_empty
    edition = Edition(dataset="Idéo-fiches métiers", date="2025-10-21", licence="ODbL", records=2)
    assert found.old_editions == (edition,)
    assert found.new_editions == (replace(edition, date="2026-02-10"),)


def test_an_edition_without_date() -> None:
    undated = replace(fiche(1), source=replace(SOURCE, date=None))
    found = compare([undated, fiche(2)], [undated, fiche(2)])
    assert [edition.date for edition in found.old_editions] == ["", "2025-10-21"]


# Fields


def test_every_field_of_a_fiche_is_compared() -> None:
    """A field added to `Fiche` must be written here only when it is of a new type."""
    empty, found = fiche(1), set()
    full: dict[str, Any] = {
        "str | None": "x", "Section | None": section("x"), "tuple[str, ...]": ("x",),
        "tuple[MetierId, ...]": (MetierId("MET.2"),), "tuple[Domaine, ...]": FULL.domaines,
        "tuple[Appellation, ...]": FULL.other_names, "tuple[StudyPath, ...]": FULL.study_paths,
        "tuple[FormationLink, ...]": FULL.formations, "tuple[WebSource, ...]": FULL.web_sources,
    }  # fmt: skip
    compared = [f for f in dataclasses.fields(Fiche) if f.name not in {"id", "title", "source"}]
    for field in compared:
        changed = replace(empty, **{field.name: full[str(field.type)]})
        found.add(only_change(empty, changed).field)
    assert len(found) == len(compared) > 15


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("presentation", "Il rêve.\n\nElle aussi."),
        ("study_paths", ("Après le bac : 3 ans",)),
        ("formations", ("BTS rêve (FOR.1)", "CAP")),
        ("domaines", ("arts / spectacle", "santé")),
        ("web_sources", ("Le rêve https://reve.fr/", "https://nu.fr/")),
        ("other_names", ("songeur/euse / songeur / songeuse",)),
        ("niveau_min", "bac + 3"),
    ],
)
def test_values_are_those_that_a_person_reads(field: str, value: object) -> None:
    nothing: Any = () if isinstance(value, tuple) else None
    empty = replace(FULL, **{field: nothing})
    change = only_change(FULL, empty)
    assert (change.field, change.old, change.kind) == (field, value, ChangeKind.REMOVED)
    assert only_change(empty, FULL).kind is ChangeKind.ADDED


def test_the_order_of_the_fields_is_that_of_the_fiche() -> None:
    (record,) = compare([fiche(1)], [replace(FULL, title=fiche(1).title)]).fiches.changed
    names = [field.name for field in dataclasses.fields(Fiche)]
    assert [change.field for change in record.fields] == [n for n in names if getattr(FULL, n) and
                                                          n not in {"id", "title", "source"}]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("l'eau", "l’eau"),
        ("2\u00a0000 €", "2 000 €"),
        ("a\n\nb", "a b "),
        ("e\u0301tude", "étude"),
        ("etc...", "etc…"),
        (("a", "b"), ("b", "a")),
    ],
)  # fmt: skip
def test_what_a_reader_does_not_see(old: str, new: str) -> None:
    assert FieldChange(field="x", old=old, new=new).kind is ChangeKind.FORM


@pytest.mark.parametrize(
    ("old", "new", "summary"),
    [
        ("gagne 2000 euros brut", "gagne 2100 euros brut", (1, 1, "2000", "2100")),
        ("gagne 2000", "gagne 2000 euros", (1, 0, "2000", "2000 euros")),
        ("Il gagne 2000", "gagne 2000", (0, 1, "Il gagne", "gagne")),
        ("a b c d", "a c b d", (0, 0, "b c", "c b")),
        ("a a", "a a a", (1, 0, "a", "a a")),
        ("x", "y", (1, 1, "x", "y")),
        ("0 " * 3, " ".join(map(str, range(20))), (19, 2, "0 0", "1 2 3 4 5 6 7 8 9 10 11 12 …")),
    ],
)
def test_the_summary_of_a_text(old: str, new: str, summary: tuple) -> None:
    change = FieldChange(field="salary", old=old, new=new)
    assert change.kind is ChangeKind.TEXT
    assert dataclasses.astuple(change.text_summary) == summary


def test_the_summary_of_a_list() -> None:
    change = FieldChange(field="formations", old=("a", "b", "b"), new=("c", "b", "d"))
    assert change.kind is ChangeKind.ITEMS
    assert change.items_summary.added == ("c", "d")
    assert change.items_summary.removed == ("a", "b")


WORDS = st.lists(st.sampled_from("a b c".split()), min_size=1, max_size=8).map(" ".join)


@given(WORDS, WORDS)
def test_the_words_counted_explain_the_two_texts(old: str, new: str) -> None:
    found = FieldChange(field="x", old=old, new=new).text_summary
    assert len(old.split()) + found.words_added - found.words_removed == len(new.split())
    assert found.before in old and found.after in new


@given(
    st.permutations([fiche(n) for n in range(4)]), st.permutations([fiche(n) for n in range(2, 6)])
)
def test_what_one_way_adds_the_other_way_removes(old: list[Fiche], new: list[Fiche]) -> None:
    there, back = compare(old, new).fiches, compare(new, old).fiches
    assert (
        set(there.added)
        == set(back.removed)
        == {Named(id=f"MET.{n}", name="rêveur/euse") for n in (4, 5)}
    )
    assert set(there.removed) == set(back.added)
    assert there.changed == ()


def test_an_empty_text_is_an_absent_one() -> None:
    assert field_changes(formation(1, duree=""), formation(1, duree=None)) == ()


def test_values_without_fields_have_no_change() -> None:
    assert field_changes("a", "b") == ()


# Answers


def test_the_answers_that_changed() -> None:
    before = {("salaire", 1): "2000", ("salaire", 2): "même", ("ancien", 1): "a"}
    after = {("nouveau", 1): "b", ("salaire", 2): "même", ("salaire", 1): "2100"}
    assert compare_answers(before, after) == (
        AnswerChange(dialogue="salaire", turn=1, before="2000", after="2100"),
        AnswerChange(dialogue="ancien", turn=1, before="a", after=None),
        AnswerChange(dialogue="nouveau", turn=1, before=None, after="b"),
    )
    assert compare_answers(before, before) == ()


# JSON


def test_the_json_form_holds_everything() -> None:
    found = compare(
        [fiche(1, "a"), fiche(2, rome_codes=("A", "B"))], [fiche(1, "b"), fiche(2, rome_codes=("B", "A"))],
        new_formations=[formation(7)],
    )  # fmt: skip
    written = json.loads(json.dumps(as_json(found), ensure_ascii=False))
    assert written["is_empty"] is False
    assert written["fiches"] == {
        "counts": {"added": 0, "removed": 0, "renamed": 1, "changed": 1},
        "added": [],
        "removed": [],
        "renamed": [{"id": "MET.1", "old": "a", "new": "b"}],
        "changed": [
            {
                "id": "MET.2", "name": "rêveur/euse",
                "fields": [{"field": "rome_codes", "old": ["A", "B"], "new": ["B", "A"], "kind": "form"}],
            }
        ],
    }  # fmt: skip
    assert written["formations"]["added"] == [{"id": "FOR.7", "name": "BTS rêve"}]
    assert [edition["records"] for edition in written["editions"]["new"]] == [1, 2]


# Real editions


def test_two_real_editions_of_the_table(onisep: Path) -> None:
    """The counts of identifiers are those of the README of the data."""
    old, new = onisep / "ideo-metiers_onisep.xml", onisep / "metiers.json"
    found = compare(
        parse_table_xml(old.read_bytes(), old), parse_table_json(new.read_bytes(), new)
    ).fiches
    assert {record.id for record in found.removed} == {"MET.217", "MET.503", "MET.814"}
    assert len(found.added) == 35
    assert Renaming(
        id="MET.397", old="analyste financier / financière", new="analyste financier / financière et ESG"
    ) in found.renamed  # fmt: skip
    fields = {change.field for record in found.changed for change in record.fields}
    assert fields == {"rome_codes", "domaines"}
    json.dumps(as_json(compare(parse_table_xml(old.read_bytes(), old), [])))


def test_a_real_fiche_with_one_word_changed(shared_data: Path) -> None:
    (path,) = (shared_data / "seed").glob("*.txt")
    text = path.read_text("utf-8")
    old = parse_markdown(text, path)
    new = parse_markdown(
        text.replace("telle est la mission", "telle est aussi la mission", 1), path
    )
    assert compare([old], [old]).is_empty
    summary = only_change(old, new).text_summary
    assert (summary.words_added, summary.words_removed) == (1, 0)
    assert (summary.before, summary.after) == ("est", "est aussi")
