"""The one table from what goes wrong to `application/problem+json` (RFC 9457).

Nothing that a client sent is repeated, and a fault of ours shows no detail: it goes to the log.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.answers.wording import Wording

__all__ = ["Refused", "TooMany", "install"]

_log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that we refuse: `key` names its sentence, `utter_http_<key>`."""

    def __init__(self, key: str, status: HTTPStatus) -> None:
        super().__init__(key)
        self.key = key
        self.status = status


class TooMany(Refused):
    """Too many requests; `wait_s` is how many seconds to wait before the next one."""

    def __init__(self, wait_s: int) -> None:
        super().__init__("too_many", HTTPStatus.TOO_MANY_REQUESTS)
        self.wait_s = wait_s


_KEYS = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not_json",
}


def install(
    app: Flask, wording: Wording, page_of: Callable[[HTTPStatus, str], Response | None]
) -> None:
    """Make every error of the application a problem document.

    `page_of` makes, of the status and of what is said, the page that a person in a browser is
    shown in its place; None for a program.
    """

    def problem(key: str, status: HTTPStatus, **blanks: object) -> Response:
        title = wording.say(f"http_{key}", **blanks)
        page = page_of(status, title)
        if page is not None:
            return page
        body = {
            "type": "about:blank",
            "title": title,
            "status": status.value,
        }
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, status=status.value, content_type="application/problem+json")

    @app.errorhandler(TooMany)
    def too_many(error: TooMany) -> Response:
        response = problem(error.key, error.status, seconds=error.wait_s)
        response.headers["Retry-After"] = str(error.wait_s)
        return response

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return problem(error.key, error.status)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or 500)
        response = problem(_KEYS.get(status, "bad_request" if status < 500 else "fault"), status)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        _log.exception("request.failed kind=%s", type(error).__name__)
        return problem("fault", HTTPStatus.INTERNAL_SERVER_ERROR)
