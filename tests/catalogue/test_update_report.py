"""What an update says in French, and that each of its errors has its sentence."""

from __future__ import annotations

import ast
import dataclasses
import re
from dataclasses import replace
from pathlib import Path

import pytest

import bot.catalogue
from bot.answers.wording import Wording, read_wording
from bot.catalogue.datasets import Dataset
from bot.catalogue.difference import (
    AnswerChange,
    Changes,
    Difference,
    Edition,
    Named,
    RecordChange,
    Renaming,
)
from bot.catalogue.download import Download, Receipt
from bot.catalogue.fiche import Fiche
from bot.catalogue.field_change import FieldChange
from bot.catalogue.formation import Formation
from bot.catalogue.update_report import answer_lines, difference_lines, download_line
from tests.conftest import INTENTS

NOTHING = Changes()
PACKAGE = Path(next(iter(bot.catalogue.__path__)))
MODULES = ("datasets", "download", "transfer", "zip_source")


@pytest.fixture(scope="module")
def words() -> Wording:
    return read_wording(INTENTS)


def changed(field: str, old: object, new: object) -> Difference:
    change = FieldChange(field=field, old=old, new=new)  # type: ignore[arg-type]
    record = RecordChange(id="MET.1", name="rêveur/euse", fields=(change,))
    return Difference(fiches=Changes(changed=(record,)), formations=NOTHING)


# Downloads


def test_a_download(words: Wording) -> None:
    receipt = Receipt(url="https://x/", etag=None, last_modified=None, sha256="0", bytes=3_355_443,
                      fetched_at="2026-02-10T03:00:00+00:00")  # fmt: skip
    dataset = Dataset(id="a", name="Idéo-fiches métiers", url="https://x/", page="https://x/",
                      licence="ODbL", holds="x")  # fmt: skip
    done = Download(dataset=dataset, path=Path("a"), receipt=receipt, changed=True)
    assert (
        download_line(done, words) == "Idéo-fiches métiers : nouveau fichier téléchargé (3,2 Mo)."
    )
    small = replace(done, receipt=replace(receipt, bytes=12))
    assert download_line(small, words).endswith("(0,1 Mo).")
    kept = replace(done, changed=False)
    assert (
        download_line(kept, words) == "Idéo-fiches métiers : rien de nouveau depuis le 2026-02-10."
    )


# Differences


def test_nothing_changed(words: Wording) -> None:
    same = Difference(fiches=NOTHING, formations=NOTHING)
    assert difference_lines(same, words) == [
        "Rien n'a changé : mêmes fiches, mêmes formations, mêmes éditions."
    ]


def test_counts_come_first_then_the_lists(words: Wording) -> None:
    edition = Edition(dataset="Idéo-fiches métiers", date="2025-10-21", licence="ODbL", records=2)
    found = Difference(
        fiches=Changes(
            added=(Named(id="MET.5", name="éthicien/ne"), Named(id="MET.6", name="a"), Named(id="MET.7", name="b")),
            removed=(Named(id="MET.2", name="plombier/ière"),),
            renamed=(Renaming(id="MET.3", old="soudeur/euse", new="soudeur/euse sur métal"),),
            changed=(
                RecordChange(
                    id="MET.4", name="rêveur/euse",
                    fields=(FieldChange(field="salary", old="gagne 2000 euros", new="gagne 2100 euros"),),
                ),
            ),
        ),
        formations=NOTHING,
        old_editions=(edition,),
        new_editions=(replace(edition, date="2026-02-10"),),
    )  # fmt: skip
    assert difference_lines(found, words, most=2) == [
        "Édition de « Idéo-fiches métiers » : 2025-10-21, ODbL → 2026-02-10, ODbL.",
        "Métiers : ajoutés, 3 ; retirés, 1 ; renommés, 1 ; modifiés, 1.",
        "Formations : aucun changement.",
        "",
        "Métiers ajoutés",
        "  MET.5 éthicien/ne",
        "  MET.6 a",
        "  et 1 autre",
        "",
        "Métiers retirés",
        "  MET.2 plombier/ière",
        "",
        "Métiers renommés",
        "  MET.3 soudeur/euse → soudeur/euse sur métal",
        "",
        "Métiers modifiés",
        "  MET.4 rêveur/euse",
        "    Salaire : mots ajoutés, 1 ; retirés, 1 ; « 2000 » → « 2100 »",
    ]
    assert "  et 2 autres" in difference_lines(found, words, most=1)
    assert difference_lines(found, words, most=0)[1:] == [
        "Métiers : ajoutés, 3 ; retirés, 1 ; renommés, 1 ; modifiés, 1.",
        "Formations : aucun changement.",
    ]


def test_formations_are_feminine(words: Wording) -> None:
    changes = Changes(
        added=(Named(id="FOR.1", name="BTS"),), removed=(Named(id="FOR.2", name="CAP"),),
        renamed=(Renaming(id="FOR.3", old="a", new="b"),),
        changed=(RecordChange(id="FOR.4", name="c", fields=(FieldChange(field="duree", old="", new="2 ans"),)),),
    )  # fmt: skip
    lines = difference_lines(Difference(fiches=NOTHING, formations=changes), words)
    assert lines[:2] == [
        "Métiers : aucun changement.",
        "Formations : ajoutées, 1 ; retirées, 1 ; renommées, 1 ; modifiées, 1.",
    ]
    assert [line for line in lines if line.startswith("Formations ")][1:] == [
        "Formations ajoutées", "Formations retirées", "Formations renommées", "Formations modifiées"
    ]  # fmt: skip


def test_editions_that_come_go_and_have_no_date(words: Wording) -> None:
    edition = Edition(dataset="A", date="", licence="ODbL", records=1)
    found = Difference(
        fiches=NOTHING, formations=NOTHING,
        old_editions=(edition, replace(edition, dataset="B", date="2025")),
        new_editions=(replace(edition, date="2026", licence="LO"), replace(edition, dataset="C", date="2026")),
    )  # fmt: skip
    assert difference_lines(found, words)[:3] == [
        "Édition de « A » : sans date, ODbL → 2026, LO.",
        "Édition de « B » : 2025, ODbL → aucune.",
        "Édition de « C » : aucune → 2026, ODbL.",
    ]


def test_how_many_records_cite_an_edition_is_no_edition(words: Wording) -> None:
    edition = Edition(dataset="A", date="2025", licence="ODbL", records=1)
    found = Difference(fiches=Changes(added=(Named(id="MET.1", name="x"),)), formations=NOTHING,
                       old_editions=(edition,), new_editions=(replace(edition, records=2),))  # fmt: skip
    assert difference_lines(found, words)[0].startswith("Métiers : ajoutés, 1")


@pytest.mark.parametrize(
    ("field", "old", "new", "line"),
    [
        ("niveau_min", None, "bac", "Niveau d'accès minimum : nouveau, « bac »"),
        ("niveau_min", "bac", None, "Niveau d'accès minimum : retiré, c'était « bac »"),
        (
            "salary",
            "l'eau",
            "l’eau",
            "Salaire : seuls les espaces, les apostrophes ou l'ordre changent",
        ),
        ("rome_codes", ("A", "B"), ("B", "C", "D"), "Codes ROME : ajouté, C | D ; retiré, A"),
        ("rome_codes", ("A", "B"), ("B",), "Codes ROME : retiré, A"),
        ("inconnu", "a", "b", "inconnu : mots ajoutés, 1 ; retirés, 1 ; « a » → « b »"),
        ("statuts", None, ("a\nb", "c"), "Statuts possibles : nouveau, « a b | c »"),
    ],
)
def test_a_field(words: Wording, field: str, old: object, new: object, line: str) -> None:
    assert difference_lines(changed(field, old, new), words)[-1] == f"    {line}"


@pytest.mark.parametrize("kind", [Fiche, Formation])
def test_every_field_has_a_french_name(words: Wording, kind: type) -> None:
    names = {field.name for field in dataclasses.fields(kind)}
    for name in names - {"id", "title", "label", "source", "origin", "file"}:
        line = difference_lines(changed(name, None, "x"), words)[-1]
        assert not line.startswith(f"    {name} :"), name


def test_a_long_value_is_cut(words: Wording) -> None:
    line = difference_lines(changed("salary", None, "mot " * 100), words)[-1]
    assert line.endswith("mot mot… »")
    assert len(line) < 160


def test_a_fiche_cannot_write_on_the_terminal(words: Wording) -> None:
    found = changed("niveau_min", "a", "\x1b[2Jb\x9b\r\nc")
    assert all(line.isprintable() for line in difference_lines(found, words))
    name = Named(id="MET.1", name="x\x1b]0;y\x07")
    lines = difference_lines(Difference(fiches=Changes(added=(name,)), formations=NOTHING), words)
    assert lines[-1] == "  MET.1 x]0;y"


# Answers


def test_answers_that_changed(words: Wording) -> None:
    changes = [
        AnswerChange(dialogue="salaire", turn=2, before="2000 euros\n\nSource : Onisep", after="2100 euros"),
        AnswerChange(dialogue="nouveau", turn=1, before=None, after="b"),
        AnswerChange(dialogue="autre", turn=1, before="c", after=""),
    ]  # fmt: skip
    assert answer_lines(changes, words, most=2) == [
        "Réponses des dialogues qui changent : 3.",
        "salaire, tour 2",
        "  avant : 2000 euros Source : Onisep",
        "  après : 2100 euros",
        "nouveau, tour 1",
        "  avant : pas de réponse",
        "  après : b",
        "  et 1 autre",
    ]
    assert answer_lines([], words) == ["Aucune réponse des dialogues ne change."]


# Sentences


def literals(module: str) -> set[str]:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_error_has_its_sentence_and_every_sentence_its_error(words: Wording) -> None:
    said = {text for module in MODULES for text in literals(module)}
    pattern = re.compile(r"(download|datasets|zip)_[a-z_]+")
    keys = {text for text in said if pattern.fullmatch(text)} - {"zip_members"}
    written = {key.removeprefix("error_") for key in words.starting("error_")}
    assert len(keys) > 30
    assert keys <= written
    assert {key for key in written if pattern.fullmatch(key)} == keys


@pytest.mark.parametrize(
    ("prefix", "blanks"),
    [
        ("error_download_", {"dataset", "detail"}),
        ("error_datasets_", {"place", "field", "detail"}),
        ("error_zip_", {"path", "field", "detail"}),
    ],
)
def test_a_sentence_says_where_and_fills_its_blanks(
    words: Wording, prefix: str, blanks: set[str]
) -> None:
    keys = words.starting(prefix)
    assert len(keys) > 8
    for key in keys:
        assert words.placeholders(key) <= blanks, key
        assert words.placeholders(key) & {"dataset", "place", "path"}, key
        text = words.say(key, dataset="D", detail="x", place="P", path="P", field="f")
        assert text.endswith("."), key
