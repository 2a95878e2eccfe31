"""Google Chat, as strict as workspace/chat/limits and verify-requests-from-chat are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from tests.webhook.channels.platforms.platform import NOW, Shown
from tests.webhook.channels.platforms.signing import (
    OTHER_KEY,
    keys_url,
    private_pem,
    public_pem,
    signed_token,
)
from webhook.channels.channel import Incoming, Request

URL = "https://b.example/webhooks/googlechat/webhook"
CHAT = "chat@system.gserviceaccount.com"
PROJECT = "123456789012"
ACCOUNT = "balise@projet.example"
# What a link may be: `<address|words>` (workspace/chat/format-messages).
LINK = re.compile(r"<(https?://[^|<>\s]+)\|([^|<>\n]+)>")


def claims(**changed: object) -> dict[str, object]:
    """Of the OpenID token that comes when the audience is the address."""
    return {
        "iss": "https://accounts.google.com", "aud": URL, "email": CHAT, "email_verified": True,
        "iat": int(NOW), "exp": int(NOW) + 3600, **changed,
    }  # fmt: skip


def project_claims(**changed: object) -> dict[str, object]:
    """Of the token that comes when the audience is the number of the project."""
    return {"iss": CHAT, "aud": PROJECT, "iat": int(NOW), "exp": int(NOW) + 3600, **changed}


def without(values: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in values.items() if key != name}


def sent(body: bytes, token: str | None, *, kind: str = "Bearer") -> Incoming:
    headers = {} if token is None else {"authorization": f"{kind} {token}"}
    return Incoming(method="POST", url=URL, headers=headers, body=body)


def shared_secret_token(values: dict[str, object]) -> str:
    """Signed with the public key as a shared secret; PyJWT refuses to do that, we do not."""

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "cle-1"}).encode())
    signed = f"{head}.{part(json.dumps(values).encode())}"
    digest = hmac.new(public_pem(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{part(digest)}"


class GoogleChat:
    secrets = ("audience", "client_email", "private_key")

    @property
    def settings(self) -> Mapping[str, object]:
        return {
            "audience": URL, "client_email": ACCOUNT, "private_key": private_pem(),
            "openid_keys": keys_url(), "chat_keys": keys_url(),
        }  # fmt: skip

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return sent(body, signed_token(claims()))

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        def claiming(values: dict[str, object]) -> Incoming:
            return sent(body, signed_token(values))

        good = signed_token(claims())
        head, content, signature = good.split(".")
        other = signed_token(claims(sub="1")).split(".")[1]
        return {
            "no header": sent(body, None),
            "no token": sent(body, ""),
            "no token at all": sent(body, "abc"),
            "another kind": sent(body, good, kind="Basic"),
            "another key": sent(body, signed_token(claims(), key=OTHER_KEY)),
            "no algorithm": sent(body, signed_token(claims(), key=None, alg="none")),
            # Rasa takes the algorithm that the token names.
            "a shared secret": sent(body, shared_secret_token(claims())),
            "no signature": sent(body, f"{head}.{content}."),
            "altered claims": sent(body, f"{head}.{other}.{signature}"),
            "another issuer": claiming(claims(iss="https://sts.example")),
            "no issuer": claiming(without(claims(), "iss")),
            "another audience": claiming(claims(aud="https://autre.example")),
            "no audience": claiming(without(claims(), "aud")),
            "a project for audience": claiming(project_claims()),
            # Anybody has a token of Google: it must be that of Chat. Tock reads the audience alone.
            "another e-mail": claiming(claims(email="personne@example.org")),
            "an e-mail not verified": claiming(claims(email_verified=False)),
            "an e-mail verified in words": claiming(claims(email_verified="true")),
            "no e-mail": claiming(without(claims(), "email")),
            "expired": claiming(claims(exp=int(NOW) - 301)),
            "without a date": claiming(without(claims(), "exp")),
            "not yet": claiming(claims(nbf=int(NOW) + 301)),
        }

    def accept(self, request: Request) -> Shown | None:
        assert request.method == "POST"
        place = re.fullmatch(
            r"https://chat\.googleapis\.com/v1/(spaces/[\w-]+)/messages\?requestId=[\w-]+"
            r"(&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD)?",
            request.url,
        )
        assert place, request.url
        assert request.headers["Authorization"] == "Bearer un-jeton"
        # spaces.messages.create: 32,000 bytes, text and cards together; the whole body is counted.
        assert len(request.body) <= 32_000
        body = json.loads(request.body)
        assert set(body) <= {"text", "markupSyntax", "thread", "cardsV2"}
        # format-messages: an application that is new reads Markdown by default.
        assert body["markupSyntax"] == "MARKUP_SYNTAX_CHAT"
        # spaces.messages.create: without the option, a thread in the body is not replied to.
        assert ("thread" in body) == bool(place[2])
        if "thread" in body:
            assert re.fullmatch(rf"{place[1]}/threads/[\w.-]+", body["thread"]["name"])
        assert body["text"].strip()
        return Shown(shown_text(body["text"]), _choices(body.get("cardsV2", [])))


def shown_text(text: str) -> str:
    """The words that Chat shows; what is no link of ours must be taken for no link or mention."""
    bare = LINK.sub(lambda link: link[2], text)
    assert not re.search(r"<\w", bare), "a mention or a link that nobody wrote"
    return bare.replace("*", "")


def _choices(cards: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Titles and tokens of buttons (google/apps/card/v1/card.proto)."""
    choices = []
    assert len({card["cardId"] for card in cards}) == len(cards)
    for card in cards:
        assert set(card) == {"cardId", "card"}
        for section in card["card"]["sections"]:
            assert section["widgets"]  # « Must contain at least one widget. »
            for widget in section["widgets"]:
                for button in widget["buttonList"]["buttons"]:
                    action = button["onClick"]["action"]
                    assert button["text"].strip()
                    assert action["function"]
                    (parameter,) = action["parameters"]
                    assert parameter["key"] == "choice"
                    choices.append((button["text"], parameter["value"]))
    return tuple(choices)


PLATFORM = GoogleChat()
