"""Telegram (https://core.telegram.org/bots/api): a secret header, inline keyboards, HTML."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

import msgspec

from bot.errors import BadSignature
from webhook.channels.channel import (
    Call,
    ChannelSettings,
    Fate,
    Incoming,
    Parsed,
    Received,
    Request,
    Response,
    Secret,
    Url,
    Verdict,
    classify_by_status,
    request_of,
)
from webhook.channels.payload import json_object, mapping, optional_text, text
from webhook.rendering.arrangement import arrange
from webhook.rendering.markup import PLAIN, TELEGRAM_HTML, write
from webhook.rendering.message import Capabilities, Message

__all__ = ["Settings", "Telegram", "open_channel"]

_HEADER = "x-telegram-bot-api-secret-token"
# Telegram opens a conversation with this word.
_START = "/start"


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """`token`: of the bot, given by @BotFather. `secret`: ours, that Telegram repeats to us."""

    token: Annotated[str, msgspec.Meta(pattern=r"^[0-9]+:[A-Za-z0-9_-]+$")]
    secret: Annotated[Secret, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,256}$")]
    api: Url = "https://api.telegram.org"


class Telegram:
    """See `Channel`."""

    name = "telegram"
    # Lengths: python-telegram-bot 22.8, `telegram/constants.py`; the title of a button has no
    # documented limit, and 64 characters fit on a phone. About 30 messages a second for all.
    capabilities = Capabilities(
        max_text=4096,
        max_buttons=100,
        max_title=64,
        has_typing=True,
        per_peer_s=1.0,
        per_channel_s=1 / 30,
    )

    def __init__(self, settings: Settings) -> None:
        """Take the credentials."""
        self._settings = settings
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:  # noqa: ARG002 - nothing is dated
        """See `Channel.verify`."""
        given = incoming.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._settings.secret.encode()):
            raise BadSignature(_HEADER)

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`; an edited message, a channel's post are no message to us."""
        update = json_object(incoming.body)
        event = text(update, "update_id")
        if "callback_query" in update:
            return Parsed(messages=_pressed(event, mapping(update, "callback_query")))
        if "message" in update:
            return Parsed(messages=_typed(event, mapping(update, "message")))
        return Parsed()

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`: one button a line, as their titles are long."""
        chat = received.peer
        said = arrange(
            message,
            self.capabilities,
            lambda part: write(part, TELEGRAM_HTML),
            plain=lambda part: write(part, PLAIN),
        )
        calls = [_sign("sendChatAction", {"chat_id": chat, "action": "typing"})]
        if query := received.reply.get("query"):
            # Until it is answered, the button that was pressed shows that it waits.
            calls.insert(0, _sign("answerCallbackQuery", {"callback_query_id": query}))
        keyboard = [[{"text": c.title, "callback_data": c.token}] for c in said.choices]
        last = len(said.parts) - 1
        for place, (part, plain) in enumerate(zip(said.parts, said.plain, strict=True)):
            body: dict[str, object] = {"chat_id": chat}
            if keyboard and place == last:
                body["reply_markup"] = {"inline_keyboard": keyboard}
            calls.append(
                Call(
                    path="/sendMessage",
                    body=body | {"text": part, "parse_mode": "HTML"},
                    plain=body | {"text": plain},
                )
            )
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`: the token is a part of the address."""
        return request_of(call, base=f"{self._settings.api}/bot{self._settings.token}")

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error` (core.telegram.org/bots/api, « Making requests »)."""
        answer = response.json()
        detail = str(answer.get("description", response.status))
        parameters = answer.get("parameters")
        match response.status:
            case HTTPStatus.TOO_MANY_REQUESTS:
                wait = parameters.get("retry_after") if isinstance(parameters, Mapping) else None
                seconds = float(wait) if isinstance(wait, int | float) else response.retry_after_s
                return Verdict(fate=Fate.RETRY, retry_after_s=seconds, detail=detail)
            case HTTPStatus.BAD_REQUEST if "can't parse entities" in detail:
                return Verdict(fate=Fate.PLAIN, detail=detail)
            case HTTPStatus.FORBIDDEN:  # the person has blocked the bot
                return Verdict(fate=Fate.PEER_GONE, detail=detail)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:  # the token, in the address
                return Verdict(fate=Fate.AUTH_BROKEN, detail=detail)
        return classify_by_status(response, detail)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        return self.prepare(Call(path="/getMe", body={}), key="", access=None)

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        result = response.json().get("result")
        return str(result.get("username")) if isinstance(result, dict) else None


def open_channel(settings: Settings) -> Telegram:
    """Make the channel of its settings."""
    return Telegram(settings)


def _sign(method: str, body: dict[str, object]) -> Call:
    return Call(path=f"/{method}", body=body, is_sign=True)


def _typed(event: str, message: Mapping[str, object]) -> tuple[Received, ...]:
    sender = message.get("from")
    if isinstance(sender, Mapping) and sender.get("is_bot"):
        return ()
    said = optional_text(message, "text")
    if said is not None and said.split(" ")[0].split("@")[0] == _START:
        said = "/salutation"
    return (Received(event_id=event, peer=text(mapping(message, "chat"), "id"), text=said),)


def _pressed(event: str, query: Mapping[str, object]) -> tuple[Received, ...]:
    # The message is missing when it is too old: the choice then is too.
    if "message" not in query:
        return ()
    return (
        Received(
            event_id=event,
            peer=text(mapping(mapping(query, "message"), "chat"), "id"),
            token=optional_text(query, "data") or "",
            reply={"query": text(query, "id")},
        ),
    )
