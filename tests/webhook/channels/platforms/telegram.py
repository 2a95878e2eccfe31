"""Telegram, as strict as core.telegram.org/bots/api and python-telegram-bot's constants are."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser

from tests.webhook.channels.platforms.platform import Shown
from webhook.channels.channel import Incoming, Request

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
SECRET = "un-secret_A1"
HEADER = "x-telegram-bot-api-secret-token"
TAGS = {"b", "a"}


class _Tags(HTMLParser):
    """Telegram refuses a tag that it does not know, or that is not closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, f"can't parse entities: {tag}"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "can't parse entities: unmatched end tag"


class Telegram:
    settings: Mapping[str, object] = {"token": TOKEN, "secret": SECRET}
    secrets = ("token", "secret")

    def signed(self, body: bytes, **more: object) -> Incoming:
        return Incoming(
            method="POST", url="https://b.example/x", headers={HEADER: SECRET}, body=body
        )

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        def sent(**headers: str) -> Incoming:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return Incoming(method="POST", url="https://b.example/x", headers=names, body=body)

        return {
            "no secret": sent(),
            "empty secret": sent(x_telegram_bot_api_secret_token=""),
            "another secret": sent(x_telegram_bot_api_secret_token=SECRET + "x"),
            "other case": sent(x_telegram_bot_api_secret_token=SECRET.upper()),
            "not ASCII": sent(x_telegram_bot_api_secret_token="sécret"),
            "in another header": sent(authorization=SECRET),
        }

    def accept(self, request: Request) -> Shown | None:
        assert request.method == "POST"
        method = re.fullmatch(
            rf"https://api\.telegram\.org/bot{re.escape(TOKEN)}/(\w+)", request.url
        )
        assert method, request.url
        body = json.loads(request.body)
        if method[1] == "sendChatAction":
            assert body["action"] == "typing"
            return None
        if method[1] == "answerCallbackQuery":
            assert body["callback_query_id"]
            return None
        assert method[1] == "sendMessage"
        return _message(body)


def _message(body: dict[str, object]) -> Shown:
    assert body["chat_id"]
    text = str(body["text"])
    if body.get("parse_mode") == "HTML":
        tags = _Tags()
        tags.feed(text)
        tags.close()
        assert not tags.open, "can't parse entities: missing end tag"
        text = html.unescape(re.sub(r"</?(?:b|a)\b[^>]*>", "", text))
    # Lengths: telegram/constants.py, MessageLimit and InlineKeyboardButtonLimit.
    assert 1 <= len(text) <= 4096
    assert text.strip()
    keyboard = body.get("reply_markup", {})
    assert isinstance(keyboard, dict)
    rows = keyboard.get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    assert all(1 <= len(row) <= 8 for row in rows)
    assert len(buttons) <= 100
    for button in buttons:
        assert button["text"].strip()
        assert 1 <= len(button["callback_data"].encode()) <= 64
    return Shown(text, tuple((b["text"], b["callback_data"]) for b in buttons))


PLATFORM = Telegram()
