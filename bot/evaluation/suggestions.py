"""Presses every button that an answer can offer, and tells those that should not be offered.

From each start (`suggestion_starts`), breadth first: every button of an answer is pressed in the
conversation that led to it, then those of the answers that it opens, until none of them is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.answers.answer import Answer, AnswerKind, Button
from bot.assistant import Turn
from bot.dialogue.tracker import Tracker
from bot.understanding.interpretation import Interpretation

__all__ = ["MOST_ALIKE", "Defect", "DefectKind", "Exploration", "Press", "Start", "explore"]

MOST_ALIKE = 40
"""The questionnaire multiplies its answers: of the states of its questions at each step, and of its
lists of jobs at each page, this many are opened, spread evenly over them all."""
# One may go back and change an answer without end: no longer path is followed.
_LONGEST = 10

# What an answer to a bare button reads of the conversation; any other button says all it needs.
# Two answers that offer the same buttons are one when these parts of their conversations agree.
_READS: Mapping[str, tuple[str, ...]] = {
    "suite": ("listed", "shown_first", "shown_last"),
    "aide_choix": ("form",),
    "chercher_metiers": ("criteria", "pool", "listed"),
}


class DefectKind(StrEnum):
    """What is wrong with a button, the worst first."""

    ERROR = "error"
    """Pressing it raises an exception."""
    UNKNOWN = "unknown"
    """It asks an intent or a job that does not exist."""
    FALLBACK = "fallback"
    """It is not understood, or nothing is found."""
    EMPTY = "empty"
    """It leads to a list without a job, or to a question without a choice."""
    REPEATED = "repeated"
    """It gives the answer that offers it again, or nothing but lines of it."""
    TWIN = "twin"
    """It gives the answer of another button beside it."""
    SILENT = "silent"
    """The fiche says nothing of what it asks, and nobody asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A button that should not be offered.

    `path`: where it starts, then the title of each button pressed, the faulty one last.
    `detail`: the payload, the exception, the other button or the start of the answer.
    """

    kind: DefectKind
    path: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What was gone through; `left`: states of the questionnaire not opened (`MOST_ALIKE`)."""

    opened: int
    pressed: int
    left: int
    defects: tuple[Defect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """An answer to begin with: how to get it and the conversation after it, and its name."""

    label: str
    open: Callable[[], tuple[Answer, Tracker]]


Press = Callable[[str, Tracker], Turn]
"""Sends a payload in a conversation, which is left as it was."""


def explore(
    starts: Iterable[Start], press: Press, *, advance: Callable[[int], None] = lambda _: None
) -> Exploration:
    """Press every button of the starts, and of all that they lead to.

    Args:
        starts: their own answers are not judged, being those of a question, unless they fail.
        press: see `Press`; what it raises is a defect.
        advance: called with 1 after each start.

    Returns:
        The defects by kind, each kind in the order found, so the shortest paths first.
    """
    walk = _Walk(press=press)
    level = list(walk.begin(starts, advance))
    while level:
        level = walk.thinned([found for opened in level for found in walk.press_all(opened)])
    order = list(DefectKind)
    walk.defects.sort(key=lambda defect: order.index(defect.kind))
    return Exploration(
        opened=len(walk.seen) - walk.left,
        pressed=walk.pressed,
        left=walk.left,
        defects=tuple(walk.defects),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """An answer on screen, the conversation after it, and how one gets there."""

    answer: Answer
    tracker: Tracker
    path: tuple[str, ...]
    in_form: bool

    def key(self) -> Hashable:
        """What makes its buttons lead elsewhere than those of another answer."""
        buttons = self.answer.buttons
        reads = {name for button in buttons for name in _READS.get(_intent(button), ())}
        state = tuple(getattr(self.tracker, name) for name in sorted(reads))
        return (self.answer.text, buttons, state)


@dataclass(slots=True, kw_only=True)
class _Walk:
    press: Press
    jobs: dict[str, Turn] = field(default_factory=dict)
    seen: set[Hashable] = field(default_factory=set)
    pressed: int = 0
    left: int = 0
    defects: list[Defect] = field(default_factory=list)

    def begin(self, starts: Iterable[Start], advance: Callable[[int], None]) -> Iterator[_Opened]:
        """Open the starts, those that show the same thing once."""
        for start in starts:
            path = (start.label,)
            try:
                answer, tracker = start.open()
            except Exception as error:  # whatever it is, it is told with the others
                self._tell(DefectKind.ERROR, path, _described(error))
            else:
                yield from self._new(answer, tracker, path, in_form=False)
            advance(1)

    def press_all(self, opened: _Opened) -> Iterator[_Opened]:
        """Press each button of an answer; yield the answers that were not seen before."""
        told: dict[Hashable, Button] = {}
        for button in opened.answer.buttons:
            path = (*opened.path, button.title)
            self.pressed += 1
            try:
                turn = self._pressed(button, opened.tracker)
            except Exception as error:
                self._tell(DefectKind.ERROR, path, _described(error))
                continue
            unknown = _unknown(button, turn.interpretation)
            if unknown is not None:
                self._tell(DefectKind.UNKNOWN, path, unknown)
                continue
            # In the questionnaire, several choices may lead to one question: the state differs.
            twin = told.setdefault((turn.answer.text, turn.tracker.form), button)
            if twin is not button:
                self._tell(DefectKind.TWIN, path, twin.title)
            for kind in _faults(opened.answer, turn.answer):
                self._tell(kind, path, turn.answer.text.split("\n")[0])
            yield from self._new(turn.answer, turn.tracker, path, in_form=opened.in_form)

    def _pressed(self, button: Button, before: Tracker) -> Turn:
        """Press a button; one that opens a job says the same everywhere, and is pressed once."""
        if _intent(button) != "presentation":
            return self.press(button.payload, before)
        if button.payload not in self.jobs:
            self.jobs[button.payload] = self.press(button.payload, before)
        return self.jobs[button.payload]

    def thinned(self, level: Sequence[_Opened]) -> list[_Opened]:
        """Keep `MOST_ALIKE` of the questions that the questionnaire leads to, and of the lists."""
        kept = [opened for opened in level if not opened.in_form]
        kinds: defaultdict[AnswerKind, list[_Opened]] = defaultdict(list)
        for opened in level:
            if opened.in_form and len(opened.path) <= _LONGEST:
                kinds[opened.answer.kind].append(opened)
            elif opened.in_form:
                self.left += 1
        for alike in kinds.values():
            spread = alike[:: -(-len(alike) // MOST_ALIKE)]
            self.left += len(alike) - len(spread)
            kept += spread
        return kept

    def _new(
        self, answer: Answer, tracker: Tracker, path: tuple[str, ...], *, in_form: bool
    ) -> Iterator[_Opened]:
        is_form = in_form or answer.kind is AnswerKind.FORM
        opened = _Opened(answer=answer, tracker=tracker, path=path, in_form=is_form)
        key = opened.key()
        if key not in self.seen:
            self.seen.add(key)
            yield opened

    def _tell(self, kind: DefectKind, path: tuple[str, ...], detail: str) -> None:
        self.defects.append(Defect(kind=kind, path=path, detail=detail))


def _faults(offering: Answer, given: Answer) -> Iterator[DefectKind]:
    """Yield what is wrong with what a button of an answer gives."""
    # What a person asked, once the job is clear, is answered as it can be.
    is_asked = offering.kind is AnswerKind.CLARIFICATION and offering.intent == given.intent
    if given.kind is AnswerKind.FALLBACK and not is_asked:
        yield DefectKind.FALLBACK
    elif given.missing and not given.fields and not is_asked:
        yield DefectKind.SILENT
    if (given.kind is AnswerKind.LIST and not given.metiers) or (
        given.kind is AnswerKind.FORM and not given.buttons
    ):
        yield DefectKind.EMPTY
    if set(given.text.split("\n")) <= set(offering.text.split("\n")):
        yield DefectKind.REPEATED


def _unknown(button: Button, heard: Interpretation) -> str | None:
    """Return what a payload names that does not exist, None when all of it does."""
    if not heard.is_payload or ("{" in button.payload and not heard.entities):
        return button.payload
    return heard.value("metier_inconnu")


def _intent(button: Button) -> str:
    return button.payload.removeprefix("/").partition("{")[0].strip()


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
