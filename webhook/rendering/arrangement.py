"""Arranges a message for a platform: its parts, its choices as buttons, as a menu or as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from webhook.rendering.message import Capabilities, Choice, Message, Unit, length
from webhook.rendering.splitting import split

__all__ = ["Arrangement", "Shape", "arrange"]


class Shape(StrEnum):
    """How the choices of a message are shown."""

    NONE = "none"
    BUTTONS = "buttons"
    MENU = "menu"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The parts of a message, written, at least one; the choices go with the last part.

    `plain`: the same parts without any markup. `choices` have titles that fit; there is none
    when they are written as numbers in the text.
    """

    parts: tuple[str, ...]
    plain: tuple[str, ...]
    shape: Shape
    choices: tuple[Choice, ...] = ()


def arrange(
    message: Message,
    capabilities: Capabilities,
    write: Callable[[str], str],
    *,
    plain: Callable[[str], str],
) -> Arrangement:
    """Arrange a message within the limits of a platform.

    Args:
        message: what is said.
        capabilities: the limits.
        write: the platform's markup.
        plain: no markup at all.
    """
    shape, choices = _choices(message.choices, capabilities)
    text = message.text
    if shape is Shape.NUMBERS:
        text = _numbered(message)

    def fits(most: int) -> Callable[[str], bool]:
        return lambda part: all(
            length(writer(part), capabilities.unit) <= most for writer in (write, plain)
        )

    parts = split(text, fits(capabilities.max_text))
    beside = capabilities.max_text_with_buttons
    if choices and beside is not None and parts:
        parts = (*parts[:-1], *split(parts[-1], fits(beside)))
    return Arrangement(
        parts=tuple(write(part) for part in parts),
        plain=tuple(plain(part) for part in parts),
        shape=shape,
        choices=choices,
    )


def _choices(
    choices: Sequence[Choice], capabilities: Capabilities
) -> tuple[Shape, tuple[Choice, ...]]:
    if not choices:
        return Shape.NONE, ()
    for shape, most, longest in (
        (Shape.BUTTONS, capabilities.max_buttons, capabilities.max_title),
        (Shape.MENU, capabilities.max_rows, capabilities.max_row_title),
    ):
        if len(choices) <= most:
            titles = _cut([choice.title for choice in choices], longest, capabilities.unit)
            if titles is not None:
                return shape, tuple(
                    replace(choice, title=title)
                    for choice, title in zip(choices, titles, strict=True)
                )
    return Shape.NUMBERS, ()


def _cut(titles: Sequence[str], longest: int, unit: Unit) -> tuple[str, ...] | None:
    """Cut titles with « … »; None when two of them can then not be told apart."""
    cut = tuple(title if length(title, unit) <= longest else _shortened(title, longest, unit)
                for title in titles)  # fmt: skip
    is_telling = all(title.strip(" …") for title in cut)
    return cut if is_telling and len(set(cut)) == len(set(titles)) else None


def _shortened(title: str, longest: int, unit: Unit) -> str:
    kept = title
    while kept and length(f"{kept}…", unit) > longest:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _numbered(message: Message) -> str:
    lines = [
        f"{choice.number}. {choice.title}" for choice in message.choices if not choice.is_listed
    ]
    if not lines:
        return message.text
    return f"{message.text}\n\n{message.numbers_intro}\n" + "\n".join(lines)
