"""`balise validate --suggestions`: what it prints, and its exit status."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.cli import validate
from bot.cli.main import main
from bot.cli.words import command_words
from bot.errors import Problem
from bot.evaluation.suggestions import MOST_ALIKE, Defect, DefectKind, Exploration
from bot.evaluation.validation import Finding
from tests.conftest import INTENTS, SEEDS

Capture = pytest.CaptureFixture[str]
PATH = ('/presentation{"metier": "MET.12"}', "Métiers proches", "Voir la suite")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, model_cache: Path) -> None:
    monkeypatch.setenv("BALISE_INTENTS", str(INTENTS))
    monkeypatch.setenv("BALISE_CACHE", str(model_cache))


@pytest.fixture
def two_fiches(tmp_path: Path) -> Path:
    folder = tmp_path / "fiches"
    folder.mkdir()
    for name in ("MET.12.md", "MET.146.md", "source.yml"):
        shutil.copy(SEEDS / name, folder)
    return folder


def test_every_kind_has_its_sentences() -> None:
    keys = {f"suggestion_{kind}{end}" for kind in DefectKind for end in ("", "_remedy")}
    assert {key for key in keys if key not in command_words()} == set()


def test_two_fiches_offer_real_answers(two_fiches: Path, capsys: Capture) -> None:
    status = main(["--catalogue", str(two_fiches), "validate", "--suggestions"])
    *_, counts, summary = capsys.readouterr().out.splitlines()
    assert status == 0
    assert counts.startswith("Réponses ouvertes : ")
    assert summary == command_words().say("suggestions_none")


def test_a_faulty_button_is_told_with_its_path_and_its_remedy(
    monkeypatch: pytest.MonkeyPatch, two_fiches: Path, capsys: Capture
) -> None:
    explored = Exploration(
        opened=12345,
        pressed=67890,
        left=7,
        defects=(
            Defect(kind=DefectKind.EMPTY, path=PATH, detail="voici :"),
            Defect(kind=DefectKind.TWIN, path=PATH[:2], detail="Autres métiers"),
        ),
    )
    monkeypatch.setattr(validate, "validate", lambda settings, **options: ())
    monkeypatch.setattr(validate, "explore", lambda starts, press, **options: explored)
    assert main(["--catalogue", str(two_fiches), "validate", "--suggestions"]) == 1
    words = command_words()
    way = '  /presentation{"metier": "MET.12"} › Métiers proches'
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Réponses ouvertes : 12\N{NO-BREAK SPACE}345 ; boutons pressés : 67\N{NO-BREAK SPACE}890.",
        words.say("suggestions_left", left=7, most=MOST_ALIKE),
        f"{words.say('suggestion_empty')} : 1. {words.say('suggestion_empty_remedy')}",
        f"{way} › Voir la suite : voici :",
        f"{words.say('suggestion_twin')} : 1. {words.say('suggestion_twin_remedy')}",
        f"{way} : Autres métiers",
        "Boutons à corriger : 2.",
    ]


def test_nothing_is_pressed_while_something_else_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    absent = tmp_path / "absent"
    wrong = Finding(problem=Problem(path=absent, key="path_missing"))
    monkeypatch.setattr(validate, "validate", lambda settings, **options: (wrong,))
    # The sources are not even read: that would be bad usage, status 2.
    assert main(["--catalogue", str(absent), "validate", "--suggestions"]) == 1
    first, summary = capsys.readouterr().out.splitlines()
    assert "n'existe pas" in first
    assert summary == command_words().say("validate_failed", errors=1, notices=0)
