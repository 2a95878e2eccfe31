"""WhatsApp Cloud API, as strict as its pages on messages."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.webhook.channels.platforms.meta import TOKEN, MetaSide
from tests.webhook.channels.platforms.platform import Shown
from webhook.channels.channel import Request

NUMBER = "277000000000000"


class WhatsApp(MetaSide):
    settings: Mapping[str, object] = {**MetaSide.settings, "phone_number_id": NUMBER}
    secrets = (*MetaSide.secrets, "phone_number_id")

    def accept(self, request: Request) -> Shown | None:
        assert request.url == f"https://graph.facebook.com/v25.0/{NUMBER}/messages"
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = json.loads(request.body)
        assert body["messaging_product"] == "whatsapp"
        if "status" in body:
            assert body["status"] == "read"
            assert body["message_id"]
            return None
        assert body["to"]
        if body["type"] == "text":
            assert 1 <= len(body["text"]["body"]) <= 4096
            return Shown(shown(body["text"]["body"]))
        assert body["type"] == "interactive"
        interactive = body["interactive"]
        assert 1 <= len(interactive["body"]["text"]) <= 1024
        choices = _choices(interactive)
        assert len({title for title, _ in choices}) == len(choices)
        return Shown(shown(interactive["body"]["text"]), choices)


def _choices(interactive: dict) -> tuple[tuple[str, str], ...]:
    action = interactive["action"]
    if interactive["type"] == "button":
        assert 1 <= len(action["buttons"]) <= 3
        replies = [button["reply"] for button in action["buttons"]]
        for reply in replies:
            assert 1 <= len(reply["title"].strip()) <= 20
            assert 1 <= len(reply["id"]) <= 256
        return tuple((reply["title"], reply["id"]) for reply in replies)
    assert interactive["type"] == "list"
    assert 1 <= len(action["button"]) <= 20
    rows = [row for section in action["sections"] for row in section["rows"]]
    assert 1 <= len(rows) <= 10  # in all sections
    for section in action["sections"]:
        assert len(section["title"]) <= 24
    for row in rows:
        assert 1 <= len(row["title"].strip()) <= 24
        assert 1 <= len(row["id"]) <= 200
        assert len(row.get("description", "")) <= 72
    return tuple((row["title"], row["id"]) for row in rows)


def shown(text: str) -> str:
    return text.replace("*", "")


PLATFORM = WhatsApp()
