"""A homeserver as strict as the Matrix specification (v1.11, client-server API)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from tests.webhook.channels.platforms.platform import Shown
from webhook.channels.channel import Incoming, Request

HS_TOKEN, AS_TOKEN = "jeton-du-serveur", "jeton-du-service"
USER = "@balise:hs.example"
PATH = "/_matrix/app/v1/transactions/1"
# « m.room.message msgtypes »: the tags that clients should show.
TAGS = {"p", "ul", "ol", "li", "strong", "a", "br"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class Matrix:
    settings: Mapping[str, object] = {
        "homeserver": "https://hs.example",
        "user": USER,
        "as_token": AS_TOKEN,
        "hs_token": HS_TOKEN,
    }
    secrets = ("as_token", "hs_token")

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return Incoming(
            method=more.get("method", "PUT"),
            url="https://b.example/webhooks/matrix/webhook",
            path=more.get("path", PATH),
            headers={"authorization": f"Bearer {HS_TOKEN}"},
            body=body,
        )

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        def sent(headers: Mapping[str, str], **query: str) -> Incoming:
            return Incoming(
                method="PUT", url="https://b.example", path=PATH, headers=headers, body=body,
                query=query,
            )  # fmt: skip

        return {
            "no token": sent({}),
            "our own token": sent({"authorization": f"Bearer {AS_TOKEN}"}),
            "another kind": sent({"authorization": f"Basic {HS_TOKEN}"}),
            "nothing after it": sent({"authorization": "Bearer "}),
            "not ASCII": sent({"authorization": "Bearer jéton"}),
            # The way of old homeservers, which leaves the token in logs.
            "in the address": sent({}, access_token=HS_TOKEN),
        }

    def accept(self, request: Request) -> Shown | None:
        assert request.headers["Authorization"] == f"Bearer {AS_TOKEN}"
        assert len(request.body) <= 65_536 - 2_000, "M_TOO_LARGE: the whole event, with its keys"
        body = json.loads(request.body)
        url, _, query = request.url.partition("?")
        assert query == "user_id=%40balise%3Ahs.example"
        room = r"https://hs\.example/_matrix/client/v3/rooms/%21[^/]+"
        if re.fullmatch(rf"{room}/typing/%40balise%3Ahs\.example", url):
            assert body == {"typing": True, "timeout": 5000}
            return None
        assert re.fullmatch(rf"{room}/send/m\.room\.message/[^/{{}}]+", url), url
        assert request.method == "PUT"
        assert body["msgtype"] == "m.notice"
        assert body["format"] == "org.matrix.custom.html"
        tags = _Tags()
        tags.feed(body["formatted_body"])
        tags.close()
        assert not tags.open
        shown = html.unescape(re.sub(r"<[^>]*>", "", body["formatted_body"]))
        # Clients show one or the other: the same words, but for the numbers that <ol> writes.
        assert body["body"].strip()
        rest = iter(body["body"])
        assert all(letter in rest for letter in shown if letter.isalnum())
        return Shown(body["body"])


PLATFORM = Matrix()
