"""Slack: its own library signs, checks the signature, and refuses blocks that are too large."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    SectionBlock,
    StaticSelectElement,
)
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
        assert request.method == "POST"
        assert request.url == "https://slack.com/api/chat.postMessage"
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert request.headers["Content-Type"] == "application/json"
        body = json.loads(request.body)
        assert body["channel"]
        # Above, it is cut (docs.slack.dev/reference/methods/chat.postMessage).
        assert 1 <= len(body["text"]) <= 40_000
        nobody_is_called(body["text"])
        if "blocks" not in body:
            return Shown(shown_mrkdwn(body["text"]))
        return _shown(body["blocks"])


def _shown(values: list[dict[str, Any]]) -> Shown:
    """What is seen of blocks that the library of Slack does not refuse."""
    blocks = Block.parse_all(values)
    assert 1 <= len(blocks) <= 50  # docs.slack.dev/reference/block-kit/blocks
    texts: list[str] = []
    choices: list[tuple[str, str]] = []
    for block in blocks:
        block.validate_json()
        if isinstance(block, SectionBlock):
            assert block.text is not None
            assert len(block.text.text) <= 3000
            nobody_is_called(block.text.text)
            texts.append(block.text.text)
        else:
            assert isinstance(block, ActionsBlock)
            assert len(block.elements) <= 25
            identifiers = [element.to_dict()["action_id"] for element in block.elements]
            assert len(set(identifiers)) == len(identifiers)
            for element in block.elements:
                element.validate_json()
                choices += _offered(element)
    # Slack tells no number: 13,172 characters and more were refused, 11,341 once
    # (slackapi/bolt-js issues 2509 and 2867).
    assert sum(map(len, texts)) + sum(len(title) for title, _ in choices) <= 11_300
    return Shown("\n".join(map(shown_mrkdwn, texts)), tuple(choices))


def _offered(element: object) -> list[tuple[str, str]]:
    if isinstance(element, StaticSelectElement):
        values = element.to_dict()
        assert 1 <= len(values["options"]) <= 100
        assert len(values.get("placeholder", {"text": "x"})["text"]) <= 150
        offered = [(option["text"]["text"], option["value"]) for option in values["options"]]
        assert all(len(title) <= 75 and len(value) <= 150 for title, value in offered)
    else:
        assert isinstance(element, ButtonElement)
        values = element.to_dict()
        offered = [(values["text"]["text"], values["value"])]
        assert all(len(title) <= 75 and len(value) <= 2000 for title, value in offered)
    assert all(title.strip() for title, _ in offered)
    return offered


def nobody_is_called(text: str) -> None:
    """« <!channel> » and « <@U1> » reach people; links alone are ours."""
    for mark in re.findall(r"<[^>]*>?", text):
        assert re.fullmatch(r"<(?:https?://|tel:)[^|>]+\|[^>]+>", mark), mark


def shown_mrkdwn(text: str) -> str:
    """The words that Slack and Google Chat show."""
    bare = re.sub(r"<(?:https?://|tel:)[^|>]*\|([^>]*)>", r"\1", text)
    return html.unescape(bare.replace("*", ""))


PLATFORM = Slack()
