"""Whether the server lives and is ready, and what it runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Response, jsonify

from bot.assistant import Assistant

__all__ = ["blueprint"]


def blueprint(assistant: Assistant) -> Blueprint:
    """Return the routes."""
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    @routes.get("/health/ready")
    def alive() -> Response:
        # The application is made with its assistant: once it answers, it is ready.
        return jsonify(status="ok")

    @routes.get("/status")
    def status() -> Response:
        return jsonify(
            status="ok",
            fiches=len(assistant.catalogue),
            intents=len(assistant.interpreter.model.intents),
        )

    @routes.get("/version")
    def current() -> Response:
        number = _version()
        return jsonify(version=number, minimum_compatible_version=number)

    return routes


def _version() -> str:
    try:
        return version("balise")
    except PackageNotFoundError:
        return "0"
