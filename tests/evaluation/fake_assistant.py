"""An assistant whose answers are written in the test, and short ways to write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.answers.answer import Answer, AnswerKind, Button, Citation
from bot.assistant import Turn
from bot.dialogue.tracker import Tracker
from bot.evaluation.played import PlayedUtterance
from bot.evaluation.utterance_set import Utterance
from bot.messages import UserMessage
from bot.understanding.interpretation import (
    Candidate,
    EntityMention,
    IntentPrediction,
    Interpretation,
)


def job(metier: str) -> EntityMention:
    """A mention resolved to one job."""
    found = (Candidate(id=metier, name=metier.casefold(), score=1.0),)
    return EntityMention(
        entity="metier", value=metier, start=0, end=3, score=1.0, id=metier, candidates=found
    )


def choice(*metiers: str) -> EntityMention:
    """A mention that fits several jobs."""
    found = tuple(Candidate(id=m, name=m.casefold(), score=0.5) for m in metiers)
    return EntityMention(entity="metier", value="?", start=0, end=3, score=0.5, candidates=found)


def entity(name: str, value: str) -> EntityMention:
    return EntityMention(entity=name, value=value, start=0, end=3, score=1.0)


def heard(intent: str, *entities: EntityMention, confidence: float = 0.9) -> Interpretation:
    prediction = IntentPrediction(name=intent, confidence=confidence)
    return Interpretation(
        text="", intent=prediction, ranking=(prediction,), entities=entities, reasons=("essai",)
    )


def played(
    intent: str,
    understood: str,
    *entities: EntityMention,
    confidence: float = 0.9,
    **case: object,
) -> PlayedUtterance:
    """An utterance of an intent, understood as another; `case` are other fields of it."""
    utterance = Utterance(id="u", text="…", intent=intent, **case)  # type: ignore[arg-type]
    return PlayedUtterance(
        case=utterance, heard=heard(understood, *entities, confidence=confidence)
    )


def said(
    text: str = "",
    *,
    kind: AnswerKind = AnswerKind.ANSWER,
    intent: str = "presentation",
    buttons: Iterable[tuple[str, str]] = (),
    sources: Iterable[str] = (),
    **fields: object,
) -> Answer:
    return Answer(
        kind=kind,
        intent=intent,
        text=text,
        buttons=tuple(Button(title=title, payload=payload) for title, payload in buttons),
        sources=tuple(Citation(id=s, title=s, url="", licence="") for s in sources),
        **fields,  # type: ignore[arg-type]
    )


@dataclass
class FakeAssistant:
    """Understands the texts of `meanings` and says the answers of `script`, in order per text.

    A text that is not written raises `KeyError`, as a broken assistant would. `messages` keeps
    what each sender sent, `forgotten` the senders forgotten.
    """

    meanings: Mapping[str, Interpretation] = field(default_factory=dict)
    script: Mapping[str, Answer | list[Answer]] = field(default_factory=dict)
    tracker_after: Tracker = field(default_factory=Tracker)
    messages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    forgotten: list[str] = field(default_factory=list)

    def interpret(self, text: str) -> Interpretation:
        return self.meanings.get(text) or heard("hors_sujet")

    def turn(self, message: UserMessage) -> Turn:
        answers = self.script[message.text]
        before = self.messages[message.sender].count(message.text)
        self.messages[message.sender].append(message.text)
        answer = answers[before] if isinstance(answers, list) else answers
        return Turn(
            interpretation=self.interpret(message.text),
            answer=answer,
            tracker=self.tracker_after,
            elapsed_ms=1.0,
        )

    def forget(self, sender: str) -> bool:
        self.forgotten.append(sender)
        return True
