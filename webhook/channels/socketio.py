"""The Socket.IO channel, with the events of Rasa's: widgets made for Rasa connect as they are.

    -> session_request {"session_id": "web-1"}      without one, an identifier is made
    <- session_confirm "web-1"
    -> user_uttered {"message": "bonjour", "session_id": "web-1"}
    <- bot_uttered {"text": "…", "quick_replies": [{"content_type": "text", "title", "payload"}]}

The shapes are those that Rasa 3.6.21 sends: a text is cut at its blank lines, and the last piece
has the buttons. Without `session_id` in the message, the conversation is that of the connection.
"""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bot.answers.answer import Answer
from bot.assistant import Assistant
from bot.messages import UserMessage
from bot.settings import Settings
from webhook.channels.channel import LONGEST_SENDER, MOST_BYTES
from webhook.channels.rest import parse as parse_rest
from webhook.edge.origins import allows
from webhook.edge.rate_limits import RateLimits
from webhook.metrics import Metrics
from webhook.problems import Refused, TooMany

if TYPE_CHECKING:
    import socketio

__all__ = ["PATH", "SocketIOChannel", "parse", "render"]

PATH = "/socket.io"
_log = logging.getLogger(__name__)

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def parse(data: object, connection: str) -> UserMessage:
    """Read the data of `user_uttered`; `connection` is the conversation that names none.

    Raises:
        Refused: something is missing, of the wrong type, or too long.
    """
    if not isinstance(data, dict):
        raise Refused("not_json", HTTPStatus.BAD_REQUEST)
    message = parse_rest(
        {
            "sender": data.get("session_id") or connection,
            "message": data.get("message"),
            # Botfront's widget has another name for it.
            "metadata": _metadata(data.get("metadata") or data.get("customData")),
        }
    )
    return replace(message, channel="socketio")


def _metadata(value: object) -> object:
    """Return metadata, which Rasa also takes as a JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def render(answer: Answer) -> list[dict[str, object]]:
    """Return the data of each `bot_uttered` of an answer, in order."""
    pieces: list[dict[str, object]] = [{"text": text} for text in answer.text.strip().split("\n\n")]
    if answer.buttons:
        for piece in pieces:
            piece["quick_replies"] = []
        pieces[-1]["quick_replies"] = [
            {"content_type": "text", "title": button.title, "payload": button.payload}
            for button in answer.buttons
        ]
    return pieces


class SocketIOChannel:
    """Puts the channel in front of an application; nothing is opened before a widget comes.

    A connection holds a thread of the server for as long as it lasts: no more than `connections`
    are taken at one time, and the others are told to come back (503).
    """

    def __init__(
        self,
        app: WsgiApp,
        assistant: Assistant,
        settings: Settings,
        metrics: Metrics,
        limits: RateLimits,
    ) -> None:
        """Prepare the channel in front of `app`."""
        self._app = app
        self._assistant = assistant
        self._sites = settings.sites
        self._metrics = metrics
        self._limits = limits
        self._places = threading.BoundedSemaphore(settings.socketio.connections)
        self._opening = threading.Lock()
        self._server: socketio.Server | None = None
        self._wsgi: WsgiApp | None = None

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request of Socket.IO, or hand it to the application."""
        if not f"{environ.get('PATH_INFO', '')}/".startswith(f"{PATH}/"):
            return self._app(environ, start_response)
        if not self._places.acquire(blocking=False):
            headers = [("Content-Type", "text/plain"), ("Retry-After", "30")]
            start_response("503 Service Unavailable", headers)
            return []
        try:
            return self._opened()(environ, start_response)
        finally:
            self._places.release()

    def close(self) -> None:
        """Close every connection, so that the server can stop."""
        if self._server is not None:
            self._server.eio.disconnect()

    def _opened(self) -> WsgiApp:
        with self._opening:
            if self._wsgi is None:
                self._server, self._wsgi = self._open()
        return self._wsgi

    def _open(self) -> tuple[socketio.Server, WsgiApp]:
        # Imported here: most servers never see a widget of Rasa's.
        import socketio

        server = socketio.Server(
            async_mode="threading",
            async_handlers=False,  # the messages of a connection are answered in their order
            cors_allowed_origins=self._is_allowed,
            max_http_buffer_size=MOST_BYTES,
        )
        server.on("session_request", lambda sid, data=None: self._begin(server, sid, data))
        server.on("user_uttered", lambda sid, data=None: self._answer(server, sid, data))
        return server, socketio.WSGIApp(server, socketio_path=PATH)

    def _is_allowed(self, origin: str | None, environ: Environ) -> bool:
        """Whether the pages of an origin may connect: those of the settings, and our own."""
        own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST')}"
        return origin is None or origin == own or allows(origin, self._sites)

    def _begin(self, server: socketio.Server, sid: str, data: object) -> None:
        try:
            self._limits.check(sender=f"session {sid}", address=_address(server, sid))
        except TooMany:
            return  # no widget asks for so many sessions
        asked = data.get("session_id") if isinstance(data, Mapping) else None
        is_one = isinstance(asked, str) and 0 < len(asked) <= LONGEST_SENDER
        session = asked if is_one else uuid.uuid4().hex
        server.enter_room(sid, _room(str(session)))
        server.emit("session_confirm", session, to=sid)

    def _answer(self, server: socketio.Server, sid: str, data: object) -> None:
        try:
            message = parse(data, sid)
            self._limits.check(sender=message.sender, address=_address(server, sid))
            turn = self._assistant.turn(message)
        except Refused as refused:
            blanks = {"seconds": refused.wait_s} if isinstance(refused, TooMany) else {}
            said = self._assistant.wording.say(f"http_{refused.key}", **blanks)
            server.emit("bot_uttered", {"text": said}, to=sid)
            return
        except Exception as error:
            _log.exception("message.failed channel=socketio kind=%s", type(error).__name__)
            said = self._assistant.wording.say("http_fault")
            server.emit("bot_uttered", {"text": said}, to=sid)
            return
        self._metrics.answered(turn.answer.kind.value, turn.elapsed_ms)
        # A conversation may be open in several windows: each of them shows the answer.
        server.enter_room(sid, _room(message.sender))
        for piece in render(turn.answer):
            server.emit("bot_uttered", piece, to=_room(message.sender))


def _room(session: str) -> str:
    # Not the bare identifier: the name of a room may also be that of another's connection.
    return f"session {session}"


def _address(server: socketio.Server, sid: str) -> str | None:
    environ = server.get_environ(sid) or {}
    address = environ.get("REMOTE_ADDR")
    return str(address) if address else None
