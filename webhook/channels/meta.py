"""What the platforms of Meta share: the signature, the challenge, the errors of the Graph API.

Messenger and Instagram differ by their name and a few limits; WhatsApp has its own messages.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping

from bot.errors import BadSignature
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
from webhook.channels.payload import items, json_object, mapping, optional_text, text
from webhook.rendering.arrangement import arrange
from webhook.rendering.markup import PLAIN, write
from webhook.rendering.message import Capabilities, Choice, Message

__all__ = ["GRAPH", "MetaSettings", "MetaSigned", "PageMessaging"]

GRAPH = "https://graph.facebook.com/v25.0"
_HEADER = "x-hub-signature-256"
_GREETING = "/salutation"
# Codes of the Graph API: messenger-platform/send-api-reference/errors, and for WhatsApp
# pywa 4.5 `errors.py`. 613 and 1200 are not verified against the vendor's page.
_BUSY = frozenset({2, 4, 613, 1200, 80007, 130429, 131000, 131016, 131056, 131057})
_WINDOW = frozenset({10, 131047})
_WINDOW_SUB = 2018278
_GONE = frozenset({551, 131026, 131050, 131051})
_ACCESS = frozenset({190, 368})


class MetaSettings(ChannelSettings, frozen=True, kw_only=True):
    """`app_secret`: of the app. `verify_token`: ours, told to Meta. `token`: to send messages."""

    app_secret: Secret
    verify_token: Secret
    token: Secret
    api: Url = GRAPH


class MetaSigned:
    """The edges that every platform of Meta shares."""

    def __init__(self, settings: MetaSettings) -> None:
        """Take the credentials."""
        self._settings = settings
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:  # noqa: ARG002 - nothing is dated
        """See `Channel.verify`: the bytes that arrived are signed, never what is read in them."""
        if incoming.method == "GET":
            given = incoming.query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
            expected = self._settings.verify_token.encode()
            name = "hub.verify_token"
        else:
            given = incoming.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
            digest = hmac.new(self._settings.app_secret.encode(), incoming.body, hashlib.sha256)
            expected = f"sha256={digest.hexdigest()}".encode()
            name = _HEADER
        if not hmac.compare_digest(given, expected):
            raise BadSignature(name)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`."""
        return request_of(call, base=self._settings.api, headers=self._authorization())

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error`."""
        error = response.json().get("error")
        if not isinstance(error, Mapping):
            return classify_by_status(response)
        code, sub = error.get("code"), error.get("error_subcode")
        detail = f"{code}/{sub}" if sub else str(code)
        for fate, codes in (
            (Fate.RETRY, _BUSY),
            (Fate.PEER_GONE, _GONE),
            (Fate.AUTH_BROKEN, _ACCESS),
        ):
            if code in codes:
                return Verdict(fate=fate, retry_after_s=response.retry_after_s, detail=detail)
        if sub == _WINDOW_SUB or code in _WINDOW:
            return Verdict(fate=Fate.WINDOW_CLOSED, detail=detail)
        return classify_by_status(response, detail)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        url = f"{self._settings.api}/me?fields=name"
        return Request(method="GET", url=url, headers=self._authorization())

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "name")

    def _authorization(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._settings.token}"}

    @staticmethod
    def _challenge(incoming: Incoming) -> Parsed:
        return Parsed(ack=Ack(body=incoming.query.get("hub.challenge", "")))


class PageMessaging(MetaSigned):
    """Messenger and Instagram: quick replies under a plain text."""

    def __init__(
        self, settings: MetaSettings, *, name: str, kind: str, capabilities: Capabilities
    ) -> None:
        """Take the credentials, and what is particular; `kind` is the `object` of its events."""
        super().__init__(settings)
        self.name = name
        self.capabilities = capabilities
        self._kind = kind

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`: every event of every entry, for they come in batches."""
        if incoming.method == "GET":
            return self._challenge(incoming)
        body = json_object(incoming.body)
        if body.get("object") != self._kind:
            return Parsed()
        return Parsed(
            messages=tuple(
                received
                for entry in items(body, "entry")
                for event in items(entry, "messaging")
                for received in _received(event)
            )
        )

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`."""
        said = arrange(message, self.capabilities, _plain, plain=_plain)
        recipient = {"recipient": {"id": received.peer}}
        typing: dict[str, object] = {**recipient, "sender_action": "typing_on"}
        calls = [Call(path="/me/messages", body=typing, is_sign=True)]
        for place, part in enumerate(said.parts, 1):
            content: dict[str, object] = {"text": part}
            if said.choices and place == len(said.parts):
                content["quick_replies"] = [_quick_reply(choice) for choice in said.choices]
            calls.append(
                Call(
                    path="/me/messages",
                    body={**recipient, "messaging_type": "RESPONSE", "message": content},
                )
            )
        return tuple(calls)


def _plain(part: str) -> str:
    return write(part, PLAIN)


def _quick_reply(choice: Choice) -> dict[str, object]:
    return {"content_type": "text", "title": choice.title, "payload": choice.token}


def _received(event: Mapping[str, object]) -> Iterator[Received]:
    if "message" in event:
        message = mapping(event, "message")
        if message.get("is_echo") or message.get("is_deleted"):
            return
        reply = message.get("quick_reply")
        token = text(reply, "payload") if isinstance(reply, Mapping) else None
        yield Received(
            event_id=text(message, "mid"),
            peer=text(mapping(event, "sender"), "id"),
            text=None if token else optional_text(message, "text"),
            token=token,
        )
    elif "postback" in event:
        postback = mapping(event, "postback")
        person = text(mapping(event, "sender"), "id")
        payload = text(postback, "payload")
        # « mid » of a postback is not verified against the vendor's page: there is its date else.
        known = optional_text(postback, "mid") or f"postback {person} {event.get('timestamp')}"
        if payload == _GREETING:  # what the button « Démarrer » was given
            yield Received(event_id=known, peer=person, text=payload)
        else:
            yield Received(event_id=known, peer=person, token=payload)
