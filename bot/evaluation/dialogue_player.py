"""Plays dialogues against an assistant, and says what differs from what they expect."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.answers.answer import Answer, AnswerKind, Button
from bot.assistant import Turn
from bot.evaluation.dialogue_file import Dialogue, Expectation, ScriptedTurn
from bot.evaluation.runner import Speaker
from bot.messages import UserMessage
from bot.understanding.normalisation import fold

__all__ = [
    "ButtonNotOfferedError",
    "Difference",
    "PlayedDialogue",
    "ScriptedChat",
    "TurnFailure",
    "differences",
    "find_button",
    "play_dialogue",
    "said_answers",
]


class ButtonNotOfferedError(LookupError):
    """The button to press is not among those of the last answer; `offered` are their titles."""

    def __init__(self, wanted: str, offered: tuple[str, ...]) -> None:
        super().__init__(f"{wanted!r} is not among {list(offered)!r}")
        self.wanted = wanted
        self.offered = offered


class ScriptedChat:
    """A conversation for tests: says, presses, and keeps the last turn.

    chat = ScriptedChat(assistant, "anna")
    chat.say("monteur")
    answer = chat.press("chef monteur").answer
    """

    def __init__(self, speaker: Speaker, sender: str = "scripted") -> None:
        """Start as `sender`, whose conversation must be new for the dialogue to be so."""
        self._speaker = speaker
        self._sender = sender
        self.last: Turn | None = None

    def say(self, text: str) -> Turn:
        """Send a message."""
        self.last = self._speaker.turn(UserMessage(sender=self._sender, text=text))
        return self.last

    def press(self, title_or_payload: str) -> Turn:
        """Press a button of the last answer, named by its title or its payload.

        Raises:
            ButtonNotOfferedError: the last answer has no such button.
        """
        offered = self.last.answer.buttons if self.last else ()
        button = find_button(title_or_payload, offered)
        if button is None:
            raise ButtonNotOfferedError(title_or_payload, tuple(b.title for b in offered))
        return self.say(button.payload)

    def forget(self) -> None:
        """Erase the conversation."""
        self._speaker.forget(self._sender)
        self.last = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One expectation that does not hold: its key in the dialogue, what was wanted, what came.

    The key `press` is a button that was not offered; `error` is an assistant that failed.
    """

    key: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFailure:
    """A turn (`number` from 1) that differs; `answer` is what was said instead, if anything."""

    number: int
    turn: ScriptedTurn
    differences: tuple[Difference, ...]
    answer: Answer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedDialogue:
    """A dialogue, what was said at its turns, and those that fail.

    `said` is shorter than the dialogue when a turn could not be played, for none can after it;
    `unplayed` counts those that follow.
    """

    dialogue: Dialogue
    said: tuple[Turn, ...] = ()
    failures: tuple[TurnFailure, ...] = ()
    unplayed: int = 0

    @property
    def elapsed_ms(self) -> float:
        """How long the answers took."""
        return sum(turn.elapsed_ms for turn in self.said)

    @property
    def is_right(self) -> bool:
        """Whether every turn was as expected."""
        return not self.failures


def play_dialogue(dialogue: Dialogue, speaker: Speaker, *, sender: str) -> PlayedDialogue:
    """Play a dialogue in a new conversation, forgotten at the end.

    A turn that differs does not stop it; a button that is not there, or an assistant that
    fails, does.
    """
    chat = ScriptedChat(speaker, sender)
    chat.forget()
    said: list[Turn] = []
    failures: list[TurnFailure] = []
    played = 0
    for number, turn in enumerate(dialogue.turns, start=1):
        played = number
        failure = _play_turn(number, turn, chat)
        if failure is not None:
            failures.append(failure)
        if chat.last is None or (failure is not None and failure.answer is None):
            break
        said.append(chat.last)
    chat.forget()
    return PlayedDialogue(
        dialogue=dialogue,
        said=tuple(said),
        failures=tuple(failures),
        unplayed=len(dialogue.turns) - played,
    )


def said_answers(dialogues: Iterable[Dialogue], speaker: Speaker) -> dict[tuple[str, int], str]:
    """Play dialogues for their answers alone: their texts by (name of the dialogue, turn from 1).

    A button that is not offered ends its dialogue.
    """
    answers: dict[tuple[str, int], str] = {}
    for dialogue in dialogues:
        chat = ScriptedChat(speaker, "answers")
        chat.forget()
        for number, turn in enumerate(dialogue.turns, start=1):
            try:
                said = chat.press(turn.text) if turn.is_press else chat.say(turn.text)
            except ButtonNotOfferedError:
                break
            answers[dialogue.name, number] = said.answer.text
        chat.forget()
    return answers


def _play_turn(number: int, turn: ScriptedTurn, chat: ScriptedChat) -> TurnFailure | None:
    answer: Answer | None = None
    try:
        said = chat.press(turn.text) if turn.is_press else chat.say(turn.text)
        answer = said.answer
        found = tuple(differences(turn.expect, said))
    except ButtonNotOfferedError as absent:
        found = (Difference(key="press", expected=turn.text, found=_joined(absent.offered)),)
    except Exception as error:
        # A test must tell which turn breaks the assistant, and go on with the other dialogues.
        found = (Difference(key="error", expected="", found=f"{type(error).__name__}: {error}"),)
    if not found:
        return None
    return TurnFailure(number=number, turn=turn, differences=found, answer=answer)


def differences(expect: Expectation, turn: Turn) -> Iterator[Difference]:
    """Yield each expectation that a turn does not meet, in the order of the format.

    The `metiers` of a list are those that it shows; the job that it is about is right too.
    """
    answer = turn.answer
    if expect.intent is not None and answer.intent != expect.intent:
        yield Difference(key="intent", expected=expect.intent, found=answer.intent)
    if expect.metiers is not None and expect.metiers not in _metiers(turn):
        yield _difference("metiers", expect.metiers, answer.metiers)
    if expect.kinds is not None and answer.kind not in expect.kinds:
        yield _difference("kind", tuple(k.value for k in expect.kinds), (answer.kind.value,))
    yield from _text_differences(expect, answer.text)
    titles = tuple(button.title for button in answer.buttons)
    absent = [t for t in expect.buttons if _plain(t) not in {_plain(title) for title in titles}]
    if absent:
        yield _difference("buttons", tuple(absent), titles)
    sources = tuple(source.id for source in answer.sources)
    if expect.source is not None and expect.source not in sources:
        yield _difference("source", (expect.source,), sources)
    if expect.missing is not None and not _says_missing(expect.missing, answer.missing):
        yield _difference("missing", expect.missing, answer.missing)


def _metiers(turn: Turn) -> tuple[tuple[str, ...], ...]:
    shown, current = turn.answer.metiers, turn.tracker.metier
    if turn.answer.kind is AnswerKind.LIST and current is not None:
        return shown, (current,)
    return (shown,)


def _text_differences(expect: Expectation, text: str) -> Iterator[Difference]:
    plain = _plain(text)
    for part in expect.contains:
        if _plain(part) not in plain:
            yield Difference(key="contains", expected=part, found=text)
    for part in expect.excludes:
        if _plain(part) in plain:
            yield Difference(key="not_contains", expected=part, found=text)


def _says_missing(expected: tuple[str, ...], missing: tuple[str, ...]) -> bool:
    return set(expected) <= set(missing) if expected else not missing


def _difference(key: str, expected: tuple[str, ...], found: tuple[str, ...]) -> Difference:
    return Difference(key=key, expected=_joined(expected), found=_joined(found))


def _joined(words: tuple[str, ...]) -> str:
    return ", ".join(words) or "–"


def find_button(wanted: str, offered: tuple[Button, ...]) -> Button | None:
    """Return the first of the buttons that a title or a payload names best, or None."""
    tests = (
        lambda button: button.title == wanted or button.payload == wanted,
        lambda button: _plain(button.title) == _plain(wanted),
        lambda button: _same_payload(button.payload, wanted),
    )
    return next((button for test in tests for button in offered if test(button)), None)


def _same_payload(left: str, right: str) -> bool:
    """Whether two payloads send the same, however their JSON is spaced and ordered."""
    return left.startswith("/") and _payload(left) == _payload(right)


def _payload(text: str) -> tuple[str, object]:
    intent, brace, rest = text.partition("{")
    try:
        return intent.strip(), json.loads(brace + rest) if brace else {}
    except ValueError:
        return text, None


def _plain(text: str) -> str:
    """Fold case, accents, apostrophes and kinds of spaces."""
    return " ".join(fold(text).split())
