"""The addresses of the channels: what is not signed or not readable is refused, and not kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from bot.assistant import Assistant
from tests.webhook.channels.platforms import matrix, telegram
from tests.webhook.channels.platforms.platform import all_platforms
from tests.webhook.channels.test_channels import CASES
from tests.webhook.delivery.served import update
from webhook.app import create_app
from webhook.channels.channel import Incoming
from webhook.channels.registry import open_channels
from webhook.delivery.dead_letters import letters
from webhook.delivery.service import Delivery, open_store

PLATFORMS = all_platforms()
URL = "/webhooks/telegram/webhook"
SIGNED = {telegram.HEADER: telegram.SECRET}


@pytest.fixture
def delivery(seed_assistant: Assistant, tmp_path: Path) -> Iterator[Delivery]:
    settings = dataclasses.replace(seed_assistant.settings, state=tmp_path / "a.sqlite")
    channels = open_channels(
        {"telegram": telegram.PLATFORM.settings, "matrix": matrix.PLATFORM.settings}
    )
    made = Delivery(channels, open_store(settings), assistant=seed_assistant)  # not started
    yield made
    made.stop()


@pytest.fixture
def client(seed_assistant: Assistant, delivery: Delivery) -> FlaskClient:
    return create_app(seed_assistant, seed_assistant.settings, delivery).test_client()


def kept(delivery: Delivery) -> int:
    return sum(letters(delivery.store)[0].values())


def test_a_signed_message_is_kept_and_acknowledged(client: FlaskClient, delivery: Delivery) -> None:
    answer = client.post(URL, json=update(1, 5, "bonjour"), headers=SIGNED)
    assert answer.status_code == 200
    assert kept(delivery) == 1
    assert client.post(URL, json=update(1, 5, "bonjour"), headers=SIGNED).status_code == 200
    assert kept(delivery) == 1


@pytest.mark.parametrize("headers", [{}, {telegram.HEADER: "faux"}, {telegram.HEADER: "é"}])
def test_what_is_not_signed_is_refused(
    client: FlaskClient, delivery: Delivery, headers: dict[str, str]
) -> None:
    answer = client.post(URL, json=update(1, 5, "bonjour"), headers=headers)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert telegram.SECRET not in answer.text
    assert kept(delivery) == 0


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_on_every_channel_only_what_is_signed_is_kept(
    name: str, seed_assistant: Assistant, tmp_path: Path
) -> None:
    platform = PLATFORMS[name]
    settings = dataclasses.replace(seed_assistant.settings, state=tmp_path / "a.sqlite")
    channels = open_channels({name: platform.settings})
    delivery = Delivery(channels, open_store(settings), assistant=seed_assistant)
    url = "https://b.example"
    client = create_app(
        seed_assistant, dataclasses.replace(settings, public_url=url), delivery
    ).test_client()
    path = f"/webhooks/{name}/webhook"
    case = text_case(name)
    body = case["raw"].encode() if "raw" in case else json.dumps(case["body"]).encode()

    def send(incoming: Incoming) -> int:
        own = urlsplit(incoming.url).path
        return client.open(
            (own if own.startswith(path) else path) + incoming.path,
            method=incoming.method,
            query_string=dict(incoming.query),
            # WSGI has no header that is not in Latin-1.
            headers={
                k: v.encode("utf-8", "surrogatepass").decode("latin-1")
                for k, v in incoming.headers.items()
            },
            data=incoming.body,
        ).status_code

    forged = platform.forged(body)
    assert {what: send(incoming) for what, incoming in forged.items()} == dict.fromkeys(forged, 401)
    assert kept(delivery) == 0
    delivery.stop()


def text_case(name: str) -> dict:
    return dict(json.loads((CASES / name / "text.json").read_text("utf-8")))


def test_what_cannot_be_read_is_refused(client: FlaskClient, delivery: Delivery) -> None:
    answer = client.post(URL, data=b"pas du JSON", headers=SIGNED)
    assert answer.status_code == 400
    assert kept(delivery) == 0


def test_a_channel_that_is_not_set(client: FlaskClient) -> None:
    assert client.post("/webhooks/slack/webhook", json={}).status_code == 404
    assert client.get("/webhooks/rest/").status_code == 200  # the other channel is where it was


def test_a_path_after_the_address(client: FlaskClient, delivery: Delivery) -> None:
    headers = {"Authorization": f"Bearer {matrix.HS_TOKEN}"}
    event = {
        "type": "m.room.message", "event_id": "$1", "room_id": "!a:hs", "sender": "@lea:hs",
        "content": {"msgtype": "m.text", "body": "bonjour"},
    }  # fmt: skip
    url = "/webhooks/matrix/webhook/_matrix/app/v1/transactions/1"
    answer = client.put(url, data=json.dumps({"events": [event]}), headers=headers)
    assert (answer.status_code, answer.json) == (200, {})
    assert kept(delivery) == 1


def test_a_batch_larger_than_a_message_of_the_rest_channel(
    client: FlaskClient, delivery: Delivery
) -> None:
    event = {
        "type": "m.room.message", "room_id": "!a:hs", "sender": "@lea:hs",
        "content": {"msgtype": "m.text", "body": "bonjour " * 1000},
    }  # fmt: skip
    events = [event | {"event_id": f"${n}"} for n in range(100)]
    answer = client.put(
        "/webhooks/matrix/webhook/_matrix/app/v1/transactions/2",
        data=json.dumps({"events": events}),
        headers={"Authorization": f"Bearer {matrix.HS_TOKEN}"},
    )
    assert answer.status_code == 200
    assert kept(delivery) == 100


def test_a_database_that_fails_has_the_platform_send_again(
    client: FlaskClient, delivery: Delivery
) -> None:
    delivery.store.close()
    answer = client.post(URL, json=update(1, 5, "bonjour"), headers=SIGNED)
    assert answer.status_code == 500


def test_what_was_received_is_counted(client: FlaskClient) -> None:
    client.post(URL, json=update(1, 5, "bonjour"), headers=SIGNED)
    assert 'balise_received_total{channel="telegram"} 1' in client.get("/metrics").text
