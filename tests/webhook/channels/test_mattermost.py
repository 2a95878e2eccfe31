"""What is Mattermost's own: three kinds of requests, presses that we sign, posts of our own."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.errors import BadSignature
from tests.webhook.channels.platforms.mattermost import CALLBACK, HOOK, PLATFORM, TOKEN, context
from tests.webhook.channels.platforms.platform import NOW, Shown
from webhook.channels.channel import Call, Fate, Incoming, Received, Response
from webhook.channels.mattermost import Mattermost
from webhook.channels.registry import open_channels
from webhook.rendering.message import Choice, Message

RECEIVED = Received(event_id="p1", peer="c1 u1", text="bonjour", reply={"channel": "c1"})
ANSWER = Message(
    text=(
        "**Boulanger, boulangère** : de 1 400 à 2 000 € * net & <plus>.\n\n"
        "- [CAP boulanger](https://www.onisep.fr/x?a=1&b=2) en 2 ans"
    ),
    choices=(
        Choice(title="Quelles études ?", token="abc", number=1),
        Choice(title="Quel salaire ?", token="def", number=2),
    ),
    numbers_intro="Répondez par un numéro :",
)


def mattermost(**more: object) -> Mattermost:
    channel = open_channels({"mattermost": {**PLATFORM.settings, **more}})["mattermost"]
    assert isinstance(channel, Mattermost)
    return channel


def posts(message: Message) -> list[Call]:
    return list(mattermost().render(message, RECEIVED))


def seen(call: Call) -> Shown:
    shown = PLATFORM.accept(mattermost().prepare(call, key="k", access=None))
    assert shown is not None
    return shown


def hook(**fields: object) -> Incoming:
    body = {"token": HOOK, "channel_id": "c1", "user_id": "u1", "user_name": "lea", **fields}
    return PLATFORM.signed(json.dumps(body).encode())


def press(choice: dict[str, Any], **fields: object) -> Incoming:
    """What the server sends when a button of ours is pressed."""
    given = {"channel_id": "c1", "user_id": "u1", "post_id": "p9", "trigger_id": "t" * 220}
    body = {**given, "type": "button", "context": choice["integration"]["context"], **fields}
    return PLATFORM.signed(json.dumps(body).encode())


def buttons(message: Message) -> list[dict[str, Any]]:
    props: Any = posts(message)[-1].body["props"]
    actions: list[dict[str, Any]] = props["attachments"][0]["actions"]
    return actions


# What comes in


def test_what_was_offered_can_be_pressed_by_whom_it_was_offered_to() -> None:
    channel = mattermost()
    for button, token in zip(buttons(ANSWER), ("abc", "def"), strict=True):
        channel.verify(press(button), now=NOW)
        (pressed,) = channel.parse(press(button)).messages
        assert (pressed.token, pressed.peer, pressed.text) == (token, "c1 u1", None)
        assert len(pressed.event_id) <= 200
        for others in ({"user_id": "u2"}, {"channel_id": "c2"}):
            with pytest.raises(BadSignature):
                channel.verify(press(button, **others), now=NOW)


def test_a_button_of_another_bot_is_refused() -> None:
    """The key is the token of our account: it changes when the token does."""
    with pytest.raises(BadSignature):
        mattermost(token="un-autre-jeton").verify(press(buttons(ANSWER)[0]), now=NOW)


def test_a_button_pressed_again_is_heard_again() -> None:
    button = buttons(ANSWER)[0]
    events = {
        mattermost().parse(press(button, trigger_id=trigger)).messages[0].event_id
        for trigger in ("dHIx", "dHIy", "dHIx")
    }
    assert len(events) == 2


def test_a_bad_token_is_not_handled() -> None:
    """Some bots answer 400 and go on."""
    incoming = hook(token="faux", post_id="p1", text="bonjour")
    with pytest.raises(BadSignature):
        mattermost().verify(incoming, now=NOW)


def test_without_the_token_of_a_command_there_is_no_command() -> None:
    channel = mattermost(command_token=None)
    for token in ("", "None", HOOK):
        fields = {"token": token, "command": "/balise", "text": "x", "trigger_id": "t"}
        body = urlencode({**fields, "channel_id": "c1", "user_id": "u1"}).encode()
        with pytest.raises(BadSignature):
            channel.verify(PLATFORM.signed(body, form=True), now=NOW)


def test_our_own_posts_are_not_answered_whatever_our_name_is() -> None:
    ours = hook(post_id="p1", text="je réponds", user_name="orientation")
    assert not mattermost(username="orientation").parse(ours).messages
    assert mattermost().parse(ours).messages


def test_two_people_of_a_channel_have_two_conversations() -> None:
    peers = {
        mattermost().parse(hook(post_id="p1", text="x", user_id=user)).messages[0].peer
        for user in ("u1", "u2")
    }
    assert peers == {"c1 u1", "c1 u2"}


# What goes out


def test_markup() -> None:
    (call,) = posts(ANSWER)
    assert call.body["message"] == (
        "**Boulanger, boulangère** : de 1 400 à 2 000 € \\* net & \\<plus\\>.\n\n"
        "- [CAP boulanger](https://www.onisep.fr/x?a=1&b=2) en 2 ans"
    )
    (first, _) = buttons(ANSWER)
    assert first["integration"] == {"url": CALLBACK, "context": context("c1 u1", "abc")}


@pytest.mark.parametrize("name", ["channel", "all", "here", "lea"])
def test_words_given_back_call_nobody(name: str) -> None:
    (call,) = posts(Message(text=f"Je ne connais pas « @{name} » ; écrivez à x@{name}.example."))
    text = str(call.body["message"])
    assert f"@{name} »" not in text
    assert f"x@{name}.example" in text
    seen(call)


def test_a_post_sent_again_is_known_again() -> None:
    (call,) = posts(ANSWER)
    bodies = [mattermost().prepare(call, key=key, access=None).body for key in ("k1", "k1", "k2")]
    assert bodies[0] == bodies[1]
    assert [json.loads(body)["pending_post_id"] for body in bodies] == ["k1", "k1", "k2"]


def test_many_choices_are_numbered() -> None:
    choices = tuple(Choice(title=f"Métier {n}", token=f"t{n}", number=n) for n in range(1, 17))
    (call,) = posts(Message(text="Lequel ?", choices=choices, numbers_intro="Un numéro :"))
    shown = seen(call)
    assert shown.choices == ()
    assert "16. Métier 16" in shown.text
    fifteen = posts(Message(text="Lequel ?", choices=choices[:15]))
    assert len(seen(fifteen[0]).choices) == 15


def test_a_long_answer_is_several_posts_and_its_buttons_are_under_the_last() -> None:
    calls = posts(Message(text="mot " * 10_000, choices=ANSWER.choices))
    shown = [seen(call) for call in calls]
    assert len(shown) > 1
    assert sum(part.text.count("mot") for part in shown) == 10_000
    assert [len(part.choices) for part in shown] == [0] * (len(shown) - 1) + [2]


# What the server answers


@pytest.mark.parametrize(
    ("status", "identifier", "fate"),
    [
        (400, "api.post.create_post.can_not_post_to_deleted.error", Fate.PEER_GONE),
        (400, "api.post.create_post.can_not_post_in_restricted_dm.error", Fate.PEER_GONE),
        (404, "app.channel.get.existing.app_error", Fate.PEER_GONE),
        (404, "api.context.404.app_error", Fate.PERMANENT),
        (500, "api.post.deduplicate_create_post.pending", Fate.RETRY),
        (401, "api.context.session_expired.app_error", Fate.AUTH_BROKEN),
    ],
)
def test_a_refusal(status: int, identifier: str, fate: Fate) -> None:
    body = json.dumps({"id": identifier, "status_code": status}).encode()
    verdict = mattermost().classify_error(Response(status=status, body=body))
    assert (verdict.fate, verdict.detail) == (fate, identifier)


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    response = Response(status=429, headers={"retry-after": "3"}, body=b"limit exceeded")
    verdict = mattermost().classify_error(response)
    assert (verdict.fate, verdict.retry_after_s) == (Fate.RETRY, 3.0)


def test_the_token_is_asked_after_at_the_server_of_the_settings() -> None:
    request = mattermost().check_request(access=None)
    assert (request.method, request.url) == ("GET", "https://mm.example/api/v4/users/me")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
