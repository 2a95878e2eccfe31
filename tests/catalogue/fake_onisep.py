"""A real HTTP server on this machine that plays Onisep's, on its good days and on the others.

Each address has a list of behaviours, one per request; the last one goes on. A behaviour is
a function of the handler of the request.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[["Handler"], None]


class FakeOnisep(ThreadingHTTPServer):
    """The server.

    `requests` are the path and the headers of what was asked, in order; `heard_out` the paths
    of the floods that somebody listened to up to their end.
    """

    daemon_threads = False
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviours: dict[str, list[Behaviour]] = {}
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        self.heard_out: list[str] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def plays(self, path: str, *behaviours: Behaviour) -> str:
        """Set what an address does, and return it whole."""
        self.behaviours[path] = list(behaviours)
        return self.url + path

    def behaviour(self, path: str) -> Behaviour:
        listed = self.behaviours[path]
        return listed.pop(0) if len(listed) > 1 else listed[0]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is what several behaviours are about."""


class Handler(BaseHTTPRequestHandler):
    """One connection, one request."""

    protocol_version = "HTTP/1.1"
    server: FakeOnisep

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.requests.append((self.path, dict(self.headers.items())))
        with contextlib.suppress(ConnectionError):
            self.server.behaviour(self.path)(self)

    def log_message(self, *_: object) -> None:
        """Keep the terminal of the tests clean."""

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()

    def cut(self) -> None:
        """Close the connection now, whatever was promised."""
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def fake_onisep() -> Iterator[FakeOnisep]:
    server = FakeOnisep()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


# Behaviours


def serves(
    body: bytes,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    content_type: str = "application/octet-stream",
) -> Behaviour:
    """200 with the body, or 304 to whoever has this edition already."""

    def play(handler: Handler) -> None:
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        if any(value and handler.headers.get(name) == value for name, value in known.items()):
            handler.head(304, {})
            return
        headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
        headers |= {"ETag": etag} if etag else {}
        headers |= {"Last-Modified": last_modified} if last_modified else {}
        handler.head(200, headers)
        handler.wfile.write(body)

    return play


def fails(status: int, **headers: str) -> Behaviour:
    """A status and no body; `Retry_After="3"` is the header `Retry-After`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.head(status, {"Content-Length": "0", **named})


def cuts(body: bytes, *, at: int, declared: int | None = None) -> Behaviour:
    """The first bytes of the body, then the connection is closed."""

    def play(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(len(body) if declared is None else declared)})
        handler.wfile.write(body[:at])
        handler.cut()

    return play


def cuts_chunked(body: bytes) -> Behaviour:
    """The body as one chunk, without the end that says that there are no others."""

    def play(handler: Handler) -> None:
        handler.head(200, {"Transfer-Encoding": "chunked"})
        handler.wfile.write(b"%X\r\n%s\r\n" % (len(body), body))
        handler.cut()

    return play


def hangs_up(handler: Handler) -> None:
    """No answer at all."""
    handler.cut()


def dribbles(body: bytes) -> Behaviour:
    """The body byte by byte, each in its own packet as far as the system allows."""

    def play(handler: Handler) -> None:
        handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        handler.head(200, {"Content-Length": str(len(body))})
        for index in range(len(body)):
            handler.wfile.write(body[index : index + 1])
            handler.wfile.flush()

    return play


def falls_silent(body: bytes, *, at: int) -> Behaviour:
    """The first bytes of the body, then nothing, the connection staying open."""

    def play(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(len(body))})
        handler.wfile.write(body[:at])
        handler.wfile.flush()
        handler.server.closing.wait(30)

    return play


def says_nothing(handler: Handler) -> None:
    """Not even a status, the connection staying open."""
    handler.server.closing.wait(30)


def floods(status: int = 200, **headers: str) -> Behaviour:
    """A body of unknown length, of 64 MiB: endless for whoever takes 1 MiB, and no test hangs."""

    def play(handler: Handler) -> None:
        handler.head(status, headers)
        for _ in range(1024):
            handler.wfile.write(b"[" * 65536)
        handler.server.heard_out.append(handler.path)

    return play


def redirects(location: str, status: int = 302) -> Behaviour:
    return fails(status, Location=location)
