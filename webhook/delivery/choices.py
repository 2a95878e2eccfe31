"""What was offered: a short token stands for the payload of a choice, for one person only.

Platforms give back what they were given, sometimes as words that anybody can type: a payload of
ours is never among them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from bot.answers.answer import Answer
from bot.database import Database
from webhook.delivery.tables import CHOICE
from webhook.rendering.message import Choice

__all__ = ["Choices", "choices_of"]

_NUMBERED = re.compile(r"^(\d{1,3})\. ", re.MULTILINE)
_TYPED = re.compile(r"\s*(\d{1,3})\s*[.)]?\s*")


def choices_of(answer: Answer) -> tuple[tuple[Choice, str], ...]:
    """Return the choices of an answer, each with its payload.

    The jobs of a numbered list have the numbers that they have in its text; other choices have
    those that follow.
    """
    listed = [int(number) for number in _NUMBERED.findall(answer.text)]
    shown = dict(zip(answer.metiers, listed, strict=False))
    following = max(listed, default=0) + 1
    found: list[tuple[Choice, str]] = []
    for button in answer.buttons:
        number = _number_in(button.payload, shown)
        is_listed = number is not None
        if number is None:
            number, following = following, following + 1
        choice = Choice(
            title=button.title, token=secrets.token_urlsafe(9), number=number, is_listed=is_listed
        )
        found.append((choice, button.payload))
    return tuple(found)


def _number_in(payload: str, shown: Mapping[str, int]) -> int | None:
    if not payload.startswith("/presentation"):
        return None
    return next((n for metier, n in shown.items() if f'"{metier}"' in payload), None)


class Choices:
    """The choices kept; those of the last message may be told by number or by title."""

    def __init__(self, database: Database, *, now: Callable[[], float]) -> None:
        """Keep them in `database`."""
        self._database = database
        self._now = now

    def keep(
        self,
        connection: sa.Connection,
        channel: str,
        peer: str,
        offered: tuple[tuple[Choice, str], ...],
        offer: int,
    ) -> None:
        """Remember what a message offers, in a transaction of the caller."""
        rows = [
            {
                "token": choice.token,
                "channel": channel,
                "peer": peer,
                "offer": offer,
                "number": choice.number,
                "title": choice.title,
                "payload": payload,
                "made": self._now(),
            }
            for choice, payload in offered
        ]
        if rows:
            connection.execute(sa.insert(CHOICE), rows)

    def pressed(self, channel: str, peer: str, token: str) -> str | None:
        """Return the payload of a token, None when it was not offered to this person, or long ago.

        Raises:
            StoreError: the database cannot be read.
        """
        statement = sa.select(CHOICE.c.payload).where(
            CHOICE.c.token == token, CHOICE.c.channel == channel, CHOICE.c.peer == peer
        )
        with self._database.read() as connection:
            payload: str | None = connection.execute(statement).scalar()
        return payload

    def typed(self, channel: str, peer: str, text: str) -> str | None:
        """Return the payload of the choice of the last message that a text names.

        Raises:
            StoreError: the database cannot be read.
        """
        mine = (CHOICE.c.channel == channel) & (CHOICE.c.peer == peer)
        last = sa.select(sa.func.max(CHOICE.c.offer)).where(mine).scalar_subquery()
        statement = sa.select(CHOICE.c.number, CHOICE.c.title, CHOICE.c.payload).where(
            mine, CHOICE.c.offer == last
        )
        with self._database.read() as connection:
            offered = connection.execute(statement).all()
        return next(_named(offered, text), None)


def _named(offered: object, text: str) -> Iterator[str]:
    number = _TYPED.fullmatch(text)
    title = " ".join(text.casefold().split())
    for row in offered:  # type: ignore[attr-defined]
        if (number and row.number == int(number[1])) or row.title.casefold() == title:
            yield row.payload
