"""Which websites may call us from their pages (CORS)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, request

from bot.settings_file import Site

__all__ = ["allows", "install"]

_ROUTES = ("/webhooks/rest/",)
_HEADERS = {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
    "Access-Control-Expose-Headers": "Retry-After",
}
# Without any site in the settings, only pages of this machine may try Balise.
_HERE = ("http://localhost", "http://127.0.0.1", "http://[::1]")


def allows(origin: str, sites: Mapping[str, Site]) -> bool:
    """Whether the pages of an origin may call us."""
    if sites:
        return any(origin in site.origins for site in sites.values())
    return any(origin == here or origin.startswith(f"{here}:") for here in _HERE)


def install(app: Flask, sites: Mapping[str, Site]) -> None:
    """Let the pages of the sites call the REST channel: no cookie is ever asked for."""

    @app.before_request
    def preflight() -> Response | None:
        if request.method != "OPTIONS" or not request.path.startswith(_ROUTES):
            return None
        return Response(status=204)

    @app.after_request
    def allow(response: Response) -> Response:
        if not request.path.startswith(_ROUTES):
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if origin and allows(origin, sites):
            response.headers["Access-Control-Allow-Origin"] = origin
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
        return response
