"""Runs the application under gunicorn: one process, several threads, a clean stop.

SIGHUP, or a built index put in the place of the former one, renews the catalogue.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from bot.assistant import Assistant
from webhook.app import create_app
from webhook.reloading import Stamp, renew, stamp_of, watch

if TYPE_CHECKING:
    from webhook.delivery.service import Delivery

__all__ = ["serve"]

# Seconds given to the requests under way when the server is asked to stop.
_GRACE_S = 20


class _Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that closes its Socket.IO connections when it is asked to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Close them in a thread: this is a signal handler, which may hold a lock of theirs."""
        widgets = self.wsgi.extensions.get("socketio")
        if widgets is not None:
            threading.Thread(target=widgets.close, daemon=True).start()
        super().handle_exit(sig, frame)


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn as a library: its settings come from ours, not from its command line."""

    def __init__(
        self,
        app: Flask,
        assistant: Assistant,
        hello: str,
        since: Stamp,
        delivery: Delivery | None,
    ) -> None:
        self._app = app
        self._delivery = delivery
        self._assistant = assistant
        self._settings = assistant.settings
        self._hello = hello
        self._since = since
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its settings."""
        values = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": _Worker,
            "workers": 1,
            # A connection of Socket.IO keeps its thread: those that answer requests come beside.
            "threads": self._settings.threads + self._settings.socketio.connections,
            "graceful_timeout": _GRACE_S,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "balise",
            "on_reload": self._renew,
            "post_worker_init": self._begin,
            "worker_exit": self._end,
            "when_ready": lambda _: sys.stdout.write(f"{self._hello}\n") and sys.stdout.flush(),
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def _begin(self, _worker: object) -> None:
        """Start our threads in the process that answers: threads do not follow a fork."""
        watch(self._assistant, self._since, threading.Event())
        if self._delivery is not None:
            self._delivery.start()

    def _end(self, _server: object, _worker: object) -> None:
        if self._delivery is not None:
            self._delivery.stop()

    def _renew(self, _server: object) -> None:
        """On SIGHUP, read everything again; the worker that then starts has it from the first."""
        since = stamp_of(self._settings.catalogue)
        if renew(self._assistant):
            self._since = since

    def load(self) -> Flask:
        """Return the application."""
        return self._app


def serve(assistant: Assistant, since: Stamp, delivery: Delivery | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; what has begun is finished.

    Args:
        assistant: who answers, with the settings of the server.
        since: the stamp of its sources, taken before they were read.
        delivery: of the messaging channels, when there are any.
    """
    settings = assistant.settings
    hello = assistant.wording.say("serving", url=f"http://{settings.host}:{settings.port}")
    app = create_app(assistant, settings, delivery)
    _Server(app, assistant, hello, since, delivery).run()
