"""Mattermost (developers.mattermost.com): outgoing webhooks, slash commands, interactive messages.

Outgoing webhooks hear public channels only; a slash command works in private ones and in direct
messages too. Answers are posts of a bot account.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from http import HTTPStatus

import msgspec

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

_POSTS = "/api/v4/posts"
# The room is closed to us: archived, forbidden to bots, or no more (channels/app/post.go).
_GONE = frozenset({"api.post.create_post.can_not_post_to_deleted.error",
                   "api.post.create_post.can_not_post_in_restricted_dm.error",
                   "app.channel.get.existing.app_error"})  # fmt: skip
# « @channel », « @all », a name: words that notify people (public/model/at_mentions.go); with a
# space without width after the sign they do not. Addresses are left alone.
_MENTION = re.compile(r"(?<![\w/])@(?=\w)")


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """What the server and we know of each other.

    `server`: its address. `token`: of our bot account. `hook_token`: of the outgoing webhook;
    `command_token`: of the slash command. `callback`: the address of our webhook as the server
    reaches it, for buttons. `username`: of our bot account, whose posts are not answered.
    """

    server: Url
    callback: Url
    token: Secret
    hook_token: Secret
    command_token: Secret | None = None
    username: str = "balise"


class Mattermost:
    """See `Channel`."""

    name = "mattermost"
    # 16,383 runes: `PostMessageMaxRunesV2`. Buttons have no documented limit: what fits a screen.
    # The server can be told that we type (`POST /api/v4/users/me/typing`, since 5.26); it would be
    # shown the instant before the answer, for twice as many requests.
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
        channel, person = text(values, "channel_id"), text(values, "user_id")
        said = token = None
        if isinstance(context, Mapping):
            token = text(context, "token")
            event = _event("press", values)
        elif "command" in values:
            said = optional_text(values, "text") or "/salutation"
            event = _event("command", values)
        else:
            said, event = _without_trigger(values), text(values, "post_id")
            # Posts of bots go through outgoing webhooks too (channels/app/post.go): without a
            # trigger word, we would answer ourselves for ever.
            if values.get("user_name") == self._settings.username:
                return Parsed(ack=Ack.json({}))
        received = Received(
            event_id=event,
            peer=f"{channel} {person}",
            text=said,
            token=token,
            reply={"channel": channel},
        )
        return Parsed(messages=(received,), ack=Ack.json({}))

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`."""
        there = {"channel_id": received.reply["channel"]}
        said = arrange(message, self.capabilities, _written, plain=lambda part: write(part, PLAIN))
        calls = []
        for place, part in enumerate(said.parts, 1):
            body: dict[str, object] = {**there, "message": part}
            if said.choices and place == len(said.parts):
                actions = [self._action(choice, received.peer) for choice in said.choices]
                body["props"] = {"attachments": [{"actions": actions}]}
            calls.append(Call(path=_POSTS, body=body))
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`: for 30 seconds the server knows a post again by its key.

        This is too short for `is_idempotent` (channels/app/post.go, `deduplicateCreatePost`).
        """
        if call.path == _POSTS:
            body = {**call.body, "pending_post_id": key}
            call = msgspec.structs.replace(call, body=body)
        return request_of(call, base=self._settings.server, headers=self._authorization())

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error`."""
        detail = str(response.json().get("id", ""))
        # The bot is not in the channel, or nobody is any more.
        if response.status == HTTPStatus.FORBIDDEN or detail in _GONE:
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


def _event(kind: str, values: Mapping[str, object]) -> str:
    """A press, a command has an identifier of its own, signed and thus longer than ours may be."""
    return f"{kind} {hashlib.sha256(_bytes(text(values, 'trigger_id'))).hexdigest()}"


def _without_trigger(values: Mapping[str, object]) -> str | None:
    """Return what was posted, without the word that called us; alone, it is a greeting."""
    said = (optional_text(values, "text") or "").strip()
    if trigger := optional_text(values, "trigger_word"):
        said = said.removeprefix(trigger).lstrip(" \n,:;") or "/salutation"
        if said == "/salutation" and values.get("file_ids"):
            return None
    return said or None


def _written(part: str) -> str:
    return _MENTION.sub("@\u200b", write(part, MARKDOWN))


def open_channel(settings: Settings) -> Mattermost:
    """Make the channel of its settings."""
    return Mattermost(settings)
