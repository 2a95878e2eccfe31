"""What is the Bot Connector's own: its tokens, our own, its cards; more refusals: `test_errors`."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest

from bot.errors import BadSignature, DeliveryFailed
from tests.webhook.channels.platforms.platform import NOW, Shown
from tests.webhook.channels.platforms.signing import KEY, OTHER_KEY, public_pem, signed_token
from tests.webhook.channels.platforms.teams import APP, PLATFORM, SERVICE, claims, sent
from webhook.channels.channel import Call, Fate, NeedsAccess, Received, Response
from webhook.channels.registry import open_channels
from webhook.channels.teams import Settings, Teams
from webhook.rendering.message import Choice, Message

BODY = json.dumps({"type": "typing", "serviceUrl": SERVICE}).encode()
ASKED = Received(
    event_id="m1", peer="a:1 29:lea", text="bonjour",
    reply={"service": SERVICE, "conversation": "19:x@thread.tacv2;messageid=1"},
)  # fmt: skip
ANSWER = Message(
    text=(
        "**Boulanger, boulangère** : de 1 400 à 2 000 € <net>.\nUn métier *matinal*.\n\n"
        "- [CAP boulanger](https://www.onisep.fr/x?a=1&b=2) en 2 ans\n- [3018](tel:3018)"
    ),
    choices=(
        Choice(title="Quelles études ?", token="abc", number=1),
        Choice(title="Quel salaire ?", token="def", number=2),
    ),
    numbers_intro="Répondez par un numéro :",
)


def teams(**changed: object) -> Teams:
    channel = open_channels({"teams": {**PLATFORM.settings, **changed}})["teams"]
    assert isinstance(channel, Teams)
    return channel


def activity(**fields: object) -> bytes:
    return json.dumps(
        {"type": "message", "id": "m1", "serviceUrl": SERVICE, "from": {"id": "29:lea"},
         "recipient": {"id": "28:balise"}, "conversation": {"id": "a:1"}, **fields}
    ).encode()  # fmt: skip


def read(**fields: object) -> Received:
    (received,) = teams().parse(PLATFORM.signed(activity(**fields))).messages
    return received


def posted(message: Message) -> list[Call]:
    sign, *calls = teams().render(message, ASKED)
    assert sign.is_sign
    return calls


def seen(call: Call) -> Shown:
    shown = PLATFORM.accept(teams().prepare(call, key="k", access="un-jeton"))
    assert shown is not None
    return shown


# Its tokens


def test_the_fake_signs_as_a_library_reads() -> None:
    told = jwt.decode(
        signed_token(claims()), public_pem(), algorithms=["RS256"], audience=APP,
        issuer="https://api.botframework.com",
        options={"verify_exp": False, "verify_nbf": False},
    )  # fmt: skip
    assert told["serviceurl"] == SERVICE


def test_time_is_the_one_that_is_given() -> None:
    """Against the clock of this machine, all these tokens would have the same fate."""
    opened, incoming = teams(), sent(BODY, signed_token(claims(exp=int(NOW) + 3600)))
    opened.verify(incoming, now=NOW + 3600 + 299)
    with pytest.raises(BadSignature):
        opened.verify(incoming, now=NOW + 3600 + 301)
    begins = sent(BODY, signed_token(claims(nbf=int(NOW))))
    opened.verify(begins, now=NOW - 299)
    with pytest.raises(BadSignature):
        opened.verify(begins, now=NOW - 301)


@pytest.mark.parametrize(
    "service",
    [SERVICE.rstrip("/"), SERVICE.upper(), f"{SERVICE}v3/", "https://smba.example.voleur.example/"],
)
def test_our_token_goes_nowhere_but_to_the_address_that_is_signed(service: str) -> None:
    body = json.dumps({"type": "message", "serviceUrl": service}).encode()
    with pytest.raises(BadSignature):
        teams().verify(sent(body, signed_token(claims())), now=NOW)


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"{", b"\xff"])
def test_a_body_without_an_address_is_refused_before_it_is_read(body: bytes) -> None:
    with pytest.raises(BadSignature):
        teams().verify(sent(body, signed_token(claims())), now=NOW)


def test_the_token_that_names_no_key() -> None:
    token = jwt.encode(claims(), KEY, algorithm="RS256")
    with pytest.raises(BadSignature):
        teams().verify(sent(BODY, token), now=NOW)


def test_the_algorithm_is_ours_to_choose() -> None:
    """Rasa verifies with the one that the token names."""
    token = jwt.encode(claims(), KEY, algorithm="RS512", headers={"kid": "cle-1"})
    with pytest.raises(BadSignature, match="alg"):
        teams().verify(sent(BODY, token), now=NOW)


def test_keys_are_given_by_whoever_makes_it() -> None:
    settings = Settings(app_id=APP, app_password="x")
    signed = sent(BODY, signed_token(claims()))
    Teams(settings, lambda _: KEY.public_key()).verify(signed, now=NOW)
    with pytest.raises(BadSignature):
        Teams(settings, lambda _: OTHER_KEY.public_key()).verify(signed, now=NOW)


@pytest.mark.parametrize("path", ["", "/openid"])
def test_keys_that_cannot_be_fetched_let_nobody_in(path: str) -> None:
    # Nothing listens there: it is asked for only when a token comes.
    opened = teams(openid=f"http://127.0.0.1:9{path}")
    with pytest.raises(BadSignature):
        opened.verify(sent(BODY, signed_token(claims())), now=NOW)


def test_keys_are_those_of_microsoft_by_default() -> None:
    settings = Settings(app_id=APP, app_password="x")
    assert settings.openid == "https://login.botframework.com/v1/.well-known/openidconfiguration"
    assert settings.login == "https://login.microsoftonline.com"


# Our own


@pytest.mark.parametrize("tenant", ["botframework.com", "11111111-2222-3333-4444-555555555555"])
def test_a_token_is_asked_for(tenant: str) -> None:
    opened = teams(tenant=tenant)
    assert isinstance(opened, NeedsAccess)
    request = opened.access_request(now=NOW)
    assert request.method == "POST"
    assert request.url == f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode(), strict_parsing=True) == {
        "grant_type": ["client_credentials"],
        "client_id": [APP],
        "client_secret": ["secret-de-l-app"],
        "scope": ["https://api.botframework.com/.default"],
    }


def test_the_token_that_is_lent() -> None:
    body = b'{"token_type": "Bearer", "expires_in": 3600, "access_token": "eyJ.x"}'
    access = teams().access_of(Response(status=200, body=body))
    assert (access.token, access.expires_s) == ("eyJ.x", 3600.0)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b'{"error": "invalid_client"}'),
        (200, b'{"access_token": 3, "expires_in": 3600}'),
        (200, b'{"access_token": "x"}'),
        (503, b"<html>"),
    ],
)
def test_no_token_is_lent(status: int, body: bytes) -> None:
    with pytest.raises(DeliveryFailed, match=str(status)):
        teams().access_of(Response(status=status, body=body))


def test_no_credential_waits() -> None:
    for call in teams().render(ANSWER, ASKED):
        assert "un-jeton" not in json.dumps(call.body) + call.path
        request = teams().prepare(call, key="k", access="un-jeton")
        assert request.headers["Authorization"] == "Bearer un-jeton"


# What comes in


def test_each_person_of_a_team_has_a_conversation() -> None:
    one, other = (read(text="bonjour", **{"from": {"id": f"29:{n}"}}).peer for n in (1, 2))
    assert one != other


def test_an_activity_sent_again_is_the_same_event() -> None:
    assert read(text="bonjour") == read(text="bonjour")
    added = {"type": "conversationUpdate", "id": None, "membersAdded": [{"id": "28:balise"}]}
    assert read(**added) == read(**added)


def test_the_longest_identifiers_are_an_event() -> None:
    """Those of the vendor's own example are 133 and 85 characters long."""
    added = {"type": "conversationUpdate", "id": None, "membersAdded": [{"id": "28:balise"}]}
    assert len(read(conversation={"id": "a:" + "x" * 131}, **added).event_id) <= 200


@pytest.mark.parametrize("value", [{}, {"choice": ""}, {"choice": 3}, "abc", ["abc"], None])
def test_a_card_that_is_not_ours_has_no_choice(value: object) -> None:
    received = read(value=value)
    assert (received.token, received.text) == (None, None)


# What goes out


def test_an_answer() -> None:
    text, card = posted(ANSWER)
    place = "v3/conversations/19%3Ax%40thread.tacv2%3Bmessageid%3D1/activities"
    assert text.path == card.path == f"{SERVICE}{place}"
    assert text.body == {
        "type": "message",
        "textFormat": "markdown",
        "text": (
            "**Boulanger, boulangère** : de 1 400 à 2 000 € \\<net\\>.\n\nUn métier \\*matinal\\*."
            "\n\n- [CAP boulanger](https://www.onisep.fr/x?a=1&b=2) en 2 ans\n- [3018](tel:3018)"
        ),
    }
    assert seen(card).choices == (("Quelles études ?", "abc"), ("Quel salaire ?", "def"))


def test_it_types_first() -> None:
    sign, *_ = teams().render(ANSWER, ASKED)
    assert (sign.is_sign, sign.body) == (True, {"type": "typing"})
    assert PLATFORM.accept(teams().prepare(sign, key="k", access="un-jeton")) is None


def test_without_choices_there_is_no_card() -> None:
    (call,) = posted(Message(text="bonjour"))
    assert "attachments" not in call.body


def test_the_card_is_after_all_the_parts() -> None:
    calls = posted(Message(text="mot " * 7000, choices=ANSWER.choices))
    assert [len(seen(call).choices) for call in calls] == [0, 0, 0, 2]


def test_the_worst_text_is_within_the_limit() -> None:
    """Characters of two code units, marks that are escaped, line breaks that are doubled."""
    for call in posted(Message(text="😀*\n" * 20_000, choices=ANSWER.choices)):
        seen(call)


@pytest.mark.parametrize(("count", "buttons"), [(6, 6), (7, 0)])
def test_more_than_six_choices_are_numbered(count: int, buttons: int) -> None:
    choices = tuple(
        Choice(title=f"choix {n}", token=f"t{n}", number=n) for n in range(1, count + 1)
    )
    calls = posted(Message(text="voici", choices=choices, numbers_intro="Un numéro :"))
    assert sum(len(seen(call).choices) for call in calls) == buttons
    assert (f"{count}. choix {count}" in str(calls[0].body["text"])) is (not buttons)


# Refusals: conversation-messages, « Status code responses »


@pytest.mark.parametrize(
    ("status", "code", "fate"),
    [
        (403, "ConversationBlockedByUser", Fate.PEER_GONE),
        (403, "BotDisabledByAdmin", Fate.PEER_GONE),
        (404, "ConversationNotFound", Fate.PEER_GONE),
        (401, "BotNotRegistered", Fate.AUTH_BROKEN),
        (400, "BadSyntax", Fate.PERMANENT),
        (504, "Timeout", Fate.RETRY),
    ],
)
def test_refusals(status: int, code: str, fate: Fate) -> None:
    body = json.dumps({"error": {"code": code, "message": "x"}}).encode()
    verdict = teams().classify_error(Response(status=status, body=body))
    assert (verdict.fate, verdict.detail) == (fate, code)


@pytest.mark.parametrize("error", ["BotNotInConversationRoster", None, [], {}, {"code": 3}])
def test_a_refusal_of_another_shape(error: Any) -> None:
    body = json.dumps({"error": error}).encode()
    assert teams().classify_error(Response(status=403, body=body)).fate is Fate.PEER_GONE


def test_it_waits_as_long_as_it_is_told() -> None:
    answer = Response(status=429, headers={"retry-after": "12"}, body=b'{"error": {}}')
    verdict = teams().classify_error(answer)
    assert (verdict.fate, verdict.retry_after_s, verdict.is_for_all) == (Fate.RETRY, 12.0, False)
