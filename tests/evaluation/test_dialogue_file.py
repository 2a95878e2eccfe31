from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.answer import AnswerKind
from bot.errors import FileError
from bot.evaluation.dialogue_file import (
    DEFAULT_CATALOGUE,
    Dialogue,
    Expectation,
    ScriptedTurn,
    dialogue_files,
    read_dialogues,
)

WHOLE = """
- dialogue: études puis salaire
  catalogue: seed
  turns:
    - user: quelles études ?
      expect: {intent: etudes, metiers: [MET.1], kind: [answer, list], contains: [BTS, 2 ans],
               not_contains: [bac], buttons: [Salaire], source: MET.1, missing: []}
    - press: Salaire
    - user: no
      expect: {kind: answer, contains: 12}
- dialogue: court
  turns: [{user: slt}]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "dialogues.yml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(FileError) as caught:
        read_dialogues(path)
    return [(problem.line, problem.field, problem.key) for problem in caught.value.problems]


def test_every_key_of_the_format(tmp_path: Path) -> None:
    path = write(tmp_path, WHOLE)
    first = Expectation(
        intent="etudes",
        metiers=("MET.1",),
        kinds=(AnswerKind.ANSWER, AnswerKind.LIST),
        contains=("BTS", "2 ans"),
        excludes=("bac",),
        buttons=("Salaire",),
        source="MET.1",
        missing=(),
    )
    last = Expectation(kinds=(AnswerKind.ANSWER,), contains=("12",))
    nothing = Expectation()
    assert read_dialogues(path) == (
        Dialogue(
            name="études puis salaire",
            catalogue="seed",
            turns=(
                ScriptedTurn(text="quelles études ?", is_press=False, expect=first, line=5),
                ScriptedTurn(text="Salaire", is_press=True, expect=nothing, line=8),
                # As it is written: YAML would make a truth value of it.
                ScriptedTurn(text="no", is_press=False, expect=last, line=9),
            ),
            path=path,
            line=2,
        ),
        Dialogue(
            name="court",
            catalogue=DEFAULT_CATALOGUE,
            turns=(ScriptedTurn(text="slt", is_press=False, expect=nothing, line=12),),
            path=path,
            line=11,
        ),
    )


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("- dialogue: d\n  turn: []", 2, "dialogue_key_unknown"),
        ("- dialogue: d\n  turns:\n  - user: a\n    expct: {}", 4, "dialogue_key_unknown"),
        ("- dialogue: d\n  turns:\n  - user: a\n    expect: {intnet: aide}", 4,
         "dialogue_key_unknown"),
        ("- dialogue: d\n  turns:\n  - user: a\n    expect: {intent: aider}", 4,
         "dialogue_intent_unknown"),
        ("- dialogue: d\n  turns:\n  - user: a\n    expect: {kind: reply}", 4,
         "dialogue_kind_unknown"),
        ("- dialogue: d\n  turns:\n  - user: a\n    expect: [aide]", 4, "dialogue_not_keys"),
        ("- dialogue: d\n  turns:\n  - user: a\n    expect: {contains: [{a: b}]}", 4,
         "dialogue_not_a_text"),
        ("- dialogue: d\n  turns:\n  - user: a\n    press: b", 3, "dialogue_bad_turn"),
        ("- dialogue: d\n  turns:\n  - expect: {}", 3, "dialogue_bad_turn"),
        ("- dialogue: d\n  turns:\n  - user:", 3, "dialogue_not_a_text"),
        ("- dialogue: d\n  turns:\n  - user: a\n    user: b", 4, "dialogue_key_repeated"),
        ("- dialogue: d\n  turns: []", 1, "dialogue_without_turns"),
        ("- dialogue: d\n  turns: a", 1, "dialogue_without_turns"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line_and_its_dialogue(
    tmp_path: Path, text: str, line: int, key: str
) -> None:
    assert (line, "d", key) in problems(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "dialogues_none"),
        ("[]", "dialogues_none"),
        ("dialogue: d", "dialogues_not_a_list"),
        ("- dialogue: [", "bad_yaml"),
        ("- turns: [{user: a}]", "dialogue_unnamed"),
        ("- seul", "dialogue_not_keys"),
    ],
)
def test_a_file_that_is_not_one_of_dialogues(tmp_path: Path, text: str, key: str) -> None:
    assert [found for _, _, found in problems(write(tmp_path, text))] == [key]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "latin.yml"
    path.write_bytes(b"- dialogue: \xe9")
    assert [key for _, _, key in problems(path)] == ["unreadable"]


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    inner = tmp_path / "b"
    inner.mkdir()
    names = (tmp_path / "a.yml", inner / "c.yaml")
    for path in (*names, tmp_path / "notes.txt"):
        path.write_text("[]")
    assert dialogue_files([tmp_path, names[0]]) == names


def test_paths_that_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        dialogue_files([tmp_path, tmp_path / "absent"])
    assert [problem.key for problem in caught.value.problems] == ["dialogues_none", "path_missing"]
