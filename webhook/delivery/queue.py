"""A queue in a table: each row handled at least once, in order for each (channel, peer).

Who claims a row holds it for a lease. A row whose holder died is claimed again when its lease is
over; a holder that was only slow finds that the row is no longer its own, and changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.database import Database

__all__ = ["Backoff", "Lost", "Queue"]

_TOLD = 500


class Lost(Exception):
    """The row is somebody else's now: what was done with it must be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait after a failure: twice as long each time, in seconds, with full jitter."""

    base_s: float = 1.0
    cap_s: float = 600.0
    most_tries: int = 12

    def wait_s(self, tries: int, rng: random.Random) -> float:
        """Return the wait after `tries` failures, 1 or more."""
        return rng.uniform(0.0, min(self.cap_s, self.base_s * 2.0 ** min(tries, 30)))


class Queue:
    """The rows of one table that wait."""

    def __init__(
        self,
        database: Database,
        table: sa.Table,
        *,
        now: Callable[[], float],
        lease_s: float,
        owner: Callable[[], str],
    ) -> None:
        """Take rows of `table` as `owner` says, for `lease_s` seconds each time."""
        self._database = database
        self._table = table
        self._now = now
        self._lease_s = lease_s
        self._owner = owner

    def claim(self, limit: int) -> Sequence[sa.Row[tuple[object, ...]]]:
        """Take the oldest rows that are due, one at most for each (channel, peer).

        Raises:
            StoreError: the database cannot be reached or written.
        """
        table = self._table
        # A look before the lock: most of the time there is nothing to do.
        with self._database.read() as connection:
            if connection.execute(self._free(1)).first() is None:
                return ()
        with self._database.begin() as connection:
            # The clock is read once the lock is held: waiting for it must not shorten the lease.
            rows = connection.execute(self._free(limit).with_for_update(skip_locked=True)).all()
            if rows:
                connection.execute(
                    sa.update(table)
                    .where(table.c.id.in_([row.id for row in rows]))
                    .values(owner=self._owner(), lease=self._now() + self._lease_s)
                )
        return rows

    def next_due(self) -> float | None:
        """When the next row is due, None without any: no lease is looked at.

        Raises:
            StoreError: the database cannot be reached.
        """
        table = self._table
        statement = sa.select(sa.func.min(table.c.due)).where(table.c.state == "pending")
        with self._database.read() as connection:
            due: float | None = connection.execute(statement).scalar()
        return due

    def finish(self, connection: sa.Connection, row_id: int, **values: object) -> None:
        """Change a row that is handled, in a transaction of the caller; without values, delete it.

        Raises:
            Lost: the lease went to somebody else; the caller's transaction must fail.
        """
        mine = (self._table.c.id == row_id) & (self._table.c.owner == self._owner())
        done = connection.execute(
            sa.update(self._table).where(mine).values(owner=None, lease=0, **values)
            if values
            else sa.delete(self._table).where(mine)
        )
        if done.rowcount != 1:
            raise Lost

    def postpone(
        self, connection: sa.Connection, row_id: int, *, due: float, error: str | None = None,
        counts: bool = True, **values: object,
    ) -> None:  # fmt: skip
        """Give a row back, to be claimed again from `due` on.

        `counts`: it was a try. `values`: columns to change besides.

        Raises:
            Lost: see `finish`.
        """
        tries = self._table.c.tries + (1 if counts else 0)
        told = {} if error is None else {"error": error[:_TOLD]}
        self.finish(connection, row_id, due=due, tries=tries, **told, **values)

    def bury(self, connection: sa.Connection, row_id: int, *, error: str) -> None:
        """Give a row up; it stays to be looked at.

        Raises:
            Lost: see `finish`.
        """
        self.finish(connection, row_id, state="dead", error=error[:_TOLD])

    def _free(self, limit: int) -> sa.Select[tuple[object, ...]]:
        table, older = self._table, self._table.alias("older")
        now = self._now()
        is_blocked = sa.exists().where(
            older.c.state == "pending",
            older.c.channel == table.c.channel,
            older.c.peer == table.c.peer,
            older.c.id < table.c.id,
        )
        return (
            sa.select(table)
            .where(table.c.state == "pending", table.c.due <= now, table.c.lease <= now)
            .where(~is_blocked)
            .order_by(table.c.id)
            .limit(limit)
        )
