"""How each platform's refusals are read: what passes, what lasts, who is gone, whose key is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.webhook.channels.platforms.platform import all_platforms
from webhook.channels.channel import Fate, Response
from webhook.channels.registry import open_channels

PLATFORMS = all_platforms()
Row = tuple[int, object, Fate, float | None]
GRAPH: list[Row] = [
    (200, {"message_id": "mid.1"}, Fate.SENT, None),
    (400, {"error": {"code": 4}}, Fate.RETRY, None),
    (500, {"error": {"code": 2}}, Fate.RETRY, None),
    (503, {}, Fate.RETRY, None),
    (400, {"error": {"code": 190}}, Fate.AUTH_BROKEN, None),
    (400, {"error": {"code": 100}}, Fate.PERMANENT, None),
]
PAGE: list[Row] = [
    *GRAPH,
    (400, {"error": {"code": 10, "error_subcode": 2018278}}, Fate.WINDOW_CLOSED, None),
    (400, {"error": {"code": 551}}, Fate.PEER_GONE, None),
]
TABLE: Mapping[str, list[Row]] = {
    "discord": [
        (200, {"id": "1"}, Fate.SENT, None),
        (429, {"retry_after": 1.5, "global": False}, Fate.RETRY, 1.5),
        (404, {"code": 10015}, Fate.RETRY, None),
        (404, {"code": 10062}, Fate.WINDOW_CLOSED, None),
        (401, {"code": 50027}, Fate.WINDOW_CLOSED, None),
        (400, {"code": 50035}, Fate.PERMANENT, None),
        (502, None, Fate.RETRY, None),
    ],
    "googlechat": [
        (200, {"name": "spaces/A/messages/1"}, Fate.SENT, None),
        (403, {"error": {"status": "PERMISSION_DENIED"}}, Fate.PEER_GONE, None),
        (404, {"error": {"status": "NOT_FOUND"}}, Fate.PEER_GONE, None),
        (429, {"error": {"status": "RESOURCE_EXHAUSTED"}}, Fate.RETRY, None),
        (401, {"error": {"status": "UNAUTHENTICATED"}}, Fate.AUTH_BROKEN, None),
        (400, {"error": {"status": "INVALID_ARGUMENT"}}, Fate.PERMANENT, None),
    ],
    "instagram": PAGE,
    "matrix": [
        (200, {"event_id": "$1"}, Fate.SENT, None),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, Fate.RETRY, 1.5),
        (403, {"errcode": "M_FORBIDDEN"}, Fate.PEER_GONE, None),
        (401, {"errcode": "M_UNKNOWN_TOKEN"}, Fate.AUTH_BROKEN, None),
        (413, {"errcode": "M_TOO_LARGE"}, Fate.PERMANENT, None),
        (502, None, Fate.RETRY, None),
    ],
    "mattermost": [
        (201, {"id": "p1"}, Fate.SENT, None),
        (403, {"id": "api.context.permissions.app_error"}, Fate.PEER_GONE, None),
        (401, {"id": "api.context.session_expired.app_error"}, Fate.AUTH_BROKEN, None),
        (400, {"id": "api.post.create_post.channel_root_id.app_error"}, Fate.PERMANENT, None),
        (429, {}, Fate.RETRY, None),
        (500, {}, Fate.RETRY, None),
    ],
    "messenger": PAGE,
    "rocketchat": [
        (200, {"success": True}, Fate.SENT, None),
        (200, {"success": False, "error": "x"}, Fate.PERMANENT, None),
        (400, {"success": False, "errorType": "error-room-not-found"}, Fate.PEER_GONE, None),
        (401, {"status": "error"}, Fate.AUTH_BROKEN, None),
        (429, {"success": False}, Fate.RETRY, None),
    ],
    "slack": [
        (200, {"ok": True, "ts": "1.1"}, Fate.SENT, None),
        (200, {"ok": False, "error": "invalid_auth"}, Fate.AUTH_BROKEN, None),
        (200, {"ok": False, "error": "channel_not_found"}, Fate.PEER_GONE, None),
        (200, {"ok": False, "error": "invalid_blocks"}, Fate.PLAIN, None),
        (200, {"ok": False, "error": "msg_too_long"}, Fate.PERMANENT, None),
        (200, {"ok": False, "error": "internal_error"}, Fate.RETRY, None),
        (429, {"ok": False, "error": "ratelimited"}, Fate.RETRY, 30.0),
        (503, None, Fate.RETRY, 30.0),
    ],
    "teams": [
        (201, {"id": "1"}, Fate.SENT, None),
        (403, {"error": {"code": "BotNotInConversationRoster"}}, Fate.PEER_GONE, None),
        (401, {"error": {"code": "Unauthorized"}}, Fate.AUTH_BROKEN, None),
        (413, {"error": {"code": "MessageSizeTooBig"}}, Fate.PERMANENT, None),
        (412, {"error": {"code": "PreconditionFailed"}}, Fate.RETRY, None),
        (429, {"error": {"code": "TooManyRequests"}}, Fate.RETRY, None),
        (502, None, Fate.RETRY, None),
    ],
    "telegram": [
        (200, {"ok": True}, Fate.SENT, None),
        (429, {"ok": False, "parameters": {"retry_after": 7}}, Fate.RETRY, 7.0),
        (400, {"description": "Bad Request: can't parse entities: x"}, Fate.PLAIN, None),
        (400, {"description": "Bad Request: chat not found"}, Fate.PERMANENT, None),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Fate.PEER_GONE, None),
        (401, {"description": "Unauthorized"}, Fate.AUTH_BROKEN, None),
        (404, {"description": "Not Found"}, Fate.AUTH_BROKEN, None),
        (500, None, Fate.RETRY, None),
    ],
    "twilio": [
        (201, {"sid": "SM9"}, Fate.SENT, None),
        (400, {"code": 21610}, Fate.PEER_GONE, None),
        (400, {"code": 21617}, Fate.PERMANENT, None),
        (401, {"code": 20003}, Fate.AUTH_BROKEN, None),
        (429, {"code": 20429}, Fate.RETRY, None),
        (503, None, Fate.RETRY, None),
    ],
    "whatsapp": [
        *GRAPH,
        (400, {"error": {"code": 131047}}, Fate.WINDOW_CLOSED, None),
        (400, {"error": {"code": 131026}}, Fate.PEER_GONE, None),
        (400, {"error": {"code": 131056}}, Fate.RETRY, None),
        (400, {"error": {"code": 131048}}, Fate.PERMANENT, None),
    ],
}
ROWS = [
    pytest.param(name, *row, id=f"{name} {row[0]} {row[1]}")
    for name, rows in TABLE.items()
    for row in rows
]


def channel(name: str) -> Any:
    return open_channels({name: PLATFORMS[name].settings})[name]


def test_every_platform_has_its_errors() -> None:
    assert set(TABLE) == set(PLATFORMS)


@pytest.mark.parametrize(("name", "status", "body", "fate", "wait"), ROWS)
def test_an_answer(name: str, status: int, body: object, fate: Fate, wait: float | None) -> None:
    content = b"<html>Bad Gateway</html>" if body is None else json.dumps(body).encode()
    headers = {"retry-after": "30"} if wait == 30.0 else {}
    verdict = channel(name).classify_error(Response(status=status, headers=headers, body=content))
    assert verdict.fate is fate
    if wait is not None:
        assert verdict.retry_after_s == wait
    assert fate is Fate.SENT or verdict.detail


@pytest.mark.parametrize(
    ("name", "answer", "who"),
    [
        ("telegram", {"ok": True, "result": {"username": "balise_bot"}}, "balise_bot"),
        ("matrix", {"user_id": "@balise:hs.example"}, "@balise:hs.example"),
        ("slack", {"ok": True, "user": "balise"}, "balise"),
        ("mattermost", {"username": "balise"}, "balise"),
        ("rocketchat", {"username": "balise"}, "balise"),
        ("twilio", {"friendly_name": "Mon compte"}, "Mon compte"),
        ("messenger", {"name": "Ma page"}, "Ma page"),
        ("instagram", {"name": "Ma page"}, "Ma page"),
        ("whatsapp", {"verified_name": "Mon lycée"}, "Mon lycée"),
    ],
)
def test_whose_credentials_they_are(name: str, answer: object, who: str) -> None:
    asked = channel(name)
    request = asked.check_request(access=None)
    assert request.url.startswith("https://")
    assert asked.check_answer(Response(status=200, body=json.dumps(answer).encode())) == who
    for refused in (b"{}", b'{"ok": false, "error": "invalid_auth"}', b"<html>", b"[]"):
        assert asked.check_answer(Response(status=401, body=refused)) is None
