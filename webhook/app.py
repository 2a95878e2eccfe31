"""The web application: REST channel, parsing, health, and the page at `/`."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.assistant import Assistant
from bot.settings import Settings
from webhook import conversations_api, health, metrics, openapi, parse_api, problems
from webhook.channels import rest
from webhook.channels.channel import MOST_BYTES
from webhook.channels.socketio import SocketIOChannel
from webhook.edge import origins
from webhook.edge.rate_limits import RateLimits
from webhook.pages import site
from webhook.widget import routes as widget

if TYPE_CHECKING:
    from webhook.delivery.service import Delivery

__all__ = ["create_app"]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(assistant: Assistant, settings: Settings, delivery: Delivery | None = None) -> Flask:
    """Make the application of an assistant; it starts nothing and opens nothing.

    `delivery`: of the messaging channels, without which they are not found.
    """
    app = Flask("webhook", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    counters = metrics.Metrics()
    limits = RateLimits(settings.limits)
    for part in (
        rest.blueprint(assistant, counters, limits),
        parse_api.blueprint(assistant),
        conversations_api.blueprint(assistant, settings),
        health.blueprint(assistant),
        metrics.blueprint(counters),
        openapi.blueprint(),
        widget.blueprint(),
        # The key lives as long as the process: a page opened before a restart begins anew.
        site.blueprint(assistant, counters, limits, secrets.token_urlsafe(32)),
    ):
        app.register_blueprint(part)
    if delivery is not None:
        # Imported here, as delivery itself is: without a channel, no database is needed.
        from webhook.delivery import routes as messaging

        app.register_blueprint(messaging.blueprint(delivery, counters, settings.public_url))
    problems.install(app, assistant.wording, site.error_page)
    origins.install(app, settings.sites)
    if settings.socketio.connections:
        widgets = SocketIOChannel(app.wsgi_app, assistant, settings, counters, limits)
        app.wsgi_app = widgets  # type: ignore[method-assign]
        app.extensions["socketio"] = widgets
    if settings.limits.proxies:
        proxies = settings.limits.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.mimetype != "text/css":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app
