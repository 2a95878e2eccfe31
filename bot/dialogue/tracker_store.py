"""Keeps the trackers of conversations: one small row each, in SQLite or in memory."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bot.dialogue.tracker import Tracker, tracker_from_json
from bot.errors import StoreError

__all__ = ["MemoryTrackerStore", "SqliteTrackerStore", "TrackerStore"]

Clock = Callable[[], float]


class TrackerStore(Protocol):
    """Where trackers are kept; `sender` is the conversation's identifier."""

    def load(self, sender: str) -> Tracker:
        """Return the tracker of a conversation, a new one when it is unknown or expired."""

    def save(self, sender: str, tracker: Tracker) -> None:
        """Keep the tracker of a conversation; it survives a crash once this returns."""

    def forget(self, sender: str) -> bool:
        """Erase a conversation; return whether there was one."""

    def close(self) -> None:
        """Release what the store holds."""


# Expired conversations are looked for at most once in so many seconds.
_SWEEP_EVERY_S = 60.0


class MemoryTrackerStore:
    """Trackers of one process, gone with it."""

    def __init__(self, *, ttl_s: float, now: Clock) -> None:
        """Forget conversations idle for `ttl_s` seconds of the clock `now`."""
        self._rows: dict[str, tuple[float, Tracker]] = {}
        self._ttl_s = ttl_s
        self._now = now
        self._swept = now()

    def load(self, sender: str) -> Tracker:
        """See `TrackerStore.load`."""
        touched, tracker = self._rows.get(sender, (0.0, Tracker()))
        return tracker if self._now() - touched <= self._ttl_s else Tracker()

    def save(self, sender: str, tracker: Tracker) -> None:
        """See `TrackerStore.save`."""
        now = self._now()
        self._rows[sender] = (now, tracker)
        if now - self._swept >= _SWEEP_EVERY_S:
            self._swept = now
            # A copy: other threads save meanwhile.
            for name, (touched, _) in self._rows.copy().items():
                if now - touched > self._ttl_s:
                    self._rows.pop(name, None)

    def forget(self, sender: str) -> bool:
        """See `TrackerStore.forget`."""
        return self._rows.pop(sender, None) is not None

    def close(self) -> None:
        """See `TrackerStore.close`."""


_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    sender TEXT PRIMARY KEY,
    touched REAL NOT NULL,
    tracker TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversation_touched ON conversation (touched);
"""
_UPSERT = (
    "INSERT INTO conversation (sender, touched, tracker) VALUES (?, ?, ?) "
    "ON CONFLICT (sender) DO UPDATE SET touched = excluded.touched, tracker = excluded.tracker"
)


def _opened(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, check_same_thread=False, isolation_level=None, timeout=10
        )
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path}: {error}") from error
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        # What is deleted is overwritten: an erased conversation cannot be read in the file.
        connection.execute("PRAGMA secure_delete=ON")
        connection.executescript(_SCHEMA)
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"{path}: {error}") from error
    return connection


class SqliteTrackerStore:
    """Trackers in a SQLite file, shared by the threads of a process.

    Write-ahead logging with `synchronous=NORMAL`: a killed process loses nothing that was
    saved; a power cut may lose the last turns, never the file.
    """

    def __init__(self, path: Path, *, ttl_s: float, now: Clock) -> None:
        """Open or create the file.

        Raises:
            StoreError: it cannot be created, or is not such a file.
        """
        self._path = path
        self._ttl_s = ttl_s
        self._now = now
        self._lock = threading.Lock()
        self._connection = _opened(path)
        self._swept = now()
        self._sweep()

    def load(self, sender: str) -> Tracker:
        """See `TrackerStore.load`."""
        row = self._run("SELECT touched, tracker FROM conversation WHERE sender = ?", sender)
        if row is None or self._now() - float(str(row[0])) > self._ttl_s:
            return Tracker()
        try:
            return tracker_from_json(json.loads(str(row[1])))
        except ValueError:
            # Written by another version: a conversation of yesterday is not worth a failure.
            return Tracker()

    def save(self, sender: str, tracker: Tracker) -> None:
        """See `TrackerStore.save`."""
        text = json.dumps(tracker.as_json(), ensure_ascii=False, separators=(",", ":"))
        self._run(_UPSERT, sender, self._now(), text)
        if self._now() - self._swept >= _SWEEP_EVERY_S:
            self._sweep()

    def forget(self, sender: str) -> bool:
        """See `TrackerStore.forget`."""
        row = self._run("DELETE FROM conversation WHERE sender = ? RETURNING sender", sender)
        if row is not None:
            self._empty_log()
        return row is not None

    def close(self) -> None:
        """See `TrackerStore.close`."""
        with self._lock:
            self._connection.close()

    def _sweep(self) -> None:
        self._swept = self._now()
        expired = self._swept - self._ttl_s
        if self._run("DELETE FROM conversation WHERE touched < ? RETURNING sender", expired):
            self._empty_log()

    def _empty_log(self) -> None:
        """Empty the write-ahead log, which still holds the deleted rows.

        A reader of another process may hold it for a while; the next time empties it then.
        """
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    def _run(self, statement: str, *values: object) -> tuple[object, ...] | None:
        with self._lock:
            try:
                # fetchall: a RETURNING statement takes effect only when it is stepped to its end.
                rows: list[tuple[object, ...]] = self._connection.execute(
                    statement, values
                ).fetchall()
            except sqlite3.Error as error:
                raise StoreError(f"{self._path}: {error}") from error
        return rows[0] if rows else None
