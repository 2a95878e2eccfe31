"""Twilio: the published vectors of its own library, errors, sober text."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from bot.errors import BadSignature
from tests.webhook.channels.platforms.platform import NOW
from tests.webhook.channels.platforms.twilio import PLATFORM, URL, digest, signed_by, sms
from webhook.channels.channel import Fate, Incoming, Received, Response
from webhook.channels.registry import open_channels
from webhook.channels.twilio import signature
from webhook.rendering.message import Choice, Message

# twilio-python, tests/unit/test_request_validator.py
TOKEN = "12345"
ADDRESS = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMS = {
    "CallSid": ["CA1234567890ABCDE"],
    "Digits": ["1234"],
    "From": ["+14158675309"],
    "To": ["+18005551212"],
    "Caller": ["+14158675309"],
}


@pytest.mark.parametrize(
    ("url", "fields", "expected"),
    [
        (ADDRESS, PARAMS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (ADDRESS.replace(".com", ".com:443"), PARAMS, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (
            ADDRESS,
            {"Sid": ["CA123"], "SidAccount": ["AC123"], "Digits": ["5678", "1234", "1234"]},
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (
            f"{ADDRESS}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620",
            {},
            "a9nBmqA0ju/hNViExpshrM61xv4=",
        ),
    ],
)
def test_published_vectors(url: str, fields: dict[str, list[str]], expected: str) -> None:
    assert signature(TOKEN, url, fields).decode() == expected


def channel():
    return open_channels({"twilio": PLATFORM.settings})["twilio"]


def opened_with(token: str):
    return open_channels({"twilio": {**PLATFORM.settings, "auth_token": token}})["twilio"]


@pytest.mark.parametrize("signed_url", [ADDRESS, ADDRESS.replace(".com", ".com:443")])
def test_with_its_port_or_without(signed_url: str) -> None:
    body = urlencode(PARAMS, doseq=True).encode()
    headers = signed_by(TOKEN, body, url=signed_url).headers
    incoming = Incoming(method="POST", url=ADDRESS, headers=headers, body=body)
    opened_with(TOKEN).verify(incoming, now=NOW)


def test_a_body_in_json_is_signed_by_its_digest() -> None:
    body = b'{"property": "value", "boolean": true}'
    published = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    assert digest(body) == published
    incoming = Incoming(
        method="POST", url=f"{ADDRESS}&bodySHA256={published}", query={"bodySHA256": published},
        headers={"x-twilio-signature": "a9nBmqA0ju/hNViExpshrM61xv4="}, body=body,
    )  # fmt: skip
    opened_with(TOKEN).verify(incoming, now=NOW)
    changed = Incoming(
        method="POST", url=incoming.url, query=incoming.query, headers=incoming.headers, body=b"{}"
    )
    with pytest.raises(BadSignature):
        opened_with(TOKEN).verify(changed, now=NOW)


@pytest.mark.parametrize(
    ("status", "code", "fate"),
    [
        (201, None, Fate.SENT),
        (400, 21610, Fate.PEER_GONE),
        (400, 21211, Fate.PEER_GONE),
        (400, 21617, Fate.PERMANENT),
        (401, 20003, Fate.AUTH_BROKEN),
        (429, 20429, Fate.RETRY),
        (503, None, Fate.RETRY),
    ],
)
def test_errors(status: int, code: int | None, fate: Fate) -> None:
    body = json.dumps({"code": code} if code else {"sid": "SM9"}).encode()
    assert channel().classify_error(Response(status=status, body=body)).fate is fate


def test_an_answer_is_sober() -> None:
    choices = (Choice(title="Quelles études ?", token="t1", number=1),)
    message = Message(
        text="**boulanger ou boulangère**\n\n- l’« œuvre » d’été – 3 ans…\n\n"
        "Source : [fiche](https://www.onisep.fr/MET.17)",
        choices=choices,
        numbers_intro="Pour choisir, répondez par un numéro :",
    )
    (call,) = channel().render(message, Received(event_id="1", peer="+33600000000"))
    assert call.body["Body"] == (
        "boulanger ou boulangère\n\n- l'\"œuvre\" d'été - 3 ans...\n\n"
        "Source : fiche : https://www.onisep.fr/MET.17\n\n"
        "Pour choisir, répondez par un numéro :\n1. Quelles études ?"
    ).replace('"œuvre"', '" œuvre "')


def test_a_message_may_be_longer_than_any_of_ours() -> None:
    incoming = signed_by(str(PLATFORM.settings["auth_token"]), sms(Body="é" * 3000), url=URL)
    assert channel().parse(incoming).messages[0].text == "é" * 3000
