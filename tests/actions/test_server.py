"""The action server as Rasa reaches it: real process, real port, the JSON that Rasa sends."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.dialogue.intents import INTENTS
from bot.messages import UserMessage
from tests.actions.test_rasa_action import FICHE, QUESTION, call
from tests.cli.command import BALISE, environment
from tests.ports import free_port


@dataclass(frozen=True)
class Server:
    """A running `balise actions`."""

    process: subprocess.Popen[str]
    port: int

    def request(
        self, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """Return the status, the headers and the JSON of an answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=body, headers=named
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), json.load(error)

    def is_up(self) -> bool:
        try:
            return self.request("/health")[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def server(model_cache: Path) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [*BALISE, "actions", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(model_cache),
    )
    assert process.stderr is not None
    assert f"http://127.0.0.1:{port}/webhook" in process.stderr.readline()
    server = Server(process, port)
    end = time.monotonic() + 60
    while not server.is_up():
        assert process.poll() is None
        assert time.monotonic() < end
    yield server
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in out + err
    assert QUESTION not in out + err


def body_of(action: str, text: str = QUESTION, **more: Any) -> bytes:
    return json.dumps(call(action, text, sender="flask3", **more)).encode()


@pytest.mark.parametrize("deflated", [False, True])
def test_the_call_that_rasa_sends(
    server: Server, seed_assistant: Assistant, deflated: bool
) -> None:
    body = body_of("action_etudes")
    headers = {"Content_Type": "application/json", "User_Agent": "Python/3.10 aiohttp/3.9.5"}
    if deflated:
        body, headers = zlib.compress(body), {**headers, "Content_Encoding": "deflate"}
    status, found, answer = server.request("/webhook", body, **headers)
    assert status == 200
    assert found["content-type"] == "application/json"
    assert answer["events"] == [
        {"event": "slot", "timestamp": None, "name": "metier", "value": FICHE}
    ]
    said = seed_assistant.reply(UserMessage(sender="rasa-server", text=QUESTION))
    (response,) = answer["responses"]
    assert response == {
        "text": said.text,
        "buttons": [{"title": b.title, "payload": b.payload} for b in said.buttons],
        "elements": [],
        "custom": said.custom(),
        "template": None,
        "response": None,
        "image": None,
        "attachment": None,
    }
    assert set(answer) == {"events", "responses"}


def test_the_actions_it_lists(server: Server) -> None:
    _, _, listed = server.request("/actions")
    assert [item["name"] for item in listed] == [
        *(f"action_{intent}" for intent in INTENTS),
        "action_balise",
        "validate_formulaire_balise",
    ]


def test_the_form_is_begun_and_ended_by_events_of_rasa(server: Server) -> None:
    asked = call("action_aide_choix", "j'ai aucune idée de métier", sender="form")
    asked["domain"] = {"forms": {"formulaire_balise": {"required_slots": ["balise_reponse"]}}}
    _, _, answer = server.request("/webhook", json.dumps(asked).encode())
    assert answer["events"] == [
        {"event": "slot", "timestamp": None, "name": "balise_attend", "value": True},
        {"event": "active_loop", "timestamp": None, "name": "formulaire_balise"},
    ]
    slots = {"balise_attend": True, "balise_reponse": "stop"}
    said = call("validate_formulaire_balise", "stop", sender="form", slots=slots)
    _, _, answer = server.request("/webhook", json.dumps(said).encode())
    assert answer["events"] == [
        {"event": "slot", "timestamp": None, "name": "balise_attend", "value": False},
        {"event": "slot", "timestamp": None, "name": "balise_reponse", "value": None},
        {"event": "slot", "timestamp": None, "name": "requested_slot", "value": None},
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"next_action": 7, "tracker": {"sender_id": "s"}, "domain": {}}', 400),
        (b'{"next_action": "action_aide", "domain": {}}', 400),
        (b'{"next_action": "action_aide", "tracker": {}, "domain": {}}', 400),
        (b'{"next_action": "action_aide", "tracker": {"sender_id": 1}, "domain": {}}', 400),
        (
            b'{"next_action": "action_aide", "tracker": {"sender_id": "s", "slots": 3},'
            b' "domain": {}}',
            400,
        ),
        (
            b'{"next_action": "action_aide", "tracker": {"sender_id": "s",'
            b' "latest_message": "x"}, "domain": {}}',
            400,
        ),
        (b'{"next_action": "action_nope", "tracker": {"sender_id": "s"}, "domain": {}}', 404),
    ],
)
def test_a_call_that_rasa_would_not_send(server: Server, body: bytes, status: int) -> None:
    found, _, answer = server.request("/webhook", body)
    assert found == status
    assert set(answer) == {"error", "action_name"}
    assert server.is_up()


def test_a_bomb_is_refused(server: Server) -> None:
    bomb = zlib.compress(b" " * (64 * 2**20))
    assert server.request("/webhook", bomb, Content_Encoding="deflate")[0] == 400
    assert server.request("/webhook", b"no zlib", Content_Encoding="deflate")[0] == 400


def test_the_least_that_rasa_may_send(server: Server) -> None:
    least = {"next_action": "action_aide", "tracker": {"sender_id": "s"}, "domain": {}}
    status, _, answer = server.request("/webhook", json.dumps(least).encode())
    assert status == 200
    assert answer["responses"][0]["text"]


def test_other_sites_may_not_ask(server: Server) -> None:
    _, headers, _ = server.request("/health", Origin="https://elsewhere.example")
    assert not [name for name in headers if name.lower().startswith("access-control")]


def test_a_page_that_is_not_there(server: Server) -> None:
    assert server.request("/nowhere")[0] == 404
