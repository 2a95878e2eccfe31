"""Brings the expectations of a file of dialogues up to what is said now, and touches nothing else.

The text is edited in place, value by value: comments, order and layout stay. Some differences are
left to a person, for the answer alone does not tell what to expect: words that are not said any
more, a button that cannot be pressed, and whatever is expected of an answer to distress.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.answers.answer import AnswerKind
from bot.errors import FileError, Problem
from bot.evaluation.dialogue_file import (
    Dialogue,
    Expectation,
    compose,
    parse_dialogues,
    read_source,
)
from bot.evaluation.dialogue_player import PlayedDialogue, TurnFailure
from bot.evaluation.dialogue_writing import (
    expectation_fields,
    flow,
    replace_text,
    said_expectation,
    without_lines,
)

__all__ = ["FileUpdate", "left_to_a_person", "updates_of"]

# The attribute of `Expectation` that holds each key which can be brought up to date.
_ATTRIBUTES = {
    "intent": "intent",
    "metiers": "metiers",
    "kind": "kinds",
    "buttons": "buttons",
    "source": "source",
    "missing": "missing",
}
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUpdate:
    """A file of dialogues before and after; `count` expectations are replaced."""

    path: Path
    before: str
    after: str
    count: int

    def diff(self) -> list[str]:
        """Return the lines of the unified diff."""
        name = str(self.path)
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), name, name, lineterm=""
        )
        return list(lines)

    def write(self) -> None:
        """Write the file.

        Raises:
            FileError: it cannot be written; it is then as it was.
        """
        replace_text(self.path, self.after)


def updates_of(played: Iterable[PlayedDialogue]) -> tuple[FileUpdate, ...]:
    """Return the files that change, in order; nothing is written.

    Raises:
        FileError: a file has changed since it was played, or is written in such a way (anchors)
            that one expectation cannot be replaced without another.
    """
    by_file: dict[Path, list[PlayedDialogue]] = {}
    for one in played:
        if any(_replaced(failure) for failure in one.failures):
            by_file.setdefault(one.dialogue.path, []).append(one)
    return tuple(_update(path, changed) for path, changed in by_file.items())


def left_to_a_person(played: PlayedDialogue) -> PlayedDialogue:
    """Return a dialogue as it is once its file is updated, with what it then still fails."""
    left = (_left(failure) for failure in played.failures)
    return dataclasses.replace(played, failures=tuple(failure for failure in left if failure))


def _left(failure: TurnFailure) -> TurnFailure | None:
    replaced = _replaced(failure)
    left = tuple(d for d in failure.differences if d.key not in replaced)
    return dataclasses.replace(failure, differences=left) if left else None


def _replaced(failure: TurnFailure) -> frozenset[str]:
    """The keys of the expectations of a turn to be replaced."""
    expect, answer = failure.turn.expect, failure.answer
    # A miss of distress is a defect by itself: it is never made the thing to expect.
    if answer is None or expect.intent == "detresse" or AnswerKind.SAFETY in (expect.kinds or ()):
        return frozenset()
    now = said_expectation(answer)
    wrong = (difference.key for difference in failure.differences)
    return frozenset(key for key in wrong if key in _ATTRIBUTES and _can_be_said(key, now))


def _can_be_said(key: str, now: Expectation) -> bool:
    """Whether the format has words for what is said now: it has none for no button, no source."""
    return bool(now.source if key == "source" else key != "buttons" or now.buttons)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """A stretch of the text, half-open, and what takes its place."""

    start: int
    end: int
    text: str


def _update(path: Path, changed: Sequence[PlayedDialogue]) -> FileUpdate:
    source = read_source(path)
    text = source.removeprefix(_MARK)
    dialogues = list(parse_dialogues(text, path))
    items = _items(compose(text, path))
    edits: list[_Edit] = []
    for one in changed:
        if one.dialogue not in dialogues:
            raise FileError(Problem(path=path, key="dialogues_changed"))
        position = dialogues.index(one.dialogue)
        turns = _items(_pairs(items[position])["turns"][1])
        dialogues[position] = _updated(one)
        for failure in one.failures:
            edits += _edits(failure, turns[failure.number - 1], text)
    after = _applied(edits, text)
    if not _says(after, dialogues, path):
        raise FileError(Problem(path=path, key="dialogues_not_editable"))
    return FileUpdate(
        path=path,
        before=source,
        after=source[: len(source) - len(text)] + after,
        count=len(edits),
    )


def _updated(played: PlayedDialogue) -> Dialogue:
    turns = list(played.dialogue.turns)
    for failure in played.failures:
        turn = failure.turn
        turns[failure.number - 1] = dataclasses.replace(turn, expect=_expected_now(failure))
    return dataclasses.replace(played.dialogue, turns=tuple(turns))


def _expected_now(failure: TurnFailure) -> Expectation:
    if failure.answer is None:
        return failure.turn.expect
    now = said_expectation(failure.answer)
    names = (_ATTRIBUTES[key] for key in _replaced(failure))
    return dataclasses.replace(failure.turn.expect, **{name: getattr(now, name) for name in names})


def _edits(failure: TurnFailure, turn: yaml.Node, text: str) -> Iterator[_Edit]:
    replaced = _replaced(failure)
    if replaced:
        values = dict(expectation_fields(_expected_now(failure)))
        nodes = _pairs(_pairs(turn)["expect"][1])
        yield from (_edit(*nodes[key], values[key], text) for key in replaced)


def _edit(key: yaml.Node, node: yaml.Node, value: str | Sequence[str], text: str) -> _Edit:
    """Replace a value, written the way it was: a word, a list in brackets, or one of lines."""
    words = [value] if isinstance(value, str) else list(value)
    start, end = node.start_mark.index, node.end_mark.index
    if not isinstance(node, yaml.SequenceNode):
        written = flow(words[0] if len(words) == 1 else words)
        end = start + len(text[start:end].rstrip())
    elif node.flow_style:
        written = flow(words)
    else:
        # The end of a list of lines is where the next thing starts, comments passed over.
        end = node.value[-1].end_mark.index
        column = " " * node.start_mark.column
        written = f"\n{column}".join(f"- {flow(word)}" for word in words)
        if not words:
            start, written = key.end_mark.index, ": []"
    return _Edit(start=start, end=end, text=written)


def _applied(edits: Sequence[_Edit], text: str) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _says(text: str, dialogues: Sequence[Dialogue], path: Path) -> bool:
    try:
        return without_lines(parse_dialogues(text, path)) == without_lines(dialogues)
    except FileError:
        return False


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _pairs(node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {str(key.value): (key, value) for key, value in pairs}
