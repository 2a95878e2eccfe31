"""Runs the application under gunicorn: one process, several threads, a clean stop."""

from __future__ import annotations

import sys

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.assistant import Assistant
from bot.settings import Settings
from webhook.app import create_app

__all__ = ["serve"]

# Seconds given to the requests under way when the server is asked to stop.
_GRACE_S = 20


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn as a library: its settings come from ours, not from its command line."""

    def __init__(self, app: Flask, settings: Settings, hello: str) -> None:
        self._app = app
        self._settings = settings
        self._hello = hello
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its settings."""
        values = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": self._settings.threads,
            "graceful_timeout": _GRACE_S,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "balise",
            "when_ready": lambda _: sys.stdout.write(f"{self._hello}\n") and sys.stdout.flush(),
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._app


def serve(assistant: Assistant, settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; what has begun is finished."""
    hello = assistant.wording.say("serving", url=f"http://{settings.host}:{settings.port}")
    _Server(create_app(assistant, settings), settings, hello).run()
