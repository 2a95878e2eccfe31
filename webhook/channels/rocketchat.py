"""Rocket.Chat: an outgoing integration to hear, the REST API to answer.

A button makes the person write what it holds: the number of the choice, which the text shows too.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from bot.errors import BadPayload, BadSignature
from webhook.channels.channel import (
    Ack,
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
from webhook.channels.payload import form, json_object, optional_text, text
from webhook.rendering.arrangement import arrange
from webhook.rendering.markup import MARKDOWN, PLAIN, write
from webhook.rendering.message import Capabilities, Choice, Message

__all__ = ["RocketChat", "Settings", "open_channel"]

# Buttons of one attachment (WideChat, « Buttons-Inside-Attachment-Object-Spec »).
_BUTTONS = 5


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """What the server and we know of each other.

    `server`: its address. `user_id` and `auth_token`: of our account (a personal access token).
    `hook_token`: of the outgoing integration.
    """

    server: Url
    user_id: Secret
    auth_token: Secret
    hook_token: Secret


class RocketChat:
    """See `Channel`."""

    name = "rocketchat"
    # 5,000 characters is the default of a server (`Message_MaxAllowedSize`); not verified against
    # the vendor's page, and each server may have its own.
    capabilities = Capabilities(max_text=5000)

    def __init__(self, settings: Settings) -> None:
        """Take the credentials."""
        self._settings = settings
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:  # noqa: ARG002 - nothing is dated
        """See `Channel.verify`."""
        try:
            given = str(_values(incoming).get("token", ""))
        except BadPayload as error:
            raise BadSignature("token") from error
        expected = self._settings.hook_token.encode()
        if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected):
            raise BadSignature("token")

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`: an empty answer would be a failure, and the message sent again."""
        values = _values(incoming)
        ack = Ack.json({})
        is_edited = values.get("isEdited") in (True, "true")
        is_bot = values.get("bot") not in (None, False, "", "false")
        if is_edited or is_bot or values.get("user_id") == self._settings.user_id:
            return Parsed(ack=ack)
        room, person = text(values, "channel_id"), text(values, "user_id")
        received = Received(
            event_id=text(values, "message_id"),
            peer=f"{room} {person}",
            text=optional_text(values, "text"),
            reply={"room": room},
        )
        return Parsed(messages=(received,), ack=ack)

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`."""
        said = arrange(
            message,
            self.capabilities,
            lambda part: write(part, MARKDOWN),
            plain=lambda part: write(part, PLAIN),
        )
        calls = []
        for place, part in enumerate(said.parts, 1):
            body: dict[str, object] = {"roomId": received.reply["room"], "text": part}
            if message.choices and place == len(said.parts):
                body["attachments"] = list(_attachments(message.choices))
            calls.append(Call(path="/api/v1/chat.postMessage", body=body))
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`."""
        return request_of(call, base=self._settings.server, headers=self._authorization())

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error`."""
        answer = response.json()
        detail = str(answer.get("errorType") or answer.get("error") or "")
        if "error-not-allowed" in detail or "error-room-not-found" in detail:
            return Verdict(fate=Fate.PEER_GONE, detail=detail)
        if response.status == HTTPStatus.OK and answer.get("success") is False:
            return Verdict(fate=Fate.PERMANENT, detail=detail)
        return classify_by_status(response, detail)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        url = f"{self._settings.server}/api/v1/me"
        return Request(method="GET", url=url, headers=self._authorization())

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "username")

    def _authorization(self) -> Mapping[str, str]:
        return {"X-User-Id": self._settings.user_id, "X-Auth-Token": self._settings.auth_token}


def _values(incoming: Incoming) -> Mapping[str, object]:
    if "urlencoded" in incoming.headers.get("content-type", ""):
        return form(incoming.body)
    return json_object(incoming.body)


def _attachments(choices: tuple[Choice, ...]) -> Iterator[dict[str, object]]:
    for start in range(0, len(choices), _BUTTONS):
        yield {
            "actions": [
                {
                    "type": "button",
                    "text": choice.title,
                    "msg": str(choice.number),
                    "msg_in_chat_window": True,
                }
                for choice in choices[start : start + _BUTTONS]
            ]
        }


def open_channel(settings: Settings) -> RocketChat:
    """Make the channel of its settings."""
    return RocketChat(settings)
