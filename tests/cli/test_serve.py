"""`balise serve`: the real server, from its start to its stop."""

from __future__ import annotations

import json
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import BALISE, environment
from tests.ports import free_port


@pytest.fixture
def server(model_cache: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    process = subprocess.Popen(
        [*BALISE, "serve", "--port", str(port), "--threads", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(model_cache),
    )
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.kill()
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped(
    server: tuple[subprocess.Popen[str], str], stop: signal.Signals
) -> None:
    process, url = server
    assert process.stdout is not None
    assert url in process.stdout.readline()
    body = json.dumps({"sender": "anna", "message": "c'est quoi chargé de post-production ?"})
    with urllib.request.urlopen(
        f"{url}/webhooks/rest/webhook", data=body.encode(), timeout=20
    ) as answer:
        (message,) = json.load(answer)
    assert message["custom"]["metiers"] == ["MET.7984"]
    process.send_signal(stop)
    assert process.wait(timeout=40) == 0
