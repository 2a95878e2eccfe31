"""Slack (docs.slack.dev): events, commands and presses, signed with their time; blocks.

A delivery that Slack repeats is known by its identifier, and not dropped because it is repeated:
the first may have failed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

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
from webhook.channels.payload import form, items, json_object, mapping, optional_text, text
from webhook.rendering.arrangement import Arrangement, Shape, arrange
from webhook.rendering.markup import MRKDWN, write
from webhook.rendering.message import Capabilities, Choice, Message
from webhook.rendering.splitting import split

__all__ = ["Settings", "Slack", "open_channel"]

# docs.slack.dev/authentication/verifying-requests-from-slack
_TOLERANCE_S = 300
# All the blocks of a message together: « msg_blocks_too_long » from about 13,200 characters, and
# once at 11,341 (slackapi/bolt-js issues 2509 and 2867); Slack documents no number. What is left
# of 12,000 is for buttons.
_MOST_CHARACTERS = 9000
# Of the text beside the blocks, above which Slack cuts it.
_FALLBACK = Capabilities(max_text=40_000)
_GONE = frozenset({"channel_not_found", "is_archived", "not_in_channel", "user_disabled",
                   "cannot_dm_bot", "restricted_action"})  # fmt: skip
_ACCESS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked",
                     "token_expired", "missing_scope", "not_allowed_token_type"})  # fmt: skip
_LATER = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error",
                    "service_unavailable", "request_timeout"})  # fmt: skip
_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_LINK = re.compile(r"<(?:https?://|mailto:)[^|>]*\|([^>]*)>|<((?:https?://|mailto:)[^>]*)>")
_MENTION = re.compile(r"<[@#!][^>]*>")


class Settings(ChannelSettings, frozen=True, kw_only=True):
    """`token`: of the bot (`xoxb-…`). `signing_secret`: of the app."""

    token: Secret
    signing_secret: Secret
    api: Url = "https://slack.com/api"


class Slack:
    """See `Channel`."""

    name = "slack"
    # A section's text 3,000, 25 elements of an `actions` block, a button's text 75, 100 options of
    # 75 in a menu (slack_sdk 3.47, `models/blocks`); one message a second in a conversation
    # (docs.slack.dev/apis/web-api/rate-limits). The Web API has no sign of typing.
    capabilities = Capabilities(
        max_text=3000, max_buttons=25, max_title=75, max_rows=100, max_row_title=75, per_peer_s=1.0
    )

    def __init__(self, settings: Settings) -> None:
        """Take the credentials."""
        self._settings = settings
        self.site = settings.site

    def verify(self, incoming: Incoming, *, now: float) -> None:
        """See `Channel.verify`."""
        stamp = incoming.headers.get("x-slack-request-timestamp", "")
        if not re.fullmatch(r"[0-9]{1,12}", stamp) or abs(now - int(stamp)) > _TOLERANCE_S:
            raise BadSignature("x-slack-request-timestamp")
        signed = b"v0:" + stamp.encode() + b":" + incoming.body
        digest = hmac.new(self._settings.signing_secret.encode(), signed, hashlib.sha256)
        given = incoming.headers.get("x-slack-signature", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, f"v0={digest.hexdigest()}".encode()):
            raise BadSignature("x-slack-signature")

    def parse(self, incoming: Incoming) -> Parsed:
        """See `Channel.parse`."""
        if "urlencoded" in incoming.headers.get("content-type", ""):
            return _from_form(form(incoming.body))
        body = json_object(incoming.body)
        match body.get("type"):
            case "url_verification":
                return Parsed(ack=Ack(body=text(body, "challenge")))
            case "event_callback":
                received = tuple(_event(text(body, "event_id"), mapping(body, "event")))
                return Parsed(messages=received)
        return Parsed()

    def render(self, message: Message, received: Received) -> tuple[Call, ...]:
        """See `Channel.render`: a section for each part, as few messages as Slack takes."""
        there = {name: received.reply[name] for name in ("channel", "thread_ts")
                 if name in received.reply}  # fmt: skip
        pieces = split(message.text, lambda piece: len(_written(piece)) <= _MOST_CHARACTERS)
        calls = []
        for place, piece in enumerate(pieces, 1):
            choices = message.choices if place == len(pieces) else ()
            part = replace(message, text=piece, choices=choices)
            said = arrange(part, self.capabilities, _written, plain=_written)
            # What a notification shows, and what is read where blocks are not: it is markup too,
            # where « <!channel> » would call everybody if its signs were not escaped.
            whole = arrange(part, _FALLBACK, _written, plain=_written).parts
            body = {**there, "text": "\n".join(whole), "unfurl_links": False}
            blocks = list(_blocks(said, message.menu_label))
            calls.append(
                Call(path="/chat.postMessage", body={**body, "blocks": blocks}, plain=body)
            )
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`."""
        return request_of(call, base=self._settings.api, headers=self._authorization())

    def classify_error(self, response: Response) -> Verdict:
        """See `Channel.classify_error`: a refusal has the status 200 too."""
        answer = response.json()
        error = str(answer.get("error", ""))
        if response.status != 200 or answer.get("ok") is True:
            return classify_by_status(response, error)
        if error in _LATER:
            return Verdict(fate=Fate.RETRY, retry_after_s=response.retry_after_s, detail=error)
        if error in _GONE:
            return Verdict(fate=Fate.PEER_GONE, detail=error)
        if error in _ACCESS:
            return Verdict(fate=Fate.AUTH_BROKEN, detail=error)
        fate = Fate.PLAIN if error in _BLOCKS else Fate.PERMANENT
        return Verdict(fate=fate, detail=error or "200")

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        return self.prepare(Call(path="/auth.test", body={}), key="", access=None)

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "user")

    def _authorization(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._settings.token}"}


def _event(identifier: str, event: Mapping[str, object]) -> Iterator[Received]:
    if event.get("type") == "app_home_opened":
        yield from _opened(event)
        return
    is_ours = event.get("type") == "app_mention" or (
        event.get("type") == "message" and event.get("channel_type") == "im"
    )
    # Edits, joins, files shared by others have a subtype; a picture with words is a « file_share ».
    if not is_ours or event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
        return
    typed = optional_text(event, "text") or ""
    said = _unescaped(typed)
    if typed and not said and not event.get("files"):  # our name alone
        said = "/salutation"
    reply = _place(text(event, "channel"), event)
    peer = f"{reply['channel']} {text(event, 'user')}"
    yield Received(event_id=identifier, peer=peer, text=said or None, reply=reply)


def _opened(event: Mapping[str, object]) -> Iterator[Received]:
    """The tab of messages comes to the eyes of a person, who is greeted.

    Slack tells it each time (docs.slack.dev/reference/events/app_home_opened): the identifier is
    the same each time, so that who comes back is not greeted as long as the first is remembered.
    """
    if event.get("tab") == "messages":
        peer = f"{text(event, 'channel')} {text(event, 'user')}"
        yield Received(
            event_id=f"opened {peer}",
            peer=peer,
            text="/salutation",
            reply={"channel": text(event, "channel")},
        )


def _place(channel: str, there: Mapping[str, object]) -> Mapping[str, str]:
    """Where to answer: in the thread, if it is one."""
    thread = optional_text(there, "thread_ts")
    return {"channel": channel, "thread_ts": thread} if thread else {"channel": channel}


def _from_form(fields: Mapping[str, str]) -> Parsed:
    """A press comes in the field `payload`; a command has fields of its own."""
    if fields.get("ssl_check"):  # Slack looks at our certificate, not verified on its page
        return Parsed()
    if "payload" in fields:
        return _pressed(json_object(fields["payload"].encode("utf-8", "surrogatepass")))
    if "command" not in fields:
        raise BadPayload("payload")
    channel = text(fields, "channel_id")
    received = Received(
        event_id=text(fields, "trigger_id"),
        peer=f"{channel} {text(fields, 'user_id')}",
        text=_unescaped(fields.get("text", "")) or "/salutation",
        reply={"channel": channel},
    )
    return Parsed(messages=(received,))


def _pressed(payload: Mapping[str, object]) -> Parsed:
    if payload.get("type") != "block_actions":
        return Parsed()
    channel = text(mapping(payload, "channel"), "id")
    container = payload.get("container")
    reply = _place(channel, container if isinstance(container, Mapping) else {})
    peer = f"{channel} {text(mapping(payload, 'user'), 'id')}"
    return Parsed(
        messages=tuple(
            Received(
                event_id=f"{text(payload, 'trigger_id')} {text(action, 'action_id')}",
                peer=peer,
                token=_chosen(action),
                reply=reply,
            )
            for action in items(payload, "actions")
            if action.get("type") in ("button", "static_select")
        )
    )


def _chosen(action: Mapping[str, object]) -> str:
    is_menu = action.get("type") == "static_select"
    return text(mapping(action, "selected_option") if is_menu else action, "value")


def _unescaped(said: str) -> str:
    """Return what was typed, without mentions; Slack escapes three signs and marks links."""
    said = _MENTION.sub("", said)
    said = _LINK.sub(lambda match: match[1] or match[2], said)
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _written(part: str) -> str:
    return write(part, MRKDWN)


def _blocks(said: Arrangement, menu_label: str) -> Iterator[dict[str, object]]:
    for part in said.parts:
        yield {"type": "section", "text": {"type": "mrkdwn", "text": part}}
    if said.shape is Shape.BUTTONS:
        yield {"type": "actions", "elements": [_button(choice) for choice in said.choices]}
    elif said.shape is Shape.MENU:
        menu: dict[str, object] = {
            "type": "static_select",
            "action_id": "choix",
            "options": [
                {"text": _bare(choice.title), "value": choice.token} for choice in said.choices
            ],
        }
        if menu_label:
            menu["placeholder"] = _bare(menu_label)
        yield {"type": "actions", "elements": [menu]}


def _button(choice: Choice) -> dict[str, object]:
    return {
        "type": "button",
        "text": _bare(choice.title),
        "value": choice.token,
        "action_id": f"choix{choice.number}",
    }


def _bare(title: str) -> dict[str, object]:
    return {"type": "plain_text", "text": title, "emoji": False}


def open_channel(settings: Settings) -> Slack:
    """Make the channel of its settings."""
    return Slack(settings)
