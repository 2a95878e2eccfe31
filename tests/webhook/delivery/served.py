"""`balise serve` with Telegram in its settings, as a process that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import requests
import yaml

from tests.conftest import ROOT
from tests.ports import free_port
from tests.webhook.channels.platforms.telegram import HEADER, SECRET, TOKEN

__all__ = ["Served", "update"]

_START_S = 60.0


def update(number: int, chat: int, text: str) -> dict[str, object]:
    """A message of a person, as Telegram sends it."""
    message = {"message_id": number, "chat": {"id": chat, "type": "private"}, "text": text}
    return {"update_id": number, "message": message | {"from": {"id": chat, "is_bot": False}}}


class Served:
    """One server on a machine of its own, so to say: its port and its process."""

    def __init__(
        self, folder: Path, *, state: str, cache: Path, api: str = "", lease_s: float = 2.0,
        options: tuple[str, ...] = (), command: str = "serve", port: int | None = None,
        channels: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self._command = [sys.executable, "-m", "bot.cli.main", command, *options]
        if command == "serve":
            self._command += ["--port", str(self.port)]
        settings = folder / "settings.yml"
        telegram = {"token": TOKEN, "secret": SECRET, "api": api}
        values = {
            "delivery": {"lease_s": lease_s},
            "channels": channels or {"telegram": telegram},
        }
        settings.write_text(yaml.safe_dump(values), encoding="utf-8")
        self._environment: Mapping[str, str] = {
            **os.environ,
            "BALISE_SETTINGS": str(settings),
            "BALISE_STATE": state,
            "BALISE_CACHE": str(cache),
            "BALISE_CATALOGUE": str(ROOT / "seeds"),
        }
        self._log = folder / "log.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=dict(self._environment), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        if "sender" in self._command:
            return
        deadline = time.monotonic() + _START_S
        while True:
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            try:
                if requests.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")[-3000:]

    def send(self, body: dict[str, object], *, timeout_s: float = 10.0) -> int | None:
        """Post an update; return the status, None when there was no answer."""
        try:
            return requests.post(
                f"http://127.0.0.1:{self.port}/webhooks/telegram/webhook",
                data=json.dumps(body), headers={HEADER: SECRET}, timeout=timeout_s,
            ).status_code  # fmt: skip
        except requests.RequestException:
            return None

    def kill(self) -> None:
        """Kill every process of it, at once."""
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop; return its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)
