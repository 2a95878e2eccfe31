"""What is remembered of a conversation: identifiers and choices, never the messages typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from bot.dialogue.events import (
    ActionRun,
    ButtonsShown,
    ClarificationAsked,
    Digressed,
    DistressHeard,
    Event,
    FormStatus,
    FormStepped,
    ListShown,
    Missed,
    Named,
    Restarted,
    Searched,
    Understood,
)

__all__ = ["MOST_LISTED", "Focus", "Form", "Pending", "Tracker", "tracker_from_json"]

# A list longer than this is remembered cut: the row of a conversation stays a few kB.
MOST_LISTED = 200
_MOST_POOLED = 100
_MOST_NAMED = 20
# A message is sent again when its answer was lost on the way: it is one of the last.
_MOST_REPLIES = 4
Focus = Literal["job", "jobs", "list"]
"""What the conversation is about: the current job, the jobs compared, the list."""
# Answers about something else, after which a question of ours still waits for its answer.
_BESIDE = frozenset(
    {"formation_info", "orientation_generale", "conseiller", "donnees_personnelles"}
)
Arguments = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A clarification that waits for its answer; `metiers` are what it is about as well."""

    action: str
    candidates: tuple[str, ...]
    arguments: Arguments = ()
    metiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form that helps to find an idea: the question asked last, and the answers so far.

    `answers`: (question, value) in order, the value of a skipped question being empty. `page`:
    which of its answers are offered. `missed`: what was said was no answer.
    """

    asked: str
    answers: Arguments = ()
    page: int = 0
    missed: bool = False
    status: FormStatus = "asked"

    def left(self) -> Form:
        """The form once something else was spoken of: it can be gone back to."""
        return replace(self, status="left") if self.status == "asked" else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """The memory of one conversation.

    `metier`: the current job, `former` the one before it. `question`: the last question about
    a job, which « et pour X ? » repeats. `last_action`/`last_metiers`/`last_arguments`: the last
    answer, which « répète » repeats. `compared`: the jobs answered about together since the last
    list. `listed`: the last list, of which `listed[shown_first:shown_last]` is on screen;
    `criteria` and `pool`: the search that it answers (`Searched`). `focus`: what was shown last.
    `offered`: the last buttons shown, as (title, payload). `misses`: failures to understand, in
    a row. `feminine`: the jobs that the person named in the feminine. `quiet`: distress was
    heard, and the person has not come back to jobs since.
    `replies`: the last messages that had an identifier, each with its answer as JSON, which may
    quote a word typed.
    """

    metier: str | None = None
    former: str | None = None
    question: str | None = None
    last_action: str | None = None
    last_metiers: tuple[str, ...] = ()
    last_arguments: Arguments = ()
    listed: tuple[str, ...] = ()
    shown_first: int = 0
    shown_last: int = 0
    criteria: Arguments = ()
    pool: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    focus: Focus | None = None
    offered: tuple[tuple[str, str], ...] = ()
    pending: Pending | None = None
    form: Form | None = None
    misses: int = 0
    feminine: tuple[str, ...] = ()
    turns: int = 0
    quiet: bool = False
    replies: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The jobs on screen, in order."""
        return self.listed[self.shown_first : self.shown_last]

    @property
    def several(self) -> tuple[str, ...]:
        """The jobs that « lequel » chooses among: compared, on screen, or the last two."""
        if self.compared or self.shown:
            return self.compared or self.shown
        return (self.former, self.metier) if self.former and self.metier else ()

    def apply(self, event: Event) -> Tracker:
        """Return the tracker after an event."""
        match event:
            case Understood():
                return replace(self, misses=0, turns=self.turns + 1)
            case Missed():
                return replace(self, misses=self.misses + 1, turns=self.turns + 1)
            case Named():
                others = set(event.feminine) | set(event.masculine)
                kept = (metier for metier in self.feminine if metier not in others)
                return replace(self, feminine=(*kept, *event.feminine)[-_MOST_NAMED:])
            case ActionRun():
                return self._after_action(event)
            case Digressed():
                return self._left(pending=None) if event.closes else self
            case ListShown():
                return self._after_list(event)
            case Searched():
                return replace(self, criteria=event.criteria, pool=event.pool[:_MOST_POOLED])
            case ButtonsShown():
                return replace(self, offered=event.buttons)
            case ClarificationAsked():
                pending = Pending(
                    action=event.action,
                    candidates=event.candidates,
                    arguments=event.arguments,
                    metiers=event.metiers,
                )
                return replace(self._left(pending=pending), quiet=False)
            case FormStepped():
                form = Form(
                    asked=event.asked,
                    answers=event.answers,
                    page=event.page,
                    missed=event.missed,
                    status=event.status,
                )
                return replace(self, form=form, pending=None, quiet=False)
            case Restarted():
                return Tracker(turns=self.turns + 1)
            case DistressHeard():
                return replace(self, pending=None, form=None, quiet=True)
        assert_never(event)

    def reply_to(self, message_id: str) -> str | None:
        """Return the answer, as JSON, that a message had."""
        return dict(self.replies).get(message_id)

    def with_reply(self, message_id: str, answer: str) -> Tracker:
        """Return the tracker that remembers the answer to a message."""
        return replace(self, replies=(*self.replies, (message_id, answer))[-_MOST_REPLIES:])

    def replay(self, events: Iterable[Event]) -> Tracker:
        """Apply events in order."""
        tracker = self
        for event in events:
            tracker = tracker.apply(event)
        return tracker

    def _left(self, *, pending: Pending | None) -> Tracker:
        form = self.form.left() if self.form is not None else None
        return replace(self, form=form, pending=pending)

    def _after_action(self, event: ActionRun) -> Tracker:
        tracker = replace(
            self._left(pending=self.pending if event.action in _BESIDE else None),
            last_action=event.action,
            last_metiers=event.metiers,
            last_arguments=event.arguments,
            quiet=False,
        )
        if event.keeps_metier or not event.metiers:
            return tracker
        metier = event.metiers[-1]
        return replace(
            tracker,
            metier=metier,
            former=self.former if metier == self.metier else self.metier,
            question=event.repeats or event.action,
            compared=event.metiers if len(event.metiers) > 1 else self.compared,
            focus="jobs" if len(event.metiers) > 1 else "job",
        )

    def _after_list(self, event: ListShown) -> Tracker:
        found = event.found[:MOST_LISTED]
        is_same = found == self.listed  # another page of it
        is_over = self.form is not None and self.form.status == "done"
        return replace(
            self,
            listed=found,
            shown_first=event.first,
            shown_last=event.last,
            criteria=self.criteria if is_same else (),
            pool=self.pool if is_same else (),
            compared=(),
            form=None if is_over and not is_same else self.form,
            focus="list",
            quiet=False,
        )

    def as_json(self) -> dict[str, object]:
        """Return the tracker as JSON values; fields with their default are left out."""
        empty = Tracker()
        values: dict[str, object] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value != getattr(empty, name):
                values[name] = _json(value)
        return values


def tracker_from_json(values: Mapping[str, object]) -> Tracker:
    """Rebuild a tracker from `Tracker.as_json`.

    Raises:
        ValueError: the values do not describe a tracker (another version wrote them).
    """
    try:
        known = {str(name): _value(str(name), value) for name, value in values.items()}
        return Tracker(**known)  # type: ignore[arg-type]
    except (AttributeError, TypeError, KeyError) as error:
        raise ValueError(f"not a tracker: {error}") from error


def _json(value: object) -> object:
    if isinstance(value, Pending):
        return {
            "action": value.action,
            "candidates": value.candidates,
            "arguments": value.arguments,
            "metiers": value.metiers,
        }
    if isinstance(value, Form):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    return value


def _value(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        parts = {str(key): _frozen(item) for key, item in value.items()}
        return Pending(**parts) if name == "pending" else Form(**parts)  # type: ignore[arg-type]
    return _frozen(value)


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
