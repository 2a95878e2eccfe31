"""Google Chat, as strict as workspace/chat/limits and verify-requests-from-chat are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.webhook.channels.platforms.platform import NOW, Shown
from tests.webhook.channels.platforms.signing import OTHER_KEY, keys_url, private_pem, signed_token
from tests.webhook.channels.platforms.slack import shown_mrkdwn
from webhook.channels.channel import Incoming, Request

URL = "https://b.example/webhooks/googlechat/webhook"
CHAT = "chat@system.gserviceaccount.com"


def claims(**changed: object) -> dict[str, object]:
    return {
        "iss": "https://accounts.google.com", "aud": URL, "email": CHAT, "email_verified": True,
        "iat": int(NOW), "exp": int(NOW) + 3600, **changed,
    }  # fmt: skip


def sent(body: bytes, token: str | None) -> Incoming:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return Incoming(method="POST", url=URL, headers=headers, body=body)


class GoogleChat:
    secrets = ("audience", "client_email", "private_key")

    @property
    def settings(self) -> Mapping[str, object]:
        return {
            "audience": URL, "client_email": "balise@projet.example", "private_key": private_pem(),
            "openid_keys": keys_url(), "chat_keys": keys_url(),
        }  # fmt: skip

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return sent(body, signed_token(claims()))

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        return {
            "no token": sent(body, None),
            "another key": sent(body, signed_token(claims(), key=OTHER_KEY)),
            "no algorithm": sent(body, signed_token(claims(), key=None, alg="none")),
            "another issuer": sent(body, signed_token(claims(iss="https://sts.example"))),
            "another audience": sent(body, signed_token(claims(aud="https://autre.example"))),
            # Anybody has a token of Google: it must be that of Chat.
            "another e-mail": sent(body, signed_token(claims(email="lea@example.org"))),
            "an e-mail not verified": sent(body, signed_token(claims(email_verified=False))),
            "no e-mail": sent(
                body, signed_token({k: v for k, v in claims().items() if k != "email"})
            ),
            "expired": sent(body, signed_token(claims(exp=int(NOW) - 301))),
        }

    def accept(self, request: Request) -> Shown | None:
        place = r"https://chat\.googleapis\.com/v1/spaces/[\w-]+/messages\?requestId=[\w-]+"
        assert re.fullmatch(place, request.url), request.url
        assert request.headers["Authorization"] == "Bearer un-jeton"
        assert len(request.body) <= 32_000  # workspace/chat/limits
        body = json.loads(request.body)
        assert body["text"].strip()
        choices = []
        for card in body.get("cardsV2", []):
            assert card["cardId"]
            for section in card["card"]["sections"]:
                for widget in section["widgets"]:
                    for button in widget["buttonList"]["buttons"]:
                        action = button["onClick"]["action"]
                        assert button["text"].strip()
                        assert action["function"]
                        (parameter,) = action["parameters"]
                        choices.append((button["text"], parameter["value"]))
        return Shown(shown_mrkdwn(body["text"]), tuple(choices))


PLATFORM = GoogleChat()
