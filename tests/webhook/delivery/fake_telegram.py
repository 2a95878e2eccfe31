"""A Telegram on this machine: as strict as its documentation, and failing when it is told to."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from tests.webhook.channels.platforms.telegram import PLATFORM
from webhook.channels.channel import Request

__all__ = ["FakeTelegram", "Fault", "fake_telegram"]

Fault = Literal["none", "429", "500", "reset", "slow", "markup", "blocked"]


@dataclass
class FakeTelegram:
    """What was sent to each chat, in order, and what is wrong with it today."""

    fault: Callable[[int], Fault] = lambda _: "none"
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bodies: list[dict[str, object]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    calls: int = 0
    url: str = ""
    accepts_anything: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, is_so: Callable[[FakeTelegram], bool], timeout_s: float = 30.0) -> None:
        """Wait until something is so; fail when it is not in time."""
        with self.changed:
            assert self.changed.wait_for(lambda: is_so(self), timeout_s), self.state()

    def state(self) -> str:
        return f"{sum(map(len, self.said.values()))} said, refused {self.refused[-3:]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeTelegram

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fake = self.fake
        url = f"https://api.telegram.org{self.path}"
        with fake.changed:
            fake.calls += 1
            fault: Fault = fake.fault(fake.calls)
        if fault == "reset":
            self.close_connection = True
            self.connection.close()
            return
        values = json.loads(body)
        if fault == "slow":
            threading.Event().wait(0.3)
        if fault == "429":
            self._answer(429, {"ok": False, "parameters": {"retry_after": 0.2}})
            return
        if fault == "500":
            self._answer(502, {"ok": False})
            return
        if fault == "blocked":
            self._answer(
                403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}
            )
            return
        if fault == "markup" and values.get("parse_mode"):
            self._answer(400, {"ok": False, "description": "Bad Request: can't parse entities"})
            return
        if fake.accepts_anything:
            self._answer(200, {"ok": True, "result": {"username": "balise_bot"}})
            return
        try:
            shown = PLATFORM.accept(Request(method="POST", url=url, body=body))
        except AssertionError as error:
            with fake.changed:
                fake.refused.append(repr(error))
                fake.changed.notify_all()
            self._answer(400, {"ok": False, "description": repr(error)})
            return
        with fake.changed:
            if shown is not None:
                fake.said[str(values["chat_id"])].append(shown.text)
                fake.bodies.append(values)
            fake.changed.notify_all()
        self._answer(200, {"ok": True, "result": {"username": "balise_bot"}})

    def _answer(self, status: int, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that was killed


@contextmanager
def fake_telegram(port: int = 0) -> Iterator[FakeTelegram]:
    """Start it on a free port."""
    fake = FakeTelegram()
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = _Server(("127.0.0.1", port), handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
