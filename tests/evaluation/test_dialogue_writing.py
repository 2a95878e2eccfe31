from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.answer import AnswerKind
from bot.dialogue.intents import INTENTS
from bot.errors import FileError
from bot.evaluation.dialogue_file import Dialogue, Expectation, ScriptedTurn, parse_dialogues
from bot.evaluation.dialogue_writing import (
    dialogue_text,
    replace_text,
    said_expectation,
    without_lines,
)
from tests.evaluation.fake_assistant import said

PATH = Path("d.yml")
# Anything that may be typed; half characters never come in.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
EXPECTATIONS = st.builds(
    Expectation,
    intent=st.none() | st.sampled_from(INTENTS),
    metiers=st.none() | LISTS,
    kinds=st.none() | st.lists(st.sampled_from(AnswerKind), min_size=1, max_size=3).map(tuple),
    contains=LISTS,
    excludes=LISTS,
    buttons=LISTS,
    source=st.none() | WORDS,
    missing=st.none() | LISTS,
)
TURNS = st.builds(
    ScriptedTurn, text=WORDS, is_press=st.booleans(), expect=EXPECTATIONS, line=st.just(0)
)
DIALOGUES = st.builds(
    Dialogue,
    name=WORDS,
    catalogue=st.just("") | WORDS,
    turns=st.lists(TURNS, min_size=1, max_size=3).map(tuple),
    path=st.just(PATH),
    line=st.just(0),
)


@given(dialogues=st.lists(DIALOGUES, min_size=1, max_size=2), indent=st.integers(0, 4))
def test_what_is_written_is_read_back(dialogues: list[Dialogue], indent: int) -> None:
    text = "".join(dialogue_text(dialogue, indent=indent) for dialogue in dialogues)
    assert without_lines(parse_dialogues(text, PATH)) == tuple(dialogues)


def test_it_is_written_as_a_person_would() -> None:
    expect = Expectation(
        intent="etudes", metiers=("MET.1",), kinds=(AnswerKind.ANSWER,), contains=("BTS, 2 ans",)
    )
    turns = (
        ScriptedTurn(text="quelles études ?", is_press=False, expect=expect, line=0),
        ScriptedTurn(text="no", is_press=True, expect=Expectation(), line=0),
    )
    dialogue = Dialogue(name="études", catalogue="seed", turns=turns, path=PATH, line=0)
    assert dialogue_text(dialogue) == (
        "- dialogue: études\n"
        "  catalogue: seed\n"
        "  turns:\n"
        "  - user: quelles études ?\n"
        "    expect: {intent: etudes, metiers: [MET.1], kind: answer, contains: ['BTS, 2 ans']}\n"
        "  - press: 'no'\n"
    )


def test_an_answer_as_an_expectation() -> None:
    answer = said(
        "Voilà.", intent="salaire", metiers=("MET.1",), missing=("salaire",),
        buttons=[("Études", "/etudes"), ("Débouchés", "/debouches")], sources=["MET.1", "MET.2"],
    )  # fmt: skip
    assert said_expectation(answer) == Expectation(
        intent="salaire",
        metiers=("MET.1",),
        kinds=(AnswerKind.ANSWER,),
        buttons=("Études", "Débouchés"),
        source="MET.1",
        missing=("salaire",),
    )
    assert said_expectation(said()).source is None


# Files


def test_a_file_is_replaced_and_its_link_and_rights_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "d.yml", tmp_path / "lien.yml"
    path.write_text("avant", "utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    replace_text(link, "après")
    assert link.is_symlink()
    assert path.read_text("utf-8") == "après"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.yml", "lien.yml"]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    places = {
        tmp_path: "written_not_a_file",
        fifo: "written_not_a_file",
        tmp_path / "absent" / "d.yml": "written_no_folder",
        tmp_path / ("x" * 300): "not_writable",
        tmp_path / "a\0b": "not_writable",
    }
    for path, key in places.items():
        with pytest.raises(FileError) as caught:
            replace_text(path, "x")
        assert caught.value.problems[0].key == key
        assert caught.value.problems[0].path == path


def test_nothing_is_left_of_a_writing_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "d.yml"
    path.write_text("avant", "utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FileError, match="No space left"):
        replace_text(path, "après")
    assert [p.read_text("utf-8") for p in tmp_path.iterdir()] == ["avant"]
