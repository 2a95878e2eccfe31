"""Serves our actions to a Rasa assistant, on this machine only.

`rasa_sdk.endpoint.run` would listen on every address and start a worker process for which the
assistant has to be pickled; here its application runs in this process. What it lets through
(a body of any shape, the body echoed in errors) is stopped before its routes.
"""

from __future__ import annotations

import json
import logging
import warnings
import zlib
from collections.abc import Mapping
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.actions.rasa_action import rasa_actions
from bot.assistant import Assistant

__all__ = ["HOST", "action_executor", "create_action_app", "serve_actions"]

HOST = "127.0.0.1"

_log = logging.getLogger(__name__)
# A Rasa tracker travels whole, with its domain: 5 kB at first, more with each turn.
_LARGEST_BODY = 16 * 2**20


def action_executor(assistant: Assistant) -> ActionExecutor:
    """Return an executor that knows our actions and nothing else."""
    executor = ActionExecutor()
    for action in rasa_actions(assistant):
        executor.register_action(action)
    return executor


def create_action_app(assistant: Assistant) -> Sanic[Any, Any]:
    """Return the web application that Rasa calls (`POST /webhook`, `GET /health`, `/actions`)."""
    app = create_app(action_executor(assistant), cors_origins=[])
    app.config.REQUEST_MAX_SIZE = _LARGEST_BODY
    app.register_middleware(_refuse_bad_calls, "request")
    _replace_error_handler(app)
    return app


def serve_actions(assistant: Assistant, *, port: int) -> None:
    """Serve the actions until interrupted."""
    app = create_action_app(assistant)
    # Rasa 3.6.21, the last free release, works with this rasa_sdk; the warning tells it apart.
    warnings.filterwarnings("ignore", category=UserWarning, module="rasa_sdk.utils")
    app.run(host=HOST, port=port, single_process=True, access_log=False, motd=False)


async def _refuse_bad_calls(request: Request) -> HTTPResponse | None:
    """Answer 400 to a call that is not shaped as Rasa shapes it."""
    if request.method != "POST" or request.path != "/webhook":
        return None
    fault = _fault(request.body, deflated=request.headers.get("content-encoding") == "deflate")
    return json_response({"error": fault, "action_name": None}, status=400) if fault else None


def _fault(body: bytes, *, deflated: bool) -> str | None:
    try:
        call = json.loads(_inflate(body) if deflated else body)
    except (ValueError, RecursionError, zlib.error):
        return "the body is not JSON"
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        return "next_action must be the name of an action"
    tracker = call.get("tracker")
    if not isinstance(tracker, dict) or not isinstance(tracker.get("sender_id"), str):
        return "tracker.sender_id must be a string"
    shapes: Mapping[str, type] = {"slots": dict, "events": list, "latest_message": dict}
    for name, shape in shapes.items():
        if not isinstance(tracker.get(name, shape()), shape | None):
            return f"tracker.{name} has not the shape that Rasa gives it"
    return None


def _inflate(body: bytes) -> bytes:
    inflater = zlib.decompressobj()
    data = inflater.decompress(body, _LARGEST_BODY)
    if inflater.unconsumed_tail:
        raise ValueError("too large once inflated")
    return data


def _replace_error_handler(app: Sanic[Any, Any]) -> None:
    """Answer errors without the body: it holds what a person typed."""
    app.error_handler.cached_handlers.clear()
    app.error_handler.add(Exception, _say_error)


async def _say_error(request: Request, error: Exception) -> HTTPResponse:
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        _log.error("action.failed path=%s error=%s", request.path, type(error).__name__)
        _log.debug("action.failed", exc_info=error)
    return json_response({"error": type(error).__name__, "action_name": None}, status=status)
