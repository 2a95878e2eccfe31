from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.answer import Answer, AnswerKind
from bot.dialogue.intents import INTENTS
from bot.errors import FileError
from bot.evaluation.dialogue_file import Dialogue, parse_dialogues, read_dialogues
from bot.evaluation.dialogue_player import PlayedDialogue, play_dialogue
from bot.evaluation.dialogue_update import FileUpdate, left_to_a_person, updates_of
from bot.evaluation.dialogue_writing import dialogue_text
from tests.evaluation.fake_assistant import FakeAssistant, said
from tests.evaluation.test_dialogue_writing import DIALOGUES, WORDS

NOW = said(
    "Un BTS.", kind=AnswerKind.LIST, intent="salaire", metiers=("MET.3", "MET.4"),
    buttons=[("Études", "/etudes"), ("Oui, l'autre", "/affirmer")], sources=["MET.5"],
    missing=("debouches",),
)  # fmt: skip


def played(path: Path, answer: Answer) -> list[PlayedDialogue]:
    """Play a file against an assistant that has one answer, to « a » and its buttons."""
    texts = ("a", *(button.payload for button in answer.buttons))
    fake = FakeAssistant(script=dict.fromkeys(texts, answer))
    return [play_dialogue(dialogue, fake, sender="t") for dialogue in read_dialogues(path)]


def update(path: Path, text: str, answer: Answer = NOW) -> FileUpdate:
    path.write_text(text, "utf-8", newline="")
    (one,) = updates_of(played(path, answer))
    return one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "d.yml"


def turn(expect: str) -> str:
    return f"- dialogue: d\n  turns:\n  - user: a\n    expect: {expect}\n"


@pytest.mark.parametrize(
    ("expected", "updated"),
    [
        ("{intent: etudes}", "{intent: salaire}"),
        ("{'intent': \"etudes\" , kind: list}", "{'intent': salaire , kind: list}"),
        ("{metiers: [MET.1]}", "{metiers: [MET.3, MET.4]}"),
        ("{metiers: []}", "{metiers: [MET.3, MET.4]}"),
        ("{metiers: MET.1}", "{metiers: [MET.3, MET.4]}"),
        ("{kind: answer}", "{kind: list}"),
        ("{kind: [answer, form]}", "{kind: [list]}"),
        ("{source: MET.1}", "{source: MET.5}"),
        ("{missing: []}", "{missing: [debouches]}"),
        ("{missing: salaire}", "{missing: debouches}"),
        ("{buttons: [Salaire]}", "{buttons: [Études, 'Oui, l''autre']}"),
        # Those that hold are not touched, nor those that only a person can word.
        ("{intent: etudes, contains: [\"DUT\"], kind:  list}",
         "{intent: salaire, contains: [\"DUT\"], kind:  list}"),
        ("{intent: etudes,   # la question\n      kind: answer}  # fin",
         "{intent: salaire,   # la question\n      kind: list}  # fin"),
        ("\n      intent: etudes   # la question\n      kind: answer",
         "\n      intent: salaire   # la question\n      kind: list"),
        ("\n      source: >\n        MET.1\n      kind: list",
         "\n      source: MET.5\n      kind: list"),
        ("\n      metiers:   # lesquels\n      - MET.1   # un\n\n      # suite\n      kind: list",
         "\n      metiers:   # lesquels\n      - MET.3\n      - MET.4   # un\n\n      # suite\n"
         "      kind: list"),
        ("\n      buttons:\n        - Salaire\n        - 'Études'\n      kind: [list]",
         "\n      buttons:\n        - Études\n        - 'Oui, l''autre'\n      kind: [list]"),
    ],
)  # fmt: skip
def test_only_what_differs_is_replaced(path: Path, expected: str, updated: str) -> None:
    for before, after in (
        (turn(expected), turn(updated)),
        ("# é 🎬\n" + turn(expected) + turn("{kind: list}"),
         "# é 🎬\n" + turn(updated) + turn("{kind: list}")),
        ("\ufeff" + turn(expected).replace("\n", "\r\n"),
         "\ufeff" + turn(updated).replace("\n", "\r\n")),
    ):  # fmt: skip
        one = update(path, before)
        # A list of lines is written with plain ends of lines, whatever the others are.
        assert one.after.replace("\r\n", "\n") == after.replace("\r\n", "\n")
        one.write()
        assert path.read_bytes().decode() == one.after
        assert not any(left_failures(path, key) for key in ("intent", "metiers", "kind", "source"))


def left_failures(path: Path, key: str, answer: Answer = NOW) -> bool:
    failures = (failure for one in played(path, answer) for failure in one.failures)
    return any(d.key == key for failure in failures for d in failure.differences)


def test_a_list_of_lines_that_becomes_empty(path: Path) -> None:
    block = turn("\n      missing:\n      - salaire\n      kind: answer")
    assert update(path, block, said()).after == turn("\n      missing: []\n      kind: answer")


def test_the_difference_is_shown(path: Path) -> None:
    one = update(path, turn("{intent: etudes, source: MET.1}"))
    assert one.count == 2
    assert one.diff() == [
        f"--- {path}",
        f"+++ {path}",
        "@@ -1,4 +1,4 @@",
        " - dialogue: d",
        "   turns:",
        "   - user: a",
        "-    expect: {intent: etudes, source: MET.1}",
        "+    expect: {intent: salaire, source: MET.5}",
    ]
    assert path.read_text("utf-8") == one.before == turn("{intent: etudes, source: MET.1}")


@pytest.mark.parametrize(
    ("expect", "answer"),
    [
        ("{contains: [DUT]}", NOW),
        ("{not_contains: [BTS]}", NOW),
        ("{buttons: [Salaire]}", said()),
        ("{source: MET.1}", said()),
        # Not even the intent of an answer to distress.
        ("{intent: detresse, metiers: [MET.1]}", NOW),
        ("{kind: safety, intent: aide}", NOW),
        ("{kind: [safety, handoff]}", NOW),
    ],
)
def test_what_is_left_to_a_person(path: Path, expect: str, answer: Answer) -> None:
    path.write_text(turn(expect), "utf-8")
    (one,) = before = played(path, answer)
    assert updates_of(before) == ()
    assert one.failures and left_to_a_person(one) == one


def test_what_still_fails_after_an_update(path: Path) -> None:
    text = turn("{intent: etudes, contains: [DUT]}") + "  - press: Absent\n  - user: a\n"
    path.write_text(text, "utf-8")
    (one,) = played(path, NOW)
    left = left_to_a_person(one)
    assert [[d.key for d in failure.differences] for failure in left.failures] == [
        ["contains"],
        ["press"],
    ]
    assert left.unplayed == 1
    path.write_text(turn("{intent: etudes}"), "utf-8")
    assert left_to_a_person(played(path, NOW)[0]).is_right


@pytest.mark.parametrize(
    "shared",
    [
        # The second use of the anchor would change too, or the anchor would be lost.
        turn("{metiers: &m [MET.1], kind: answer}") + "  - user: b\n    expect: {missing: *m}\n",
        turn("&e {intent: etudes}") + "  - user: b\n    expect: *e\n",
    ],
)
def test_an_anchor_is_not_cut(path: Path, shared: str) -> None:
    path.write_text(shared, "utf-8")
    fake = FakeAssistant(script={"a": NOW, "b": said(intent="etudes", missing=("MET.1",))})
    (dialogue,) = read_dialogues(path)
    with pytest.raises(FileError, match="dialogues_not_editable"):
        updates_of([play_dialogue(dialogue, fake, sender="t")])
    assert path.read_text("utf-8") == shared


def test_a_file_changed_since_it_was_played(path: Path) -> None:
    path.write_text(turn("{intent: etudes}"), "utf-8")
    before = played(path, NOW)
    path.write_text("# une ligne de plus\n" + turn("{intent: etudes}"), "utf-8")
    with pytest.raises(FileError, match="dialogues_changed"):
        updates_of(before)


ANSWERS = st.builds(
    said,
    st.just("Un BTS."),
    kind=st.sampled_from([kind for kind in AnswerKind if kind is not AnswerKind.SAFETY]),
    intent=st.sampled_from([intent for intent in INTENTS if intent != "detresse"]),
    metiers=st.lists(WORDS, max_size=2).map(tuple),
    missing=st.lists(WORDS, max_size=2).map(tuple),
    buttons=st.lists(st.tuples(WORDS, st.just("/aide")), min_size=1, max_size=2),
    sources=st.lists(WORDS, min_size=1, max_size=2),
)


@given(data=st.data(), answer=ANSWERS)
def test_an_updated_dialogue_is_right(
    data: st.DataObject, answer: Answer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    written: Dialogue = data.draw(DIALOGUES)
    path = tmp_path_factory.getbasetemp() / "updated.yml"
    path.write_text(dialogue_text(written), "utf-8", newline="")
    (dialogue,) = read_dialogues(path)
    script = {turn.text: answer for turn in dialogue.turns} | {"/aide": answer}
    before = play_dialogue(dialogue, FakeAssistant(script=script), sender="t")
    for one in updates_of([before]):
        one.write()
    (after,) = read_dialogues(path)
    again = play_dialogue(after, FakeAssistant(script=script), sender="t")
    left = left_to_a_person(before)
    assert [f.differences for f in again.failures] == [f.differences for f in left.failures]
    # Playing it again changes nothing more.
    assert updates_of([again]) == ()
    assert parse_dialogues(path.read_bytes().decode(), path) == (after,)
