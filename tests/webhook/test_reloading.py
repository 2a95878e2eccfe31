"""A new index is taken up by a running server, which answers every request meanwhile."""

from __future__ import annotations

import json
import signal
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.assistant import build_assistant
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import read_sources
from bot.messages import UserMessage
from tests.bench.servers import balise_server
from tests.conftest import SEEDS, settings_for
from webhook.reloading import renew

LONGEST_WAIT_S = 60
ONE, TWO = "MET.7984", "MET.656"


def build(index: Path, *metiers: str) -> None:
    contents = read_sources([SEEDS])
    kept = tuple(fiche for fiche in contents.fiches if fiche.id in metiers)
    write_index(type(contents)(fiches=kept, sources=contents.sources), index)


def fiches(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=30) as answer:
        return int(json.load(answer)["fiches"])


def ask(port: int, text: str) -> str:
    body = json.dumps({"sender": "reload", "message": text}).encode()
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)[0]["text"])


def wait_for(holds: Callable[[], bool]) -> None:
    """Look again and again until something holds; the wait is bounded, the result is what counts."""
    limit = time.monotonic() + LONGEST_WAIT_S
    while not holds():
        assert time.monotonic() < limit, "the server did not take up the index"


class Asking:
    """Somebody who asks without a pause, and keeps what went wrong."""

    def __init__(self, port: int) -> None:
        self.failures: list[str] = []
        self.answered = 0
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._stop.is_set():
            try:
                text = ask(self._port, "quelles études pour être chargé de post-production ?")
            except OSError as error:
                self.failures.append(repr(error))
            else:
                self.answered += 1
                if "BTS" not in text:
                    self.failures.append(text)


@pytest.mark.parametrize("how", ["the file is watched", "SIGHUP"])
def test_a_new_index_is_taken_up_without_dropping_a_request(
    how: str, model_cache: Path, tmp_path: Path
) -> None:
    index = tmp_path / "catalogue.sqlite"
    build(index, ONE)
    with balise_server((index,), model_cache) as running:
        assert fiches(running.port) == 1
        with Asking(running.port) as asking:
            build(index, ONE, TWO)
            if how == "SIGHUP":
                running.process.send_signal(signal.SIGHUP)
            wait_for(lambda: fiches(running.port) == 2)
        assert "montage" in ask(running.port, "chef monteur")
        assert asking.answered
        assert asking.failures == []


def test_a_bad_index_leaves_the_former_catalogue_in_place(
    model_cache: Path, tmp_path: Path
) -> None:
    index = tmp_path / "catalogue.sqlite"
    build(index, ONE)
    good = index.read_bytes()
    with balise_server((index,), model_cache) as running, Asking(running.port) as asking:
        damaged = tmp_path / "damaged"
        damaged.write_bytes(good[: len(good) // 2])
        damaged.replace(index)
        # The next good one is taken up: the bad one was seen, or would be, without harm.
        build(tmp_path / "next", ONE, TWO)
        wait_for(lambda: "BTS" in ask(running.port, "études de chargé de post-production"))
        assert fiches(running.port) == 1
        (tmp_path / "next").replace(index)
        wait_for(lambda: fiches(running.port) == 2)
    assert asking.failures == []


def test_an_index_that_cannot_be_read_changes_nothing(model_cache: Path, tmp_path: Path) -> None:
    index = tmp_path / "catalogue.sqlite"
    build(index, ONE)
    assistant = build_assistant(settings_for(index, cache=model_cache))
    try:
        question = UserMessage(sender="x", text="métiers du montage")
        before = assistant.reply(question)
        index.write_bytes(index.read_bytes()[:5000])
        assert not renew(assistant)
        assert len(assistant.catalogue) == 1
        assert assistant.reply(UserMessage(sender="y", text=question.text)) == before
        build(index, ONE, TWO)
        assert renew(assistant)
        assert len(assistant.catalogue) == 2
    finally:
        assistant.close()
