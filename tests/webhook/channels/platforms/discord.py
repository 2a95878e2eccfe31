"""Discord, as strict as developers/interactions, /components and /resources/webhook are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.webhook.channels.platforms.markdown import shown_markdown
from tests.webhook.channels.platforms.platform import NOW, Shown
from webhook.channels.channel import Incoming, Request

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
APPLICATION = "123456789012345678"


def signed_by(key: Ed25519PrivateKey, body: bytes, stamp: str = str(int(NOW))) -> Incoming:
    headers = {
        "x-signature-timestamp": stamp,
        "x-signature-ed25519": key.sign(stamp.encode() + body).hex(),
    }
    return Incoming(method="POST", url="https://b.example", headers=headers, body=body)


class Discord:
    settings: Mapping[str, object] = {"application_id": APPLICATION, "public_key": PUBLIC}
    secrets = ("application_id", "public_key")

    def signed(self, body: bytes, **more: Any) -> Incoming:
        return signed_by(KEY, body)

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        good = self.signed(body)

        def with_headers(**changed: str) -> Incoming:
            headers = {**good.headers, **{k.replace("_", "-"): v for k, v in changed.items()}}
            return Incoming(method="POST", url=good.url, headers=headers, body=body)

        return {
            "another key": signed_by(Ed25519PrivateKey.from_private_bytes(bytes(32)), body),
            "another body": Incoming(
                method="POST", url=good.url, headers=good.headers, body=body + b" "
            ),
            "another time": with_headers(x_signature_timestamp=str(int(NOW) + 1)),
            "no hexadecimal": with_headers(x_signature_ed25519="zz"),
            "too short": with_headers(x_signature_ed25519="00"),
            "no ASCII": with_headers(x_signature_ed25519="é", x_signature_timestamp="\udcff"),
            # What is signed is the time and the body in one piece.
            "the time in the body": Incoming(
                method="POST", url=good.url, body=str(int(NOW)).encode() + body,
                headers={**good.headers, "x-signature-timestamp": ""},
            ),
            "the body in the time": Incoming(
                method="POST", url=good.url, body=body[1:],
                headers={**good.headers, "x-signature-timestamp": f"{int(NOW)}{chr(body[0])}"},
            ),
            "no time": Incoming(
                method="POST", url=good.url, body=body,
                headers={"x-signature-ed25519": good.headers["x-signature-ed25519"]},
            ),
            "no signature": Incoming(
                method="POST", url=good.url, body=body,
                headers={"x-signature-timestamp": str(int(NOW))},
            ),
            "nothing": Incoming(method="POST", url=good.url, body=body),
        }  # fmt: skip

    def accept(self, request: Request) -> Shown | None:
        base = rf"https://discord\.com/api/v10/webhooks/{APPLICATION}/[\w.-]+"
        if request.method == "PATCH":
            assert re.fullmatch(rf"{base}/messages/@original", request.url), request.url
        else:
            assert request.method == "POST"
            assert re.fullmatch(base, request.url), request.url
        assert "Authorization" not in request.headers
        # Without, a request may be blocked: developers/reference, « User Agent ».
        assert re.fullmatch(r"DiscordBot \(https://[^ ,]+, [\d.]+\)", request.headers["User-Agent"])
        body = json.loads(request.body)
        assert body["allowed_mentions"] == {"parse": []}
        # Of a webhook, « up to 2000 characters »; blank ones are an empty message.
        assert 1 <= len(body["content"].strip()) <= len(body["content"]) <= 2000
        # An edit takes SUPPRESS_EMBEDS and IS_COMPONENTS_V2 only, and with the latter no content.
        assert body.get("flags", 0) in (0, 1 << 2)
        rows = body.get("components", [])
        assert len(rows) <= 5  # action rows of a message
        choices = []
        for row in rows:
            assert row["type"] == 1
            assert 1 <= len(row["components"]) <= 5
            for button in row["components"]:
                assert (button["type"], button["style"]) == (2, 2)
                assert 1 <= len(button["label"].strip()) <= 80
                assert 1 <= len(button["custom_id"]) <= 100
                choices.append((button["label"], button["custom_id"]))
        assert len({token for _, token in choices}) == len(choices)
        return Shown(shown_markdown(body["content"]), tuple(choices))


PLATFORM = Discord()
