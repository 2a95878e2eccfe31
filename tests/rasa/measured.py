"""What a run measures, of each system and of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.rasa.understanding import Scores

__all__ = ["CONCURRENCIES", "PLAIN", "QUESTION", "Facts", "Measured"]

# A question that an action answers, and one that Rasa answers by itself in the bench's project.
QUESTION = "quelles études pour être boulanger"
PLAIN = "merci"
CONCURRENCIES = (1, 8, 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """When, where and on what it was measured; `sets`: how many utterances each has."""

    date: str
    machine: str
    cores: int
    load: float
    jobs: int
    examples: int
    sets: Mapping[str, int]
    versions: Mapping[str, str]


@dataclass(kw_only=True)
class Measured:
    """What was measured of one system; requests a second by question and concurrency."""

    name: str
    train_s: float | None = None
    ready_s: float | None = None
    memory_mb: float | None = None
    environment_mb: float | None = None
    model_mb: float | None = None
    scores: dict[str, Scores] = field(default_factory=dict)
    reply_ms: tuple[float, float] | None = None
    requests: dict[tuple[str, int], float] = field(default_factory=dict)
