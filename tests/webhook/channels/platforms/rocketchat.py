"""Rocket.Chat, as strict as its integrations and its REST API are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.webhook.channels.platforms.markdown import shown_markdown
from tests.webhook.channels.platforms.platform import Shown
from webhook.channels.channel import Incoming, Request

HOOK, USER, AUTH = "jeton-de-l-integration", "idBalise", "jeton-personnel"


class RocketChat:
    settings: Mapping[str, object] = {
        "server": "https://rc.example", "user_id": USER, "auth_token": AUTH, "hook_token": HOOK,
    }  # fmt: skip
    secrets = ("user_id", "auth_token", "hook_token")

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return Incoming(
            method="POST", url="https://b.example", headers={"content-type": "application/json"},
            body=body,
        )  # fmt: skip

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        values = json.loads(body)

        def sent(**changed: object) -> Incoming:
            return self.signed(json.dumps({**values, **changed}).encode())

        bare = {key: value for key, value in values.items() if key != "token"}
        return {
            "no token": self.signed(json.dumps(bare).encode()),
            "another token": sent(token=HOOK + "x"),
            "no text": sent(token=None),
            "our own token": sent(token=AUTH),
            "not ASCII": sent(token="jéton"),
            "not JSON": self.signed(b"token=" + HOOK.encode()),
        }

    def accept(self, request: Request) -> Shown | None:
        assert request.url == "https://rc.example/api/v1/chat.postMessage"
        assert request.headers["X-User-Id"] == USER
        assert request.headers["X-Auth-Token"] == AUTH
        body = json.loads(request.body)
        assert body["roomId"]
        assert 1 <= len(body["text"]) <= 5000
        for attachment in body.get("attachments", []):
            assert 1 <= len(attachment["actions"]) <= 5  # WideChat's specification
            for action in attachment["actions"]:
                assert action["type"] == "button"
                assert action["text"].strip()
                # It is written in the room as the person's own words.
                assert action["msg"].isdecimal()
                assert f"{action['msg']}. " in body["text"]
        return Shown(shown_markdown(body["text"]))


PLATFORM = RocketChat()
