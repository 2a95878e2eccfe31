"""What is remembered of a conversation: identifiers and choices, never the words typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from bot.dialogue.events import (
    ActionRun,
    ClarificationAsked,
    Event,
    FormStepped,
    ListShown,
    Missed,
    Restarted,
    Understood,
)

__all__ = ["MOST_LISTED", "Form", "Pending", "Tracker", "tracker_from_json"]

# A list longer than this is remembered cut: the row of a conversation stays a few kB.
MOST_LISTED = 200
Arguments = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A clarification that waits for its answer."""

    action: str
    candidates: tuple[str, ...]
    arguments: Arguments = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A questionnaire under way: the question asked, and the answers so far."""

    step: int
    answers: Arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """The memory of one conversation.

    `metier`: the current job. `question`: the last question about a job, which « et pour X ? »
    repeats. `last_action`/`last_metiers`/`last_arguments`: the last answer, which « répète »
    repeats. `compared`: the jobs of the last comparison. `listed`: the last list, of which
    `listed[shown_first:shown_last]` is on screen. `misses`: failures to understand, in a row.
    """

    metier: str | None = None
    question: str | None = None
    last_action: str | None = None
    last_metiers: tuple[str, ...] = ()
    last_arguments: Arguments = ()
    listed: tuple[str, ...] = ()
    shown_first: int = 0
    shown_last: int = 0
    pending: Pending | None = None
    form: Form | None = None
    misses: int = 0
    turns: int = 0

    @property
    def shown(self) -> tuple[str, ...]:
        """The jobs on screen, in order."""
        return self.listed[self.shown_first : self.shown_last]

    def apply(self, event: Event) -> Tracker:
        """Return the tracker after an event."""
        match event:
            case Understood():
                return replace(self, misses=0, turns=self.turns + 1)
            case Missed():
                return replace(self, misses=self.misses + 1, turns=self.turns + 1)
            case ActionRun():
                return self._after_action(event)
            case ListShown():
                return replace(
                    self,
                    listed=event.found[:MOST_LISTED],
                    shown_first=event.first,
                    shown_last=event.last,
                )
            case ClarificationAsked():
                pending = Pending(
                    action=event.action, candidates=event.candidates, arguments=event.arguments
                )
                return replace(self, pending=pending, form=None)
            case FormStepped():
                form = Form(step=event.step, answers=event.answers)
                return replace(self, form=form, pending=None)
            case Restarted():
                return Tracker(turns=self.turns + 1)
        assert_never(event)

    def replay(self, events: Iterable[Event]) -> Tracker:
        """Apply events in order."""
        tracker = self
        for event in events:
            tracker = tracker.apply(event)
        return tracker

    def _after_action(self, event: ActionRun) -> Tracker:
        tracker = replace(
            self,
            last_action=event.action,
            last_metiers=event.metiers,
            last_arguments=event.arguments,
            pending=None,
            form=None,
        )
        if event.keeps_metier or not event.metiers:
            return tracker
        return replace(tracker, metier=event.metiers[-1], question=event.action)

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
        }
    if isinstance(value, Form):
        return {"step": value.step, "answers": value.answers}
    return value


def _value(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        parts = {str(key): _frozen(item) for key, item in value.items()}
        return Pending(**parts) if name == "pending" else Form(**parts)  # type: ignore[arg-type]
    return _frozen(value)


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
