"""SMS by Twilio (twilio.com/docs): a signature over the address and the fields, plain text.

An SMS has no button and no markup: choices are numbers. A character outside the GSM alphabet makes
every segment of a message 70 characters instead of 160: typographic marks are written simply, the
letters of the fiches as they are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import msgspec

from bot.errors import BadPayload, BadSignature
from webhook.channels.channel import (
    Ack,
    Call,
    ChannelSettings,
    Fate,
    Incoming,
    Parsed,
    Received,
    Request,
    Response,
    Secret,
    Url,
    Verdict,
    classify_by_status,
    request_of,
)
from webhook.channels.payload import form, optional_text, text
from webhook.rendering.arrangement import arrange
from webhook.rendering.markup import PLAIN, write
from webhook.rendering.message import Capabilities, Message

__all__ = ["Settings", "Twilio", "open_channel", "signature"]

_HEADER = "x-twilio-signature"
_SOBER = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "•": "-",
    "…": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
})  # fmt: skip


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """`account_sid` and `auth_token`: of the account. `number`: ours, in the form +33700000000."""

    account_sid: Annotated[Secret, msgspec.Meta(pattern=r"^AC[0-9a-zA-Z]{10,40}$")]
    auth_token: Secret
    number: Annotated[str, msgspec.Meta(pattern=r"^\+[0-9]{5,15}$")]
    api: Url = "https://api.twilio.com"


class Twilio:
    """See `Channel`."""

    name = "twilio"
    # 1,600 characters of a message (twilio.com/docs/sms, parameter Body).
    capabilities = Capabilities(max_text=1600, per_channel_s=1.0)

    def __init__(self, settings: Settings) -> None:
        """Take the credentials."""
        self._settings = settings
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:  # noqa: ARG002 - nothing is dated
        """See `Channel.verify`; the address is signed with its port or without."""
        given = incoming.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        fields = _signed_fields(incoming)
        if not any(
            hmac.compare_digest(given, signature(self._settings.auth_token, url, fields))
            for url in _addresses(incoming.url)
        ):
            raise BadSignature(_HEADER)

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`: the answer comes by the API, the acknowledgement is empty."""
        fields = form(incoming.body)
        ack = Ack(body="<Response/>", mimetype="application/xml")
        if "SmsStatus" in fields and fields["SmsStatus"] != "received":  # of a message of ours
            return Parsed(ack=ack)
        received = Received(
            event_id=text(fields, "MessageSid"),
            peer=text(fields, "From"),
            text=optional_text(fields, "Body"),
        )
        return Parsed(messages=(received,), ack=ack)

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`."""
        said = arrange(message, self.capabilities, _sober, plain=_sober)
        path = f"/2010-04-01/Accounts/{self._settings.account_sid}/Messages.json"
        return tuple(
            Call(
                path=path,
                body={"To": received.peer, "From": self._settings.number, "Body": part},
                is_form=True,
            )
            for part in said.parts
        )

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`."""
        return request_of(call, base=self._settings.api, headers=self._authorization())

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error` (twilio.com/docs/api/errors)."""
        code = str(response.json().get("code", ""))
        match code:
            case "21610" | "21211" | "21614":  # STOP was sent; no number, or none for SMS
                return Verdict(fate=Fate.PEER_GONE, detail=code)
            case "20429":  # not verified against the vendor's page
                return Verdict(
                    fate=Fate.RETRY, retry_after_s=response.retry_after_s, is_for_all=True,
                    detail=code,
                )  # fmt: skip
            case "20003":
                return Verdict(fate=Fate.AUTH_BROKEN, detail=code)
        return classify_by_status(response, code)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        url = f"{self._settings.api}/2010-04-01/Accounts/{self._settings.account_sid}.json"
        return Request(method="GET", url=url, headers=self._authorization())

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "friendly_name")

    def _authorization(self) -> Mapping[str, str]:
        pair = f"{self._settings.account_sid}:{self._settings.auth_token}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def signature(auth_token: str, url: str, fields: Mapping[str, list[str]]) -> bytes:
    """Sign an address and fields as Twilio does: names sorted, values sorted and told once."""
    parts = [url]
    for name in sorted(fields):
        parts += [f"{name}{value}" for value in sorted(set(fields[name]))]
    signed = "".join(parts).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.new(auth_token.encode(), signed, hashlib.sha1).digest())


def _signed_fields(incoming: Incoming) -> Mapping[str, list[str]]:
    """The fields that are signed; of a body that is no form, its digest in the address counts."""
    digest = incoming.query.get("bodySHA256")
    if digest is not None:
        own = hashlib.sha256(incoming.body).hexdigest()
        if not hmac.compare_digest(own.encode(), digest.encode("utf-8", "surrogatepass")):
            raise BadSignature("bodySHA256")
        return {}
    try:
        return parse_qs(incoming.body.decode(), keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise BadSignature("body") from error


def _addresses(url: str) -> Iterator[str]:
    """The address with its port, and without: Twilio signs the one or the other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadPayload("url") from error
    host = parts.hostname or ""
    usual = 443 if parts.scheme == "https" else 80
    yield url
    yield parts._replace(netloc=host).geturl()
    yield parts._replace(netloc=f"{host}:{port or usual}").geturl()


def _sober(part: str) -> str:
    return write(part, PLAIN).translate(_SOBER)


def open_channel(settings: Settings) -> Twilio:
    """Make the channel of its settings."""
    return Twilio(settings)
