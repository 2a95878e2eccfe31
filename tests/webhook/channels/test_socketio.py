"""The Socket.IO channel: Rasa's shapes, by the real client, against the real server."""

from __future__ import annotations

import itertools
import json
import queue
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
import yaml
from flask import Flask, send_file
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect

from bot.assistant import Assistant
from bot.messages import UserMessage
from tests.bench.servers import Server, balise_server
from tests.browser import missing
from tests.conftest import ROOT
from tests.widget.stub import serving
from webhook.channels.socketio import parse, render
from webhook.problems import Refused

QUESTION = "quelles études pour être chargé de post-production"
SITE = "https://lycee.example.fr"
CONNECTIONS = 6
WIDGET = ROOT / "tests/node_modules/rasa-webchat/lib/index.js"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def school() -> Iterator[str]:
    """A website with the widget made for Rasa, on an address of its own."""
    app = Flask("school", static_folder=None)
    app.add_url_rule("/", view_func=lambda: PAGE)
    app.add_url_rule("/widget.js", "widget", lambda: send_file(WIDGET))
    with serving(app) as origin:
        yield origin


@pytest.fixture(scope="module")
def server(
    model_cache: Path, tmp_path_factory: pytest.TempPathFactory, school: str
) -> Iterator[Server]:
    settings = tmp_path_factory.mktemp("socketio") / "settings.yml"
    values = {
        "socketio": {"connections": CONNECTIONS},
        "sites": {"lycee": {"origins": [SITE, school], "address": "tu"}},
        "limits": {"conversation": {"burst": 8, "per_minute": 1}},
    }
    settings.write_text(yaml.safe_dump(values), encoding="utf-8")
    with balise_server((), model_cache, settings) as running:
        yield running


class Widget:
    """A client that keeps what it is told."""

    def __init__(self, server: Server, *transports: str, origin: str | None = None) -> None:
        # Our own Origin, and not also that of the client.
        options = {"suppress_origin": True} if origin else {}
        self.client = socketio.Client(reconnection=False, websocket_extra_options=options)
        self.uttered: queue.Queue[dict[str, Any]] = queue.Queue()
        self.confirmed: queue.Queue[object] = queue.Queue()
        self.client.on("bot_uttered", self.uttered.put)
        self.client.on("session_confirm", self.confirmed.put)
        headers = {"Origin": origin} if origin else {}
        self.client.connect(
            f"http://127.0.0.1:{server.port}", headers=headers,
            transports=list(transports) or ["websocket"], retry=False,
        )  # fmt: skip

    def begin(self, session: str | None) -> object:
        self.client.emit("session_request", {"session_id": session})
        return self.confirmed.get(timeout=10)

    def says(self, text: object, session: str | None = None, **more: object) -> None:
        self.client.emit("user_uttered", {"message": text, "session_id": session} | more)

    def hears(self, pieces: int) -> list[dict[str, Any]]:
        return [self.uttered.get(timeout=10) for _ in range(pieces)]


Open = Callable[..., Widget]


@pytest.fixture
def connect(server: Server) -> Iterator[Open]:
    with ExitStack() as opened:

        def connect(*transports: str, origin: str | None = None) -> Widget:
            widget = Widget(server, *transports, origin=origin)
            opened.callback(widget.client.disconnect)
            return widget

        yield connect


def a_session() -> str:
    return f"web-{next(_numbers)}"


def said_by(assistant: Assistant, *texts: str) -> list[dict[str, object]]:
    sender = f"socketio {next(_numbers)}"
    answers = [assistant.reply(UserMessage(sender=sender, text=text)) for text in texts]
    return render(answers[-1])


# The shapes, as Rasa sends them


def test_the_pieces_of_an_answer_have_the_shape_of_rasa(seed_assistant: Assistant) -> None:
    *pieces, last = said_by(seed_assistant, QUESTION)
    assert len(pieces) >= 2
    for piece in pieces:
        assert piece == {"text": piece["text"], "quick_replies": []}
    assert set(last) == {"text", "quick_replies"}
    replies = last["quick_replies"]
    assert isinstance(replies, list)
    assert replies[0] == {
        "content_type": "text",
        "title": "Quelles formations ?",
        "payload": '/formations{"metier": "MET.7984"}',
    }


def test_a_text_without_buttons_is_a_text_alone(seed_assistant: Assistant) -> None:
    answer = seed_assistant.reply(UserMessage(sender=a_session(), text=QUESTION))
    bare = type(answer)(kind=answer.kind, intent=answer.intent, text="Un.\n\nDeux.\nTrois.")
    assert render(bare) == [{"text": "Un."}, {"text": "Deux.\nTrois."}]


def test_what_a_message_says_is_read() -> None:
    message = parse({"message": "bonjour", "session_id": "web-1"}, "connection")
    assert (message.sender, message.text, message.channel) == ("web-1", "bonjour", "socketio")
    assert parse({"message": "bonjour"}, "connection").sender == "connection"


@pytest.mark.parametrize("name", ["metadata", "customData"])
@pytest.mark.parametrize("write", [dict, json.dumps])
def test_metadata_are_an_object_or_its_text(name: str, write: Callable[..., object]) -> None:
    data = {"message": "bonjour", name: write({"site": "lycee", "message_id": "m1"})}
    message = parse(data, "connection")
    assert (message.site, message.message_id) == ("lycee", "m1")


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=300)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=6,
)


@given(JSON | st.fixed_dictionaries({"message": JSON, "session_id": JSON, "metadata": JSON}))
def test_any_data_is_read_or_refused(data: object) -> None:
    try:
        message = parse(data, "connection")
    except Refused:
        return
    assert message.text.strip()
    assert message.sender


# Conversations with the real server


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
def test_a_conversation(transports: list[str], connect: Open, seed_assistant: Assistant) -> None:
    widget, session = connect(*transports), a_session()
    assert widget.begin(session) == session
    expected = said_by(seed_assistant, QUESTION)
    widget.says(QUESTION, session)
    assert widget.hears(len(expected)) == expected
    expected = said_by(seed_assistant, QUESTION, '/salaire{"metier": "MET.7984"}')
    widget.says('/salaire{"metier": "MET.7984"}', session)
    assert widget.hears(len(expected)) == expected


@pytest.mark.parametrize("asked", [None, "", 12, "x" * 300])
def test_a_session_that_has_no_identifier_is_given_one(asked: Any, connect: Open) -> None:
    first, second = connect(), connect()
    made = {str(first.begin(asked)), str(second.begin(asked))}
    assert len(made) == 2
    assert all(len(session) == 32 for session in made)


def test_a_widget_without_session_has_a_conversation_of_its_own(connect: Open) -> None:
    first, second = connect(), connect()
    first.says(QUESTION)
    first.hears(1)
    second.says("et le salaire ?")
    heard = " ".join(str(piece["text"]) for piece in second.hears(1))
    assert "post-production" not in heard


def test_the_messages_of_a_connection_are_answered_in_their_order(
    connect: Open, seed_assistant: Assistant
) -> None:
    widget, session = connect(), a_session()
    texts = [QUESTION, "et le salaire ?", "et les débouchés ?", "merci"]
    for text in texts:
        widget.says(text, session)
    for said in range(1, len(texts) + 1):
        expected = said_by(seed_assistant, *texts[:said])
        assert widget.hears(len(expected)) == expected


def test_a_widget_that_comes_back_goes_on(connect: Open, seed_assistant: Assistant) -> None:
    session = a_session()
    first = connect()
    first.begin(session)
    first.says(QUESTION, session)
    first.hears(len(said_by(seed_assistant, QUESTION)))
    first.client.disconnect()
    again = connect()
    assert again.begin(session) == session
    again.says("et le salaire ?", session)
    expected = said_by(seed_assistant, QUESTION, "et le salaire ?")
    assert again.hears(len(expected)) == expected


def test_two_windows_of_a_conversation_show_the_same(connect: Open) -> None:
    session, one, other, stranger = a_session(), connect(), connect(), connect()
    one.begin(session)
    other.begin(session)
    stranger.begin(a_session())
    one.says("bonjour", session)
    assert one.hears(1) == other.hears(1)
    stranger.says("bonjour")
    stranger.hears(1)
    assert other.uttered.empty()


def test_the_name_of_another_connection_gives_nothing_to_hear(connect: Open) -> None:
    victim, spy = connect(), connect()
    sid = victim.client.get_sid()
    assert isinstance(sid, str)
    spy.begin(sid)
    victim.begin(a_session())
    assert spy.confirmed.empty()


def test_the_site_of_a_message_decides_how_it_is_spoken(connect: Open) -> None:
    widget = connect()
    widget.says("bonjour", a_session(), customData={"site": "lycee"})
    assert "t'intéresse" in str(widget.hears(1)[0]["text"])


# What is refused


@pytest.mark.parametrize("data", [None, "bonjour", [], {}, {"message": 3}, {"message": " "}])
def test_data_that_say_nothing_are_told_so(data: object, connect: Open) -> None:
    widget = connect()
    widget.client.emit("user_uttered", data)
    assert str(widget.hears(1)[0]["text"]).endswith(".")
    widget.says("bonjour")
    assert "Balise" in str(widget.hears(1)[0]["text"])


def test_a_message_too_long_is_told_so(connect: Open) -> None:
    widget = connect()
    widget.says("a" * 5000)
    assert "raccourcissez" in str(widget.hears(1)[0]["text"])


def test_too_many_messages_are_told_to_wait(connect: Open) -> None:
    widget, session = connect(), a_session()
    for _ in range(9):
        widget.says("merci", session)
    said = ""
    while "Trop de messages" not in said:
        said = str(widget.hears(1)[0]["text"])
    assert "réessayez dans" in said


def test_a_flood_of_sessions_is_not_answered(connect: Open) -> None:
    widget = connect()
    for _ in range(30):
        widget.client.emit("session_request", {"session_id": a_session()})
    widget.says("bonjour")
    widget.hears(1)  # answered in order: what was to be confirmed has been
    assert widget.confirmed.qsize() == 8


def test_pages_of_the_sites_alone_may_connect(connect: Open) -> None:
    for transport in ("websocket", "polling"):
        assert connect(transport, origin=SITE).client.connected
        with pytest.raises(socketio.exceptions.ConnectionError):
            connect(transport, origin="https://elsewhere.example")


def test_a_connection_too_many_is_told_to_come_back(server: Server, connect: Open) -> None:
    widgets = [connect() for _ in range(CONNECTIONS)]
    url = f"http://127.0.0.1:{server.port}"
    full = requests.get(f"{url}/socket.io/?EIO=4&transport=polling", timeout=10)
    assert (full.status_code, full.headers["Retry-After"]) == (503, "30")
    # Requests have threads of their own.
    body = {"sender": a_session(), "message": "bonjour"}
    assert requests.post(f"{url}/webhooks/rest/webhook", json=body, timeout=10).ok
    widgets[0].client.disconnect()
    deadline = time.monotonic() + 10
    while not requests.get(f"{url}/socket.io/?EIO=4&transport=polling", timeout=10).ok:
        assert time.monotonic() < deadline


@contextmanager
def running(cache: Path, folder: Path, values: dict[str, object]) -> Iterator[Server]:
    settings = folder / "settings.yml"
    settings.write_text(yaml.safe_dump(values), encoding="utf-8")
    with balise_server((), cache, settings) as server:
        yield server


def test_a_server_with_a_connection_open_stops_when_asked(
    model_cache: Path, tmp_path: Path
) -> None:
    with running(model_cache, tmp_path, {}) as server:
        widget = Widget(server)
        gone: queue.Queue[object] = queue.Queue()
        widget.client.on("disconnect", lambda *_: gone.put(None))
        server.process.send_signal(signal.SIGTERM)
        gone.get(timeout=15)
        assert server.process.wait(timeout=15) == 0


def test_no_connection_is_taken_when_there_are_none(model_cache: Path, tmp_path: Path) -> None:
    with running(model_cache, tmp_path, {"socketio": {"connections": 0}}) as server:
        url = f"http://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=polling"
        assert requests.get(url, timeout=10).status_code == 404


# A widget made for Rasa, as its package is


def test_rasa_webchat_talks_with_us(server: Server, school: str, browser: Browser) -> None:
    if not WIDGET.is_file():
        missing("rasa-webchat is absent: make tests/node_modules")
    page = browser.new_context().new_page()
    page.route("https://fonts.googleapis.com/**", lambda route: route.abort())
    page.goto(school)
    page.evaluate(f"start('http://127.0.0.1:{server.port}')")
    expect(page.locator(".rw-response").first).to_contain_text("Je suis Balise, un programme")
    page.get_by_placeholder("Votre question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".rw-conversation-container")).to_contain_text(
        "BTS métiers de l'audiovisuel"
    )
    page.locator(".rw-reply", has_text="Quelles formations ?").click()
    expect(page.locator(".rw-conversation-container")).to_contain_text("licence pro mention")
    page.context.close()


PAGE = """<!doctype html><title>Lycée</title><script src="/widget.js"></script><script>
const start = (origin) => window.WebChat.default({
  socketUrl: origin, socketPath: "/socket.io/", initPayload: "/get_started", embedded: true,
  inputTextFieldHint: "Votre question", customMessageDelay: () => 0, customData: {site: "lycee"}, params: {storage: "session"},
}, null);
</script>"""
