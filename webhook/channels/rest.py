"""The REST channel, in the shapes of Rasa's: a message in, a list of messages out."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from bot.answers.answer import Answer
from bot.assistant import Assistant
from bot.messages import UserMessage
from webhook.channels.channel import LONGEST_MESSAGE, LONGEST_SENDER
from webhook.channels.event_stream import EVENT_STREAM, events, wants_events
from webhook.edge.rate_limits import RateLimits
from webhook.metrics import Metrics
from webhook.problems import Refused

__all__ = ["blueprint", "json_object", "parse", "render", "text_field"]


def render(answer: Answer, sender: str) -> list[dict[str, object]]:
    """Return the messages of an answer as the interface gives them (one for now)."""
    message: dict[str, object] = {"recipient_id": sender, "text": answer.text}
    if answer.buttons:
        message["buttons"] = [{"title": b.title, "payload": b.payload} for b in answer.buttons]
    message["custom"] = answer.custom()
    return [message]


def parse(body: Mapping[str, object]) -> UserMessage:
    """Read the body of a request.

    Raises:
        Refused: a field is missing, of the wrong type, or too long.
    """
    sender = text_field(body, "sender", LONGEST_SENDER)
    text = text_field(body, "message", LONGEST_MESSAGE)
    metadata = body.get("metadata")
    metadata = {} if metadata is None else metadata
    if not isinstance(metadata, dict):
        raise Refused("bad_metadata", HTTPStatus.BAD_REQUEST)
    return UserMessage(
        sender=sender,
        text=text,
        channel="rest",
        metadata=metadata,
        site=_name(metadata, "site"),
        message_id=_name(metadata, "message_id"),
    )


def _name(metadata: Mapping[str, object], key: str) -> str | None:
    value = metadata.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST_SENDER:
        raise Refused("bad_metadata", HTTPStatus.BAD_REQUEST)
    return value or None


def text_field(body: Mapping[str, object], name: str, longest: int) -> str:
    """Read a text of 1 to `longest` code points.

    Raises:
        Refused: it is missing, not a text, blank, or too long.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Refused(f"missing_{name}", HTTPStatus.BAD_REQUEST)
    if len(value) > longest:
        raise Refused(f"long_{name}", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return value


def json_object() -> Mapping[str, object]:
    """Read the JSON object of the request.

    Raises:
        Refused: the body is not JSON, or is not an object.
    """
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refused("not_json", HTTPStatus.BAD_REQUEST)
    return body


def blueprint(assistant: Assistant, metrics: Metrics, limits: RateLimits) -> Blueprint:
    """Return the routes of the channel."""
    routes = Blueprint("rest", __name__, url_prefix="/webhooks/rest")

    @routes.get("/")
    def status() -> Response:
        return jsonify(status="ok")

    @routes.post("/webhook")
    def receive() -> Response:
        message = parse(json_object())
        limits.check(sender=message.sender, address=request.remote_addr)
        turn = assistant.turn(message)
        metrics.answered(turn.answer.kind.value, turn.elapsed_ms)
        messages = render(turn.answer, message.sender)
        if wants_events(request.accept_mimetypes, messages):
            return Response(events(messages), mimetype=EVENT_STREAM)
        return jsonify(messages)

    @routes.post("/rating")
    def rate() -> Response:
        body = json_object()
        # What was rated is not kept: nobody reads opinions one by one.
        text_field(body, "id", LONGEST_SENDER)
        useful = body.get("useful")
        if not isinstance(useful, bool):
            raise Refused("bad_rating", HTTPStatus.BAD_REQUEST)
        limits.check(sender=f"rating {request.remote_addr}", address=request.remote_addr)
        metrics.rated(useful=useful)
        return Response(status=HTTPStatus.NO_CONTENT)

    return routes
