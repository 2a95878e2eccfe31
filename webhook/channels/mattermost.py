"""Mattermost (developers.mattermost.com): outgoing webhooks, slash commands, interactive messages.

Outgoing webhooks hear public channels only; a slash command works in private ones and in direct
messages too. Answers are posts of a bot account.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
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

__all__ = ["Mattermost", "Settings", "open_channel"]


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """What the server and we know of each other.

    `server`: its address. `token`: of our bot account. `hook_token`: of the outgoing webhook;
    `command_token`: of the slash command. `callback`: the address of our webhook as the server
    reaches it, for buttons.
    """

    server: Url
    callback: Url
    token: Secret
    hook_token: Secret
    command_token: Secret | None = None


class Mattermost:
    """See `Channel`."""

    name = "mattermost"
    # 16,383 runes: `PostMessageMaxRunesV2`. Buttons have no documented limit: what fits a screen.
    capabilities = Capabilities(max_text=16_383, max_buttons=15, max_title=60)

    def __init__(self, settings: Settings) -> None:
        """Take the credentials."""
        self._settings = settings
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:  # noqa: ARG002 - nothing is dated
        """See `Channel.verify`: a press has no token, only what we put in its context."""
        try:
            values = _values(incoming)
        except BadPayload as error:
            raise BadSignature("token") from error
        context = values.get("context")
        if isinstance(context, Mapping):
            peer = _peer(values)
            expected = self._signature(peer, str(context.get("token")))
            given = str(context.get("signature", ""))
        else:
            given = str(values.get("token", ""))
            expected = self._settings.hook_token
            if "command" in values:
                expected = self._settings.command_token or ""
        if not expected or not hmac.compare_digest(_bytes(given), _bytes(expected)):
            raise BadSignature("token")

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`."""
        values = _values(incoming)
        context = values.get("context")
        reply = {"channel": text(values, "channel_id")}
        if isinstance(context, Mapping):
            token = text(context, "token")
            event = f"press {text(values, 'post_id')} {text(values, 'user_id')} {token}"
            received = Received(event_id=event, peer=_peer(values), token=token, reply=reply)
            return Parsed(messages=(received,), ack=Ack.json({}))
        if "command" in values:
            event = text(values, "trigger_id")
            said = optional_text(values, "text") or "/salutation"
        else:
            event = text(values, "post_id")
            said = _without_trigger(values)
        received = Received(event_id=event, peer=_peer(values), text=said or None, reply=reply)
        return Parsed(messages=(received,), ack=Ack.json({}))

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
            body: dict[str, object] = {"channel_id": received.reply["channel"], "message": part}
            if said.choices and place == len(said.parts):
                actions = [self._action(choice, received.peer) for choice in said.choices]
                body["props"] = {"attachments": [{"actions": actions}]}
            calls.append(Call(path="/api/v4/posts", body=body))
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`."""
        return request_of(call, base=self._settings.server, headers=self._authorization())

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error`."""
        detail = str(response.json().get("id", ""))
        if response.status == HTTPStatus.FORBIDDEN:  # the bot is not in the channel
            return Verdict(fate=Fate.PEER_GONE, detail=detail)
        return classify_by_status(response, detail)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        url = f"{self._settings.server}/api/v4/users/me"
        return Request(method="GET", url=url, headers=self._authorization())

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "username")

    def _authorization(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._settings.token}"}

    def _action(self, choice: Choice, peer: str) -> dict[str, object]:
        # The server keeps the context from its clients: what comes back is what we signed.
        context = {"token": choice.token, "signature": self._signature(peer, choice.token)}
        return {
            "id": f"choix{choice.number}",  # letters and figures only
            "name": choice.title,
            "type": "button",
            "integration": {"url": self._settings.callback, "context": context},
        }

    def _signature(self, peer: str, token: str) -> str:
        signed = f"{peer}\n{token}".encode("utf-8", "surrogatepass")
        return hmac.new(self._settings.token.encode(), signed, hashlib.sha256).hexdigest()


def _bytes(said: str) -> bytes:
    return said.encode("utf-8", "surrogatepass")


def _values(incoming: Incoming) -> Mapping[str, object]:
    if "json" in incoming.headers.get("content-type", ""):
        return json_object(incoming.body)
    return form(incoming.body)


def _peer(values: Mapping[str, object]) -> str:
    """Each person of a channel has a conversation: a room is not one pupil."""
    return f"{values.get('channel_id')} {values.get('user_id')}"


def _without_trigger(values: Mapping[str, object]) -> str:
    said = optional_text(values, "text") or ""
    trigger = optional_text(values, "trigger_word")
    return said.removeprefix(trigger).strip() if trigger else said


def open_channel(settings: Settings) -> Mattermost:
    """Make the channel of its settings."""
    return Mattermost(settings)
