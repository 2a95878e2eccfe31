"""Mattermost, as strict as its server's source (model/post.go, model/integration_action.go)."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tests.webhook.channels.platforms.markdown import shown_markdown
from tests.webhook.channels.platforms.platform import Shown
from webhook.channels.channel import Incoming, Request

TOKEN, HOOK, COMMAND = "jeton-du-bot", "jeton-du-webhook-26-signes", "jeton-de-la-commande"
CALLBACK = "https://b.example/webhooks/mattermost/webhook"


def context(peer: str, token: str) -> dict[str, str]:
    """What we gave to the server with a button, and it gives back."""
    signed = hmac.new(TOKEN.encode(), f"{peer}\n{token}".encode(), hashlib.sha256).hexdigest()
    return {"token": token, "signature": signed}


class Mattermost:
    settings: Mapping[str, object] = {
        "server": "https://mm.example",
        "callback": CALLBACK,
        "token": TOKEN,
        "hook_token": HOOK,
        "command_token": COMMAND,
    }
    secrets = ("token", "hook_token")

    def signed(self, body: bytes, **more: Any) -> Incoming:
        kind = "application/x-www-form-urlencoded" if more.get("form") else "application/json"
        return Incoming(method="POST", url=CALLBACK, headers={"content-type": kind}, body=body)

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        values = json.loads(body)
        press = {"channel_id": "c1", "user_id": "u1", "post_id": "p1", "trigger_id": "t"}

        def sent(**changed: object) -> Incoming:
            return self.signed(json.dumps({**values, **changed}).encode())

        return {
            "no token": self.signed(
                json.dumps({k: v for k, v in values.items() if k != "token"}).encode()
            ),
            "another token": sent(token=HOOK + "x"),
            "empty token": sent(token=""),
            "the token of the bot": sent(token=TOKEN),
            "the hook's token for a command": sent(command="/balise"),
            "a press without a context": self.signed(json.dumps(press).encode()),
            "a press that nobody was offered": self.signed(
                json.dumps({**press, "context": {"token": "abc", "signature": "0" * 64}}).encode()
            ),
            "the press of somebody else": self.signed(
                json.dumps({**press, "user_id": "u2", "context": context("c1 u1", "abc")}).encode()
            ),
            "not JSON": self.signed(b"token"),
            "a press with the hook's token": self.signed(
                json.dumps({**press, "token": HOOK, "context": {"token": "abc"}}).encode()
            ),
            "the press of another room": self.signed(
                json.dumps({**press, "channel_id": "c2", "context": context("c1 u1", "a")}).encode()
            ),
            "another choice than the one pressed": self.signed(
                json.dumps({**press, "context": {**context("c1 u1", "a"), "token": "b"}}).encode()
            ),
            "a form without a token": self.signed(urlencode({"text": "x"}).encode(), form=True),
        }

    def accept(self, request: Request) -> Shown | None:
        assert request.method == "POST"
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = json.loads(request.body)
        assert body["channel_id"]
        assert request.url == "https://mm.example/api/v4/posts"
        assert body["pending_post_id"]
        assert 1 <= len(body["message"]) <= 16_383  # PostMessageMaxRunesV2
        # model/at_mentions.go: this would notify people.
        assert not re.search(r"(?<![\w/])@[A-Za-z0-9]", body["message"])
        assert len(json.dumps(body.get("props", {}))) <= 400_000  # PostPropsMaxUserRunes
        choices = [
            _offered(action)
            for attachment in body.get("props", {}).get("attachments", [])
            for action in attachment["actions"]
        ]
        return Shown(shown_markdown(body["message"]), tuple(choices))


def _offered(action: dict[str, Any]) -> tuple[str, str]:
    """model/integration_action.go, `PostAction.IsValid`."""
    # An identifier with a mark is never found again when it is pressed.
    assert re.fullmatch(r"[A-Za-z0-9]+", action["id"])
    assert action["type"] == "button"
    assert not {"options", "data_source"} & set(action)
    assert action["name"].strip()
    assert action["integration"]["url"] == CALLBACK
    return action["name"], action["integration"]["context"]["token"]


PLATFORM = Mattermost()
