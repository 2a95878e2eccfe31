"""What the assistant says, as a value that any channel can render."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Answer", "AnswerKind", "Button", "Card", "Citation", "Fact", "Handoff", "Quote"]


class AnswerKind(StrEnum):
    """The shapes of an answer; the names are those of the interface."""

    ANSWER = "answer"
    CLARIFICATION = "clarification"
    LIST = "list"
    FORM = "form"
    SMALLTALK = "smalltalk"
    REFERRAL = "referral"
    HANDOFF = "handoff"
    SAFETY = "safety"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice offered; pressing it sends `payload` as the message."""

    title: str
    payload: str

    @staticmethod
    def to(title: str, intent: str, entities: Mapping[str, object] | None = None) -> Button:
        """Make a button that asks an intent about entities (`/etudes{"metier": "MET.1"}`)."""
        values = json.dumps(dict(entities), ensure_ascii=False) if entities else ""
        return Button(title=title, payload=f"/{intent}{values}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The fiche (or official page) that an answer comes from."""

    id: str
    title: str
    url: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of a fiche, unaltered, and the field that holds it."""

    text: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a card."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A small table about one job."""

    title: str
    facts: tuple[Fact, ...]
    url: str
    url_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A human service to turn to; `url` or `tel` is None where none is certain."""

    label: str
    url: str | None = None
    tel: str | None = None

    def as_json(self) -> dict[str, str]:
        """Return what is known of it."""
        values = {"label": self.label, "url": self.url, "tel": self.tel}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer.

    `text` is complete by itself (a small Markdown subset: bold, lists, links). `fields` are the
    fields of fiches that were used and `missing` those that the fiche has not; the interface
    calls both by their slot names (`duree_etudes`, `salaire`…). In a list, `metiers` are the
    jobs shown, in order, and `total` how many there are.
    """

    kind: AnswerKind
    intent: str
    text: str
    buttons: tuple[Button, ...] = ()
    metiers: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()
    total: int | None = None
    quotes: tuple[Quote, ...] = ()
    cards: tuple[Card, ...] = ()
    handoff: Handoff | None = None

    def custom(self) -> dict[str, object]:
        """Return the `custom` object of the REST interface, as JSON values.

        What has a source can be rated; the identifier says what of, and nothing of who.
        """
        custom: dict[str, object] = {
            "kind": self.kind.value,
            "intent": self.intent,
            "metiers": list(self.metiers),
            "slots": list(self.fields),
            "missing": list(self.missing),
            "sources": [
                {"id": s.id, "title": s.title, "url": s.url, "licence": s.licence}
                for s in self.sources
            ],
        }
        if self.total is not None:
            custom["total"] = self.total
        if self.quotes or "question_fiche" in self.missing:
            custom["quotes"] = [{"text": q.text, "field": q.field} for q in self.quotes]
        if self.cards:
            custom["cards"] = [_card(card) for card in self.cards]
        if self.sources:
            custom["rate"] = {"id": " ".join((self.intent, *self.metiers))}
        if self.handoff is not None:
            custom["handoff"] = self.handoff.as_json()
        return custom


def _card(card: Card) -> dict[str, object]:
    return {
        "title": card.title,
        "facts": [{"label": fact.label, "value": fact.value} for fact in card.facts],
        "url": card.url,
        "url_label": card.url_label,
    }
