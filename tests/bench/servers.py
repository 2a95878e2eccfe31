"""Starts the servers that the bench compares: Balise, and a null endpoint under the same gunicorn."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

THREADS = 8
NULL_APP = """
from flask import Flask, request
app = Flask("null")
BODY = {"text": "x" * 480}
@app.post("/webhooks/rest/webhook")
def answer():
    request.get_json()
    return BODY
@app.get("/health/ready")
def ready():
    return {}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server; `ready_s`: seconds from its start to its first answer."""

    port: int
    ready_s: float
    process: subprocess.Popen[bytes]

    @staticmethod
    def environment(cache: Path) -> dict[str, str]:
        """The environment of a Balise under measure: its own state and cache."""
        return os.environ | {
            "BALISE_CACHE": str(cache),
            "BALISE_STATE": str(cache / "conversations.sqlite"),
        }

    def worker_memory_mb(self) -> float:
        """Resident memory of the largest process of the server, in MB (Linux)."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return max(_resident_kb(pid) for pid in pids) / 1024


@contextmanager
def balise_server(
    sources: Sequence[Path], cache: Path, settings: Path | None = None
) -> Iterator[Server]:
    """Serve Balise over a catalogue, with a settings file when there is one."""
    port = free_port()
    options = [part for path in sources for part in ("--catalogue", str(path))]
    command = [sys.executable, "-m", "bot.cli", *options, "serve", "--port", str(port)]
    environment = Server.environment(cache)
    if settings is not None:
        environment["BALISE_SETTINGS"] = str(settings)
    with _running(command, port, environment) as server:
        yield server


@contextmanager
def null_server() -> Iterator[Server]:
    """Serve an endpoint that reads JSON and returns 500 bytes of JSON."""
    port = free_port()
    command = [
        *(sys.executable, "-c"),
        NULL_APP
        + "from gunicorn.app.base import BaseApplication\n"
        + "class Null(BaseApplication):\n"
        + "    def load_config(self):\n"
        + f"        self.cfg.set('bind', '127.0.0.1:{port}')\n"
        + "        self.cfg.set('worker_class', 'gthread')\n"
        + f"        self.cfg.set('threads', {THREADS})\n"
        + "        self.cfg.set('loglevel', 'warning')\n"
        + "    def load(self):\n        return app\n"
        + "Null().run()\n",
    ]
    with _running(command, port, dict(os.environ)) as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(process, port)
        yield Server(port=port, ready_s=time.perf_counter() - start, process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, deadline_s: float = 60) -> None:
    pause = threading.Event()
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with status {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                connection.sendall(b"GET /health/ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if b" 200 " in connection.recv(64):
                    return
        except OSError:
            pass
        pause.wait(0.02)
    raise RuntimeError("the server was not ready in time")


def _children(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listing.read_text().split()]


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
