"""Trackers in a database: one small row for each conversation."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.database import Database
from bot.dialogue.tracker import Tracker, tracker_from_json
from bot.dialogue.tracker_store import Clock, TurnLocks

__all__ = ["SqlTrackerStore"]

# Expired conversations are looked for at most once in so many seconds.
_SWEEP_EVERY_S = 60.0
_METADATA = sa.MetaData()
_CONVERSATION = sa.Table(
    "conversation",
    _METADATA,
    sa.Column("sender", sa.Text, primary_key=True),
    sa.Column("touched", sa.Double, nullable=False, index=True),
    sa.Column("tracker", sa.Text, nullable=False),
)
_LOAD = sa.select(_CONVERSATION.c.touched, _CONVERSATION.c.tracker).where(
    _CONVERSATION.c.sender == sa.bindparam("sender")
)
_FORGET = sa.delete(_CONVERSATION).where(_CONVERSATION.c.sender == sa.bindparam("gone"))
_EXPIRE = sa.delete(_CONVERSATION).where(_CONVERSATION.c.touched < sa.bindparam("since"))


class SqlTrackerStore:
    """See `TrackerStore`; several machines may share a PostgreSQL database."""

    def __init__(self, database: Database, *, ttl_s: float, now: Clock) -> None:
        """Create the table if it is missing, and remove what has expired.

        Raises:
            StoreError: the database cannot be reached, or is something else.
        """
        self._database = database
        self._ttl_s = ttl_s
        self._now = now
        self._locks = TurnLocks()
        self._sweeping = threading.Lock()
        insert = sqlite.insert if database.is_sqlite else postgresql.insert
        statement = insert(_CONVERSATION)
        self._save = statement.on_conflict_do_update(
            index_elements=[_CONVERSATION.c.sender],
            set_={
                "touched": statement.excluded.touched,
                "tracker": statement.excluded.tracker,
            },
        )
        database.create(_METADATA)
        self._swept = now()
        self._sweep()

    @contextmanager
    def turn_of(self, sender: str) -> Iterator[None]:
        """See `TrackerStore.turn_of`."""
        with self._locks.of(sender), self._database.locked(sender):
            yield

    def load(self, sender: str) -> Tracker:
        """See `TrackerStore.load`."""
        with self._database.read() as connection:
            row = connection.execute(_LOAD, {"sender": sender}).first()
        if row is None or self._now() - float(row.touched) > self._ttl_s:
            return Tracker()
        try:
            return tracker_from_json(json.loads(row.tracker))
        except ValueError:
            # Written by another version: a conversation of yesterday is not worth a failure.
            return Tracker()

    def save(self, sender: str, tracker: Tracker) -> None:
        """See `TrackerStore.save`."""
        text = json.dumps(tracker.as_json(), ensure_ascii=False, separators=(",", ":"))
        values = {"sender": sender, "touched": self._now(), "tracker": text}
        with self._database.begin() as connection:
            connection.execute(self._save, values)
        if self._now() - self._swept >= _SWEEP_EVERY_S and self._sweeping.acquire(blocking=False):
            try:
                self._sweep()
            finally:
                self._sweeping.release()

    def forget(self, sender: str) -> bool:
        """See `TrackerStore.forget`."""
        with self._database.begin() as connection:
            gone = connection.execute(_FORGET, {"gone": sender}).rowcount
        if gone:
            self._database.empty_log()
        return gone > 0

    def close(self) -> None:
        """See `TrackerStore.close`."""
        self._database.close()

    def _sweep(self) -> None:
        self._swept = self._now()
        with self._database.begin() as connection:
            gone = connection.execute(_EXPIRE, {"since": self._swept - self._ttl_s}).rowcount
        if gone:
            self._database.empty_log()
