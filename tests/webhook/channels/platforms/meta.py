"""What Meta signs, and what WhatsApp, Messenger and Instagram share on its side."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from webhook.channels.channel import Incoming

__all__ = ["MetaSide"]

SECRET, VERIFY, TOKEN = "secret-de-l-app", "mot-convenu", "jeton-d-envoi"


def signature(secret: str, body: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def sent(body: bytes, signed: str | None, name: str = "x-hub-signature-256") -> Incoming:
    headers = {} if signed is None else {name: signed}
    return Incoming(method="POST", url="https://b.example", headers=headers, body=body)


class MetaSide:
    settings: Mapping[str, object] = {
        "app_secret": SECRET, "verify_token": VERIFY, "token": TOKEN,
    }  # fmt: skip
    secrets: tuple[str, ...] = ("app_secret", "verify_token", "token")

    def signed(self, body: bytes, **more: Any) -> Incoming:
        if more.get("method") == "GET":
            return Incoming(method="GET", url="https://b.example", query=more["query"])
        return sent(body, signature(SECRET, body))

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        sha1 = hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
        challenge = {"hub.mode": "subscribe", "hub.challenge": "1"}
        return {
            "another secret": sent(body, signature("autre", body)),
            "another body": sent(body + b" ", signature(SECRET, body)),
            "no signature": sent(body, None),
            "empty": sent(body, ""),
            "no prefix": sent(body, signature(SECRET, body).removeprefix("sha256=")),
            # The older header, which Rasa and Tock still read.
            "SHA-1": sent(body, f"sha1={sha1}", name="x-hub-signature"),
            "SHA-1 in the new header": sent(body, f"sha1={sha1}"),
            "not ASCII": sent(body, "sha256=é"),
            "a challenge without the word": Incoming(
                method="GET", url="https://b.example", query=challenge
            ),
            "a challenge with another word": Incoming(
                method="GET", url="https://b.example",
                query={**challenge, "hub.verify_token": "autre"},
            ),
        }  # fmt: skip
