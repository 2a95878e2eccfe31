from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.answer import AnswerKind, Button
from bot.errors import FileError
from bot.evaluation.dialogue_file import ScriptedTurn, read_dialogues
from bot.evaluation.dialogue_recording import Recording, recorded_turn
from tests.evaluation.fake_assistant import said

OTHERS = """\
# Écrit à la main.
- dialogue: bonjour   # le premier
  turns: [{user: bonjour}]
"""
HELLO = recorded_turn("bonjour", said(kind=AnswerKind.SMALLTALK, intent="salutation"))
PAY = recorded_turn("et le salaire ?", said(intent="salaire", metiers=("MET.1",)))
THANKS = recorded_turn("merci", said(kind=AnswerKind.SMALLTALK, intent="remerciement"))
HELLO_TEXT = """\
- dialogue: bonjour
  turns:
  - user: bonjour
    expect: {intent: salutation, metiers: [], kind: smalltalk}
"""
PAY_TEXT = """\
  - user: et le salaire ?
    expect: {intent: salaire, metiers: [MET.1], kind: answer}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "d.yml"


def key_of(path: Path, *turns: ScriptedTurn) -> str:
    """The key of the problem met when recording in a file."""
    with pytest.raises(FileError) as caught:
        Recording(path, catalogue="").keep(turns)
    return caught.value.problems[0].key


# Turns


def test_a_typed_turn_expects_its_answer_but_not_its_words() -> None:
    answer = said(
        "Rien.", intent="salaire", metiers=("MET.1",), missing=("salaire",), sources=["MET.1"],
        buttons=[("Études", "/etudes")],
    )  # fmt: skip
    turn = recorded_turn("le salaire ?", answer)
    assert (turn.text, turn.is_press) == ("le salaire ?", False)
    expect = turn.expect
    assert (expect.intent, expect.metiers, expect.kinds) == (
        "salaire",
        ("MET.1",),
        (AnswerKind.ANSWER,),
    )
    assert (expect.source, expect.missing) == ("MET.1", ("salaire",))
    assert (expect.buttons, expect.contains) == ((), ())


@pytest.mark.parametrize(
    ("kind", "buttons", "source"),
    [
        (AnswerKind.CLARIFICATION, ("Un", "Deux"), "MET.1"),
        (AnswerKind.FORM, ("Un", "Deux"), "MET.1"),
        (AnswerKind.LIST, (), None),
    ],
)
def test_choices_are_expected(
    kind: AnswerKind, buttons: tuple[str, ...], source: str | None
) -> None:
    answer = said(kind=kind, buttons=[("Un", "/a"), ("Deux", "/b"), (" ", "/c")], sources=["MET.1"])
    expect = recorded_turn("x", answer).expect
    assert (expect.buttons, expect.source, expect.missing) == (buttons, source, None)


def test_a_button_is_pressed_by_its_title_when_that_tells_which() -> None:
    one, same, other = (
        Button(title=title, payload=f"/{payload}")
        for title, payload in (("Chef", "a"), ("Chef", "b"), ("Notaire", "c"))
    )
    offered = (one, same, other)
    for button, text, is_press in (
        (one, "Chef", True),
        (other, "Notaire", True),
        (same, "/b", False),
    ):
        turn = recorded_turn(button.payload, said(), button=button, offered=offered)
        assert (turn.text, turn.is_press) == (text, is_press)


# The file


def test_a_conversation_grows_in_the_file(path: Path) -> None:
    recording = Recording(path, catalogue="")
    recording.keep([])
    assert not path.exists()
    recording.keep([HELLO])
    assert path.read_text("utf-8") == HELLO_TEXT
    recording.keep([HELLO, PAY])
    assert path.read_text("utf-8") == HELLO_TEXT + PAY_TEXT
    assert recording.text([HELLO, PAY]) == HELLO_TEXT + PAY_TEXT


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("", "bonjour"),
        ("# rien encore", "bonjour"),
        (OTHERS, "bonjour (2)"),
        (OTHERS.removesuffix("\n"), "bonjour (2)"),
        (OTHERS + "# La fin.\n\n", "bonjour (2)"),
        (OTHERS + OTHERS.replace("bonjour ", "bonjour (2) "), "bonjour (3)"),
        ("  " + OTHERS.replace("\n", "\n  ").rstrip(" "), "bonjour (2)"),
        ("\ufeff" + OTHERS.replace("\n", "\r\n"), "bonjour (2)"),
    ],
)
def test_the_other_dialogues_of_a_file_stay(path: Path, before: str, name: str) -> None:
    path.write_text(before, "utf-8", newline="")
    recording = Recording(path, catalogue="seed")
    recording.keep([HELLO])
    recording.keep([HELLO, PAY])
    assert path.read_bytes().startswith(before.encode())
    *_, last = read_dialogues(path)
    assert (last.name, last.catalogue) == (name, "seed")
    assert [turn.text for turn in last.turns] == ["bonjour", "et le salaire ?"]


def test_another_conversation_is_another_dialogue(path: Path) -> None:
    recording = Recording(path, catalogue="")
    recording.keep([HELLO])
    recording.next()
    recording.keep([PAY])
    recording.keep([PAY, THANKS])
    assert [(d.name, len(d.turns)) for d in read_dialogues(path)] == [
        ("bonjour", 1),
        ("et le salaire ?", 2),
    ]


def test_a_long_first_message_makes_a_short_name(path: Path) -> None:
    Recording(path, catalogue="").keep([recorded_turn("je  veux " * 30, said())])
    (dialogue,) = read_dialogues(path)
    assert len(dialogue.name) == 60
    assert dialogue.name.startswith("je veux je") and dialogue.name.endswith("…")


def test_what_somebody_wrote_meanwhile_stays(path: Path) -> None:
    recording = Recording(path, catalogue="")
    recording.keep([HELLO])
    path.write_text(path.read_text("utf-8") + "# noté par quelqu'un\n", "utf-8")
    recording.keep([HELLO, PAY])
    assert path.read_text("utf-8").startswith(HELLO_TEXT + "# noté par quelqu'un\n")
    assert [(d.name, len(d.turns)) for d in read_dialogues(path)] == [
        ("bonjour", 1),
        ("bonjour (2)", 2),
    ]
    path.unlink()
    recording.keep([HELLO, PAY, THANKS])
    assert [(d.name, len(d.turns)) for d in read_dialogues(path)] == [("bonjour", 3)]


def test_a_writing_that_failed_is_made_good(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    recording = Recording(folder / "d.yml", catalogue="")
    folder.rmdir()
    with pytest.raises(FileError, match="written_no_folder"):
        recording.keep([HELLO])
    folder.mkdir()
    recording.keep([HELLO, PAY])
    assert (folder / "d.yml").read_text("utf-8") == HELLO_TEXT + PAY_TEXT


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[{dialogue: d, turns: [{user: a}]}]\n", "record_not_at_the_end"),
        (OTHERS + "...\n", "record_not_at_the_end"),
        ("[]\n", "dialogues_none"),
        ("- une liste\n- de courses\n", "dialogue_not_keys"),
        ("# Lisez-moi\n\nBalise : un assistant.\n", "dialogues_not_a_list"),
        ("a: b: c\n", "bad_yaml"),
    ],
)
def test_a_file_that_no_dialogue_can_follow_stays_as_it_is(path: Path, text: str, key: str) -> None:
    path.write_text(text, "utf-8")
    assert key_of(path, HELLO) == key
    assert path.read_text("utf-8") == text


def test_a_place_that_is_no_file(tmp_path: Path) -> None:
    assert key_of(tmp_path) == "written_not_a_file"
    assert key_of(tmp_path / "absent" / "d.yml") == "written_no_folder"
