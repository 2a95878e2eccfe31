"""`GET /openapi.json`: the description of the HTTP interface, from `openapi.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, Response, jsonify

__all__ = ["blueprint", "description"]


def description() -> dict[str, Any]:
    """Return the description, an OpenAPI 3.1 document."""
    path = Path(__file__).with_name("openapi.yml")
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def blueprint() -> Blueprint:
    """Return the route."""
    routes = Blueprint("openapi", __name__)
    document = description()

    @routes.get("/openapi.json")
    def show() -> Response:
        return jsonify(document)

    return routes
