"""Runs delivery beside the web server, or by itself: a thread answers, another sends."""

from __future__ import annotations

import logging
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping

from bot.assistant import Assistant
from bot.database import open_database
from bot.errors import ConfigurationError, StoreError
from bot.settings import Settings
from webhook.channels.channel import Channel, Received
from webhook.delivery.answering import Answering
from webhook.delivery.http import HttpTransport
from webhook.delivery.queue import Queue
from webhook.delivery.sending import Sending
from webhook.delivery.store import Store

__all__ = ["Delivery", "open_store"]

_log = logging.getLogger(__name__)
# How often another process's work is looked for; our own wakes us at once.
_LOOK_EVERY_S = 0.25
_LEAST_S = 0.02
_AFTER_FAILURE_S = 1.0
_SWEEP_EVERY_S = 3600.0


def open_store(settings: Settings) -> Store:
    """Open the inbox and the outbox, beside the conversations.

    Raises:
        ConfigurationError: conversations are kept in memory, where messages would be lost.
        StoreError: the database cannot be opened.
    """
    if settings.state is None:
        raise ConfigurationError("channels_in_memory")
    name = f"{socket.gethostname()}:{secrets.token_hex(4)}"

    def owner() -> str:
        return f"{name}:{os.getpid()}"  # asked each time: the server forks

    return Store(
        open_database(settings.state), now=time.time, owner=owner, lease_s=settings.delivery.lease_s
    )


class Delivery:
    """The threads that answer and send, until they are stopped."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        store: Store,
        *,
        assistant: Assistant | None,
        sends: bool = True,
    ) -> None:
        """Answer with `assistant`, if there is one; send, unless another process does."""
        self.channels = channels
        self.store = store
        self._stop = threading.Event()
        self._inbox_woken = threading.Event()
        self._outbox_woken = threading.Event()
        self._threads: list[threading.Thread] = []
        rng = random.SystemRandom()
        self._answering = (
            None
            if assistant is None
            else Answering(assistant, channels, store, now=time.time, rng=rng)
        )
        self._sending = (
            Sending(channels, store, HttpTransport(), now=time.time, rng=rng) if sends else None
        )
        self._swept = time.monotonic()

    def receive(self, channel: Channel, messages: tuple[Received, ...]) -> None:
        """Keep messages, durably, and have them answered.

        Raises:
            StoreError: they could not be kept; the platform must send them again.
        """
        if self.store.receive(channel.name, messages):
            self._inbox_woken.set()

    def start(self) -> None:
        """Start the threads."""
        if self._answering is not None:
            self._run("answer", self._answer, self.store.inbox, self._inbox_woken)
        if self._sending is not None:
            self._run("send", self._sending.step, self.store.outbox, self._outbox_woken)

    def ask_to_stop(self) -> None:
        """Have it stop soon; a signal handler may call this."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until it is asked to stop."""
        self._stop.wait()

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """Finish what is under way, and stop."""
        self._stop.set()
        self._inbox_woken.set()
        self._outbox_woken.set()
        for thread in self._threads:
            thread.join(timeout_s)
        if self._sending is not None:
            self._sending.close()
        self.store.close()

    def _answer(self) -> int:
        if self._answering is None:
            return 0
        count = self._answering.step()
        if count:
            self._outbox_woken.set()
        elif time.monotonic() - self._swept > _SWEEP_EVERY_S:
            self._swept = time.monotonic()
            self.store.sweep()
        return count

    def _run(
        self, name: str, step: Callable[[], int], queue: Queue, woken: threading.Event
    ) -> None:
        thread = threading.Thread(
            target=self._loop, args=(step, queue, woken), name=name, daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _loop(self, step: Callable[[], int], queue: Queue, woken: threading.Event) -> None:
        while not self._stop.is_set():
            woken.clear()
            try:
                if step() == 0:
                    woken.wait(_until(queue.next_due()))
            except StoreError as error:
                # A database that restarts: what waits is there when it is back.
                _log.error("delivery.store error=%s", error)
                self._stop.wait(_AFTER_FAILURE_S)
            except Exception:  # whatever it is, the next message must be handled
                _log.exception("delivery.failed")
                self._stop.wait(_AFTER_FAILURE_S)


def _until(due: float | None) -> float:
    """Seconds to wait for the next row, which another process may take before."""
    if due is None:
        return _LOOK_EVERY_S
    return min(_LOOK_EVERY_S, max(_LEAST_S, due - time.time()))
