"""WhatsApp Cloud API (developers.facebook.com, « business-messaging/whatsapp »): buttons, lists.

One message for a turn where its length allows it: about one message in six seconds is allowed to
the same person, beyond some bursts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec

from webhook.channels.channel import Call, Incoming, Parsed, Received, Request, Response
from webhook.channels.meta import MetaSettings, MetaSigned
from webhook.channels.payload import items, json_object, mapping, optional_text, text
from webhook.rendering.arrangement import Arrangement, Shape, arrange
from webhook.rendering.markup import PLAIN, WHATSAPP, write
from webhook.rendering.message import Capabilities, Choice, Message

__all__ = ["Settings", "WhatsApp", "open_channel"]

_DESCRIPTION = 72


class Settings(MetaSettings, frozen=True, kw_only=True):
    """`phone_number_id`: of our number, from the page of the app (it is not the number)."""

    phone_number_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{5,25}$")]


class WhatsApp(MetaSigned):
    """See `Channel`."""

    name = "whatsapp"
    # Text 4,096, the body of an interactive message 1,024; three buttons of 20 characters, ten rows
    # of 24 with a description of 72 (messages/interactive-list-messages, pywa 4.5).
    capabilities = Capabilities(
        max_text=4096, max_text_with_buttons=1024, max_buttons=3, max_title=20, max_rows=10,
        max_row_title=24, has_typing=True, window_s=24 * 3600.0, per_channel_s=1 / 80,
    )  # fmt: skip

    def __init__(self, settings: Settings) -> None:
        """Take the credentials."""
        super().__init__(settings)
        self._path = f"/{settings.phone_number_id}/messages"
        self._number = settings.phone_number_id

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`: statuses of our own messages come on the same address."""
        if incoming.method == "GET":
            return self._challenge(incoming)
        body = json_object(incoming.body)
        return Parsed(
            messages=tuple(
                _received(message)
                for entry in items(body, "entry")
                for change in items(entry, "changes")
                if change.get("field") == "messages"
                for message in _messages(mapping(change, "value"))
            )
        )

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`."""
        said = arrange(
            message,
            self.capabilities,
            lambda part: write(part, WHATSAPP),
            plain=lambda part: write(part, PLAIN),
        )
        calls = [self._typing(received)]
        full = {choice.token: choice.title for choice in message.choices}
        for place, part in enumerate(said.parts, 1):
            content: dict[str, object] = {"type": "text", "text": {"body": part}}
            if said.choices and place == len(said.parts):
                content = {"type": "interactive", "interactive": _interactive(part, said, full,
                           message.menu_label)}  # fmt: skip
            body: dict[str, object] = {"messaging_product": "whatsapp", "to": received.peer}
            calls.append(Call(path=self._path, body=body | content))
        return tuple(calls)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`: a token of WhatsApp is not that of a page."""
        url = f"{self._settings.api}/{self._number}?fields=verified_name"
        return Request(method="GET", url=url, headers=self._authorization())

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "verified_name")

    def _typing(self, received: Received) -> Call:
        # The body of the typing indicator is not verified against the vendor's page.
        body: dict[str, object] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": received.event_id,
            "typing_indicator": {"type": "text"},
        }
        return Call(path=self._path, body=body, is_sign=True)


def _messages(value: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield from items(value, "messages")


def _received(message: Mapping[str, object]) -> Received:
    """Read one message; the sender may be a number or an identifier of another form."""
    said, token = None, None
    match message.get("type"):
        case "text":
            said = optional_text(mapping(message, "text"), "body")
        case "interactive":
            interactive = mapping(message, "interactive")
            kind = "list_reply" if "list_reply" in interactive else "button_reply"
            token = text(mapping(interactive, kind), "id")
        case "button":  # of a template message
            said = optional_text(mapping(message, "button"), "text")
    return Received(
        event_id=text(message, "id"), peer=text(message, "from"), text=said, token=token
    )


def _interactive(
    part: str, said: Arrangement, full: Mapping[str, str], label: str
) -> dict[str, object]:
    if said.shape is Shape.BUTTONS:
        buttons = [{"type": "reply", "reply": {"id": c.token, "title": c.title}}
                   for c in said.choices]  # fmt: skip
        return {"type": "button", "body": {"text": part}, "action": {"buttons": buttons}}
    rows = [_row(choice, full[choice.token]) for choice in said.choices]
    action = {"button": label, "sections": [{"title": label, "rows": rows}]}
    return {"type": "list", "body": {"text": part}, "action": action}


def _row(choice: Choice, title: str) -> dict[str, object]:
    """A row of the menu; a title that was cut is whole in its description."""
    row: dict[str, object] = {"id": choice.token, "title": choice.title}
    if title != choice.title:
        row["description"] = title[:_DESCRIPTION]
    return row


def open_channel(settings: Settings) -> WhatsApp:
    """Make the channel of its settings."""
    return WhatsApp(settings)
