"""Who may call, how often, and what a message sent again is answered; through Flask's client."""

from __future__ import annotations

import dataclasses

import pytest
from flask.testing import FlaskClient

from bot.assistant import Assistant
from bot.settings_file import Contact, Limit, Limits, Site
from webhook.app import create_app
from webhook.edge.origins import allows
from webhook.edge.rate_limits import Buckets, RateLimits
from webhook.problems import TooMany

HOOK = "/webhooks/rest/webhook"
SCHOOL = "https://lycee.example.fr"
SITES = {
    "lycee": Site(
        origins=(SCHOOL, "https://www.lycee.example.fr"),
        contact=Contact(name="la documentaliste du lycée", url="https://lycee.example.fr/cdi"),
    )
}


def client_of(assistant: Assistant, **changes: object) -> FlaskClient:
    settings = dataclasses.replace(assistant.settings, **changes)  # type: ignore[arg-type]
    return create_app(assistant, settings).test_client()


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (SCHOOL, True),
        ("https://www.lycee.example.fr", True),
        ("http://lycee.example.fr", False),
        ("https://lycee.example.fr:8443", False),
        ("https://lycee.example.fr.evil.example", False),
        ("http://localhost:8000", False),
        ("null", False),
    ],
)
def test_the_origins_of_the_sites(origin: str, allowed: bool) -> None:
    assert allows(origin, SITES) is allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:5500", True),
        ("http://localhost", True),
        ("http://localhost.evil.example", False),
        (SCHOOL, False),
        ("null", False),
    ],
)
def test_the_origins_without_any_site(origin: str, allowed: bool) -> None:
    assert allows(origin, {}) is allowed


def test_a_page_of_a_site_may_call(seed_assistant: Assistant) -> None:
    client = client_of(seed_assistant, sites=SITES)
    asked = client.options(
        HOOK,
        headers={
            "Origin": SCHOOL,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert (asked.status_code, asked.data) == (204, b"")
    assert asked.headers["Access-Control-Allow-Origin"] == SCHOOL
    assert "content-type" in asked.headers["Access-Control-Allow-Headers"].lower()
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    said = client.post(HOOK, json={"sender": "o", "message": "bonjour"}, headers={"Origin": SCHOOL})
    assert said.headers["Access-Control-Allow-Origin"] == SCHOOL
    assert "Access-Control-Allow-Credentials" not in said.headers
    assert "Origin" in said.vary


def test_another_page_may_not(seed_assistant: Assistant) -> None:
    client = client_of(seed_assistant, sites=SITES)
    for response in (
        client.options(HOOK, headers={"Origin": "https://evil.example"}),
        client.post(HOOK, json={}, headers={"Origin": "https://evil.example"}),
        client.get("/status", headers={"Origin": SCHOOL}),
    ):
        assert "Access-Control-Allow-Origin" not in response.headers


def test_an_error_can_be_read_by_the_page(seed_assistant: Assistant) -> None:
    client = client_of(seed_assistant, sites=SITES)
    refused = client.post(HOOK, data=b"pas du json", headers={"Origin": SCHOOL})
    assert refused.status_code == 400
    assert refused.headers["Access-Control-Allow-Origin"] == SCHOOL


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    buckets = Buckets(Limit(burst=3, per_minute=30), clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2.0]
    assert buckets.take("b") == 0
    clock.seconds += 1
    assert buckets.take("a") == pytest.approx(1.0)
    clock.seconds += 1
    assert buckets.take("a") == 0
    clock.seconds += 3600
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, pytest.approx(2.0)]


def test_the_limits_of_an_address_and_of_a_conversation() -> None:
    few = Limit(burst=2, per_minute=1)
    many = Limit(burst=100, per_minute=100)
    limits = RateLimits(Limits(conversation=many, address=few), Clock())
    for sender in ("a", "b"):
        limits.check(sender=sender, address="192.0.2.1")
    with pytest.raises(TooMany) as raised:
        limits.check(sender="c", address="192.0.2.1")
    assert raised.value.wait_s == 60
    limits.check(sender="d", address="192.0.2.2")
    for address in ("127.0.0.1", "::1", None):
        for _ in range(5):
            limits.check(sender="e", address=address)


def test_too_many_messages_are_told_when_to_come_back(seed_assistant: Assistant) -> None:
    limits = Limits(conversation=Limit(burst=2, per_minute=1))
    client = client_of(seed_assistant, limits=limits)
    body = {"sender": "pressé", "message": "bonjour"}
    assert [client.post(HOOK, json=body).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.post(HOOK, json=body)
    assert int(refused.headers["Retry-After"]) in (59, 60)
    assert refused.headers["Retry-After"] in refused.get_json()["title"]
    assert seed_assistant.tracker("pressé").turns == 2
    assert client.post(HOOK, json=body | {"sender": "autre"}).status_code == 200


def test_a_proxy_tells_the_address(seed_assistant: Assistant) -> None:
    limits = Limits(address=Limit(burst=1, per_minute=1), proxies=1)
    client = client_of(seed_assistant, limits=limits)

    def status(sender: str, forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        body = {"sender": sender, "message": "bonjour"}
        return client.post(HOOK, json=body, headers=headers).status_code

    assert status("p1", "192.0.2.7") == 200
    assert status("p2", "192.0.2.7") == 429
    # What the client itself put in the header counts for nothing.
    assert status("p3", "192.0.2.9, 192.0.2.7") == 429
    assert status("p4", "192.0.2.8") == 200


def test_a_message_sent_again_has_the_same_answer(seed_assistant: Assistant) -> None:
    client = client_of(seed_assistant)

    def post(text: str, name: str) -> object:
        body = {"sender": "deux fois", "message": text, "metadata": {"message_id": name}}
        return client.post(HOOK, json=body).get_json()

    first = post("quelles études pour être chargé de post-production", "m1")
    after = seed_assistant.tracker("deux fois")
    assert post("quelles études pour être chargé de post-production", "m1") == first
    assert post("un texte changé en route", "m1") == first
    assert seed_assistant.tracker("deux fois") == after
    second = post("et le salaire ?", "m2")
    assert second != first
    assert (post("et le salaire ?", "m2"), post("", "m1")) != (first, first)
    assert post("peu importe", "m1") == first
    assert seed_assistant.tracker("deux fois").turns == 2


def test_the_last_answers_only_are_kept(seed_assistant: Assistant) -> None:
    client = client_of(seed_assistant)
    for number in range(6):
        body = {
            "sender": "longue",
            "message": "bonjour",
            "metadata": {"message_id": f"n{number}"},
        }
        client.post(HOOK, json=body)
    names = [name for name, _ in seed_assistant.tracker("longue").replies]
    assert names == ["n2", "n3", "n4", "n5"]


@pytest.mark.parametrize("name", [3, ["m"], "x" * 201])
def test_an_identifier_that_is_none(seed_assistant: Assistant, name: object) -> None:
    client = client_of(seed_assistant)
    body = {"sender": "i", "message": "bonjour", "metadata": {"message_id": name}}
    assert client.post(HOOK, json=body).status_code == 400


def test_each_site_has_its_own_human(seed_assistant: Assistant) -> None:
    settings = dataclasses.replace(seed_assistant.settings, sites=SITES)
    before = seed_assistant.settings
    seed_assistant.settings = settings
    try:
        client = create_app(seed_assistant, settings).test_client()

        def human(site: str) -> str:
            body = {
                "sender": f"h{site}",
                "message": "je veux parler à quelqu'un",
                "metadata": {"site": site},
            }
            (message,) = client.post(HOOK, json=body).get_json()
            return str(message["custom"].get("handoff"))

        assert "documentaliste du lycée" in human("lycee")
        assert "documentaliste" not in human("inconnu")
    finally:
        seed_assistant.settings = before
