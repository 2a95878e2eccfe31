"""The HTTP interface through Flask's client: shapes, limits, refusals."""

from __future__ import annotations

import dataclasses

import pytest
from flask.testing import FlaskClient

from bot.assistant import Assistant
from webhook.app import create_app

QUESTION = "quelles études pour être chargé de post-production"
HOOK = "/webhooks/rest/webhook"


@pytest.fixture
def client(seed_assistant: Assistant) -> FlaskClient:
    settings = dataclasses.replace(seed_assistant.settings, token="sesame")
    return create_app(seed_assistant, settings).test_client()


def test_the_main_question(client: FlaskClient) -> None:
    (message,) = client.post(HOOK, json={"sender": "anna", "message": QUESTION}).get_json()
    assert message["recipient_id"] == "anna"
    for part in ("BTS", "2 ans", "3 ans", "2 à 3 ans", "Femis", "5 ans", "bac + 2"):
        assert part in message["text"]
    custom = message["custom"]
    assert (custom["kind"], custom["intent"], custom["metiers"]) == (
        "answer",
        "etudes",
        ["MET.7984"],
    )
    assert custom["sources"][0]["url"].endswith("/MET.7984")
    assert custom["sources"][0]["licence"] == "ODbL"
    assert 2 <= len(message["buttons"]) <= 4


def test_a_button_is_pressed_by_its_payload(client: FlaskClient) -> None:
    (first,) = client.post(HOOK, json={"sender": "b", "message": QUESTION}).get_json()
    for button in first["buttons"]:
        body = {"sender": "b", "message": button["payload"]}
        (answer,) = client.post(HOOK, json=body).get_json()
        assert answer["custom"]["kind"] == "answer"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"pas du json", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"message": "a"}', 400),
        (b'{"sender": "a"}', 400),
        (b'{"sender": 1, "message": "a"}', 400),
        (b'{"sender": "a", "message": "  "}', 400),
        (b'{"sender": "a", "message": "a", "metadata": 3}', 400),
        (b'{"sender": "a", "message": "' + b"x" * 2001 + b'"}', 413),
        (b'{"sender": "' + b"x" * 201 + b'", "message": "a"}', 413),
        (b'{"sender": "a", "message": "a"}' + b" " * 65536, 413),
        (b"\xff\xfe", 400),
    ],
)
def test_a_bad_request_is_refused_and_changes_nothing(
    client: FlaskClient, seed_assistant: Assistant, body: bytes, status: int
) -> None:
    before = seed_assistant.tracker("a")
    answer = client.post(HOOK, data=body, content_type="application/json")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert set(answer.get_json()) == {"type", "title", "status"}
    assert seed_assistant.tracker("a") == before


def test_the_longest_message_is_taken(client: FlaskClient) -> None:
    assert client.post(HOOK, json={"sender": "c", "message": "é" * 2000}).status_code == 200


def test_parse_gives_intent_and_entities(client: FlaskClient) -> None:
    text = f"{QUESTION} ?"
    heard = client.post("/model/parse", json={"text": text}).get_json()
    assert heard["text"] == text
    assert heard["intent"]["name"] == "etudes"
    assert heard["intent_ranking"][0] == heard["intent"]
    (job,) = [e for e in heard["entities"] if e["entity"] == "metier"]
    assert job["id"] == "MET.7984"
    assert job["candidates"] == ["MET.7984"]
    assert text[job["start"] : job["end"]] == "chargé de post-production"


def test_what_a_program_made_for_rasa_asks_first(client: FlaskClient) -> None:
    """The shapes of Rasa 3.6.21, as captured on the wire."""
    assert client.get("/webhooks/rest/").get_json() == {"status": "ok"}
    found = client.get("/version").get_json()
    assert set(found) == {"version", "minimum_compatible_version"}
    heard = client.post("/model/parse", json={"text": QUESTION}).get_json()
    assert {"text", "intent", "entities", "intent_ranking"} <= set(heard)
    assert set(heard["intent"]) == {"name", "confidence"}
    (job,) = [e for e in heard["entities"] if e["entity"] == "metier"]
    assert {"entity", "start", "end", "value"} <= set(job)


def test_a_message_has_the_keys_of_rasa_and_custom(client: FlaskClient) -> None:
    (message,) = client.post(HOOK, json={"sender": "keys", "message": QUESTION}).get_json()
    assert set(message) == {"recipient_id", "text", "buttons", "custom"}
    assert all(set(button) == {"title", "payload"} for button in message["buttons"])
    (bare,) = client.post(HOOK, json={"sender": "keys", "message": "/detresse"}).get_json()
    assert set(bare) == {"recipient_id", "text", "custom"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer faux"}, 401), ({"Authorization": "Bearer sesame"}, 200)],
)
def test_a_conversation_is_shown_to_who_has_the_token(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    assert client.get("/conversations/a/tracker", headers=headers).status_code == status


def test_without_a_token_nobody_sees_conversations(seed_assistant: Assistant) -> None:
    app = create_app(seed_assistant, seed_assistant.settings)
    assert app.test_client().get("/conversations/a/tracker").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/", "/status", "/version", "/health/live", "/health/ready", "/metrics", "/webhooks/rest/"],
)
def test_every_page_answers_with_its_protections(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_unknown_addresses_and_methods(client: FlaskClient) -> None:
    assert client.get("/nulle-part").status_code == 404
    refused = client.get(HOOK)
    assert refused.status_code == 405
    assert "POST" in refused.headers["Allow"]


def test_the_counters_count(client: FlaskClient) -> None:
    client.post(HOOK, json={"sender": "m", "message": QUESTION})
    text = client.get("/metrics").get_data(as_text=True)
    assert 'balise_answers_total{kind="answer"} 1' in text
    assert "balise_answer_seconds_count 1" in text
