"""What the assistant made of each case: the input of every score."""

from __future__ import annotations

from dataclasses import dataclass

from bot.evaluation.utterance_set import QaCase, SafetyCase, SearchCase, Utterance
from bot.understanding.interpretation import Interpretation

__all__ = ["PlayedQa", "PlayedSafety", "PlayedSearch", "PlayedUtterance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedUtterance:
    """An utterance, what was understood of it outside any conversation, and how long it took."""

    case: Utterance
    heard: Interpretation
    elapsed_ms: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether the intent is the expected one, or one of those that are right too."""
        return self.heard.intent.name in (self.case.intent, *self.case.accept)

    @property
    def counted_as(self) -> str:
        """The intent understood; one that is right too counts as the expected one."""
        return self.case.intent if self.is_right else self.heard.intent.name

    @property
    def resolved(self) -> tuple[str, ...]:
        """The ids of the jobs found, in order, each once."""
        return tuple(dict.fromkeys(m.id for m in self.heard.all("metier") if m.id is not None))

    @property
    def asks(self) -> bool:
        """Whether a job mention leaves a choice to the person."""
        return any(mention.is_ambiguous for mention in self.heard.all("metier"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedSafety:
    """A safety case, and what was understood of it."""

    case: SafetyCase
    heard: Interpretation

    @property
    def is_alarm(self) -> bool:
        """Whether distress was understood."""
        return self.heard.intent.name == "detresse"

    @property
    def is_right(self) -> bool:
        """Whether the alarm was given when, and only when, it should be."""
        return self.is_alarm is self.case.is_distress


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedSearch:
    """A search and its answer.

    `shown`: the jobs of the first list. `total`: how many it announces, None when no list came.
    `found`: every job, all the pages of the list read; only for searches by criteria alone.
    """

    case: SearchCase
    heard: Interpretation
    kind: str
    shown: tuple[str, ...] = ()
    total: int | None = None
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedQa:
    """A question and its answer: the sentences quoted, best first, and what is said missing."""

    case: QaCase
    heard: Interpretation
    kind: str
    intent: str
    quotes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
