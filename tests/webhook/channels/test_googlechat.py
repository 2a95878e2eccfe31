"""Google Chat: two audiences, its keys, our own assertion, errors, rooms and their threads."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest

from bot.errors import BadSignature, ConfigurationError, DeliveryFailed
from tests.webhook.channels.platforms.googlechat import (
    ACCOUNT,
    CHAT,
    PLATFORM,
    PROJECT,
    URL,
    claims,
    project_claims,
    sent,
    shared_secret_token,
    shown_text,
    without,
)
from tests.webhook.channels.platforms.platform import NOW
from tests.webhook.channels.platforms.signing import (
    KEY,
    OTHER_KEY,
    private_pem,
    public_pem,
    signed_token,
)
from webhook.channels.channel import Fate, NeedsAccess, Received, Response, WithCheck
from webhook.channels.googlechat import GoogleChat, Settings
from webhook.channels.registry import open_channels
from webhook.rendering.message import Choice, Message

RECEIVED = Received(event_id="1", peer="spaces/A users/1", reply={"space": "spaces/A"})
ROOM = Received(
    event_id="1", peer="spaces/A users/1",
    reply={"space": "spaces/A", "thread": "spaces/A/threads/FIL_1"},
)  # fmt: skip


def channel(**changed: object) -> GoogleChat:
    opened = open_channels({"googlechat": {**PLATFORM.settings, **changed}})["googlechat"]
    assert isinstance(opened, GoogleChat)
    return opened


def event(kind: str, user: dict[str, str], at: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    return {"type": kind, "eventTime": at, "space": {"name": "spaces/A"}, "user": user}


def read(values: dict[str, Any]) -> Received:
    (received,) = channel().parse(PLATFORM.signed(json.dumps(values).encode())).messages
    return received


# Verification


def test_with_the_number_of_the_project() -> None:
    channel(audience=PROJECT).verify(sent(b"{}", signed_token(project_claims())), now=NOW)


@pytest.mark.parametrize(
    "token",
    [
        signed_token(project_claims(), key=OTHER_KEY),
        signed_token(project_claims(), key=None, alg="none"),
        shared_secret_token(project_claims()),
        signed_token(project_claims(aud="999999999999")),
        signed_token(project_claims(iss="https://accounts.google.com")),
        signed_token(project_claims(iss="balise@projet.example")),
        signed_token(project_claims(exp=int(NOW) - 301)),
        signed_token(without(project_claims(), "exp")),
        # A token for the address is none for the project, even from Chat.
        signed_token(claims()),
        signed_token(claims(aud=PROJECT)),
    ],
)
def test_a_forged_token_with_the_number_of_the_project(token: str) -> None:
    with pytest.raises(BadSignature):
        channel(audience=PROJECT).verify(sent(b"{}", token), now=NOW)


def test_time_is_the_one_that_is_given() -> None:
    """Against the clock of this machine, all these tokens would have the same fate."""
    opened, incoming = channel(), sent(b"{}", signed_token(claims(exp=int(NOW) + 3600)))
    opened.verify(incoming, now=NOW + 3600 + 299)
    with pytest.raises(BadSignature):
        opened.verify(incoming, now=NOW + 3600 + 301)
    begins = sent(b"{}", signed_token(claims(nbf=int(NOW))))
    opened.verify(begins, now=NOW - 299)
    with pytest.raises(BadSignature):
        opened.verify(begins, now=NOW - 301)


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_both_names_of_google(issuer: str) -> None:
    channel().verify(sent(b"{}", signed_token(claims(iss=issuer))), now=NOW)


@pytest.mark.parametrize("audience", [URL, PROJECT])
def test_keys_that_cannot_be_fetched_let_nobody_in(audience: str) -> None:
    # Nothing listens there: it is asked for only when a token comes.
    nowhere = "http://127.0.0.1:9/keys"
    opened = channel(audience=audience, openid_keys=nowhere, chat_keys=nowhere)
    token = signed_token(claims() if audience == URL else project_claims())
    with pytest.raises(BadSignature):
        opened.verify(sent(b"{}", token), now=NOW)


def test_keys_are_given_by_whoever_makes_it() -> None:
    settings = Settings(audience=URL, client_email=ACCOUNT, private_key=private_pem())
    GoogleChat(settings, lambda _: KEY.public_key()).verify(
        sent(b"{}", signed_token(claims())), now=NOW
    )
    with pytest.raises(BadSignature):
        GoogleChat(settings, lambda _: OTHER_KEY.public_key()).verify(
            sent(b"{}", signed_token(claims())), now=NOW
        )


def test_keys_are_those_of_google_by_default() -> None:
    settings = Settings(audience=URL, client_email=ACCOUNT, private_key="x")
    assert settings.openid_keys == "https://www.googleapis.com/oauth2/v3/certs"
    assert settings.chat_keys.endswith(f"/service_accounts/v1/jwk/{CHAT}")


# Access


@pytest.mark.parametrize("key", [private_pem(), private_pem().replace("\n", "\\n")])
def test_the_assertion_is_signed_by_the_account(key: str) -> None:
    opened = channel(private_key=key)
    assert isinstance(opened, NeedsAccess)
    request = opened.access_request(now=NOW)
    assert (request.method, request.url) == ("POST", "https://oauth2.googleapis.com/token")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    fields = parse_qs(request.body.decode(), strict_parsing=True)
    assert fields["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    (assertion,) = fields["assertion"]
    assert jwt.get_unverified_header(assertion)["alg"] == "RS256"
    # The clock of this machine is later: only the signature and the audience are checked here.
    told = jwt.decode(
        assertion, public_pem(), algorithms=["RS256"], audience=request.url,
        options={"verify_exp": False},
    )  # fmt: skip
    assert told == {
        "iss": ACCOUNT,
        "scope": "https://www.googleapis.com/auth/chat.bot",
        "aud": request.url,
        "iat": int(NOW),
        "exp": int(NOW) + 3600,  # an hour at most
    }


@pytest.mark.parametrize(
    "key", ["x", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"]
)
def test_a_key_that_is_none(key: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        channel(private_key=key)
    assert error.value.detail == "channels.googlechat.private_key"


def test_the_token_that_is_lent() -> None:
    body = b'{"access_token": "ya29.x", "expires_in": 3599, "token_type": "Bearer"}'
    access = channel().access_of(Response(status=200, body=body))
    assert (access.token, access.expires_s) == ("ya29.x", 3599.0)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (400, b'{"error": "invalid_grant"}', "invalid_grant"),
        (200, b'{"access_token": 3, "expires_in": 3599}', "200"),
        (200, b'{"access_token": "x"}', "200"),
        (503, b"<html>", "503"),
    ],
)
def test_no_token_is_lent(status: int, body: bytes, told: str) -> None:
    with pytest.raises(DeliveryFailed, match=told):
        channel().access_of(Response(status=status, body=body))


def test_whose_the_credentials_are() -> None:
    opened = channel()
    assert isinstance(opened, WithCheck)
    request = opened.check_request(access="un-jeton")
    assert request.method == "GET"
    assert request.url == "https://chat.googleapis.com/v1/spaces?pageSize=1"
    assert request.headers["Authorization"] == "Bearer un-jeton"
    assert opened.check_answer(Response(status=200, body=b"{}")) == ACCOUNT
    for status in (401, 403, 404):
        assert opened.check_answer(Response(status=status, body=b"{}")) is None


# What comes in


def test_people_of_one_name_do_not_share_a_conversation() -> None:
    """Rasa takes the name that is shown for the sender."""
    first, second = (
        read(event("ADDED_TO_SPACE", {"name": f"users/{n}", "displayName": "Même nom"}))
        for n in (1, 2)
    )
    assert first.peer != second.peer


def test_a_button_may_be_pressed_again() -> None:
    action = {"action": {"parameters": [{"key": "choice", "value": "abc"}]}}
    pressed = [
        read(event("CARD_CLICKED", {"name": "users/1"}, at) | action).event_id
        for at in ("2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00.1Z", "2026-01-01T00:00:09.5Z")
    ]
    assert pressed[0] == pressed[1] != pressed[2]


# What goes out


def test_an_answer() -> None:
    message = Message(
        text="**boulanger ou boulangère** : R&D, 1 < 2, <users/all>\n\n- l'« œuvre » – 3 ans\n"
        "- [3018](tel:3018), [le CIO](tel:0200000000)\n\n"
        "Source : [fiche <A> | ici](https://www.onisep.fr/MET.17?a=1&b=2)",
        choices=(Choice(title="Quelles études ?", token="t1", number=1),),
    )
    (call,) = channel().render(message, RECEIVED)
    assert call.body["text"] == (
        "*boulanger ou boulangère* : R&D, 1 < 2, ‹users/all>\n\n• l'« œuvre » – 3 ans\n"
        "• 3018, le CIO : 0200000000\n\n"
        "Source : <https://www.onisep.fr/MET.17?a=1&b=2|fiche ‹A› / ici>"
    )
    assert "thread" not in call.body
    shown = PLATFORM.accept(channel().prepare(call, key="k1", access="un-jeton"))
    assert shown is not None
    assert shown.choices == (("Quelles études ?", "t1"),)


def test_a_room_is_answered_in_its_thread() -> None:
    calls = channel().render(Message(text="mot " * 5000), ROOM)
    assert len(calls) == 2
    for call in calls:
        assert call.body["thread"] == {"name": "spaces/A/threads/FIL_1"}
        assert PLATFORM.accept(channel().prepare(call, key="k1", access="un-jeton"))


def test_every_try_is_one_request() -> None:
    (call,) = channel().render(Message(text="bonjour"), RECEIVED)
    one, again = (channel().prepare(call, key="outbox-7", access="un-jeton") for _ in range(2))
    assert one == again
    assert one.url.endswith("/v1/spaces/A/messages?requestId=outbox-7")
    assert "un-jeton" not in json.dumps(call.body) + call.path


def test_the_worst_text_is_within_the_limit() -> None:
    """Quotes and line breaks are twice as long in JSON, and buttons count too."""
    choices = tuple(Choice(title=f'{n}"' * 30, token="t" * 16, number=n) for n in range(10, 25))
    for call in channel().render(Message(text='"\n' * 40_000, choices=choices), ROOM):
        assert PLATFORM.accept(channel().prepare(call, key="k" * 36, access="un-jeton"))


def test_many_choices_are_numbered() -> None:
    choices = tuple(Choice(title=f"choix {n}", token=f"t{n}", number=n) for n in range(1, 17))
    (call,) = channel().render(
        Message(text="voici", choices=choices, numbers_intro="Un numéro :"), RECEIVED
    )
    assert "cardsV2" not in call.body
    assert shown_text(str(call.body["text"])).endswith("16. choix 16")


def answer(status: str, message: str = "", reason: str | None = None) -> bytes:
    error: dict[str, object] = {"status": status, "message": message}
    if reason is not None:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return json.dumps({"error": error}).encode()


@pytest.mark.parametrize(
    ("status", "body", "fate"),
    [
        (200, b'{"name": "spaces/A/messages/1"}', Fate.SENT),
        (400, answer("INVALID_ARGUMENT"), Fate.PERMANENT),
        (401, answer("UNAUTHENTICATED"), Fate.AUTH_BROKEN),
        (403, answer("PERMISSION_DENIED"), Fate.PEER_GONE),
        (404, answer("NOT_FOUND"), Fate.PEER_GONE),
        # Nobody has left: it is our project that is not ready.
        (403, answer("PERMISSION_DENIED", reason="SERVICE_DISABLED"), Fate.AUTH_BROKEN),
        (
            403,
            answer("PERMISSION_DENIED", reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            Fate.AUTH_BROKEN,
        ),
        (404, answer("NOT_FOUND", "Google Chat app not found. To create…"), Fate.AUTH_BROKEN),
        (429, answer("RESOURCE_EXHAUSTED"), Fate.RETRY),
        (500, answer("INTERNAL"), Fate.RETRY),
        (503, b"<html>", Fate.RETRY),
        (403, b'{"error": "x"}', Fate.PEER_GONE),
        (403, b'{"error": {"details": [3, {"reason": 4}], "status": null}}', Fate.PEER_GONE),
        (413, b"", Fate.PERMANENT),
    ],
)
def test_errors(status: int, body: bytes, fate: Fate) -> None:
    assert channel().classify_error(Response(status=status, body=body)).fate is fate


def test_when_to_try_again() -> None:
    body = answer("RESOURCE_EXHAUSTED")
    asked = Response(status=429, headers={"retry-after": "30"}, body=body)
    verdict = channel().classify_error(asked)
    assert (verdict.retry_after_s, verdict.detail) == (30.0, "RESOURCE_EXHAUSTED")
    assert channel().classify_error(Response(status=429, body=body)).retry_after_s is None
