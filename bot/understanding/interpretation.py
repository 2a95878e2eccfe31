"""What was understood of one utterance: its intent, its entities and the reasons."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Candidate", "EntityMention", "IntentPrediction", "Interpretation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value that a mention may name; `score` in 0..1."""

    id: str
    name: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMention:
    """A span of the typed text that names an entity of `spec/intents.md`.

    `value` is the canonical name or label, `id` the identifier in the catalogue. An ambiguous
    mention has several `candidates`, best first, and no `id`. `start`/`end` are half-open, in
    code points of the typed text; they are 0 and 0 for an entity that a button carries.
    """

    entity: str
    value: str
    start: int
    end: int
    score: float
    id: str | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether the person must be asked which candidate is meant."""
        return self.id is None and len(self.candidates) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentPrediction:
    """An intent of `spec/intents.md` and the probability (0..1) that it is the right one."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """One utterance understood.

    `ranking` holds every intent by falling confidence and starts with `intent`.
    `is_bare_mention` is true when the utterance is little more than the name of a job
    (« et pour chef monteur ? »): alone it asks for a presentation, after a question it repeats it.
    `also` is a second question about the same job, if there is one. `is_payload` is true when a
    button was pressed. `is_worrying` is true when the words come near distress without being
    heard as such. `is_foreign` is true when they are not French. `reasons` tell, for `--why`, which
    rule or which features decided.
    """

    text: str
    intent: IntentPrediction
    ranking: tuple[IntentPrediction, ...]
    entities: tuple[EntityMention, ...] = ()
    words: tuple[str, ...] = ()
    also: str | None = None
    is_bare_mention: bool = False
    is_payload: bool = False
    is_worrying: bool = False
    is_foreign: bool = False
    reasons: tuple[str, ...] = ()

    def all(self, entity: str) -> tuple[EntityMention, ...]:
        """The mentions of one kind of entity, in reading order."""
        return tuple(mention for mention in self.entities if mention.entity == entity)

    def value(self, entity: str) -> str | None:
        """The value of the first mention of one kind of entity, or None."""
        return next((mention.value for mention in self.all(entity)), None)
