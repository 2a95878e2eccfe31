"""Matrix, as an application service of a homeserver (spec.matrix.org, « Application Service API »).

The homeserver pushes the events of the rooms where our user is; answers are sent as notices, which
other bots do not answer. A message sent twice under one transaction is one message.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

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
from webhook.channels.payload import items, json_object, mapping, optional_text, text
from webhook.rendering.arrangement import arrange
from webhook.rendering.html import to_html
from webhook.rendering.markup import PLAIN, write
from webhook.rendering.message import Capabilities, Message, Unit

__all__ = ["Matrix", "Settings", "open_channel"]

_ANY_TRY = "{key}"
_CLIENT = "/_matrix/client/v3"
_TYPING_MS = 5000


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """What the registration file of the application service says too.

    `homeserver`: the address of its client API. `user`: ours (`@balise:example.org`). `as_token`:
    ours, for the homeserver; `hs_token`: the homeserver's, for us.
    """

    homeserver: Url
    user: Annotated[str, msgspec.Meta(pattern=r"^@[a-z0-9._=/+-]+:[^\s:]+(:[0-9]+)?$")]
    as_token: Secret
    hs_token: Secret


class Matrix:
    """See `Channel`."""

    name = "matrix"
    # An event is 65,536 bytes at most (client-server API, « Size limits »): the text is in it
    # twice, as it is and in HTML. Choices are numbers: the specification has no buttons.
    capabilities = Capabilities(
        max_text=16_000, unit=Unit.BYTES, has_typing=True, is_idempotent=True
    )

    def __init__(self, settings: Settings) -> None:
        """Take the credentials."""
        self._settings = settings
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:  # noqa: ARG002 - nothing is dated
        """See `Channel.verify`."""
        kind, _, given = incoming.headers.get("authorization", "").partition(" ")
        token = given.strip().encode("utf-8", "surrogateescape")
        if kind != "Bearer" or not hmac.compare_digest(token, self._settings.hs_token.encode()):
            raise BadSignature("authorization")

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`: transactions, and what a homeserver asks us about."""
        nothing = Ack.json({})
        kind, _, name = incoming.path.removeprefix("/_matrix/app/v1/").partition("/")
        if kind == "transactions":
            return Parsed(messages=tuple(self._messages(json_object(incoming.body))), ack=nothing)
        if (kind == "users" and name == self._settings.user) or kind == "ping":
            return Parsed(ack=nothing)
        missing = '{"errcode": "M_NOT_FOUND"}'
        ack = Ack(status=HTTPStatus.NOT_FOUND, body=missing, mimetype="application/json")
        return Parsed(ack=ack)

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`."""
        room = f"/rooms/{quote(received.peer, safe='')}"
        calls: list[Call] = []
        if received.reply.get("invited"):
            calls.append(Call(path=f"{_CLIENT}{room}/join", body={}))
        typing = f"{_CLIENT}{room}/typing/{quote(self._settings.user, safe='')}"
        calls.append(
            Call(
                method="PUT", path=typing, body={"typing": True, "timeout": _TYPING_MS},
                is_sign=True,
            )
        )  # fmt: skip
        said = arrange(
            message,
            self.capabilities,
            lambda part: str(to_html(part)),
            plain=lambda part: write(part, PLAIN),
        )
        for html, plain in zip(said.parts, said.plain, strict=True):
            calls.append(
                Call(
                    method="PUT",
                    path=f"{_CLIENT}{room}/send/m.room.message/{_ANY_TRY}",
                    body={
                        "msgtype": "m.notice",
                        "body": plain,
                        "format": "org.matrix.custom.html",
                        "formatted_body": html,
                    },
                )
            )
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`; the key is the transaction."""
        path = call.path.replace(_ANY_TRY, quote(key, safe=""))
        # « Identity assertion »: the service may have other users than ours.
        there = msgspec.structs.replace(call, path=f"{path}?{self._user()}")
        return request_of(there, base=self._settings.homeserver, headers=self._authorization())

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error` (client-server API, « Standard error response »)."""
        answer = response.json()
        detail = str(answer.get("errcode", response.status))
        match detail:
            case "M_LIMIT_EXCEEDED":
                wait = answer.get("retry_after_ms")
                seconds = wait / 1000 if isinstance(wait, int | float) else response.retry_after_s
                return Verdict(fate=Fate.RETRY, retry_after_s=seconds, detail=detail)
            case "M_FORBIDDEN":  # we are not in the room, or no longer
                return Verdict(fate=Fate.PEER_GONE, detail=detail)
            case "M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN":
                return Verdict(fate=Fate.AUTH_BROKEN, detail=detail)
        return classify_by_status(response, detail)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        url = f"{self._settings.homeserver}{_CLIENT}/account/whoami?{self._user()}"
        return Request(method="GET", url=url, headers=self._authorization())

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "user_id")

    def _authorization(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._settings.as_token}"}

    def _user(self) -> str:
        return urlencode({"user_id": self._settings.user})

    def _messages(self, transaction: Mapping[str, object]) -> Iterator[Received]:
        if "events" not in transaction:
            raise BadPayload("events")
        for event in items(transaction, "events"):
            if event.get("sender") == self._settings.user:
                continue
            content = mapping(event, "content")
            match event.get("type"):
                case "m.room.message" if _is_new(content):
                    kind = content.get("msgtype")
                    said = optional_text(content, "body") if kind == "m.text" else None
                    yield Received(
                        event_id=text(event, "event_id"), peer=text(event, "room_id"), text=said
                    )
                case "m.room.member" if self._is_invited(event, content):
                    yield Received(
                        event_id=text(event, "event_id"),
                        peer=text(event, "room_id"),
                        text="/salutation",
                        reply={"invited": True},
                    )
                case "m.room.encrypted":  # nobody gave us its key: we can say so
                    yield Received(event_id=text(event, "event_id"), peer=text(event, "room_id"))

    def _is_invited(self, event: Mapping[str, object], content: Mapping[str, object]) -> bool:
        return content.get("membership") == "invite" and (
            event.get("state_key") == self._settings.user
        )


def _is_new(content: Mapping[str, object]) -> bool:
    """Whether it is a person's message, and no correction of one: bots write notices."""
    relation = content.get("m.relates_to")
    is_edit = isinstance(relation, Mapping) and relation.get("rel_type") == "m.replace"
    return content.get("msgtype") != "m.notice" and not is_edit


def open_channel(settings: Settings) -> Matrix:
    """Make the channel of its settings."""
    return Matrix(settings)
