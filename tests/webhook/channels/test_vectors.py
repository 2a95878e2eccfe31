"""The vectors that the platforms, or those who measured them, have published."""

from __future__ import annotations

import pytest

from bot.errors import BadSignature
from tests.webhook.channels.platforms import googlechat, meta, slack
from tests.webhook.channels.platforms.platform import NOW
from tests.webhook.channels.platforms.signing import keys_url, signed_token
from webhook.channels.channel import Channel, Incoming
from webhook.channels.registry import open_channels

SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
    b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibI"
    b"GlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SLACK_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
DISCORD_BODY = (
    b'{"application_id":"827290144020496384","id":"995105663481028770","token":"aW50ZXJhY3Rpb246OTk'
    b"1MTA1NjYzNDgxMDI4NzcwOmlReEtWOXNxMTJWYXF4UlRkc2RyVEp0MDdDMlVyem1na0FTT21xNTZQNHR0MUlORDU1bmN"
    b"CUTZZdTI5akJkb3FycjBuUDltNVp3VVVJbnA0UUkzMG13cVBGWE5qZFQyb1dkZEpqVVFEdmZEcGE2UHV5dFAyTE5rS2c"
    b'2a2lZNDlx","type":1,"user":{"avatar":"27aeb42cc902f7d8712aa64ff15bfb7d","avatar_decoration":nu'
    b'll,"discriminator":"6969","id":"170531778354741248","public_flags":576,"username":"miles"},"ve'
    b'rsion":1}'
)
DISCORD_SIGNATURE = (
    "28b4ab5f09cce30c7f7f4ab4b47c311f0ce83dd8fec06d34e402c44d64223be5016f95339e64bdabcbd395e9147afe"
    "3f8cd024868330ab41014ae51b5573a009"
)


def opened(name: str, **settings: object) -> Channel:
    return open_channels({name: settings})[name]


def refuses(channel: Channel, incoming: Incoming, now: float = NOW) -> None:
    with pytest.raises(BadSignature):
        channel.verify(incoming, now=now)


def test_slack() -> None:
    """python-slack-sdk, tests/slack_sdk/signature/test_signature_verifier.py."""
    channel = opened("slack", token="x", signing_secret=slack.SECRET)
    headers = {"x-slack-request-timestamp": "1531420618", "x-slack-signature": SLACK_SIGNATURE}
    incoming = Incoming(
        method="POST", url="https://b.example", body=SLACK_BODY,
        headers={**headers, "content-type": slack.FORM},
    )  # fmt: skip
    channel.verify(incoming, now=1531420618.0)
    channel.verify(incoming, now=1531420618.0 + 300)
    refuses(channel, incoming, now=1531420618.0 + 301)
    (command,) = channel.parse(incoming).messages
    assert command.text == "/salutation"


@pytest.mark.parametrize(
    ("secret", "body", "digest"),
    [
        # nyaruka/courier, handlers/meta/meta_test.go, TestSigning
        (
            "sesame",
            b"hello world",
            "f39034b29165ec6a5104d9aef27266484ab26c8caa7bca8bcb2dd02e8be61b17",
        ),
        (
            "sesame",
            b"hello world2",
            "60905fdf409d0b4f721e99f6f25b31567a68a6b45e933d814e17a246be4c5a53",
        ),
        # GitHub's, for the same header
        (
            "It's a Secret to Everybody",
            b"Hello, World!",
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
    ],
)
@pytest.mark.parametrize("name", ["messenger", "instagram", "whatsapp"])
def test_meta(name: str, secret: str, body: bytes, digest: str) -> None:
    more = {"phone_number_id": "277000000000000"} if name == "whatsapp" else {}
    channel = opened(name, app_secret=secret, verify_token="x", token="x", **more)
    channel.verify(meta.sent(body, f"sha256={digest}"), now=NOW)
    refuses(channel, meta.sent(body + b" ", f"sha256={digest}"))
    refuses(channel, meta.sent(body, f"sha256={digest[:-1]}0"))


def test_the_bytes_that_came_are_signed_and_not_what_is_read_in_them() -> None:
    """Meta signs a body whose accents are escaped: to write it again would change it."""
    channel = opened("messenger", app_secret="sesame", verify_token="x", token="x")
    escaped = rb'{"object": "page", "texte": "J\u2019ai mang\u00e9 des p\u00e2tes"}'
    channel.verify(meta.sent(escaped, meta.signature("sesame", escaped)), now=NOW)


def test_discord() -> None:
    """A ping of 2022 (discord-interactions, packages/verify-node/tests/data.json)."""
    key = "c5568d0facd66bddee281dcb9c8ac02e169c5c20741b215b2539a96bb183c5d6"
    channel = opened("discord", application_id="827290144020496384", public_key=key)

    def ping(stamp: str) -> Incoming:
        headers = {"x-signature-timestamp": stamp, "x-signature-ed25519": DISCORD_SIGNATURE}
        return Incoming(method="POST", url="https://b.example", headers=headers, body=DISCORD_BODY)

    channel.verify(ping("1657322078"), now=NOW)
    assert channel.parse(ping("1657322078")).ack.body == '{"type": 1}'
    refuses(channel, ping("1657322079"))


def test_google_chat_for_the_number_of_a_project() -> None:
    settings = {**googlechat.PLATFORM.settings, "audience": "1234567890"}
    channel = opened("googlechat", **settings)
    own = {"iss": googlechat.CHAT, "aud": "1234567890", "exp": int(NOW) + 3600}
    channel.verify(googlechat.sent(b"{}", signed_token(own)), now=NOW)
    refuses(channel, googlechat.sent(b"{}", signed_token({**own, "aud": "1234567891"})))
    # A token for an address, of any service of Google, is not one for a project.
    refuses(channel, googlechat.sent(b"{}", signed_token(googlechat.claims(aud="1234567890"))))


def test_keys_that_cannot_be_fetched_refuse(unused_port: int) -> None:
    nowhere = f"http://127.0.0.1:{unused_port}/keys"
    settings = {**googlechat.PLATFORM.settings, "openid_keys": nowhere}
    refuses(opened("googlechat", **settings), googlechat.PLATFORM.signed(b"{}"))
    assert keys_url() != nowhere


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
