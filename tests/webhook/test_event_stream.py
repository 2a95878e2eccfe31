"""Answers as server-sent events: who has them, and what they hold."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from bot.assistant import Assistant
from webhook.app import create_app
from webhook.channels.event_stream import events, wants_events

HOOK = "/webhooks/rest/webhook"
LONG = [{"text": "mot " * 61}]
SHORT = [{"text": "mot " * 60}]


def read(stream: str) -> list[tuple[str, dict[str, object]]]:
    """Read the events of a stream."""
    found = []
    for block in stream.split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.mark.parametrize(
    ("accept", "long", "short"),
    [
        ("text/event-stream", True, True),
        ("application/json, text/event-stream", True, False),
        ("text/event-stream, application/json", True, False),
        ("application/json", False, False),
        ("*/*", False, False),
        ("", False, False),
        ("text/event-stream;q=0.1, */*", False, False),
    ],
)
def test_who_has_events(accept: str, long: bool, short: bool) -> None:
    header = parse_accept_header(accept, MIMEAccept)
    assert (wants_events(header, LONG), wants_events(header, SHORT)) == (long, short)


@given(st.text())
def test_the_pieces_are_the_text(text: str) -> None:
    found = read("".join(events([{"text": text, "custom": {"kind": "answer"}}])))
    assert "".join(str(data["t"]) for name, data in found if name == "token") == text
    assert [name for name, _ in found][-2:] == ["message", "done"]
    assert found[-2][1] == {"text": text, "custom": {"kind": "answer"}}


def test_the_same_answer_both_ways(seed_assistant: Assistant) -> None:
    client: FlaskClient = create_app(seed_assistant, seed_assistant.settings).test_client()
    body = {"sender": "flux", "message": "quelles études pour être chargé de post-production"}
    plain = client.post(HOOK, json=body | {"sender": "flux2"})
    streamed = client.post(HOOK, json=body, headers={"Accept": "text/event-stream"})
    assert plain.mimetype == "application/json"
    assert streamed.mimetype == "text/event-stream"
    (message,) = [data for name, data in read(streamed.get_data(as_text=True)) if name == "message"]
    (expected,) = plain.get_json()
    assert message == expected | {"recipient_id": "flux"}
