"""The real server: it starts, answers, refuses a port in use, and stops cleanly; a real browser."""

from __future__ import annotations

import json
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench.servers import Server, balise_server

QUESTION = "quelles études pour être chargé de post-production"


@pytest.fixture(scope="module")
def server(model_cache: Path) -> Iterator[Server]:
    with balise_server((), model_cache) as running:
        yield running


def ask(port: int, sender: str, text: str) -> list[dict[str, object]]:
    body = json.dumps({"sender": sender, "message": text}).encode()
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        messages: list[dict[str, object]] = json.load(answer)
        return messages


def test_the_main_question_over_a_socket(server: Server) -> None:
    (message,) = ask(server.port, "socket", QUESTION)
    assert "BTS" in str(message["text"])
    (again,) = ask(server.port, "socket", "et le salaire ?")
    assert again["custom"]["missing"] == ["salaire"]  # type: ignore[index]


def test_the_page_in_a_browser_without_script(server: Server, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.get_by_label("Votre question").fill(QUESTION)
    page.get_by_role("button", name="Envoyer").click()
    log = page.get_by_role("log")
    assert "2 ans pour préparer le BTS" in log.inner_text()
    page.get_by_role("button", name="Quelles formations ?").click()
    assert "licence pro mention techniques du son" in log.inner_text()
    page.context.close()


def test_it_stops_cleanly_when_asked(model_cache: Path, tmp_path: Path) -> None:
    with balise_server((), model_cache) as running:
        ask(running.port, "x", QUESTION)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=30) == 0
