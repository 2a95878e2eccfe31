"""A small load generator: keep-alive connections that post messages, each from a new sender."""

from __future__ import annotations

import json
import multiprocessing
import socket
import threading
import time
from collections.abc import Sequence

_PATH = "/webhooks/rest/webhook"


def requests_per_second(port: int, texts: Sequence[str], count: int, concurrency: int) -> float:
    """Send `count` requests over `concurrency` connections from another process.

    Raises:
        RuntimeError: a request was not answered 200.
    """
    receiver, sender = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_load, args=(port, list(texts), count, concurrency, sender)
    )
    process.start()
    result = receiver.recv()
    process.join()
    if isinstance(result, str):
        raise RuntimeError(result)
    return float(result)


def _load(port: int, texts: list[str], count: int, concurrency: int, result: object) -> None:
    requests = [_request(texts[i % len(texts)], f"load-{time.time_ns()}-{i}") for i in range(count)]
    failures: list[str] = []

    def run(part: list[bytes]) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                for request in part:
                    connection.sendall(request)
                    _read_answer(connection)
        except (OSError, ValueError) as error:
            failures.append(repr(error))

    threads = [
        threading.Thread(target=run, args=(requests[n::concurrency],)) for n in range(concurrency)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - start
    result.send(failures[0] if failures else count / elapsed)  # type: ignore[attr-defined]


def _request(text: str, sender: str) -> bytes:
    body = json.dumps({"sender": sender, "message": text}).encode()
    head = (
        f"POST {_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _read_answer(connection: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _received(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise ValueError(f"answered {head[:80]!r}")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += _received(connection)


def _received(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ValueError("the server closed the connection")
    return data
