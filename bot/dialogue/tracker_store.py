"""Keeps the trackers of conversations; here in memory, beside this module in a database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from bot.dialogue.tracker import Tracker

__all__ = ["Clock", "MemoryTrackerStore", "TrackerStore", "TurnLocks"]

Clock = Callable[[], float]


class TrackerStore(Protocol):
    """Where trackers are kept; `sender` is the conversation's identifier."""

    def turn_of(self, sender: str) -> AbstractContextManager[None]:
        """Hold a conversation: its turns come one after the other, whoever answers them."""

    def load(self, sender: str) -> Tracker:
        """Return the tracker of a conversation, a new one when it is unknown or expired."""

    def save(self, sender: str, tracker: Tracker) -> None:
        """Keep the tracker of a conversation; it survives a crash once this returns."""

    def forget(self, sender: str) -> bool:
        """Erase a conversation; return whether there was one."""

    def close(self) -> None:
        """Release what the store holds."""


# One lock per group of conversations: the turns of one are in order, most others go on.
_LOCKS = 64
# Expired conversations are looked for at most once in so many seconds.
_SWEEP_EVERY_S = 60.0


class TurnLocks:
    """Keeps in order the turns of each conversation that this process answers."""

    def __init__(self) -> None:
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def of(self, sender: str) -> AbstractContextManager[object]:
        """Return the lock of a conversation, which a few others share."""
        return self._locks[hash(sender) % _LOCKS]


class MemoryTrackerStore:
    """Trackers of one process, gone with it."""

    def __init__(self, *, ttl_s: float, now: Clock) -> None:
        """Forget conversations idle for `ttl_s` seconds of the clock `now`."""
        self._rows: dict[str, tuple[float, Tracker]] = {}
        self._ttl_s = ttl_s
        self._now = now
        self._swept = now()
        self._locks = TurnLocks()

    @contextmanager
    def turn_of(self, sender: str) -> Iterator[None]:
        """See `TrackerStore.turn_of`."""
        with self._locks.of(sender):
            yield

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
