"""The site of Balise: pages made on the server, whole without JavaScript."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, render_template, request, url_for

from bot.assistant import Assistant
from webhook.edge.rate_limits import RateLimits
from webhook.metrics import Metrics
from webhook.pages import conversation, job_list, job_page, statements

__all__ = ["blueprint", "error_page"]

_STATIC = Path(__file__).parent / "static"
_PAGE_S = 300
_FOREVER_S = 365 * 24 * 3600
# The first page carries a conversation: it is never kept.
_KEPT = frozenset(
    {"pages.jobs", "pages.job", "pages.studies", "pages.privacy", "pages.accessibility"}
)


def blueprint(assistant: Assistant, metrics: Metrics, limits: RateLimits, secret: str) -> Blueprint:
    """Return the pages; `secret` signs the conversation that the first one carries."""
    pages = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static",
        static_url_path="/static",
    )  # fmt: skip
    conversation.add_routes(pages, assistant, metrics, limits, secret)
    job_list.add_routes(pages, assistant)
    job_page.add_routes(pages, assistant)
    statements.add_routes(pages, assistant)

    @pages.app_context_processor
    def about() -> dict[str, object]:
        return {"asset": _asset, "address": request.base_url}

    @pages.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "pages.static" and request.args.get("v"):
            response.headers["Cache-Control"] = f"public, max-age={_FOREVER_S}, immutable"
        elif request.endpoint in _KEPT and response.status_code == HTTPStatus.OK:
            response.headers["Cache-Control"] = f"public, max-age={_PAGE_S}"
        return response

    return pages


def error_page(status: HTTPStatus, said: str) -> Response | None:
    """Return the page of an error, for who asks for pages; None for a program."""
    accepted = request.accept_mimetypes
    # « */* » is what programs send: a browser names HTML.
    if not any(name == "text/html" for name, _ in accepted) or (
        accepted.quality("application/json") > accepted.quality("text/html")
    ):
        return None
    html = render_template("error.html", status=status.value, said=said)
    return Response(html, status=status.value, mimetype="text/html")


def _asset(name: str) -> str:
    """The address of a file of `static/`, which changes when the file does."""
    return url_for("pages.static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
