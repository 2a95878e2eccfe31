"""Records a conversation, as it goes, at the end of a file of dialogues.

The file is written again at each turn: whatever happens to the program, what was said is there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.answers.answer import Answer, AnswerKind, Button
from bot.errors import FileError, Problem
from bot.evaluation.dialogue_file import (
    Dialogue,
    ScriptedTurn,
    compose,
    parse_dialogues,
    read_source,
)
from bot.evaluation.dialogue_player import find_button
from bot.evaluation.dialogue_writing import (
    check_writable,
    dialogue_text,
    replace_text,
    said_expectation,
    without_lines,
)

__all__ = ["Recording", "recorded_turn"]

# The kinds of answers whose buttons are what is said: the choices. Elsewhere they are suggestions.
_CHOICES = (AnswerKind.CLARIFICATION, AnswerKind.FORM)
_LONGEST_NAME = 60


def recorded_turn(
    text: str, answer: Answer, *, button: Button | None = None, offered: tuple[Button, ...] = ()
) -> ScriptedTurn:
    """Return a turn that expects the answer it was given, but not its wording.

    Args:
        text: the message sent.
        answer: what was said.
        button: the button that sent it, None when it was typed.
        offered: the buttons of the answer before.
    """
    said = said_expectation(answer)
    # A title that two buttons have does not tell which: the message sent does.
    is_press = button is not None and find_button(button.title, offered) == button
    return ScriptedTurn(
        text=button.title if button is not None and is_press else text,
        is_press=is_press,
        expect=dataclasses.replace(
            said,
            buttons=said.buttons if answer.kind in _CHOICES else (),
            # Those of a list are its jobs, already told.
            source=said.source if answer.kind is not AnswerKind.LIST else None,
            missing=answer.missing or None,
        ),
        line=0,
    )


class Recording:
    """One conversation after the other, each a dialogue at the end of one file."""

    def __init__(self, path: Path, *, catalogue: str) -> None:
        """Record in a file, which may exist if it is one of dialogues.

        Args:
            path: the file; its folder must exist.
            catalogue: the name of the catalogue that the dialogues are about.

        Raises:
            FileError: the file cannot be written, or is not one of dialogues.
        """
        self.path = path
        self._catalogue = catalogue
        self._written = ""
        self._count = 0
        check_writable(path)
        self._others()

    def keep(self, turns: Sequence[ScriptedTurn]) -> None:
        """Have all the turns of the conversation in the file; the other dialogues stay.

        Raises:
            FileError: the file cannot be written; it is as before, and the next call tries again.
        """
        if len(turns) == self._count:
            return
        text, before = self._others()
        dialogue = self._dialogue(turns, before)
        added = _joint(text) + dialogue_text(dialogue, indent=_indent(text, self.path))
        self._check(text + added, (*before, dialogue))
        replace_text(self.path, text + added)
        self._written, self._count = added, len(turns)

    def text(self, turns: Sequence[ScriptedTurn]) -> str:
        """Return what a file would hold of a conversation."""
        return dialogue_text(self._dialogue(turns, ()))

    def next(self) -> None:
        """Leave the dialogue as it is: another conversation begins."""
        self._written, self._count = "", 0

    def _dialogue(self, turns: Sequence[ScriptedTurn], others: Sequence[Dialogue]) -> Dialogue:
        return Dialogue(
            name=_new_name(turns[0].text, others),
            catalogue=self._catalogue,
            turns=tuple(turns),
            path=self.path,
            line=0,
        )

    def _others(self) -> tuple[str, tuple[Dialogue, ...]]:
        """Read the file without what was written of this conversation: its text, its dialogues."""
        text = read_source(self.path) if self.path.exists() else ""
        text = text.removesuffix(self._written)
        is_empty = compose(text, self.path) is None
        return text, () if is_empty else parse_dialogues(text, self.path)

    def _check(self, text: str, expected: tuple[Dialogue, ...]) -> None:
        try:
            right = without_lines(parse_dialogues(text, self.path)) == without_lines(expected)
        except FileError:
            right = False
        if not right:
            raise FileError(Problem(path=self.path, key="record_not_at_the_end"))


def _new_name(said: str, others: Sequence[Dialogue]) -> str:
    """Name a dialogue after its first words, unlike those beside it."""
    words = " ".join(said.split())
    name = words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…"
    taken = {dialogue.name for dialogue in others}
    names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 2)))
    return next(free for free in names if free not in taken)


def _joint(text: str) -> str:
    return "" if not text or text.endswith("\n") else "\n"


def _indent(text: str, path: Path) -> int:
    """Return how far in the list of a file is."""
    root = compose(text, path)
    return root.start_mark.column if isinstance(root, yaml.SequenceNode) else 0
