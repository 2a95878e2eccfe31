"""Slack (docs.slack.dev): events, commands and presses, signed with their time; blocks.

A delivery that Slack repeats is known by its identifier, and not dropped because it is repeated:
the first may have failed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping

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
    judge_by_status,
    request_of,
)
from webhook.channels.payload import form, items, json_object, mapping, optional_text, text
from webhook.rendering.arrangement import Arrangement, arrange
from webhook.rendering.markup import MRKDWN, PLAIN, write
from webhook.rendering.message import Capabilities, Message

__all__ = ["Settings", "Slack", "open_channel"]

# docs.slack.dev/authentication/verifying-requests-from-slack
_TOLERANCE_S = 300
_MOST_SECTIONS = 45
_FALLBACK = Capabilities(max_text=40_000)
_GONE = frozenset({"channel_not_found", "is_archived", "not_in_channel", "user_disabled",
                   "cannot_dm_bot", "restricted_action"})  # fmt: skip
_ACCESS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked",
                     "token_expired", "missing_scope"})  # fmt: skip
_LATER = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error",
                    "service_unavailable", "request_timeout"})  # fmt: skip
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
    # A section's text 3,000, 25 elements of an `actions` block, a button's text 75 (slack_sdk
    # 3.47, `models/blocks`); one message a second in a conversation.
    capabilities = Capabilities(max_text=3000, max_buttons=25, max_title=75, per_peer_s=1.0)

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
        """See `Channel.render`: one message, a section for each part."""
        said = arrange(
            message,
            self.capabilities,
            lambda part: write(part, MRKDWN),
            plain=lambda part: write(part, PLAIN),
        )
        whole = arrange(message, _FALLBACK, lambda part: write(part, PLAIN),
                        plain=lambda part: write(part, PLAIN))  # fmt: skip
        there = {name: received.reply[name] for name in ("channel", "thread_ts")
                 if name in received.reply}  # fmt: skip
        calls = []
        for start in range(0, len(said.parts), _MOST_SECTIONS):
            is_last = start + _MOST_SECTIONS >= len(said.parts)
            blocks = list(_blocks(said, start, with_choices=is_last))
            # The text is what a notification shows, and what is read where blocks are not.
            fallback = "\n\n".join(said.plain[start : start + _MOST_SECTIONS])[:40_000]
            plain = whole.parts[0] if len(said.parts) <= _MOST_SECTIONS else fallback
            calls.append(
                Call(
                    path="/chat.postMessage",
                    body={**there, "text": fallback, "blocks": blocks, "unfurl_links": False},
                    plain={**there, "text": plain, "unfurl_links": False},
                )
            )
        return tuple(calls)

    def prepare(self, call: Call, *, key: str, access: str | None) -> Request:  # noqa: ARG002
        """See `Channel.prepare`."""
        return request_of(call, base=self._settings.api, headers=self._authorization())

    def judge(self, response: Response) -> Verdict:
        """See `Channel.judge`: a refusal has the status 200 too."""
        answer = response.json()
        error = str(answer.get("error", ""))
        if response.status != 200 or answer.get("ok") is True:
            return judge_by_status(response, error)
        if error in _LATER:
            return Verdict(fate=Fate.RETRY, retry_after_s=response.retry_after_s, detail=error)
        if error in _GONE:
            return Verdict(fate=Fate.PEER_GONE, detail=error)
        if error in _ACCESS:
            return Verdict(fate=Fate.AUTH_BROKEN, detail=error)
        is_markup = error.startswith("invalid_blocks")
        return Verdict(fate=Fate.PLAIN if is_markup else Fate.PERMANENT, detail=error)

    def check_request(self, *, access: str | None) -> Request:  # noqa: ARG002
        """See `WithCheck.check_request`."""
        return self.prepare(Call(path="/auth.test", body={}), key="", access=None)

    def check_answer(self, response: Response) -> str | None:
        """See `WithCheck.check_answer`."""
        return optional_text(response.json(), "user")

    def _authorization(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._settings.token}"}


def _event(identifier: str, event: Mapping[str, object]) -> Iterator[Received]:
    is_ours = event.get("type") == "app_mention" or (
        event.get("type") == "message" and event.get("channel_type") == "im"
    )
    # Edits, joins, files shared by others have a subtype; a picture with words is a « file_share ».
    if not is_ours or event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
        return
    reply = {"channel": text(event, "channel")}
    if thread := optional_text(event, "thread_ts"):
        reply["thread_ts"] = thread
    yield Received(
        event_id=identifier,
        peer=f"{reply['channel']} {text(event, 'user')}",
        text=_unescaped(optional_text(event, "text") or "") or None,
        reply=reply,
    )


def _from_form(fields: Mapping[str, str]) -> Parsed:
    """A press comes in the field `payload`; a command has fields of its own."""
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
    peer = f"{channel} {text(mapping(payload, 'user'), 'id')}"
    return Parsed(
        messages=tuple(
            Received(
                event_id=f"{text(payload, 'trigger_id')} {text(action, 'action_id')}",
                peer=peer,
                token=text(action, "value"),
                reply={"channel": channel},
            )
            for action in items(payload, "actions")
            if action.get("type") == "button"
        )
    )


def _unescaped(said: str) -> str:
    """Return what was typed, without mentions; Slack escapes three signs and marks links."""
    said = _MENTION.sub("", said)
    said = _LINK.sub(lambda match: match[1] or match[2], said)
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _blocks(said: Arrangement, start: int, *, with_choices: bool) -> Iterator[dict[str, object]]:
    for part in said.parts[start : start + _MOST_SECTIONS]:
        yield {"type": "section", "text": {"type": "mrkdwn", "text": part}}
    if with_choices and said.choices:
        yield {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": choice.title},
                    "value": choice.token,
                    "action_id": f"choix{choice.number}",
                }
                for choice in said.choices
            ],
        }


def open_channel(settings: Settings) -> Slack:
    """Make the channel of its settings."""
    return Slack(settings)
