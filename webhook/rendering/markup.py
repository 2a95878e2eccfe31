"""Our light Markdown (bold, links, lists) in the markup of each platform."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["MARKDOWN", "MRKDWN", "PLAIN", "TELEGRAM_HTML", "WHATSAPP", "Markup", "write"]

_SPAN = re.compile(
    r"\*\*(?P<bold>\S(?:[^\n]*?\S)?)\*\*"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>(?:https?://|tel:)[^\s()<>\"']+)\)"
)
_BULLET = re.compile(r"^- ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """How a platform writes: `escape` for ordinary text, then its bold, its links, its bullet."""

    escape: Callable[[str], str]
    bold: Callable[[str], str]
    link: Callable[[str, str], str]
    bullet: str = "• "


def write(text: str, markup: Markup) -> str:
    """Return an answer's text in a platform's markup; nothing in it can be taken for markup."""
    return _spans(_BULLET.sub(lambda _: markup.bullet, text), markup)


def _spans(text: str, markup: Markup) -> str:
    parts: list[str] = []
    end = 0
    for span in _SPAN.finditer(text):
        parts.append(markup.escape(text[end : span.start()]))
        end = span.end()
        if span["bold"] is not None:
            parts.append(markup.bold(_spans(span["bold"], markup)))  # a link may be in it
        else:
            parts.append(markup.link(markup.escape(span["label"]), span["url"]))
    parts.append(markup.escape(text[end:]))
    return "".join(parts)


def _named(label: str, url: str) -> str:
    """Write a link where there are no labels; one that names itself is written once."""
    address = url.removeprefix("tel:")
    return address if label == address else f"{label} : {address}"


def _as_it_is(text: str) -> str:
    return text


def _ampersands(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# Of Markdown's marks, those that French prose could be taken for in the middle of a line.
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|])")


def _backslashes(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


PLAIN = Markup(escape=_as_it_is, bold=_as_it_is, link=_named, bullet="- ")
"""No markup at all."""

TELEGRAM_HTML = Markup(
    escape=_ampersands,
    bold=lambda text: f"<b>{text}</b>",
    link=lambda label, url: f'<a href="{_ampersands(url)}">{label}</a>',
)
"""The HTML of Telegram: only « & », « < » and « > » are escaped (core.telegram.org/bots/api)."""

MRKDWN = Markup(
    escape=_ampersands,
    bold=lambda text: f"*{text}*",
    link=lambda label, url: f"<{_ampersands(url)}|{label.replace('|', '/')}>",
)
"""Slack's (docs.slack.dev/messaging/formatting-message-text)."""

WHATSAPP = Markup(escape=_as_it_is, bold=lambda text: f"*{text}*", link=_named)
"""WhatsApp's: bold between single stars, links without a label."""

MARKDOWN = Markup(
    escape=_backslashes,
    bold=lambda text: f"**{text}**",
    link=lambda label, url: f"[{label}]({url})",
    bullet="- ",
)
"""Markdown as Mattermost, Rocket.Chat, Teams and Discord read it."""
