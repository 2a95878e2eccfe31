"""Limits what one conversation and one client address may send, with token buckets.

In the memory of the process: a limit is a protection, not a count to keep.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from bot.settings_file import Limit, Limits
from webhook.problems import TooMany

__all__ = ["Buckets", "RateLimits"]

# The buckets kept; the longest unused are full again, or nearly, and make room.
_MOST_BUCKETS = 100_000


class Buckets:
    """One bucket by name, each filled at its own pace up to its size."""

    def __init__(self, limit: Limit, now: Callable[[], float] = time.monotonic) -> None:
        """Fill each new bucket to `limit.burst`; `now` gives seconds."""
        self._size = float(limit.burst)
        self._per_second = limit.per_minute / 60
        self._now = now
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> float:
        """Take one from a bucket; return the seconds to wait when it is empty, else 0."""
        now = self._now()
        with self._lock:
            level, since = self._levels.pop(name, (self._size, now))
            level = min(self._size, level + (now - since) * self._per_second)
            wait = 0.0 if level >= 1 else (1 - level) / self._per_second
            self._levels[name] = (level if wait else level - 1, now)
            if len(self._levels) > _MOST_BUCKETS:
                self._levels.popitem(last=False)
        return wait


class RateLimits:
    """The limits of a server; a client of this machine (a proxy, a test) has none of address."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        """Prepare empty buckets."""
        self._conversations = Buckets(limits.conversation, now)
        self._addresses = Buckets(limits.address, now)

    def check(self, *, sender: str, address: str | None) -> None:
        """Count a message.

        Raises:
            TooMany: the conversation or the address sent too many; it says how long to wait.
        """
        wait = self._conversations.take(sender)
        if address is not None and not _is_loopback(address):
            wait = max(wait, self._addresses.take(address))
        if wait:
            raise TooMany(math.ceil(wait))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
