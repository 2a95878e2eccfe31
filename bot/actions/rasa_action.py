"""The other door: a Rasa assistant asks, by an action's name, for the answers that we give.

Rasa's own understanding chooses the action; the jobs and the other entities are those that our
linker finds in the latest message, whatever Rasa found there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from bot.answers.answer import Answer
from bot.answers.safety import with_gentle_word
from bot.assistant import Assistant, Turn
from bot.dialogue.intents import INTENTS, METIER_INTENTS
from bot.dialogue.tracker import Tracker as OwnTracker
from bot.messages import UserMessage
from bot.understanding.interpretation import EntityMention, Interpretation

__all__ = [
    "ANSWER_SLOT",
    "ANY_INTENT",
    "FORM",
    "METIER_SLOT",
    "SLOTS",
    "WAITING_SLOT",
    "RasaAction",
    "RasaForm",
    "action_of",
    "rasa_actions",
]

METIER_SLOT = "metier"
"""The slot that holds the identifier of the current job (`MET.7984`), or None."""

LIST_SLOT = "metiers"
"""The slot that holds the identifiers of the jobs on screen, in order, or None."""

CRITERIA_SLOT = "criteres"
"""The slot that holds the criteria of that list (`{"niveau": "bac+2"}`), or None."""

WAITING_SLOT = "balise_attend"
"""The slot that says whether a question of ours waits for its answer."""

SLOTS = (METIER_SLOT, LIST_SLOT, CRITERIA_SLOT, WAITING_SLOT)

ANY_INTENT = "action_balise"
"""The action that understands and answers by itself, whatever Rasa understood."""

FORM = "formulaire_balise"
"""The form of the exported project: the next message answers a question of ours."""

ANSWER_SLOT = "balise_reponse"
"""The slot that the form asks for; never kept, since our tracker hears the answer."""

# What means something in its conversation only.
_IN_CONVERSATION = frozenset({"ordinal", "renvoi", "envie", "questionnaire"})


class RasaAction(Action):
    """One action: `action_<intent>` answers that intent, `action_balise` any message."""

    def __init__(self, assistant: Assistant, intent: str | None) -> None:
        """Answer `intent`, or what the message asks when it is None."""
        self._assistant = assistant
        self._intent = intent

    def name(self) -> str:
        """Return the name that the Rasa domain lists under `actions`."""
        return ANY_INTENT if self._intent is None else action_of(self._intent)

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,
    ) -> list[EventType]:
        """Utter the answer, and return the slots that it changes and the form that it begins.

        Raises:
            StoreError: the conversation cannot be read or kept.
        """
        text = _text_of(tracker)
        asked = text if self._intent is None else self._asked(text, self._intent, tracker)
        turn = _turn(self._assistant, asked, tracker)
        answer = turn.answer
        # A payload worries nobody: the words that it stands for may.
        if asked != text and not turn.tracker.quiet and self._assistant.interpret(text).is_worrying:
            answer = with_gentle_word(answer, self._assistant.wording)
        _utter(answer, dispatcher)
        values = slots_of(turn.tracker)
        begins = values[WAITING_SLOT] and FORM in (domain.get("forms") or ())
        return [*_slots_set(values, tracker), *([ActiveLoop(FORM)] if begins else [])]

    def _asked(self, text: str, intent: str, tracker: Tracker) -> str:
        """Return the message that makes our assistant answer `intent`: the text, or a payload."""
        form = self._assistant.tracker(tracker.sender_id).form
        if intent == "aide_choix" and form is not None and form.status == "asked":
            return text  # « le deuxième », « retour »: the form hears its answers by itself
        understood = self._assistant.interpret(text)
        if understood.intent.name == "detresse":
            return text  # distress comes before whatever Rasa made of it
        mentions = tuple(self._mentions(understood))
        values = _carried(mentions)
        recalled = "metier" not in values and intent in METIER_INTENTS and self._recalled(tracker)
        doubtful = next((m for m in mentions if m.is_ambiguous), None)
        by_name = understood.is_payload and bool(understood.all("metier_inconnu"))
        if understood.intent.name == intent and not recalled and not by_name:
            return text
        if doubtful is not None and intent in METIER_INTENTS:
            # A payload cannot carry a doubt: the bare name asks which job is meant.
            return doubtful.value
        if recalled:
            values = {"metier": recalled, **values}
        return f"/{intent}{json.dumps(values, ensure_ascii=False) if values else ''}"

    def _mentions(self, understood: Interpretation) -> Iterator[EntityMention]:
        for mention in understood.entities:
            # The buttons of a Rasa domain carry names where ours carry identifiers.
            named = understood.is_payload and mention.entity == "metier_inconnu"
            yield from self._linked(mention.value) if named else (mention,)
        if understood.intent.name == "hors_sujet" and not understood.is_payload:
            yield from self._linked(understood.text)

    def _linked(self, text: str) -> tuple[EntityMention, ...]:
        interpreter = self._assistant.interpreter
        return interpreter.metiers.link(interpreter.normaliser.normalise(text))

    def _recalled(self, tracker: Tracker) -> str | None:
        """The job of Rasa's slot, where ours remembers none (Rasa outlives this server)."""
        slot = tracker.slots.get(METIER_SLOT)
        if not isinstance(slot, str) or self._assistant.tracker(tracker.sender_id).metier:
            return None
        if slot in self._assistant.catalogue:
            return slot
        return next((mention.id for mention in self._linked(slot) if mention.id), None)


class RasaForm(Action):
    """What the form does with a message: our assistant answers it, whatever Rasa understood."""

    def __init__(self, assistant: Assistant) -> None:
        """Answer by an assistant."""
        self._assistant = assistant

    def name(self) -> str:
        """Return the name by which Rasa validates the slots of the form."""
        return f"validate_{FORM}"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 - rasa_sdk hands it to every action
    ) -> list[EventType]:
        """Utter the answer, and end the form when nothing more is asked.

        Raises:
            StoreError: the conversation cannot be read or kept.
        """
        # Rasa also validates when the form begins: nothing was said since the question then.
        if tracker.slots.get(ANSWER_SLOT) is None:
            return []
        turn = _turn(self._assistant, _text_of(tracker), tracker)
        _utter(turn.answer, dispatcher)
        values = slots_of(turn.tracker)
        ends = [] if values[WAITING_SLOT] else [SlotSet(REQUESTED_SLOT, None)]
        return [*_slots_set(values, tracker), SlotSet(ANSWER_SLOT, None), *ends]


def action_of(intent: str) -> str:
    """Return the name of the action that answers an intent."""
    return f"action_{intent}"


def slots_of(tracker: OwnTracker) -> dict[str, object]:
    """Return what Rasa is told of a conversation: the value of each of `SLOTS`."""
    form = tracker.form
    waits = tracker.pending is not None or (form is not None and form.status == "asked")
    criteria: dict[str, object] = {}
    for name, value in tracker.criteria:
        before = criteria.get(name)
        criteria[name] = value if before is None else f"{before}, {value}"
    return {
        METIER_SLOT: tracker.metier,
        LIST_SLOT: list(tracker.shown) or None,
        CRITERIA_SLOT: criteria or None,
        WAITING_SLOT: waits,
    }


def rasa_actions(assistant: Assistant) -> tuple[Action, ...]:
    """Return every action: one for each intent of the contract, `action_balise`, the form's."""
    by_intent = (RasaAction(assistant, intent) for intent in (*INTENTS, None))
    return (*by_intent, RasaForm(assistant))


def _text_of(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def _turn(assistant: Assistant, text: str, tracker: Tracker) -> Turn:
    metadata = tracker.latest_message.get("metadata")
    return assistant.turn(
        UserMessage(
            sender=tracker.sender_id,
            text=text,
            channel="rasa",
            metadata=metadata if isinstance(metadata, dict) else {},
        )
    )


def _slots_set(values: Mapping[str, object], tracker: Tracker) -> list[EventType]:
    """The slots that change; a domain that has not all of ours is told of those that it has."""
    return [
        SlotSet(name, value)
        for name, value in values.items()
        if tracker.slots.get(name) != value
        and (name in tracker.slots or value not in (None, False))
    ]


def _carried(mentions: tuple[EntityMention, ...]) -> dict[str, str | list[str]]:
    """Return the entities of a payload; a place in a list means nothing outside its sentence."""
    values: dict[str, list[str]] = {}
    for mention in mentions:
        if mention.entity not in _IN_CONVERSATION and not mention.is_ambiguous:
            values.setdefault(mention.entity, []).append(mention.id or mention.value)
    return {entity: found if len(found) > 1 else found[0] for entity, found in values.items()}


def _utter(answer: Answer, dispatcher: CollectingDispatcher) -> None:
    buttons: list[dict[str, Any]] = [
        {"title": button.title, "payload": button.payload} for button in answer.buttons
    ]
    dispatcher.utter_message(text=answer.text, buttons=buttons, json_message=answer.custom())
