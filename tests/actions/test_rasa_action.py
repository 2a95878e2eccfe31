"""Our actions, run in process by `rasa_sdk`'s executor on trackers shaped as Rasa's.

The oracle is the assistant itself: an action says what the assistant says, text and custom.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.actions.rasa_action import (
    ANSWER_SLOT,
    ANY_INTENT,
    FORM,
    METIER_SLOT,
    RasaAction,
    rasa_actions,
)
from bot.actions.server import action_executor
from bot.assistant import Assistant
from bot.dialogue.intents import INTENTS
from bot.messages import UserMessage

FICHE = "MET.7984"
QUESTION = "quelles études pour être chargé de post-production"
_senders = (f"rasa-{number}" for number in itertools.count())

# What people say, one utterance for each intent that our own understanding finds.
UTTERANCES = {
    "presentation": "c'est quoi chargé de post-production ?",
    "etudes": QUESTION,
    "duree_etudes": "combien d'années d'études pour être chargée de post-production ?",
    "salaire": "ça gagne combien un chargé de post-production ?",
    "salutation": "bonjour",
    "conseiller": "je veux parler à quelqu'un",
    "aide_choix": "je sais pas quoi faire plus tard",
    "hors_sujet": "quelle est la capitale du Pérou ?",
}


def call(
    action: str,
    text: str,
    *,
    sender: str,
    intent: str = "etudes",
    slots: Mapping[str, object] | None = None,
    **latest: object,
) -> dict[str, Any]:
    """What Rasa 3.6 posts to an action server, its events left out."""
    message = {
        "intent": {"name": intent, "confidence": 0.8945},
        "text": text,
        "entities": [],
        "message_id": "3969",
        "metadata": {"page": "fiche"},
        "intent_ranking": [{"name": intent, "confidence": 0.8945}],
        **latest,
    }
    return {
        "next_action": action,
        "sender_id": sender,
        "version": "3.6.21",
        "tracker": {
            "sender_id": sender,
            "slots": {METIER_SLOT: None, "session_started_metadata": None, **(slots or {})},
            "latest_message": message,
            "latest_event_time": 1795469058.56,
            "followup_action": None,
            "paused": False,
            "events": [],
            "latest_input_channel": "site",
            "active_loop": {},
            "latest_action": {"action_name": "action_listen"},
            "latest_action_name": "action_listen",
        },
        "domain": {"version": "3.1", "intents": [], "actions": []},
    }


class Rasa:
    """Runs actions in one conversation, as Rasa would: the slots set are given back."""

    def __init__(self, assistant: Assistant) -> None:
        self._executor = action_executor(assistant)
        self.sender = next(_senders)
        self.slots: dict[str, object] = {}

    def answer(self, asked: dict[str, Any]) -> Any:
        """Run an action, and give what it returns."""
        # In a thread of its own: a browser started by another test leaves a loop in this one.
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(asyncio.run, self._executor.run(asked)).result()
        assert done is not None
        return done

    def run(self, action: str, text: str, **more: Any) -> dict[str, Any]:
        asked = call(action, text, sender=self.sender, slots=self.slots, **more)
        done = self.answer(asked)
        for event in done.events:
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        (response,) = done.responses
        assert isinstance(response, dict)
        return response


@pytest.fixture
def rasa(seed_assistant: Assistant) -> Rasa:
    return Rasa(seed_assistant)


def said_by(assistant: Assistant, *texts: str) -> dict[str, object]:
    """What the assistant itself says last, in a conversation of its own."""
    sender = next(_senders)
    answer = [assistant.reply(UserMessage(sender=sender, text=text)) for text in texts][-1]
    buttons = [{"title": b.title, "payload": b.payload} for b in answer.buttons]
    return {"text": answer.text, "buttons": buttons, "custom": answer.custom()}


def same(response: Mapping[str, Any], said: Mapping[str, object]) -> None:
    assert {name: response[name] for name in said} == said


@pytest.mark.parametrize("intent", INTENTS)
def test_each_action_answers_its_button_as_the_assistant_does(
    intent: str, rasa: Rasa, seed_assistant: Assistant
) -> None:
    payload = f'/{intent}{{"metier": "{FICHE}"}}'
    same(rasa.run(f"action_{intent}", payload), said_by(seed_assistant, payload))


@pytest.mark.parametrize("intent", UTTERANCES)
@pytest.mark.parametrize("action", ["its own", ANY_INTENT])
def test_each_action_answers_an_utterance_as_the_assistant_does(
    action: str, intent: str, rasa: Rasa, seed_assistant: Assistant
) -> None:
    text = UTTERANCES[intent]
    name = f"action_{intent}" if action == "its own" else action
    same(rasa.run(name, text), said_by(seed_assistant, text))


@pytest.mark.parametrize("intent", ["etudes", "salaire", "statuts", "fiche"])
def test_the_action_asked_by_name_decides(
    intent: str, rasa: Rasa, seed_assistant: Assistant
) -> None:
    # Our own understanding hears a presentation; Rasa's chose another question.
    response = rasa.run(f"action_{intent}", "c'est quoi chargé de post-production ?")
    same(response, said_by(seed_assistant, f'/{intent}{{"metier": "{FICHE}"}}'))


def test_the_job_is_ours_whatever_rasa_found(rasa: Rasa) -> None:
    wrong = {"entity": "metier", "value": "boulanger", "start": 0, "end": 9}
    response = rasa.run("action_etudes", QUESTION, entities=[wrong])
    assert response["custom"]["metiers"] == [FICHE]


def test_distress_comes_before_the_action(rasa: Rasa, seed_assistant: Assistant) -> None:
    text = "je veux mourir"
    response = rasa.run("action_etudes", text)
    assert response["custom"]["kind"] == "safety"
    same(response, said_by(seed_assistant, text))


def test_words_near_distress_get_the_gentle_word_under_any_action(rasa: Rasa) -> None:
    worrying = "on se moque de moi parce que je veux être boulanger, quelles études"
    assert "3114" in rasa.run("action_etudes", worrying)["text"]
    # Asked by another action than the one we heard: the words go no further than the payload.
    assert "3114" in rasa.run("action_salaire", worrying)["text"]
    assert "3114" not in rasa.run("action_salaire", "le salaire d'un boulanger")["text"]


def test_the_slot_holds_the_job(rasa: Rasa) -> None:
    rasa.run("action_etudes", QUESTION)
    assert rasa.slots == {METIER_SLOT: FICHE}
    response = rasa.run("action_salaire", "et le salaire ?", intent="salaire")
    assert response["custom"]["metiers"] == [FICHE]
    rasa.run("action_recommencer", "on recommence")
    assert rasa.slots == {METIER_SLOT: None}


def test_the_list_and_its_criteria_are_slots(rasa: Rasa) -> None:
    listed = rasa.run("action_chercher_metiers", "quels métiers avec un bac + 2 ?")
    assert rasa.slots["metiers"] == listed["custom"]["metiers"]
    criteria = rasa.slots["criteres"]
    assert isinstance(criteria, dict)
    assert criteria["niveau"] == "bac+2"
    rasa.run("action_recommencer", "on recommence")
    assert (rasa.slots["metiers"], rasa.slots["criteres"]) == (None, None)


def test_rasa_knows_that_we_wait_for_an_answer(rasa: Rasa) -> None:
    rasa.run("action_aide_choix", "j'ai aucune idée de métier")
    assert rasa.slots["balise_attend"] is True
    # A domain that has not our form gives the answer to the action that understands it.
    rasa.run("action_balise", "j'aime bouger")
    assert rasa.slots["balise_attend"] is True
    listed = rasa.run("action_balise", "voir mes idées")
    assert listed["custom"]["kind"] == "list"
    assert rasa.slots["balise_attend"] is False


@pytest.mark.parametrize("slot", [FICHE, "chargé de post-production"])
@pytest.mark.parametrize("text", ["quel salaire ?", "/salaire"])
def test_the_slot_outlives_our_memory(rasa: Rasa, slot: str, text: str) -> None:
    rasa.slots[METIER_SLOT] = slot
    response = rasa.run("action_salaire", text, intent="salaire")
    assert response["custom"]["metiers"] == [FICHE]
    assert response["custom"]["intent"] == "salaire"
    assert rasa.slots[METIER_SLOT] == FICHE


@pytest.mark.parametrize("slot", ["MET.0", "licorne", "", 12, ["MET.7984"], None])
def test_a_slot_that_holds_no_job_of_ours(rasa: Rasa, slot: object) -> None:
    rasa.slots[METIER_SLOT] = slot
    response = rasa.run("action_salaire", "quel salaire ?", intent="salaire")
    assert response["custom"]["kind"] in {"clarification", "fallback"}


def test_a_button_of_a_rasa_domain_carries_a_name(rasa: Rasa) -> None:
    response = rasa.run("action_etudes", '/etudes{"metier": "chargé de post-production"}')
    assert response["custom"]["metiers"] == [FICHE]


def test_a_button_for_another_action(rasa: Rasa) -> None:
    response = rasa.run("action_salaire", f'/etudes{{"metier": "{FICHE}"}}')
    assert response["custom"]["intent"] == "salaire"
    assert response["custom"]["metiers"] == [FICHE]


def test_an_intent_that_only_rasa_knows(rasa: Rasa, seed_assistant: Assistant) -> None:
    same(rasa.run("action_salutation", "/greet"), said_by(seed_assistant, "/salutation"))


@pytest.mark.parametrize("latest", [{"text": None}, {"text": ""}, {"metadata": None}, {"text": 7}])
def test_a_message_without_text(rasa: Rasa, latest: dict[str, Any]) -> None:
    assert rasa.run("action_aide", **{"text": "", **latest})["text"]


def test_a_doubt_is_asked(onisep_assistant: Assistant) -> None:
    rasa = Rasa(onisep_assistant)
    response = rasa.run("action_etudes", "c'est quoi un monteur ?")
    assert response["custom"]["kind"] == "clarification"
    assert 2 <= len(response["buttons"]) <= 5


# The form of the exported project


def the_form(rasa: Rasa, text: str | None) -> tuple[list[dict[str, Any]], list[Any]]:
    """Validate the form, as Rasa does: with what was said, or with nothing when it begins."""
    asked = call(
        f"validate_{FORM}", text or "", sender=rasa.sender, slots={**rasa.slots, ANSWER_SLOT: text}
    )
    done = rasa.answer(asked)
    events: list[dict[str, Any]] = list(done.events)
    for event in events:
        rasa.slots[event["name"]] = event["value"]
    return events, list(done.responses)


def begins(rasa: Rasa, action: str, text: str) -> bool:
    """Whether an action begins the form, in a domain that has it."""
    asked = call(action, text, sender=rasa.sender, slots=rasa.slots)
    asked["domain"] = {"forms": {FORM: {"required_slots": [ANSWER_SLOT]}}}
    done = rasa.answer(asked)
    return {"event": "active_loop", "timestamp": None, "name": FORM} in done.events


def test_a_question_of_ours_begins_the_form(rasa: Rasa) -> None:
    assert not begins(rasa, "action_etudes", QUESTION)
    assert begins(rasa, "action_aide_choix", "j'ai aucune idée de métier")


def test_a_form_that_begins_says_nothing(rasa: Rasa) -> None:
    begins(rasa, "action_aide_choix", "j'ai aucune idée de métier")
    assert the_form(rasa, None) == ([], [])


def test_the_form_hears_the_answers_then_ends(rasa: Rasa, seed_assistant: Assistant) -> None:
    said = ["j'ai aucune idée de métier"]
    begins(rasa, "action_aide_choix", said[0])
    for text in ("j'aime bouger", "passe", "voir mes idées"):
        said.append(text)
        events, (response,) = the_form(rasa, text)
        same(response, said_by(seed_assistant, *said))
        ends = {"event": "slot", "timestamp": None, "name": "requested_slot", "value": None}
        assert (ends in events) is (text == "voir mes idées")
        assert rasa.slots[ANSWER_SLOT] is None


def test_another_question_ends_the_form(rasa: Rasa, seed_assistant: Assistant) -> None:
    begins(rasa, "action_aide_choix", "j'ai aucune idée de métier")
    events, (response,) = the_form(rasa, QUESTION)
    assert response["custom"]["metiers"] == [FICHE]
    assert "requested_slot" in {event["name"] for event in events}


def test_distress_within_the_form_is_heard(rasa: Rasa) -> None:
    begins(rasa, "action_aide_choix", "j'ai aucune idée de métier")
    _, (response,) = the_form(rasa, "j'ai envie de mourir")
    assert response["custom"]["kind"] == "safety"


def test_one_action_for_each_intent_and_one_for_all(seed_assistant: Assistant) -> None:
    names = [action.name() for action in rasa_actions(seed_assistant)]
    assert names == [
        *(f"action_{intent}" for intent in INTENTS),
        "action_balise",
        "validate_formulaire_balise",
    ]
    registered = [item.name for item in action_executor(seed_assistant).list_actions()]
    assert registered == names
    assert RasaAction(seed_assistant, None).name() == ANY_INTENT
