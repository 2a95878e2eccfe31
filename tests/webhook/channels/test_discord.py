"""What is Discord's own; its published vector is in `test_vectors`, most refusals in `test_errors`."""

from __future__ import annotations

import json

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from bot.errors import BadSignature
from tests.webhook.channels.platforms.discord import APPLICATION, KEY, PLATFORM, PUBLIC, signed_by
from tests.webhook.channels.platforms.platform import NOW, Shown
from webhook.channels.channel import Call, Fate, NeedsAccess, Received, Response
from webhook.channels.discord import Discord
from webhook.channels.registry import open_channels
from webhook.rendering.message import Choice, Message

ASKED = Received(event_id="9001", peer="c1 u1", text="bonjour", reply={"interaction": "jeton.A-1"})
WEBHOOK = f"/webhooks/{APPLICATION}/jeton.A-1"
ANSWER = Message(
    text=(
        "**Boulanger, boulangère** : de 1 400 à 2 000 € (*net*), @everyone.\n\n"
        "- [CAP boulanger](https://www.onisep.fr/x_y?a=1&b=2) en 2 ans\n- [3018](tel:3018)"
    ),
    choices=(
        Choice(title="Quelles études ?", token="abc", number=1),
        Choice(title="Quel salaire ?", token="def", number=2),
    ),
    numbers_intro="Répondez par un numéro :",
)


def discord() -> Discord:
    channel = open_channels({"discord": PLATFORM.settings})["discord"]
    assert isinstance(channel, Discord)
    return channel


def offered(count: int) -> Message:
    choices = (Choice(title=f"choix {n}", token=f"t{n}", number=n) for n in range(1, count + 1))
    return Message(text="voici", choices=tuple(choices), numbers_intro="Un numéro :")


def seen(call: Call) -> Shown:
    shown = PLATFORM.accept(discord().prepare(call, key="k", access=None))
    assert shown is not None
    return shown


# What comes in


def test_the_library_of_discord_s_own_example_agrees() -> None:
    """developers/interactions/overview verifies with PyNaCl; ours must accept the same, no more."""
    body = '{"type": 1, "id": "1", "token": "é"}'.encode()
    incoming = signed_by(KEY, body)
    signature = bytes.fromhex(incoming.headers["x-signature-ed25519"])
    stamp = incoming.headers["x-signature-timestamp"].encode()
    VerifyKey(bytes.fromhex(PUBLIC)).verify(stamp + body, signature)
    discord().verify(incoming, now=NOW)
    altered = bytes([signature[0] ^ 1]) + signature[1:]
    with pytest.raises(BadSignatureError):
        VerifyKey(bytes.fromhex(PUBLIC)).verify(stamp + body, altered)
    for wrong in PLATFORM.forged(body).values():
        with pytest.raises(BadSignature):
            discord().verify(wrong, now=NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [("public_key", PUBLIC[:-1]), ("public_key", "z" * 64), ("application_id", "balise")],
)
def test_a_key_or_a_number_that_is_none(field: str, value: str) -> None:
    with pytest.raises(Exception, match=f"channels.discord.{field}"):
        open_channels({"discord": {**PLATFORM.settings, field: value}})


def test_an_interaction_sent_again_is_the_same_event() -> None:
    body = json.dumps(
        {"type": 3, "id": "9", "token": "t", "channel_id": "c", "user": {"id": "u"},
         "data": {"custom_id": "abc"}}
    ).encode()  # fmt: skip
    first, again = (discord().parse(PLATFORM.signed(body)).messages for _ in range(2))
    assert first == again


def test_a_press_gets_a_message_of_its_own() -> None:
    """Type 6 would have us write over the answer whose button was pressed."""
    body = json.dumps(
        {"type": 3, "id": "9", "token": "t", "channel_id": "c", "user": {"id": "u"},
         "data": {"custom_id": "abc"}}
    ).encode()  # fmt: skip
    ack = discord().parse(PLATFORM.signed(body)).ack
    assert (json.loads(ack.body), ack.mimetype) == ({"type": 5}, "application/json")


# What goes out


def test_an_answer() -> None:
    (call,) = discord().render(ANSWER, ASKED)
    assert (call.method, call.path) == ("PATCH", f"{WEBHOOK}/messages/@original")
    assert call.body["content"] == (
        "**Boulanger, boulangère** : de 1 400 à 2 000 € (\\*net\\*), @everyone.\n\n"
        "- [CAP boulanger](https://www.onisep.fr/x_y?a=1&b=2) en 2 ans\n- [3018](tel:3018)"
    )
    assert seen(call).choices == (("Quelles études ?", "abc"), ("Quel salaire ?", "def"))


def test_nobody_is_mentioned_and_no_page_is_previewed() -> None:
    for call in discord().render(Message(text="<@1> @everyone " * 400), ASKED):
        assert call.body["allowed_mentions"] == {"parse": []}
        assert call.body["flags"] == 4  # SUPPRESS_EMBEDS


def test_a_long_answer_is_followed_by_others() -> None:
    calls = discord().render(Message(text="mot " * 1200, choices=ANSWER.choices), ASKED)
    assert [(call.method, call.path) for call in calls] == [
        ("PATCH", f"{WEBHOOK}/messages/@original"),
        ("POST", WEBHOOK),
        ("POST", WEBHOOK),
    ]
    assert [len(seen(call).choices) for call in calls] == [0, 0, 2]


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (5, [5]), (6, [5, 1]), (25, [5] * 5)])
def test_five_buttons_a_row(count: int, rows: list[int]) -> None:
    (call,) = discord().render(offered(count), ASKED)
    found = call.body["components"]
    assert isinstance(found, list)
    assert [len(row["components"]) for row in found] == rows
    assert len(seen(call).choices) == count


def test_more_choices_are_numbered() -> None:
    (call,) = discord().render(offered(26), ASKED)
    assert "components" not in call.body
    assert str(call.body["content"]).endswith("26. choix 26")


def test_no_credential_waits_or_is_sent() -> None:
    """The token of the interaction is enough: a bot's is never asked for."""
    assert not isinstance(discord(), NeedsAccess)
    (call,) = discord().render(ANSWER, ASKED)
    assert "Authorization" not in discord().prepare(call, key="k", access=None).headers


# Refusals


def test_an_answer_may_come_before_discord_has_read_the_acknowledgement() -> None:
    """It says « Unknown Webhook » for some seconds (discord/discord-api-docs, issue 7220)."""
    body = b'{"message": "Unknown Webhook", "code": 10015}'
    verdict = discord().classify_error(Response(status=404, body=body))
    assert (verdict.fate, verdict.detail) == (Fate.RETRY, "10015")
    # What ends the tries is the life of the token.
    assert discord().capabilities.window_s == 15 * 60


@pytest.mark.parametrize(
    ("status", "body", "fate"),
    [
        (401, {"message": "Invalid Webhook Token", "code": 50027}, Fate.WINDOW_CLOSED),
        (404, {"message": "Unknown interaction", "code": 10062}, Fate.WINDOW_CLOSED),
        (404, {"message": "Unknown Message", "code": 10008}, Fate.PERMANENT),
        (403, {"message": "Missing Access", "code": 50001}, Fate.PERMANENT),
        (400, {"message": "odd", "code": ["x"]}, Fate.PERMANENT),
        (500, {}, Fate.RETRY),
    ],
)
def test_refusals(status: int, body: object, fate: Fate) -> None:
    answer = Response(status=status, body=json.dumps(body).encode())
    assert discord().classify_error(answer).fate is fate


@pytest.mark.parametrize(
    ("body", "headers", "seconds", "is_for_all"),
    [
        # developers/topics/rate-limits: of one route, of all, and of an address that is banned.
        (b'{"retry_after": 64.57, "global": false}', {"retry-after": "65"}, 64.57, False),
        (b'{"retry_after": 64.57, "global": true}', {"retry-after": "65"}, 64.57, True),
        (b"<html>error 1015</html>", {"retry-after": "600"}, 600.0, True),
        (b"<html>error 1015</html>", {}, None, True),
    ],
)
def test_too_many_requests(
    body: bytes, headers: dict[str, str], seconds: float | None, is_for_all: bool
) -> None:
    verdict = discord().classify_error(Response(status=429, headers=headers, body=body))
    assert verdict.fate is Fate.RETRY
    assert (verdict.retry_after_s, verdict.is_for_all) == (seconds, is_for_all)
