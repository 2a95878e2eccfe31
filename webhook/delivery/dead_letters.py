"""What could not be answered or sent: to be looked at, tried again, or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webhook.delivery.store import Store
from webhook.delivery.tables import INBOUND, OUTBOUND

__all__ = ["Letter", "drop", "letters", "retry"]

_MOST = 200
# Both tables have their own numbers: those of messages received are told apart by their sign.
_TABLES = {"outbound": OUTBOUND, "inbound": INBOUND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One dead letter; `direction` is `inbound` or `outbound`, `made` a Unix time. No text."""

    id: int
    direction: str
    channel: str
    made: float
    tries: int
    error: str


def letters(store: Store) -> tuple[Mapping[str, int], Sequence[Letter]]:
    """Return how many messages wait, by channel, and the last dead letters.

    Raises:
        StoreError: the database cannot be read.
    """
    waiting: dict[str, int] = {}
    dead: list[Letter] = []
    with store.database.read() as connection:
        for direction, table in _TABLES.items():
            counts = (
                sa.select(table.c.channel, sa.func.count().label("waiting"))
                .where(table.c.state == "pending")
                .group_by(table.c.channel)
            )
            for row in connection.execute(counts):
                waiting[row.channel] = waiting.get(row.channel, 0) + row.waiting
            found = (
                sa.select(table).where(table.c.state == "dead").order_by(table.c.id.desc())
            ).limit(_MOST)
            dead += [
                Letter(
                    id=row.id if direction == "outbound" else -row.id,
                    direction=direction,
                    channel=row.channel,
                    made=row.made,
                    tries=row.tries,
                    error=row.error or "",
                )
                for row in connection.execute(found)
            ]
    return waiting, dead


def retry(store: Store, ids: Sequence[int] | None) -> int:
    """Put dead letters back, all of them without `ids`; return how many.

    Raises:
        StoreError: the database cannot be written.
    """
    values = {"state": "pending", "tries": 0, "due": 0.0, "lease": 0.0, "window_ends": None}
    with store.database.begin() as connection:
        return sum(
            connection.execute(
                sa.update(table)
                .where(_dead(direction, ids))
                .values({k: v for k, v in values.items() if k in table.c})
            ).rowcount
            for direction, table in _TABLES.items()
        )


def drop(store: Store, ids: Sequence[int] | None) -> int:
    """Remove dead letters, all of them without `ids`; return how many.

    Raises:
        StoreError: the database cannot be written.
    """
    with store.database.begin() as connection:
        return sum(
            connection.execute(sa.delete(table).where(_dead(direction, ids))).rowcount
            for direction, table in _TABLES.items()
        )


def _dead(direction: str, ids: Sequence[int] | None) -> sa.ColumnElement[bool]:
    table = _TABLES[direction]
    is_dead = table.c.state == "dead"
    if ids is None:
        return is_dead
    sign = 1 if direction == "outbound" else -1
    return is_dead & table.c.id.in_([sign * number for number in ids if number * sign > 0])
