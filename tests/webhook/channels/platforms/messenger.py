"""Messenger, as strict as its Send API (send-messages/quick-replies)."""

from __future__ import annotations

import json

from tests.webhook.channels.platforms.meta import TOKEN, MetaSide
from tests.webhook.channels.platforms.platform import Shown
from webhook.channels.channel import Request
from webhook.rendering.message import Unit, length


class Messenger(MetaSide):
    limit, unit = 2000, Unit.CHARACTERS

    def accept(self, request: Request) -> Shown | None:
        assert request.url == "https://graph.facebook.com/v25.0/me/messages"
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = json.loads(request.body)
        assert body["recipient"]["id"]
        if "sender_action" in body:
            assert body["sender_action"] == "typing_on"
            return None
        assert body["messaging_type"] == "RESPONSE"
        message = body["message"]
        assert 1 <= length(message["text"], self.unit) <= self.limit
        replies = message.get("quick_replies", [])
        assert len(replies) <= 13
        for reply in replies:
            assert reply["content_type"] == "text"
            assert 1 <= length(reply["title"].strip(), self.unit) <= 20
            assert 1 <= len(reply["payload"]) <= 1000
        return Shown(message["text"], tuple((r["title"], r["payload"]) for r in replies))


PLATFORM = Messenger()
