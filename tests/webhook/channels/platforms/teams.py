"""Teams, as strict as the Bot Connector's documentation; tokens are signed here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.webhook.channels.platforms.markdown import shown_markdown
from tests.webhook.channels.platforms.platform import NOW, Shown
from tests.webhook.channels.platforms.signing import OTHER_KEY, openid_url, public_pem, signed_token
from webhook.channels.channel import Incoming, Request

APP, SERVICE = "00000000-0000-0000-0000-00000000abcd", "https://smba.example/emea/"


def claims(**changed: object) -> dict[str, object]:
    return {
        "iss": "https://api.botframework.com", "aud": APP, "serviceurl": SERVICE,
        "nbf": int(NOW) - 60, "exp": int(NOW) + 3600, **changed,
    }  # fmt: skip


def sent(body: bytes, token: str | None) -> Incoming:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return Incoming(method="POST", url="https://b.example", headers=headers, body=body)


class Teams:
    secrets = ("app_id", "app_password")

    @property
    def settings(self) -> Mapping[str, object]:
        return {"app_id": APP, "app_password": "secret-de-l-app", "openid": openid_url()}

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return sent(body, signed_token(claims()))

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        without = claims()
        del without["serviceurl"]
        values = json.loads(body)
        elsewhere = json.dumps({**values, "serviceUrl": "https://voleur.example/"}).encode()
        nowhere = json.dumps({k: v for k, v in values.items() if k != "serviceUrl"}).encode()
        return {
            "no token": sent(body, None),
            "no token at all": sent(body, "abc"),
            "another kind": Incoming(
                method="POST", url="https://b.example", body=body,
                headers={"authorization": f"Basic {signed_token(claims())}"},
            ),
            "another key": sent(body, signed_token(claims(), key=OTHER_KEY)),
            "no algorithm": sent(body, signed_token(claims(), key=None, alg="none")),
            # The public key as a shared secret: Rasa takes the algorithm that the token names.
            "a shared secret": sent(body, hs256(claims(), public_pem())),
            "another issuer": sent(body, signed_token(claims(iss="https://sts.example"))),
            "another audience": sent(body, signed_token(claims(aud="autre"))),
            "expired": sent(body, signed_token(claims(exp=int(NOW) - 301))),
            "not yet": sent(body, signed_token(claims(nbf=int(NOW) + 301))),
            "no date": sent(body, signed_token({k: v for k, v in claims().items() if k != "exp"})),
            "another service": sent(body, signed_token(claims(serviceurl="https://autre.example/"))),
            "no service claimed": sent(body, signed_token(without)),
            "a service of one's own": sent(elsewhere, signed_token(claims())),
            "no service": sent(nowhere, signed_token(claims())),
        }  # fmt: skip

    def accept(self, request: Request) -> Shown | None:
        place = rf"{re.escape(SERVICE)}v3/conversations/[^/?]+/activities"
        assert re.fullmatch(place, request.url), request.url
        assert request.headers["Authorization"] == "Bearer un-jeton"
        assert request.method == "POST"
        # MessageSizeTooBig above 100 kB (format-your-bot-messages), here with a margin.
        assert len(request.body.decode().encode("utf-16-le")) <= 80_000
        body = json.loads(request.body)
        if body["type"] == "typing":
            return None
        assert body["type"] == "message"
        # Teams cuts an activity that has both in two (conversation-messages, « Message splitting »).
        assert ("text" in body) != ("attachments" in body)
        if "text" in body:
            assert body["textFormat"] == "markdown"
            assert body["text"].strip()
            return Shown(shown_markdown(body["text"]))
        (attachment,) = body["attachments"]
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        return Shown("", tuple(_actions(attachment["content"])))


def _actions(card: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    assert card["type"] == "AdaptiveCard"
    assert card["version"] in ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")  # cards-reference
    assert card["body"]  # not shown on Android without: microsoft/AdaptiveCards, issue 1931
    (actions,) = (element["actions"] for element in card["body"])
    assert 1 <= len(actions) <= 6  # cards/design-effective-cards
    for action in actions:
        assert action["type"] == "Action.Submit"
        assert action["title"].strip()
        assert isinstance(action["data"], dict)  # a text is not given back: BotBuilder 191
        yield action["title"], action["data"]["choice"]


def hs256(values: dict[str, object], secret: bytes) -> str:
    """A token signed with a shared secret; PyJWT refuses to sign with a public key, we do not."""
    import base64
    import hashlib
    import hmac

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "cle-1"}).encode())
    signed = f"{head}.{part(json.dumps(values).encode())}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


PLATFORM = Teams()
