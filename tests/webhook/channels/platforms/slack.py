"""Slack: its own library signs, checks the signature, and refuses blocks that are too large."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock
from slack_sdk.signature import SignatureVerifier

from tests.webhook.channels.platforms.platform import NOW, Shown
from webhook.channels.channel import Incoming, Request

TOKEN, SECRET = "xoxb-jeton", "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"


def signed_by(
    secret: str, body: bytes, *, at: float = NOW, kind: str = "application/json"
) -> Incoming:
    stamp = str(int(at))
    try:
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    except UnicodeDecodeError:  # the library signs texts: what is none is never sent
        signature = ""
    headers = {
        "x-slack-request-timestamp": stamp, "x-slack-signature": signature or "", "content-type": kind,
    }  # fmt: skip
    return Incoming(method="POST", url="https://b.example", headers=headers, body=body)


class Slack:
    settings: Mapping[str, object] = {"token": TOKEN, "signing_secret": SECRET}
    secrets = ("token", "signing_secret")

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return signed_by(SECRET, body, kind=FORM if more.get("form") else "application/json")

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        good = signed_by(SECRET, body)

        def without(name: str) -> Incoming:
            headers = {key: value for key, value in good.headers.items() if key != name}
            return Incoming(method="POST", url=good.url, headers=headers, body=body)

        later = dict(good.headers, **{"x-slack-request-timestamp": str(int(NOW) + 1)})
        return {
            "another secret": signed_by("autre", body),
            "another body": Incoming(
                method="POST", url=good.url, headers=good.headers, body=body + b" "
            ),
            "too old": signed_by(SECRET, body, at=NOW - 301),
            "from the future": signed_by(SECRET, body, at=NOW + 301),
            "another time": Incoming(method="POST", url=good.url, headers=later, body=body),
            "no signature": without("x-slack-signature"),
            "no time": without("x-slack-request-timestamp"),
            "no number": Incoming(
                method="POST", url=good.url, body=body,
                headers=dict(good.headers, **{"x-slack-request-timestamp": "hier"}),
            ),
        }  # fmt: skip

    def accept(self, request: Request) -> Shown | None:
        assert request.url == "https://slack.com/api/chat.postMessage"
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = json.loads(request.body)
        assert body["channel"]
        assert 1 <= len(body["text"]) <= 40_000
        if "blocks" not in body:
            return Shown(body["text"])
        blocks = Block.parse_all(body["blocks"])
        assert 1 <= len(blocks) <= 50
        texts, choices = [], []
        for block in blocks:
            block.validate_json()
            if isinstance(block, SectionBlock):
                assert block.text is not None
                assert len(block.text.text) <= 3000
                texts.append(shown_mrkdwn(block.text.text))
            else:
                assert isinstance(block, ActionsBlock)
                identifiers = [element.to_dict()["action_id"] for element in block.elements]
                assert len(set(identifiers)) == len(identifiers)
                assert len(block.elements) <= 25
                for element in block.elements:
                    element.validate_json()
                    values = element.to_dict()
                    assert values["text"]["text"].strip()
                    choices.append((values["text"]["text"], values["value"]))
        return Shown("\n".join(texts), tuple(choices))


def shown_mrkdwn(text: str) -> str:
    """The words that Slack and Google Chat show."""
    bare = re.sub(r"<(?:https?://|tel:)[^|>]*\|([^>]*)>", r"\1", text)
    return html.unescape(bare.replace("*", ""))


PLATFORM = Slack()
