"""Serves the chat widget: one script, at an address that changes with its version."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort

__all__ = ["blueprint", "integrity", "script_address"]

_FOLDER = Path(__file__).parent
_TYPES = {"balise.js": "text/javascript", "balise.css": "text/css"}
_SOON_S = 300
_FOREVER_S = 365 * 24 * 3600


def blueprint() -> Blueprint:
    """Return the routes: any website may load the widget, which holds no secret."""
    routes = Blueprint("widget", __name__)

    @routes.get("/widget.js")
    def newest() -> Response:
        return _file("balise.js", f"public, max-age={_SOON_S}")

    @routes.get("/widget/<version>/<name>")
    def one_version(version: str, name: str) -> Response:
        if version != _version() or name not in _TYPES:
            abort(404)
        return _file(name, f"public, max-age={_FOREVER_S}, immutable")

    return routes


def script_address() -> str:
    """The path of the script of this version."""
    return f"/widget/{_version()}/balise.js"


@cache
def integrity() -> str:
    """The hash of the script, as the `integrity` attribute has it (Subresource Integrity)."""
    digest = hashlib.sha384((_FOLDER / "static" / "balise.js").read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


@cache
def _version() -> str:
    package = json.loads((_FOLDER / "package.json").read_text(encoding="utf-8"))
    return str(package["version"])


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / "static" / name).read_bytes()


def _file(name: str, cache_control: str) -> Response:
    response = Response(_content(name), mimetype=_TYPES[name])
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = cache_control
    return response
