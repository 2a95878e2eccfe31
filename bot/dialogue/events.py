"""What happens in a conversation; a tracker is the replay of its events."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ActionRun",
    "ClarificationAsked",
    "Event",
    "FormStepped",
    "ListShown",
    "Missed",
    "Restarted",
    "Understood",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The person was understood: earlier misses no longer count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The person was not understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRun:
    """A question was answered: `action` about `metiers` (the last one becomes current)."""

    action: str
    metiers: tuple[str, ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()
    keeps_metier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShown:
    """Jobs were shown: `found` all of them, `first` and `last` (exclusive) the ones on screen."""

    found: tuple[str, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationAsked:
    """We asked which of `candidates` is meant, in order to answer `action`."""

    action: str
    candidates: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStepped:
    """The questionnaire asked question number `step`; `answers` so far, by question."""

    step: int
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """The person starts again: everything is forgotten."""


Event = Understood | Missed | ActionRun | ListShown | ClarificationAsked | FormStepped | Restarted
