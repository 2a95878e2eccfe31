"""Sends the outbox: in order for each person, at the platform's pace, again when it must be.

Delivery is at least once. A message is sent twice only when we die between the platform's answer
and our note of it; where the platform knows a message again, its second sending has no effect.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec
import sqlalchemy as sa

from bot.errors import DeliveryFailed
from webhook.channels.channel import (
    Access,
    Call,
    Channel,
    Fate,
    NeedsAccess,
    Request,
    Response,
    Verdict,
)
from webhook.delivery.pace import ALL, Pace
from webhook.delivery.queue import Backoff, Lost
from webhook.delivery.store import Store

__all__ = ["Accesses", "Sending", "Transport"]

_log = logging.getLogger(__name__)
# How long a channel whose credentials are refused is left alone.
_PAUSE_S = 300.0
# A token is asked for again a little before it expires.
_MARGIN_S = 60.0


class Transport(Protocol):
    """What carries a request; the only place that touches the network."""

    def send(self, request: Request) -> Response:
        """Send a request and return the answer.

        Raises:
            DeliveryFailed: there was none (no route, reset, timeout).
        """


class Accesses:
    """The tokens that platforms lend us, asked for when they are needed."""

    def __init__(self, transport: Transport, *, now: Callable[[], float]) -> None:
        """Ask for them through `transport`."""
        self._transport = transport
        self._now = now
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, float]] = {}

    def of(self, channel: Channel) -> str | None:
        """Return the token of a channel, None when it needs none.

        Raises:
            DeliveryFailed: none was given.
        """
        if not isinstance(channel, NeedsAccess):
            return None
        with self._lock:
            token, until = self._held.get(channel.name, ("", 0.0))
            if self._now() < until:
                return token
            answer = self._transport.send(channel.access_request(now=self._now()))
            access: Access = channel.access_of(answer)
            until = self._now() + max(0.0, access.expires_s - _MARGIN_S)
            self._held[channel.name] = (access.token, until)
            return access.token

    def drop(self, channel: Channel) -> None:
        """Forget a token that was refused."""
        with self._lock:
            self._held.pop(channel.name, None)


class Sending:
    """Takes calls out of the outbox and sends them, several people at a time."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        store: Store,
        transport: Transport,
        *,
        now: Callable[[], float],
        rng: random.Random,
        backoff: Backoff | None = None,
        threads: int = 8,
    ) -> None:
        """Send for `channels`, by name, `threads` requests at once."""
        self._channels = channels
        self._store = store
        self._transport = transport
        self._now = now
        self._rng = rng
        self._backoff = backoff or Backoff()
        self._pace = Pace(store.database, now=now)
        self._accesses = Accesses(transport, now=now)
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="send")

    def step(self) -> int:
        """Send what is due, a few calls at most; return how many were taken.

        Raises:
            StoreError: the database cannot be reached: nothing is lost, it is for another time.
        """
        rows = self._store.outbox.claim(2 * self._threads)
        left = self._in_pace(rows)
        # Every future is awaited, so that an error of the database is not swallowed.
        for future in [self._pool.submit(self._handle, row) for row in left]:
            future.result()
        return len(rows)

    def close(self) -> None:
        """Wait for the requests under way."""
        self._pool.shutdown(wait=True)

    def _in_pace(
        self, rows: Sequence[sa.Row[tuple[object, ...]]]
    ) -> list[sa.Row[tuple[object, ...]]]:
        """Give back the rows that must wait, and return those that may leave now."""
        left = []
        with self._store.database.begin() as connection:
            for row in rows:
                wait = self._wait(connection, row)
                if wait > 0:
                    due = self._now() + wait
                    self._store.outbox.postpone(connection, row.id, due=due, counts=False)
                else:
                    left.append(row)
        return left

    def _wait(self, connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> float:
        channel = self._channels.get(row.channel)
        if channel is None or _call(row).is_sign:  # a sign takes nobody's place
            return 0.0
        can = channel.capabilities
        return self._pace.take(
            connection, row.channel, row.peer,
            per_peer_s=can.per_peer_s, per_channel_s=can.per_channel_s,
        )  # fmt: skip

    def _handle(self, row: sa.Row[tuple[object, ...]]) -> None:
        channel = self._channels.get(row.channel)
        try:
            if channel is None:
                self._bury(row, "channel")
            elif row.window_ends is not None and self._now() > row.window_ends:
                self._bury(row, Fate.WINDOW_CLOSED)
            else:
                call = _call(row)
                self._conclude(row, channel, call, self._verdict(row, channel, call))
        except Lost:
            _log.warning("outbox.lost channel=%s", row.channel)

    def _verdict(self, row: sa.Row[tuple[object, ...]], channel: Channel, call: Call) -> Verdict:
        try:
            access = self._accesses.of(channel)
            request = channel.prepare(call, key=row.key, access=access)
            verdict = channel.classify_error(self._transport.send(request))
        except DeliveryFailed as error:
            return Verdict(fate=Fate.RETRY, detail=str(error))
        if verdict.fate is Fate.AUTH_BROKEN:
            self._accesses.drop(channel)
        return verdict

    def _conclude(
        self, row: sa.Row[tuple[object, ...]], channel: Channel, call: Call, verdict: Verdict
    ) -> None:
        if verdict.fate is Fate.SENT or call.is_sign:
            with self._store.database.begin() as connection:
                self._store.outbox.finish(connection, row.id)
            return
        _log.warning(
            "outbox.refused channel=%s fate=%s detail=%s",
            channel.name,
            verdict.fate,
            verdict.detail,
        )
        match verdict.fate:
            case Fate.PLAIN if call.plain is not None:
                self._resend_plain(row, call)
            case Fate.AUTH_BROKEN:
                self._pause(row, verdict)
            case Fate.RETRY if row.tries + 1 < self._backoff.most_tries:
                self._retry(row, verdict)
            case Fate.PEER_GONE:
                self._bury_peer(row, verdict)
            case _:
                self._bury(row, f"{verdict.fate} {verdict.detail}")

    def _resend_plain(self, row: sa.Row[tuple[object, ...]], call: Call) -> None:
        bare = msgspec.structs.replace(call, body=call.plain or call.body, plain=None)
        text = msgspec.json.encode(bare).decode()
        with self._store.database.begin() as connection:
            self._store.outbox.postpone(connection, row.id, due=self._now(), call=text)

    def _retry(self, row: sa.Row[tuple[object, ...]], verdict: Verdict) -> None:
        wait = self._backoff.wait_s(row.tries + 1, self._rng)
        if verdict.retry_after_s is not None:
            wait = max(wait, verdict.retry_after_s)
        with self._store.database.begin() as connection:
            self._store.outbox.postpone(
                connection, row.id, due=self._now() + wait, error=verdict.detail
            )
            if verdict.retry_after_s is not None:
                peer = ALL if verdict.is_for_all else row.peer
                self._pace.hold(connection, row.channel, peer, wait_s=verdict.retry_after_s)

    def _pause(self, row: sa.Row[tuple[object, ...]], verdict: Verdict) -> None:
        """Leave a channel alone whose credentials are refused: messages wait until it is mended."""
        _log.error("channel.credentials_refused channel=%s detail=%s", row.channel, verdict.detail)
        with self._store.database.begin() as connection:
            self._store.outbox.postpone(
                connection, row.id, due=self._now() + _PAUSE_S,
                error=f"{verdict.fate} {verdict.detail}", counts=False,
            )  # fmt: skip
            self._pace.hold(connection, row.channel, ALL, wait_s=_PAUSE_S)

    def _bury(self, row: sa.Row[tuple[object, ...]], error: str) -> None:
        with self._store.database.begin() as connection:
            self._store.outbox.bury(connection, row.id, error=error)

    def _bury_peer(self, row: sa.Row[tuple[object, ...]], verdict: Verdict) -> None:
        """Give up all that waits for somebody who cannot be reached any more."""
        error = f"{verdict.fate} {verdict.detail}"
        with self._store.database.begin() as connection:
            self._store.outbox.bury(connection, row.id, error=error)
            self._store.bury_waiting(connection, row.channel, row.peer, error=str(verdict.fate))


def _call(row: sa.Row[tuple[object, ...]]) -> Call:
    return msgspec.json.decode(row.call, type=Call)
