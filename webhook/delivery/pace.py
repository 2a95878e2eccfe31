"""The pace of each platform: so many messages to one person, so many to all, in their order."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.database import Database
from webhook.delivery.tables import PACE

__all__ = ["ALL", "Pace"]

# Messages to all may come together for so long, then they are told apart.
_BURST_S = 1.0
ALL = ""
"""In the place of a person: everybody on the channel."""


class Pace:
    """When a channel, and a person on it, may be sent the next message; shared by all senders."""

    def __init__(self, database: Database, *, now: Callable[[], float]) -> None:
        """Keep it in `database`."""
        self._now = now
        insert = sqlite.insert if database.is_sqlite else postgresql.insert
        statement = insert(PACE)
        self._set = statement.on_conflict_do_update(
            index_elements=[PACE.c.channel, PACE.c.peer],
            set_={"free_at": statement.excluded.free_at},
        )

    def take(
        self, connection: sa.Connection, channel: str, peer: str, *, per_peer_s: float,
        per_channel_s: float,
    ) -> float:  # fmt: skip
        """Take a place for a message, in a transaction of the caller.

        Returns:
            Seconds to wait; 0 when it may leave now, and then the place is taken.
        """
        now = self._now()
        free = self._free_at(connection, channel, peer)
        wait = max(free.get(peer, 0.0) - now, free.get(ALL, 0.0) - now - _BURST_S)
        if wait > 0:
            return wait
        for key, step in ((peer, per_peer_s), (ALL, per_channel_s)):
            if step > 0:
                self._keep(connection, channel, key, max(now, free.get(key, 0.0)) + step)
        return 0.0

    def hold(self, connection: sa.Connection, channel: str, peer: str, *, wait_s: float) -> None:
        """Send nothing to a person (to nobody, when `peer` is empty) for so many seconds."""
        extra = _BURST_S if peer == ALL else 0.0
        self._keep(connection, channel, peer, self._now() + wait_s + extra)

    def _free_at(self, connection: sa.Connection, channel: str, peer: str) -> dict[str, float]:
        rows = connection.execute(
            sa.select(PACE.c.peer, PACE.c.free_at)
            .where(PACE.c.channel == channel, PACE.c.peer.in_([peer, ALL]))
            .with_for_update()
        )
        return {row.peer: row.free_at for row in rows}

    def _keep(self, connection: sa.Connection, channel: str, peer: str, free_at: float) -> None:
        connection.execute(self._set, {"channel": channel, "peer": peer, "free_at": free_at})
