"""`GET /conversations/<sender>/tracker`: what is remembered of a conversation, for operators."""

from __future__ import annotations

import hmac
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from bot.assistant import Assistant
from bot.settings import Settings
from webhook.channels.channel import LONGEST_SENDER
from webhook.problems import Refused

__all__ = ["blueprint"]


def blueprint(assistant: Assistant, settings: Settings) -> Blueprint:
    """Return the route; without a token in the settings, nobody is let in."""
    routes = Blueprint("conversations", __name__)

    @routes.get("/conversations/<sender>/tracker")
    def tracker(sender: str) -> Response:
        _require(settings.token)
        if len(sender) > LONGEST_SENDER:
            raise Refused("long_sender", HTTPStatus.BAD_REQUEST)
        # Whole answers, kept to be given again: nothing that an operator looks for.
        kept = replace(assistant.tracker(sender), replies=())
        return jsonify({"sender_id": sender} | kept.as_json())

    return routes


def _require(token: str | None) -> None:
    if token is None:
        raise Refused("no_token_set", HTTPStatus.FORBIDDEN)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    given = given or request.args.get("token", "")
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise Refused("bad_token", HTTPStatus.UNAUTHORIZED)
