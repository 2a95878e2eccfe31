"""Twilio: its own library signs and checks; lengths are those of its documentation."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from tests.webhook.channels.platforms.platform import Shown
from webhook.channels.channel import Incoming, Request

SID, TOKEN, NUMBER = "AC0123456789abcdef0123456789abcdef", "jeton-du-compte", "+33700000000"
URL = "https://b.example/webhooks/twilio/webhook"


def signed_by(token: str, body: bytes, url: str = URL, **headers: str) -> Incoming:
    # As Flask gives them, which is how the library is used.
    fields: MultiDict[str, str] = MultiDict(
        parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    )
    signature = RequestValidator(token).compute_signature(url, fields)
    return Incoming(
        method="POST", url=url, headers={"x-twilio-signature": signature, **headers}, body=body
    )


class Twilio:
    settings: Mapping[str, object] = {"account_sid": SID, "auth_token": TOKEN, "number": NUMBER}
    secrets = ("account_sid", "auth_token")

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return signed_by(TOKEN, body, url=str(more.get("url", URL)))

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        good = signed_by(TOKEN, body)
        other = body + b"&Body=autre"
        return {
            "another token": signed_by("autre", body),
            "another address": Incoming(
                method="POST", url=f"{URL}/x", headers=good.headers, body=body
            ),
            "another body": Incoming(method="POST", url=URL, headers=good.headers, body=other),
            "no signature": Incoming(method="POST", url=URL, body=body),
            "empty signature": Incoming(
                method="POST", url=URL, headers={"x-twilio-signature": ""}, body=body
            ),
            "a digest in the address that is not the body's": Incoming(
                method="POST", url=f"{URL}?bodySHA256=0", query={"bodySHA256": "0"},
                headers=signed_by(TOKEN, b"", url=f"{URL}?bodySHA256=0").headers, body=body,
            ),
        }  # fmt: skip

    def accept(self, request: Request) -> Shown | None:
        assert request.url == f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
        kind, _, pair = request.headers["Authorization"].partition(" ")
        assert (kind, base64.b64decode(pair).decode()) == ("Basic", f"{SID}:{TOKEN}")
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        fields = parse_qs(request.body.decode(), strict_parsing=True)
        assert set(fields) == {"To", "From", "Body"}
        assert fields["From"] == [NUMBER]
        (body,) = fields["Body"]
        assert 1 <= len(body) <= 1600  # twilio.com/docs/sms: 21617 beyond
        return Shown(body)


def sms(**changed: str) -> bytes:
    fields = {
        "MessageSid": "SM1", "AccountSid": SID, "From": "+33600000000", "To": NUMBER,
        "Body": "bonjour", "NumMedia": "0", "SmsStatus": "received",
    }  # fmt: skip
    return urlencode(fields | changed).encode()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


PLATFORM = Twilio()
