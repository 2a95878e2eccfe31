"""Discord, by its interactions (docs.discord.com/developers/interactions): a command, buttons.

What is typed freely in a room does not come here: `/orientation question:…` does. An interaction is
acknowledged at once as « deferred », then answered by the token that it carries, for 15 minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.errors import BadSignature
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
    Url,
    Verdict,
    classify_by_status,
    request_of,
)
from webhook.channels.payload import items, json_object, mapping, optional_text, text
from webhook.rendering.arrangement import arrange
from webhook.rendering.markup import MARKDOWN, PLAIN, write
from webhook.rendering.message import Capabilities, Choice, Message

__all__ = ["Discord", "Settings", "open_channel"]

_PING, _COMMAND, _PRESS = 1, 2, 3
_PONG, _DEFERRED = {"type": 1}, {"type": 5}
_ROW, _BUTTON, _GREY = 1, 2, 2
_BUTTONS_A_ROW = 5
# Of what we send, for Discord to know: to be raised when it changes.
_VERSION = "1.0"
# No previews of the pages that are linked (SUPPRESS_EMBEDS, developers/resources/webhook).
_FLAGS = 1 << 2
# « Unknown interaction », « invalid webhook token »: the 15 minutes are over.
_TOO_LATE = (10062, 50027)
# « Unknown webhook »: for some seconds, until Discord has read our acknowledgement, which leaves
# while the answer is made (discord/discord-api-docs, issue 7220). The window ends the tries.
_TOO_EARLY = 10015


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """`application_id` and `public_key`: of the application, from its page « General »."""

    application_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{5,25}$")]
    public_key: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F]{64}$")]
    api: Url = "https://discord.com/api/v10"


class Discord:
    """See `Channel`."""

    name = "discord"
    # Message content 2,000; five rows of five buttons, a label of 80 (developers/components).
    capabilities = Capabilities(
        max_text=2000, max_buttons=25, max_title=80, window_s=15 * 60.0, per_channel_s=1 / 50
    )

    def __init__(self, settings: Settings) -> None:
        """Take the key."""
        self._settings = settings
        self._key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(settings.public_key))
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:  # noqa: ARG002 - no tolerance told
        """See `Channel.verify`; Discord sends wrong signatures on purpose now and then."""
        stamp = incoming.headers.get("x-signature-timestamp", "")
        # They are signed as one text, which could else be cut elsewhere.
        if not (stamp.isascii() and stamp.isdigit()):
            raise BadSignature("x-signature-timestamp")
        try:
            signature = bytes.fromhex(incoming.headers.get("x-signature-ed25519", ""))
            self._key.verify(signature, stamp.encode() + incoming.body)
        except (ValueError, InvalidSignature) as error:
            raise BadSignature("x-signature-ed25519") from error

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`."""
        values = json_object(incoming.body)
        kind = values.get("type")
        if kind == _PING:
            return Parsed(ack=Ack.json(_PONG))
        if kind not in (_COMMAND, _PRESS):
            return Parsed(ack=Ack.json({}))
        data = mapping(values, "data")
        received = Received(
            event_id=text(values, "id"),
            peer=f"{optional_text(values, 'channel_id') or ''} {_person(values)}",
            text=_question(data) if kind == _COMMAND else None,
            token=text(data, "custom_id") if kind == _PRESS else None,
            reply={"interaction": text(values, "token")},
        )
        return Parsed(messages=(received,), ack=Ack.json(_DEFERRED))

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`: the first part takes the place of « … is thinking »."""
        said = arrange(
            message,
            self.capabilities,
            lambda part: write(part, MARKDOWN),
            plain=lambda part: write(part, PLAIN),
        )
        path = f"/webhooks/{self._settings.application_id}/{received.reply['interaction']}"
        calls = []
        for place, part in enumerate(said.parts, 1):
            body: dict[str, object] = {
                "content": part, "allowed_mentions": {"parse": []}, "flags": _FLAGS,
            }  # fmt: skip
            if said.choices and place == len(said.parts):
                body["components"] = list(_rows(said.choices))
            if place == 1:
                calls.append(Call(method="PATCH", path=f"{path}/messages/@original", body=body))
            else:
                calls.append(Call(path=path, body=body))
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`: the token of the interaction, in the path, is enough."""
        # Its form is required, or requests may be blocked (developers/reference, « User Agent »).
        page = f"https://discord.com/developers/applications/{self._settings.application_id}"
        headers = {"User-Agent": f"DiscordBot ({page}, {_VERSION})"}
        return request_of(call, base=self._settings.api, headers=headers)

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error` (developers/topics/rate-limits)."""
        answer = response.json()
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = answer.get("retry_after")
            seconds = float(wait) if isinstance(wait, int | float) else response.retry_after_s
            # Without a token of ours the limit is that of our address; a ban of it has no JSON.
            is_global = answer.get("global") is True or not answer
            return Verdict(
                fate=Fate.RETRY, retry_after_s=seconds, is_for_all=is_global, detail="429"
            )
        code = answer.get("code")
        if code in _TOO_LATE:
            return Verdict(fate=Fate.WINDOW_CLOSED, detail=str(code))
        if code == _TOO_EARLY:
            return Verdict(fate=Fate.RETRY, detail=str(code))
        return classify_by_status(response, str(code or ""))


def _person(values: Mapping[str, object]) -> str:
    """Who acts: a member of a server, or a user in a direct message."""
    user = mapping(values, "member") if "member" in values else values
    return text(mapping(user, "user"), "id")


def _question(data: Mapping[str, object]) -> str:
    for option in items(data, "options"):
        if said := optional_text(option, "value"):
            return said
    return "/salutation"


def _rows(choices: tuple[Choice, ...]) -> Iterator[dict[str, object]]:
    for start in range(0, len(choices), _BUTTONS_A_ROW):
        yield {
            "type": _ROW,
            "components": [
                {"type": _BUTTON, "style": _GREY, "label": c.title, "custom_id": c.token}
                for c in choices[start : start + _BUTTONS_A_ROW]
            ],
        }


def open_channel(settings: Settings) -> Discord:
    """Make the channel of its settings."""
    return Discord(settings)
