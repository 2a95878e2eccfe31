"""`POST /model/parse`: what is understood of an utterance, in the shape of Rasa's."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from bot.assistant import Assistant
from bot.understanding.interpretation import EntityMention, Interpretation
from webhook.channels.channel import LONGEST_MESSAGE
from webhook.channels.rest import json_object, text_field

__all__ = ["as_json", "blueprint"]


def as_json(interpretation: Interpretation) -> dict[str, object]:
    """Return an interpretation as JSON values."""
    ranking = [{"name": p.name, "confidence": p.confidence} for p in interpretation.ranking]
    return {
        "text": interpretation.text,
        "intent": ranking[0],
        "intent_ranking": ranking,
        "entities": [_entity(mention) for mention in interpretation.entities],
    }


def _entity(mention: EntityMention) -> dict[str, object]:
    entity: dict[str, object] = {
        "entity": mention.entity,
        "value": mention.value,
        "start": mention.start,
        "end": mention.end,
        "score": mention.score,
        "candidates": [candidate.id for candidate in mention.candidates],
    }
    return entity | ({"id": mention.id} if mention.id is not None else {})


def blueprint(assistant: Assistant) -> Blueprint:
    """Return the route."""
    routes = Blueprint("parse", __name__)

    @routes.post("/model/parse")
    def parse() -> Response:
        text = text_field(json_object(), "text", LONGEST_MESSAGE)
        return jsonify(as_json(assistant.interpret(text)))

    return routes
