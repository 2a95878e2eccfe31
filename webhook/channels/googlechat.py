"""Google Chat (developers.google.com/workspace/chat): an HTTP app that is sent events.

Requests carry a token that Google signs, for our address or for the number of our project; its
issuer is checked as well as its audience. Answers go through the API, where a message sent twice
under one request is one message. The application must not be a Google Workspace add-on: its events
have another shape, and are no message here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

import jwt

from bot.errors import BadSignature, ConfigurationError, DeliveryFailed
from webhook.channels.channel import (
    Access,
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
from webhook.channels.signing_keys import KeyOf, bearer_token, checked_claims, keys_at
from webhook.rendering.arrangement import arrange
from webhook.rendering.markup import PLAIN, Markup, write
from webhook.rendering.message import Capabilities, Choice, Message, Unit

__all__ = ["GoogleChat", "Settings", "open_channel"]

_CHAT = "chat@system.gserviceaccount.com"
_OPENID = ("https://accounts.google.com", "accounts.google.com")
_SCOPE = "https://www.googleapis.com/auth/chat.bot"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_HOUR_S = 3600
_ANY_TRY = "{key}"
_EVENTS = ("MESSAGE", "CARD_CLICKED", "ADDED_TO_SPACE")
# Errors of the project, not of a conversation (cloud.google.com, Google.Api.ErrorReason).
_OURS = ("SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
# A 404 of a project without an application: reported, not verified against the vendor's page.
_NO_APP = "Chat app not found"
# What Chat reads as a mention (« <users/all> » calls everybody) or as a link.
_OPENS = re.compile(r"<(?=\w)")
_LABEL = str.maketrans("<>|", "‹›/")


def _escaped(words: str) -> str:
    """Write ordinary words; no page says that Chat decodes « &amp; », so nothing is encoded."""
    return _OPENS.sub("‹", words)


def _link(label: str, url: str) -> str:
    if url.startswith("tel:"):  # only web addresses are documented in a link
        return write(f"[{label}]({url})", PLAIN)
    return f"<{url.replace('|', '%7C')}|{label.translate(_LABEL)}>"


# workspace/chat/format-messages, « Chat » syntax.
_MARKUP = Markup(escape=_escaped, bold=lambda words: f"*{words}*", link=_link)


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """What the project of Google Cloud says.

    `audience`: the address of our webhook, or the number of the project, as the page of the Chat
    API says. `client_email` and `private_key`: of the service account, from its JSON key; line
    breaks may be written « \\n », as they are there.
    """

    audience: Secret
    client_email: Secret
    private_key: Secret
    api: Url = "https://chat.googleapis.com"
    token_url: Url = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    openid_keys: Url = "https://www.googleapis.com/oauth2/v3/certs"
    chat_keys: Url = f"https://www.googleapis.com/service_accounts/v1/jwk/{_CHAT}"


class GoogleChat:
    """See `Channel`, `NeedsAccess` and `WithCheck`."""

    name = "googlechat"
    # 32,000 bytes of a message with its cards (reference/rest/v1/spaces.messages/create): what JSON
    # escapes counts twice, buttons take 5,000. A list of buttons has no documented limit: what fits
    # a screen. One write a second in a space, 3,000 a minute in all (workspace/chat/limits).
    capabilities = Capabilities(
        max_text=12_000, unit=Unit.BYTES, max_buttons=15, max_title=80, is_idempotent=True,
        per_peer_s=1.0, per_channel_s=60 / 3000,
    )  # fmt: skip

    def __init__(self, settings: Settings, key_of: KeyOf) -> None:
        """Take the credentials, and where signing keys are found."""
        self._settings = settings
        self._key_of = key_of
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:
        """See `Channel.verify`: for a project, or for an address by OpenID."""
        is_project = _is_number(self._settings.audience)
        claims = checked_claims(
            bearer_token(incoming.headers),
            self._key_of,
            audience=self._settings.audience,
            issuers=(_CHAT,) if is_project else _OPENID,
            now=now,
        )
        is_chat = claims.get("email") == _CHAT and claims.get("email_verified") is True
        if not is_project and not is_chat:
            raise BadSignature("email")

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`."""
        received = _received(json_object(incoming.body))
        return Parsed(messages=(received,) if received else (), ack=Ack.json({}))

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`: in the thread of a room where we were asked."""
        said = arrange(
            message,
            self.capabilities,
            lambda part: write(part, _MARKUP),
            plain=lambda part: write(part, PLAIN),
        )
        space = quote(str(received.reply["space"]), safe="/")
        path = f"/v1/{space}/messages?requestId={_ANY_TRY}"
        # An application that is new reads Markdown, unless it is told otherwise.
        common: dict[str, object] = {"markupSyntax": "MARKUP_SYNTAX_CHAT"}
        if thread := received.reply.get("thread"):
            path += "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
            common["thread"] = {"name": thread}
        calls = []
        for place, part in enumerate(said.parts, 1):
            body = common | {"text": part}
            if said.choices and place == len(said.parts):
                body["cardsV2"] = [_card(said.choices)]
            calls.append(Call(path=path, body=body))
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:
        """See `Channel.prepare`; the key is the request."""
        request = request_of(
            call, base=self._settings.api, headers={"Authorization": f"Bearer {access}"}
        )
        url = request.url.replace(_ANY_TRY, quote(key, safe=""))
        return Request(method=request.method, url=url, headers=request.headers, body=request.body)

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error`."""
        status, message, reason = _told(response.json().get("error"))
        detail = f"{status} {reason}".strip()
        if reason in _OURS or _NO_APP in message:
            return Verdict(fate=Fate.AUTH_BROKEN, detail=detail)
        if response.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):  # no longer in the room
            return Verdict(fate=Fate.PEER_GONE, detail=detail)
        return classify_by_status(response, detail)

    def access_request(self, *, now: float) -> Request:
        """See `NeedsAccess.access_request`: an assertion that the service account signs."""
        claims = {
            "iss": self._settings.client_email,
            "scope": _SCOPE,
            "aud": self._settings.token_url,
            "iat": int(now),
            "exp": int(now) + _HOUR_S,
        }
        assertion = jwt.encode(claims, _pem(self._settings), algorithm="RS256")
        body: dict[str, object] = {"grant_type": _GRANT, "assertion": assertion}
        return request_of(Call(path=self._settings.token_url, body=body, is_form=True), base="")

    def access_of(self, response: Response) -> Access:
        """See `NeedsAccess.access_of`."""
        answer = response.json()
        token, expires = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(expires, int | float):
            code = answer.get("error")  # « invalid_grant »: another key, or a wrong clock
            raise DeliveryFailed(f"token {response.status} {code if isinstance(code, str) else ''}")
        return Access(token=token, expires_s=float(expires))

    def check_request(self, *, access: str | None) -> Request:
        """See `WithCheck.check_request`: the list of our spaces, the first of them at most."""
        url = f"{self._settings.api}/v1/spaces?pageSize=1"
        return Request(method="GET", url=url, headers={"Authorization": f"Bearer {access}"})

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`: Chat does not tell the name of the application."""
        return self._settings.client_email if response.status == HTTPStatus.OK else None


def _is_number(audience: str) -> bool:
    return audience.isascii() and audience.isdigit()


def _pem(settings: Settings) -> str:
    return settings.private_key.replace("\\n", "\n")


def _received(event: Mapping[str, object]) -> Received | None:
    kind = event.get("type")
    if kind not in _EVENTS:
        return None
    space, user = mapping(event, "space"), mapping(event, "user")
    if user.get("type") == "BOT":
        return None
    room, person = text(space, "name"), text(user, "name")
    said, token = None, None
    if kind == "CARD_CLICKED":
        token = _pressed(event)
        identifier = f"{kind} {person} {token} {text(event, 'eventTime')}"
    elif kind == "MESSAGE" or isinstance(event.get("message"), Mapping):
        # Who adds us to a room by a mention has asked something at once.
        message = mapping(event, "message")
        identifier, said = text(message, "name"), _said(message)
    else:
        said = "/salutation"
        identifier = f"{kind} {room} {text(event, 'eventTime')}"
    return Received(
        event_id=identifier,
        peer=f"{room} {person}",
        text=said,
        token=token,
        reply={"space": room, **_thread(event, space)},
    )


def _said(message: Mapping[str, object]) -> str | None:
    """The text without the mention of us that a room asks for; a mention alone is a greeting."""
    whole = (optional_text(message, "text") or "").strip()
    said = message.get("argumentText", whole)
    if isinstance(said, str) and said.strip():
        return said.strip()
    return "/salutation" if whole and not message.get("attachment") else None


def _thread(event: Mapping[str, object], space: Mapping[str, object]) -> Mapping[str, object]:
    """The thread to answer in: only a space that has a name takes replies."""
    message = event.get("message")
    thread = message.get("thread") if isinstance(message, Mapping) else None
    name = optional_text(thread, "name") if isinstance(thread, Mapping) else None
    return {"thread": name} if name and space.get("spaceType") == "SPACE" else {}


def _pressed(event: Mapping[str, object]) -> str:
    for parameter in items(mapping(event, "action"), "parameters"):
        if parameter.get("key") == "choice":
            return text(parameter, "value")
    return ""


def _told(error: object) -> tuple[str, str, str]:
    """The status, the message and the reason of an error, each of them perhaps empty."""
    known = error if isinstance(error, Mapping) else {}
    details = known.get("details")
    found = [d for d in details if isinstance(d, Mapping)] if isinstance(details, list) else []
    reason = next((d["reason"] for d in found if "reason" in d), "")
    return str(known.get("status", "")), str(known.get("message", "")), str(reason)


def _card(choices: tuple[Choice, ...]) -> dict[str, object]:
    buttons = [
        {
            "text": choice.title,
            "onClick": {
                "action": {
                    "function": "choice",
                    "parameters": [{"key": "choice", "value": choice.token}],
                }
            },
        }
        for choice in choices
    ]
    section = {"widgets": [{"buttonList": {"buttons": buttons}}]}
    return {"cardId": "choices", "card": {"sections": [section]}}


def open_channel(settings: Settings) -> GoogleChat:
    """Make the channel of its settings.

    Raises:
        ConfigurationError: the private key is none.
    """
    try:
        jwt.encode({}, _pem(settings), algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError):
        raise ConfigurationError("channel_settings", "channels.googlechat.private_key") from None
    is_project = _is_number(settings.audience)
    return GoogleChat(settings, keys_at(settings.chat_keys if is_project else settings.openid_keys))
