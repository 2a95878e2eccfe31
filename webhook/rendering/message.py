"""An answer on its way to a messaging platform: a text, choices, and what the platform can show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Capabilities", "Choice", "Message", "Unit", "length"]


class Unit(StrEnum):
    """In what a platform counts the length of a text."""

    CHARACTERS = "characters"  # code points
    UTF16 = "utf16"  # code units
    BYTES = "bytes"  # of UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a platform can show; limits are in `unit`, times in seconds.

    `max_text`: of one message, and `max_text_with_buttons` of one that has choices, if it is less.
    `max_buttons`: 0 when it has none; `max_title` is the longest title. `max_rows`: of a menu, for
    more choices than buttons; `max_row_title` the longest title there. `window_s`: how long after
    a message of the person we may answer. `is_idempotent`: it drops a message that it already has.
    `per_peer_s` and `per_channel_s`: the least time between two messages to one person, to all.
    """

    max_text: int
    unit: Unit = Unit.CHARACTERS
    max_text_with_buttons: int | None = None
    max_buttons: int = 0
    max_title: int = 20
    max_rows: int = 0
    max_row_title: int = 24
    has_typing: bool = False
    window_s: float | None = None
    is_idempotent: bool = False
    per_peer_s: float = 0.0
    per_channel_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice offered with a message.

    `token` stands for its payload: short, of ASCII letters, digits, « - » and « _ » (16 at most).
    `number` is what may be typed in its place; `is_listed` when the text of the message already
    shows this number.
    """

    title: str
    token: str
    number: int
    is_listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said: `text` in our light Markdown (bold, lists, links), then choices.

    `numbers_intro`: the sentence before choices that are written with their numbers.
    `menu_label`: the words on the button that opens a menu, 20 code points at most.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    numbers_intro: str = ""
    menu_label: str = ""


def length(text: str, unit: Unit) -> int:
    """Measure a text as a platform does."""
    match unit:
        case Unit.CHARACTERS:
            return len(text)
        case Unit.UTF16:
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case Unit.BYTES:
            return len(text.encode("utf-8", "surrogatepass"))
