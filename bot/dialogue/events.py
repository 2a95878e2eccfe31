"""What happens in a conversation; a tracker is the replay of its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ActionRun",
    "ButtonsShown",
    "ClarificationAsked",
    "Digressed",
    "DistressHeard",
    "Event",
    "FormStatus",
    "FormStepped",
    "ListShown",
    "Missed",
    "Named",
    "Restarted",
    "Searched",
    "Understood",
]


FormStatus = Literal["asked", "left", "stopped", "done"]
"""Its question waits; it was left for another question; it was given up; its list was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The person was understood: earlier misses no longer count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The person was not understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The person named jobs by the feminine or the masculine form of their names."""

    feminine: tuple[str, ...] = ()
    masculine: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRun:
    """A question was answered: `action` about `metiers` (the last one becomes current).

    `repeats`: the question that « et pour X ? » asks again, when it is not `action`.
    """

    action: str
    metiers: tuple[str, ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()
    keeps_metier: bool = False
    repeats: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digressed:
    """Something was said beside the thread: thanks, who we are. The thread stays as it was.

    `closes`: our own question, if there is one, no longer waits for its answer (« non »).
    """

    closes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShown:
    """Jobs were shown: `found` all of them, `first` and `last` (exclusive) the ones on screen."""

    found: tuple[str, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """The list just shown answers `criteria`, which may be changed one by one.

    `pool`: the jobs that answer the words of the search, best first, whatever their level and
    status; empty when criteria alone were said.
    """

    criteria: tuple[tuple[str, str], ...] = ()
    pool: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationAsked:
    """We asked which of `candidates` is meant, in order to answer `action`.

    `metiers`: the jobs that the question is about as well, known already (« compare X et … »).
    """

    action: str
    candidates: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...] = ()
    metiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonsShown:
    """Buttons were shown, as (title, payload): what is typed next may name one of them."""

    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStepped:
    """The form asked a question, or was put aside; see `tracker.Form`."""

    asked: str
    answers: tuple[tuple[str, str], ...] = ()
    page: int = 0
    missed: bool = False
    status: FormStatus = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """The person starts again: everything is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistressHeard:
    """The numbers were given: what we were asking is dropped, and jobs are no longer spoken of."""


Event = (
    Understood
    | Missed
    | Named
    | ActionRun
    | Digressed
    | ListShown
    | Searched
    | ClarificationAsked
    | ButtonsShown
    | FormStepped
    | Restarted
    | DistressHeard
)
