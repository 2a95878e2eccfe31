"""Delivery under load: acknowledgements at 100 messages a second, then ten kills on the way.

A server is started for real, on SQLite then on PostgreSQL, with one messaging channel whose platform is
played on this machine; its sends take no time of their own.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from tests.postgresql import running_postgresql
from tests.webhook.channels.platforms.mattermost import HOOK, PLATFORM
from tests.webhook.delivery.served import Served

__all__ = ["delivery_rows"]

Row = tuple[str, str, str]
RATE, SECONDS = 100, 20
MESSAGES, CONVERSATIONS, KILLS = 10_000, 500, 10
METIERS = ("MET.17", "MET.152", "MET.656", "MET.7984", "MET.38", "MET.561", "MET.668")


class Platform:
    """A Mattermost that takes everything, and remembers which fiche each room was told of."""

    def __init__(self) -> None:
        self.told: dict[str, list[str]] = defaultdict(list)
        self.count = 0
        self.changed = threading.Condition()
        self.url = ""

    def heard(self, body: bytes) -> None:
        values = json.loads(body)
        found = re.search(r"MET\.\d+", values["message"])
        with self.changed:
            self.told[values["channel_id"]].append(found[0] if found else "?")
            self.count += 1
            self.changed.notify_all()

    def wait_for(self, is_so: Callable[[], bool], timeout_s: float) -> bool:
        with self.changed:
            return self.changed.wait_for(is_so, timeout_s)


@contextmanager
def _platform() -> Iterator[Platform]:
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            platform.heard(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(201)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *_: object) -> None:
            pass  # a server that was killed

    server = Server(("127.0.0.1", 0), Handler)
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()


def delivery_rows(cache: Path) -> Iterator[Row]:
    """Measure, on SQLite then on PostgreSQL."""
    with running_postgresql() as postgresql:
        for name, state in (
            ("SQLite", str(cache / "delivery.sqlite")),
            ("PostgreSQL", postgresql.new_database()),
        ):
            with _platform() as platform:
                yield _acknowledgements(
                    name, _served(cache / f"{name}-ack", state, platform, cache)
                )
        for name, state in (
            ("SQLite", str(cache / "kills.sqlite")),
            ("PostgreSQL", postgresql.new_database()),
        ):
            with _platform() as platform:
                server = _served(cache / f"{name}-kills", state, platform, cache)
                yield _kills(name, server, platform)


def _served(folder: Path, state: str, platform: Platform, cache: Path) -> Served:
    channel = {**PLATFORM.settings, "server": platform.url}
    return Served(folder, state=state, cache=cache, channels={"mattermost": channel})


def _body(conversation: int, turn: int) -> bytes:
    metier = METIERS[(conversation + turn) % len(METIERS)]
    values = {
        "token": HOOK, "channel_id": f"c{conversation}", "user_id": f"u{conversation}",
        "post_id": f"p{conversation}-{turn}", "text": f'/fiche{{"metier": "{metier}"}}',
    }  # fmt: skip
    return json.dumps(values).encode()


class _Client:
    """Posts as a platform does, over connections that stay open."""

    def __init__(self, server: Served) -> None:
        self._server = server
        self._local = threading.local()

    def post(self, body: bytes) -> int | None:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        url = f"http://127.0.0.1:{self._server.port}/webhooks/mattermost/webhook"
        try:
            headers = {"Content-Type": "application/json"}
            return session.post(url, data=body, headers=headers, timeout=10).status_code
        except requests.RequestException:
            return None


def _acknowledgements(name: str, server: Served) -> Row:
    server.start()
    client = _Client(server)
    took: list[float] = []

    def post(number: int) -> None:
        start = time.perf_counter()
        assert client.post(_body(number % CONVERSATIONS, number // CONVERSATIONS)) == 200
        took.append((time.perf_counter() - start) * 1000)

    try:
        with ThreadPoolExecutor(64) as pool:
            begin = time.perf_counter()
            for number in range(RATE * SECONDS):
                # At a steady rate, whether or not the former ones are acknowledged.
                time.sleep(max(0.0, begin + number / RATE - time.perf_counter()))
                pool.submit(post, number)
        rate = len(took) / (time.perf_counter() - begin)
    finally:
        server.kill()
    assert len(took) == RATE * SECONDS
    p99 = statistics.quantiles(took, n=100)[98]
    return (
        f"acknowledgement at 100 messages a second, {name}, median / p99",
        f"{statistics.median(took):.1f} / {p99:.1f} ms ({rate:.0f}/s held)",
        "p99 50 ms",
    )


def _kills(name: str, server: Served, platform: Platform) -> Row:
    rng = random.Random(5)
    each = MESSAGES // CONVERSATIONS
    client = _Client(server)
    server.start()
    begin = time.perf_counter()

    def talk(conversation: int) -> None:
        for turn in range(each):
            while client.post(_body(conversation, turn)) != 200:
                time.sleep(0.05)

    try:
        with ThreadPoolExecutor(32) as pool:
            for conversation in range(CONVERSATIONS):
                pool.submit(talk, conversation)
            for kill in range(1, KILLS + 1):
                count = kill * MESSAGES // (KILLS + 1)
                assert platform.wait_for(partial(_has_heard, platform, count), 300)
                time.sleep(rng.uniform(0, 0.2))
                server.kill()
                server.start()
        platform.wait_for(lambda: _answered(platform, each) == MESSAGES, 300)
        elapsed = time.perf_counter() - begin
    finally:
        server.kill()
    lost = MESSAGES - _answered(platform, each)
    moved = sum(_is_moved(platform.told[f"c{c}"], _expected(c, each)) for c in range(CONVERSATIONS))
    twice = platform.count - _answered(platform, each)
    return (
        f"{MESSAGES:,} messages, {CONVERSATIONS} conversations, {KILLS} kills, {name}".replace(
            ",", " ", 1
        ),
        f"{lost} lost, {moved} out of order, {twice} sent twice, {elapsed:.0f} s",
        "0 lost, 0 out of order",
    )


def _has_heard(platform: Platform, count: int) -> bool:
    return platform.count >= count


def _expected(conversation: int, each: int) -> list[str]:
    return [METIERS[(conversation + turn) % len(METIERS)] for turn in range(each)]


def _without_repeats(told: Sequence[str]) -> list[str]:
    return [one for place, one in enumerate(told) if place == 0 or told[place - 1] != one]


def _answered(platform: Platform, each: int) -> int:
    return sum(
        min(each, len(_without_repeats(platform.told[f"c{c}"]))) for c in range(CONVERSATIONS)
    )


def _is_moved(told: Sequence[str], expected: Sequence[str]) -> bool:
    kept = _without_repeats(told)
    return kept != list(expected[: len(kept)])
