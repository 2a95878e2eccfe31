"""What a messaging channel is: pure functions between a platform's HTTP and our messages.

    verify → parse → (store, acknowledge) → (answer) → render → (outbox)
    → prepare → (send) → classify_error

What stands in brackets is `webhook.delivery`, the same for all; a platform is one module beside
this one, which holds its `Settings` and an `open_channel`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Literal, Protocol, runtime_checkable
from urllib.parse import urlencode

import msgspec

from webhook.rendering.message import Capabilities, Message

__all__ = [
    "LONGEST_MESSAGE",
    "LONGEST_SENDER",
    "MOST_BYTES",
    "Access",
    "Ack",
    "Call",
    "Channel",
    "ChannelSettings",
    "Fate",
    "Incoming",
    "NeedsAccess",
    "Parsed",
    "Received",
    "Request",
    "Response",
    "Secret",
    "Url",
    "Verdict",
    "WithCheck",
    "classify_by_status",
    "request_of",
]

# Code points of a message and of a conversation's identifier; bytes of a body.
LONGEST_MESSAGE = 2000
LONGEST_SENDER = 200
MOST_BYTES = 64 * 1024

Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
Url = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+[^\s]*[^\s/]$")]


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every channel may be given; a platform adds its credentials.

    `site`: a website of the settings, whose human route and form of address hold here too.
    """

    site: str | None = None


# What comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request of a platform, as it arrived.

    `url` is the public one, with its query: what a platform signs. `path` is what follows
    the address of the webhook (`/_matrix/app/v1/transactions/7`), or empty. `headers` have names
    in lower case; `body` is raw.
    """

    method: str
    url: str
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message of a person.

    `event_id`: the platform's identifier of it, the same when it is sent again; 1 to 200 code
    points. `peer`: the conversation, opaque. `text`: what was typed, or the payload of one of our
    intents (`/salutation`). `token`: the choice that was pressed. Without text nor token it is
    something that cannot be read, a picture. `reply`: what an answer needs, as JSON values (the
    identifier of a thread, the address of a server).
    """

    event_id: str
    peer: str
    text: str | None = None
    token: str | None = None
    reply: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """What the platform is answered at once."""

    status: int = HTTPStatus.OK
    body: str = ""
    mimetype: str = "text/plain"

    @staticmethod
    def json(value: object) -> Ack:
        """Acknowledge with a JSON value."""
        return Ack(body=json.dumps(value), mimetype="application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a request holds: messages, in order, and its acknowledgement."""

    messages: tuple[Received, ...] = ()
    ack: Ack = Ack()


# What goes out


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request of ours to a platform, without a credential: it waits in the outbox.

    `path`: of the platform's API, or a whole address when the platform told it. `plain`: the body
    to send when the platform cannot read the markup of `body`. `is_sign`: not a message but a sign
    (typing, a press heard), tried once and never again.
    """

    path: str
    body: dict[str, object]
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    is_form: bool = False
    plain: dict[str, object] | None = None
    is_sign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a platform answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> dict[str, object]:
        """Return the body when it is a JSON object, else an empty one."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def retry_after_s(self) -> float | None:
        """Seconds of the `Retry-After` header; None when it has none in seconds."""
        try:
            return max(0.0, float(self.headers.get("retry-after", "")))
        except ValueError:
            return None


class Fate(StrEnum):
    """What becomes of a message that we sent."""

    SENT = "sent"
    RETRY = "retry"
    PLAIN = "plain"
    PERMANENT = "permanent"
    PEER_GONE = "peer_gone"
    WINDOW_CLOSED = "window_closed"
    AUTH_BROKEN = "auth_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the platform's answer is read.

    `retry_after_s`: no new try before. `is_for_all`: the whole channel waits, not this peer alone.
    `detail`: the platform's own code or word, for whoever looks at the dead letters.
    """

    fate: Fate
    retry_after_s: float | None = None
    is_for_all: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A token that a platform lends us, and for how long, in seconds."""

    token: str
    expires_s: float


class Channel(Protocol):
    """One platform. Everything is pure: no clock, no network, no memory of what came before."""

    @property
    def name(self) -> str:
        """The name in addresses and settings."""

    @property
    def site(self) -> str | None:
        """The website of the settings that it goes with."""

    @property
    def capabilities(self) -> Capabilities:
        """What the platform can show, and its limits."""

    def verify(self, incoming: Incoming, *, now: float) -> None:
        """Check that a request comes from the platform; `now` is in seconds of Unix time.

        Raises:
            BadSignature: it does not, or is too old.
        """

    def parse(self, incoming: Incoming) -> Parsed:
        """Read a verified request; what is no message of a person is no message.

        Raises:
            BadPayload: it has not the shape that the platform documents.
        """

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """Write the answer to what was received, within the limits of the platform."""

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:
        """Add what must not wait in the outbox: the address, the credentials.

        `key`: the same for every try of one call, for a platform that drops repetitions.
        `access`: the token of `NeedsAccess`.
        """

    def classify_error(self, response: Response) -> Verdict:
        """Read the platform's answer to a call."""


@runtime_checkable
class NeedsAccess(Protocol):
    """A channel whose token must be asked for, and expires."""

    def access_request(self, *, now: float) -> Request:
        """The request that asks for a token; `now` is in seconds of Unix time."""

    def access_of(self, response: Response) -> Access:
        """Read its answer.

        Raises:
            DeliveryFailed: no token was given.
        """


@runtime_checkable
class WithCheck(Protocol):
    """A channel whose platform can be asked whether the credentials are right."""

    def check_request(self, *, access: str | None) -> Request:
        """The request that asks."""

    def check_answer(self, response: Response) -> str | None:
        """Return whose the credentials are (the bot's name), None when they are refused."""


def request_of(
    call: Call, *, base: str, headers: Mapping[str, str] | None = None, plain: bool = False
) -> Request:
    """Write a call as a request: its path after `base`, its body as JSON or as a form."""
    url = call.path if call.path.startswith(("https://", "http://")) else f"{base}{call.path}"
    body = call.plain if plain and call.plain is not None else call.body
    if call.is_form:
        kind, content = "application/x-www-form-urlencoded", urlencode(body).encode()
    else:
        kind, content = "application/json", json.dumps(body, ensure_ascii=False).encode()
    return Request(
        method=call.method, url=url, headers={"Content-Type": kind, **(headers or {})}, body=content
    )


def classify_by_status(response: Response, detail: str = "") -> Verdict:
    """Read the status alone, as HTTP means it; `detail` is what the platform says besides."""
    status = response.status
    detail = detail or str(status)
    if 200 <= status < 300:
        return Verdict(fate=Fate.SENT)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Verdict(fate=Fate.RETRY, retry_after_s=response.retry_after_s, detail=detail)
    if status >= 500 or status == HTTPStatus.REQUEST_TIMEOUT:
        return Verdict(fate=Fate.RETRY, retry_after_s=response.retry_after_s, detail=detail)
    if status == HTTPStatus.UNAUTHORIZED:
        return Verdict(fate=Fate.AUTH_BROKEN, detail=detail)
    return Verdict(fate=Fate.PERMANENT, detail=detail)
