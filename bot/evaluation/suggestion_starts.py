"""Where pressing buttons begins: every question about every job, and every way into the rest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from itertools import chain

from bot.answers.answer import Answer, Button
from bot.answers.registry import answer
from bot.assistant import Assistant, Knowledge, Turn
from bot.catalogue.catalogue import Catalogue
from bot.dialogue.decision import (
    AskClarification,
    Decision,
    Fallback,
    RunAction,
    UnknownMetier,
)
from bot.dialogue.intents import CATALOGUE_INTENTS, INTENTS, METIER_INTENTS
from bot.dialogue.tracker import Tracker
from bot.dialogue.tracker_store import MemoryTrackerStore
from bot.evaluation.suggestions import Start
from bot.messages import UserMessage
from bot.settings import Settings

__all__ = ["Branches", "starts_of"]

_SENDER = "suggestions"
_CHANNEL = "terminal"  # it has said by itself that a program answers
_NEVER_S = math.inf
_MOST_COMPARED = 4
_LEVELS = ("sans_diplome", "cap", "bac", "bac+2", "bac+3", "bac+5", "bac+8")
_SUBJECT = "orientation_"
_NO_NAME = "…"


class Branches:
    """One assistant, asked from any point of any conversation: a tracker is such a point."""

    def __init__(self, settings: Settings, knowledge: Knowledge) -> None:
        """Answer from `knowledge`, remembering nothing between two messages."""
        self._store = MemoryTrackerStore(ttl_s=_NEVER_S, now=lambda: 0.0)
        self.assistant = Assistant(settings=settings, knowledge=knowledge, store=self._store)

    def press(self, payload: str, before: Tracker) -> Turn:
        """Send a message in the conversation `before`, which is left as it was."""
        self._store.save(_SENDER, before)
        return self.assistant.turn(UserMessage(sender=_SENDER, text=payload, channel=_CHANNEL))

    def say(self, text: str) -> tuple[Answer, Tracker]:
        """Begin a conversation with a message."""
        turn = self.press(text, Tracker())
        return turn.answer, turn.tracker

    def decide(self, decision: Decision) -> tuple[Answer, Tracker]:
        """Begin a conversation with a decision, whatever words would bring it about."""
        outcome = answer(decision, self.assistant.context(Tracker()))
        return outcome.answer, Tracker().replay(outcome.events)

    def close(self) -> None:
        """Release what the assistant holds."""
        self.assistant.close()


def starts_of(branches: Branches) -> Iterator[Start]:
    """Yield the starts, in an order that depends on the catalogue alone.

    Every question about every job, and about none; the first jobs compared; every diploma; a
    search by each level, status, taste and field; every matter of orientation; what is asked
    when a name fits several jobs or none, and when nothing was understood. The label is what to
    send, or the intent and the words that are not clear.
    """
    assistant = branches.assistant
    payloads = chain(
        _about_jobs(assistant.catalogue),
        (_payload(intent) for intent in INTENTS),
        _about_formations(assistant.catalogue),
        _searches(assistant.catalogue),
        _orientation(assistant),
    )
    yield from (Start(label=text, open=partial(branches.say, text)) for text in payloads)
    decisions = chain(_shared_names(assistant), _unknown_names(assistant.catalogue), _misses())
    yield from (
        Start(label=label, open=partial(branches.decide, decision)) for label, decision in decisions
    )


def _about_jobs(catalogue: Catalogue) -> Iterator[str]:
    for fiche in catalogue:
        yield from (_payload(intent, metier=fiche.id) for intent in METIER_INTENTS)
    first = [fiche.id for fiche in catalogue][:_MOST_COMPARED]
    yield from (_payload("comparer", metier=first[:count]) for count in range(3, len(first) + 1))


def _about_formations(catalogue: Catalogue) -> Iterator[str]:
    for formation in (*catalogue.formation_labels, *catalogue.formations_by_sigle):
        yield _payload("formation_info", formation=formation)
        yield _payload("metiers_apres_formation", formation=formation)


def _searches(catalogue: Catalogue) -> Iterator[str]:
    statuts = dict.fromkeys(statut for fiche in catalogue for statut in fiche.statuts)
    for entity, values in (
        ("niveau", _LEVELS),
        ("statut", statuts),
        ("centre_interet", catalogue.interests),
        ("domaine", catalogue.fields),
    ):
        yield from (_payload("chercher_metiers", **{entity: value}) for value in values)


def _orientation(assistant: Assistant) -> Iterator[str]:
    """Each matter, with all the others said beside it, which are offered."""
    subjects = [key.removeprefix(_SUBJECT) for key in assistant.wording.starting(_SUBJECT)]
    for place in range(len(subjects)):
        yield _payload("orientation_generale", sujet=[*subjects[place:], *subjects[:place]])


def _shared_names(assistant: Assistant) -> Iterator[tuple[str, Decision]]:
    """Every question about each word of the names of jobs, alone, that fits several jobs."""
    names = (
        name
        for fiche in assistant.catalogue
        for name in (fiche.title.masculine, fiche.title.feminine)
        if name
    )
    for word in dict.fromkeys(word for name in names for word in name.split()):
        for mention in assistant.interpret(word).all("metier"):
            if mention.is_ambiguous:
                candidates = tuple(candidate.id for candidate in mention.candidates)
                for action in METIER_INTENTS:
                    decision = AskClarification(
                        asked=RunAction(action=action), mention=word, candidates=candidates
                    )
                    yield f"/{action} « {word} »", decision


def _unknown_names(catalogue: Catalogue) -> Iterator[tuple[str, Decision]]:
    """A name that the catalogue has not, alone and with names that are close to it."""
    close = tuple(fiche.id for fiche in catalogue)[:_MOST_COMPARED]
    for action in METIER_INTENTS:
        for candidates in ((), close):
            decision = UnknownMetier(action=action, mention=_NO_NAME, candidates=candidates)
            yield f"/{action} « {_NO_NAME} »", decision


def _misses() -> Iterator[tuple[str, Decision]]:
    """What is said when nothing was understood, and « vouliez-vous dire … ? »."""
    for stage in (1, 2, 3):
        yield f"« {_NO_NAME} » ({stage})", Fallback(stage=stage)
    for guess in (*CATALOGUE_INTENTS, "aide", "conseiller", "donnees_personnelles"):
        yield f"« {_NO_NAME} » /{guess} ?", Fallback(stage=1, guesses=(guess,))


def _payload(intent: str, **entities: object) -> str:
    return Button.to("", intent, entities).payload
