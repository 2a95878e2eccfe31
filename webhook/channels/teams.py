"""Microsoft Teams, by the Bot Connector (learn.microsoft.com/azure/bot-service/rest-api).

Requests carry a signed token; answers go to the service address of the activity, which the token
must name too: our own token would else be sent to whoever asks for it.

Buttons are a message of their own: Teams cuts an activity that has a text and a card in two
(microsoftteams/platform/bots/how-to/conversations/conversation-messages).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from bot.errors import BadPayload, BadSignature, DeliveryFailed
from webhook.channels.channel import (
    Access,
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
from webhook.channels.signing_keys import KeyOf, bearer_token, checked_claims, keys_of_openid
from webhook.rendering.arrangement import arrange
from webhook.rendering.markup import MARKDOWN, PLAIN, write
from webhook.rendering.message import Capabilities, Choice, Message, Unit

__all__ = ["Settings", "Teams", "open_channel"]

_ISSUER = "https://api.botframework.com"
_SCOPE = "https://api.botframework.com/.default"
# A single line break is not shown: not verified against the vendor's page.
_BREAK = re.compile(r"(?<!\n)\n(?!\n|- |\d+\. )")

_MENTION = re.compile(r"</?at>")


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """What the registration of the bot gives.

    `app_id` and `app_password`: its identifier and its secret. `tenant`: the directory of an
    application of a single one, which all those made since August 2025 are. `openid` and `login`:
    Microsoft's, where keys and tokens are.
    """

    app_id: Secret
    app_password: Secret
    tenant: Secret = "botframework.com"
    openid: Url = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    login: Url = "https://login.microsoftonline.com"


class Teams:
    """See `Channel` and `NeedsAccess`."""

    name = "teams"
    # 100 kB in UTF-16 for a whole activity (bots/how-to/format-your-bot-messages; older pages:
    # 40 kB). Six actions of a card (task-modules-and-cards/cards/design-effective-cards); a title
    # has no documented limit, and is cut to one line when it is shown. In a conversation 60
    # messages in 30 s; 30 a second for a tenant (bots/how-to/rate-limit; newer answers say 50).
    capabilities = Capabilities(
        max_text=12_000, unit=Unit.UTF16, max_buttons=6, max_title=80, has_typing=True,
        per_peer_s=0.5, per_channel_s=1 / 30,
    )  # fmt: skip

    def __init__(self, settings: Settings, key_of: KeyOf) -> None:
        """Take the credentials, and where signing keys are found."""
        self._settings = settings
        self._key_of = key_of
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:
        """See `Channel.verify`."""
        claims = checked_claims(
            bearer_token(incoming.headers),
            self._key_of,
            audience=self._settings.app_id,
            issuers=(_ISSUER,),
            now=now,
        )
        try:
            service = json_object(incoming.body).get("serviceUrl")
        except BadPayload as error:
            raise BadSignature("serviceUrl") from error
        if not isinstance(service, str) or claims.get("serviceurl") != service:
            raise BadSignature("serviceurl")

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`."""
        activity = json_object(incoming.body)
        kind = activity.get("type")
        if kind == "message" and not _is_ours(activity):
            return Parsed(messages=(self._received(activity, _said(activity), _token(activity)),))
        if kind == "conversationUpdate" and _is_added(activity):
            return Parsed(messages=(self._received(activity, "/salutation", None),))
        return Parsed()

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`."""
        service = str(received.reply["service"]).rstrip("/")
        conversation = quote(str(received.reply["conversation"]), safe="")
        path = f"{service}/v3/conversations/{conversation}/activities"
        said = arrange(
            message,
            self.capabilities,
            lambda part: _BREAK.sub("\n\n", write(part, MARKDOWN)),
            plain=lambda part: write(part, PLAIN),
        )
        calls = [Call(path=path, body={"type": "typing"}, is_sign=True)]
        for part in said.parts:
            words: dict[str, object] = {"textFormat": "markdown", "text": part}
            calls.append(Call(path=path, body={"type": "message", **words}))
        if said.choices:
            cards: list[object] = [_card(said.choices)]
            calls.append(Call(path=path, body={"type": "message", "attachments": cards}))
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`."""
        return request_of(call, base="", headers={"Authorization": f"Bearer {access}"})

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error` (bots/how-to/conversations/conversation-messages)."""
        error = response.json().get("error")
        code = str(error.get("code", "")) if isinstance(error, Mapping) else ""
        # The bot was taken out, or is blocked; the conversation is no more.
        if response.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            return Verdict(fate=Fate.PEER_GONE, detail=code)
        if response.status == HTTPStatus.PRECONDITION_FAILED:
            return Verdict(fate=Fate.RETRY, retry_after_s=response.retry_after_s, detail=code)
        return classify_by_status(response, code)

    def access_request(self, *, now: float) -> Request:  # noqa: ARG002 - a secret has no date
        """See `NeedsAccess.access_request`."""
        call = Call(
            path=f"/{self._settings.tenant}/oauth2/v2.0/token",
            body={
                "grant_type": "client_credentials",
                "client_id": self._settings.app_id,
                "client_secret": self._settings.app_password,
                "scope": _SCOPE,
            },
            is_form=True,
        )
        return request_of(call, base=self._settings.login)

    def access_of(self, response: Response) -> Access:
        """See `NeedsAccess.access_of`."""
        answer = response.json()
        token, expires = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(expires, int | float):
            raise DeliveryFailed(f"token {response.status}")
        return Access(token=token, expires_s=float(expires))

    def _received(
        self, activity: Mapping[str, object], said: str | None, token: str | None
    ) -> Received:
        conversation = text(mapping(activity, "conversation"), "id")
        person = text(mapping(activity, "from"), "id")
        return Received(
            event_id=optional_text(activity, "id") or f"added {conversation}",
            peer=f"{conversation} {person}",
            text=said,
            token=token,
            reply={"service": text(activity, "serviceUrl"), "conversation": conversation},
        )


def _token(activity: Mapping[str, object]) -> str | None:
    """The choice of a card that was pressed, which comes as a message without text."""
    value = activity.get("value")
    return optional_text(value, "choice") if isinstance(value, Mapping) else None


def _said(activity: Mapping[str, object]) -> str | None:
    """The text, without the mention of us that a group asks for; that alone is a greeting."""
    said = optional_text(activity, "text")
    recipient = activity.get("recipient")
    ours = recipient.get("id") if isinstance(recipient, Mapping) else None
    if said is None:
        return None
    is_called = False
    for entity in items(activity, "entities"):
        mentioned = entity.get("mentioned")
        shown = optional_text(entity, "text")
        if isinstance(mentioned, Mapping) and mentioned.get("id") == ours and shown:
            said, is_called = said.replace(shown, ""), True
    said = _MENTION.sub("", said).strip()  # of others, the name is kept
    return said or ("/salutation" if is_called and not _has_files(activity) else None)


def _has_files(activity: Mapping[str, object]) -> bool:
    """Whether something is attached besides the text itself, which comes again in HTML."""
    return any(item.get("contentType") != "text/html" for item in items(activity, "attachments"))


def _is_ours(activity: Mapping[str, object]) -> bool:
    """Whether a program speaks; that other bots have this role is not verified."""
    speaker = mapping(activity, "from")
    recipient = activity.get("recipient")
    ours = recipient.get("id") if isinstance(recipient, Mapping) else None
    return speaker.get("role") == "bot" or (ours is not None and speaker.get("id") == ours)


def _is_added(activity: Mapping[str, object]) -> bool:
    recipient = text(mapping(activity, "recipient"), "id")
    return any(member.get("id") == recipient for member in items(activity, "membersAdded"))


def _card(choices: tuple[Choice, ...]) -> dict[str, object]:
    actions = [
        {"type": "Action.Submit", "title": c.title, "data": {"choice": c.token}} for c in choices
    ]
    return {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            # In the body: Android has not shown a card without one (microsoft/AdaptiveCards 1931).
            "body": [{"type": "ActionSet", "actions": actions}],
        },
    }


def open_channel(settings: Settings) -> Teams:
    """Make the channel of its settings."""
    return Teams(settings, keys_of_openid(settings.openid))
