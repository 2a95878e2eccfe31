"""The inbox and the outbox of the messaging channels, in the database of the conversations."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.database import Database
from webhook.channels.channel import Call, Received
from webhook.delivery.choices import Choices
from webhook.delivery.queue import Queue
from webhook.delivery.tables import CHOICE, INBOUND, METADATA, OUTBOUND, PACE

__all__ = ["Store", "received_of"]

# A platform sends again for a day or so; what could not be sent is looked at within the week.
_KNOWN_S = 3 * 24 * 3600.0
_DEAD_S = 7 * 24 * 3600.0
_OFFERED_S = 24 * 3600.0


class Store:
    """What delivery keeps; every method may raise `StoreError`."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], float],
        owner: Callable[[], str],
        lease_s: float,
    ) -> None:
        """Create the tables that are missing; `owner` names the current process among all."""
        self.database = database
        # What was acknowledged must survive a power cut; the rest is done again from there.
        self._durable = database.durable()
        self._now = now
        self.database.create(METADATA)
        self.inbox = Queue(self.database, INBOUND, now=now, lease_s=lease_s, owner=owner)
        self.outbox = Queue(self.database, OUTBOUND, now=now, lease_s=lease_s, owner=owner)
        self.choices = Choices(self.database, now=now)

    def receive(self, channel: str, messages: Sequence[Received]) -> int:
        """Keep the messages of a request, all or none; return how many were not known yet."""
        if not messages:
            return 0
        now = self._now()
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        statement = (
            insert(INBOUND)
            .on_conflict_do_nothing(index_elements=[INBOUND.c.channel, INBOUND.c.event])
            .returning(INBOUND.c.id)
        )
        new = 0
        with self._durable.begin() as connection:
            for message in messages:
                row = {
                    "channel": channel,
                    "peer": message.peer,
                    "event": message.event_id,
                    "made": now,
                    "due": now,
                    "body": _body(message),
                }
                new += len(connection.execute(statement, row).all())
        return new

    def post(
        self,
        connection: sa.Connection,
        channel: str,
        peer: str,
        calls: Iterable[Call],
        *,
        window_ends: float | None,
    ) -> None:
        """Put calls in the outbox, in order, in a transaction of the caller."""
        now = self._now()
        rows = [
            {
                "channel": channel,
                "peer": peer,
                "made": now,
                "due": now,
                "key": uuid.uuid4().hex,
                "call": msgspec.json.encode(call).decode(),
                "window_ends": window_ends,
            }
            for call in calls
        ]
        for row in rows:  # one by one: their numbers must rise in this order
            connection.execute(sa.insert(OUTBOUND), row)

    def bury_waiting(
        self, connection: sa.Connection, channel: str, peer: str, *, error: str
    ) -> None:
        """Give up what waits for a person, in a transaction of the caller."""
        connection.execute(
            sa.update(OUTBOUND)
            .where(OUTBOUND.c.channel == channel, OUTBOUND.c.peer == peer)
            .where(OUTBOUND.c.state == "pending")
            .values(state="dead", error=error)
        )

    def forget(self, connection: sa.Connection, channel: str, peer: str) -> None:
        """Erase what is kept of a conversation that was erased, but what still must be sent."""
        connection.execute(
            sa.delete(CHOICE).where(CHOICE.c.channel == channel, CHOICE.c.peer == peer)
        )
        connection.execute(
            sa.delete(OUTBOUND).where(
                OUTBOUND.c.channel == channel, OUTBOUND.c.peer == peer, OUTBOUND.c.state == "dead"
            )
        )

    def sweep(self) -> None:
        """Remove what is too old to be of use."""
        now = self._now()
        with self.database.begin() as connection:
            gone = 0
            for table, state, kept_s in (
                (INBOUND, "done", _KNOWN_S),
                (INBOUND, "dead", _DEAD_S),
                (OUTBOUND, "dead", _DEAD_S),
            ):
                old = (table.c.state == state) & (table.c.made < now - kept_s)
                gone += connection.execute(sa.delete(table).where(old)).rowcount
            expired = sa.delete(CHOICE).where(CHOICE.c.made < now - _OFFERED_S)
            gone += connection.execute(expired).rowcount
            connection.execute(sa.delete(PACE).where(PACE.c.free_at < now - _DEAD_S))
        if gone:
            self.database.empty_log()

    def close(self) -> None:
        """Close the connections."""
        self._durable.close()
        self.database.close()


def _body(message: Received) -> str:
    values = {"text": message.text, "token": message.token, "reply": dict(message.reply)}
    return json.dumps({name: value for name, value in values.items() if value is not None})


def received_of(row: sa.Row[tuple[object, ...]]) -> Received:
    """Read a row of the inbox that waits."""
    values = json.loads(str(row.body))
    return Received(event_id=row.event, peer=row.peer, **values)
