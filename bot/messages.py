"""What any channel hands to the assistant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["UserMessage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMessage:
    """One message of a person.

    `sender`: the conversation's identifier, opaque, chosen by the channel. `text`: what was
    typed, or the payload of the button pressed (`/etudes{"metier": "MET.7984"}`).
    `channel`: the channel's name. `metadata`: what the channel adds, as JSON values. `site`: the
    website of the settings that it was written on. `message_id`: the same for a message sent
    again, which is then answered again and changes nothing.
    """

    sender: str
    text: str
    channel: str = "rest"
    metadata: Mapping[str, object] = field(default_factory=dict)
    site: str | None = None
    message_id: str | None = None
