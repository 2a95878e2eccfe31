"""What is Slack's own; its published vector is in `test_vectors`, most refusals in `test_errors`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.webhook.channels.platforms.platform import NOW, Shown
from tests.webhook.channels.platforms.slack import FORM, PLATFORM, SECRET, signed_by
from webhook.channels.channel import Call, Fate, Incoming, Received, Response
from webhook.channels.registry import open_channels
from webhook.channels.slack import Slack
from webhook.rendering.message import Choice, Message

DIRECT = Received(event_id="Ev1", peer="D1 U1", text="bonjour", reply={"channel": "D1"})
ANSWER = Message(
    text=(
        "**Boulanger, boulangère** : de 1 400 à 2 000 € <net> & plus.\n\n"
        "- [CAP boulanger](https://www.onisep.fr/x?a=1&b=2) en 2 ans\n- [conseil](tel:0800000000)"
    ),
    choices=(
        Choice(title="Quelles études ?", token="abc", number=1),
        Choice(title="Quel salaire ?", token="def", number=2),
    ),
    numbers_intro="Répondez par un numéro :",
    menu_label="Choisir",
)


def slack() -> Slack:
    channel = open_channels({"slack": PLATFORM.settings})["slack"]
    assert isinstance(channel, Slack)
    return channel


def posted(message: Message, received: Received = DIRECT) -> list[Call]:
    return list(slack().render(message, received))


def seen(call: Call) -> Shown:
    shown = PLATFORM.accept(slack().prepare(call, key="k", access=None))
    assert shown is not None
    return shown


def event(**fields: object) -> bytes:
    inner = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", **fields}
    return json.dumps({"type": "event_callback", "event_id": "Ev1", "event": inner}).encode()


# What comes in


def test_the_challenge_is_signed_too_and_is_given_back_bare() -> None:
    body = b'{"type": "url_verification", "challenge": "3eZbrw1aB"}'
    incoming = signed_by(SECRET, body)
    slack().verify(incoming, now=NOW)
    ack = slack().parse(incoming).ack
    assert (ack.body, ack.mimetype) == ("3eZbrw1aB", "text/plain")


@pytest.mark.parametrize("at", [NOW - 300, NOW, NOW + 300])
def test_within_five_minutes(at: float) -> None:
    slack().verify(signed_by(SECRET, event(text="x"), at=at), now=NOW)


def test_a_repeated_delivery_is_read_whatever_its_reason() -> None:
    """The first may have failed: it is known again by its identifier alone."""
    first = signed_by(SECRET, event(text="bonjour"))
    again = Incoming(
        method=first.method,
        url=first.url,
        headers={
            **first.headers,
            "x-slack-retry-num": "1",
            "x-slack-retry-reason": "http_timeout",
        },
        body=first.body,
    )
    assert slack().parse(again) == slack().parse(first)


@pytest.mark.parametrize("kind", [f"{FORM}; charset=utf-8", FORM])
def test_a_form_is_one_with_its_charset_too(kind: str) -> None:
    body = b"command=%2Fbalise&text=m%C3%A9tiers&trigger_id=1.2.a&channel_id=C1&user_id=U1"
    (command,) = slack().parse(signed_by(SECRET, body, kind=kind)).messages
    assert command.text == "métiers"


def test_two_people_of_a_channel_have_two_conversations() -> None:
    peers = {
        message.peer
        for user in ("U1", "U2")
        for message in slack().parse(signed_by(SECRET, event(text="x", user=user))).messages
    }
    assert peers == {"D1 U1", "D1 U2"}


# What goes out


def test_markup() -> None:
    (call,) = posted(ANSWER)
    blocks: Any = call.body["blocks"]
    assert blocks[0]["text"] == {
        "type": "mrkdwn",
        "text": (
            "*Boulanger, boulangère* : de 1 400 à 2 000 € &lt;net&gt; &amp; plus.\n\n"
            "• <https://www.onisep.fr/x?a=1&amp;b=2|CAP boulanger> en 2 ans\n"
            "• <tel:0800000000|conseil>"
        ),
    }
    assert [element["value"] for element in blocks[1]["elements"]] == ["abc", "def"]
    assert call.body["unfurl_links"] is False


def test_the_text_beside_the_blocks_has_the_choices_as_numbers() -> None:
    (call,) = posted(ANSWER)
    assert call.plain is not None
    assert "blocks" not in call.plain
    assert call.plain["text"] == call.body["text"]
    assert str(call.plain["text"]).endswith("\n1. Quelles études ?\n2. Quel salaire ?")


@pytest.mark.parametrize("call_to_all", ["<!channel>", "<!here>", "<@U1>", "<#C1>"])
def test_words_given_back_call_nobody(call_to_all: str) -> None:
    (call,) = posted(Message(text=f"Je ne connais pas « {call_to_all} »."))
    assert call.plain is not None
    assert call_to_all not in json.dumps([call.body, call.plain])
    assert call_to_all in seen(call).text


def test_an_answer_in_a_thread_stays_there() -> None:
    there = {"channel": "C1", "thread_ts": "1.0"}
    (call,) = posted(ANSWER, Received(event_id="Ev2", peer="C1 U1", reply=there))
    assert {name: call.body[name] for name in there} == there
    assert call.plain is not None
    assert {name: call.plain[name] for name in there} == there


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(title=f"Métier {n}", token=f"t{n}", number=n) for n in range(1, count + 1))


@pytest.mark.parametrize(
    ("count", "kinds"), [(6, ["button"] * 6), (25, ["button"] * 25), (26, ["static_select"])]
)
def test_buttons_then_a_menu(count: int, kinds: list[str]) -> None:
    (call,) = posted(Message(text="Lequel ?", choices=choices(count), menu_label="Choisir"))
    blocks: Any = call.body["blocks"]
    assert [element["type"] for element in blocks[-1]["elements"]] == kinds
    assert [token for _, token in seen(call).choices] == [f"t{n}" for n in range(1, count + 1)]


def test_more_choices_than_a_menu_has_are_numbered() -> None:
    (call,) = posted(Message(text="Lequel ?", choices=choices(101), numbers_intro="Un numéro :"))
    assert seen(call).choices == ()
    assert "101. Métier 101" in seen(call).text


@pytest.mark.parametrize(("words", "count"), [(1, 0), (1300, 12), (4000, 25), (12_000, 40)])
def test_a_long_answer_is_several_messages(words: int, count: int) -> None:
    """Together, blocks have a limit that no model of slack_sdk knows."""
    message = Message(text="mot & " * words, choices=choices(count), menu_label="Choisir")
    calls = posted(message)
    shown = [seen(call) for call in calls]
    assert sum(part.text.count("mot") for part in shown) == words
    assert all(not part.choices for part in shown[:-1])
    assert len(shown[-1].choices) == count
    fallback = [seen(Call(path=c.path, body=c.plain)) for c in calls if c.plain is not None]
    assert sum(part.text.count("mot") for part in fallback) == words
    assert fallback[-1].text.count("Métier") == count


def test_there_is_no_sign_of_typing() -> None:
    assert not slack().capabilities.has_typing
    assert not any(call.is_sign for call in posted(ANSWER))


# What Slack answers


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        ("msg_blocks_too_long", Fate.PLAIN),
        ("invalid_blocks_format", Fate.PLAIN),
        ("ratelimited", Fate.RETRY),
        ("service_unavailable", Fate.RETRY),
        ("is_archived", Fate.PEER_GONE),
        ("user_disabled", Fate.PEER_GONE),
        ("token_revoked", Fate.AUTH_BROKEN),
        ("missing_scope", Fate.AUTH_BROKEN),
        ("not_allowed_token_type", Fate.AUTH_BROKEN),
        ("no_text", Fate.PERMANENT),
        ("a_new_error", Fate.PERMANENT),
    ],
)
def test_a_refusal_has_the_status_200(error: str, fate: Fate) -> None:
    body = json.dumps({"ok": False, "error": error}).encode()
    verdict = slack().classify_error(Response(status=200, body=body))
    assert (verdict.fate, verdict.detail) == (fate, error)


def test_a_page_in_place_of_an_answer_is_not_taken_for_a_success() -> None:
    verdict = slack().classify_error(Response(status=200, body=b"<html>"))
    assert (verdict.fate, verdict.detail) == (Fate.PERMANENT, "200")


def test_the_token_is_asked_after_in_a_header() -> None:
    request = slack().check_request(access=None)
    assert request.url == "https://slack.com/api/auth.test"
    assert request.headers["Authorization"].startswith("Bearer ")
    assert b"xoxb" not in request.body
