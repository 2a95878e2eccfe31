"""The addresses of the messaging channels, `/webhooks/<channel>/webhook`.

A request is verified, read and kept before it is acknowledged; it is answered afterwards.
"""

from __future__ import annotations

import logging
import time
from http import HTTPStatus

from flask import Blueprint, Response, abort, request

from bot.errors import BadPayload, BadSignature
from webhook.channels.channel import Incoming
from webhook.delivery.service import Delivery
from webhook.metrics import Metrics
from webhook.problems import Refused

__all__ = ["blueprint"]

_log = logging.getLogger(__name__)
_METHODS = ("GET", "POST", "PUT")
# The largest body is a batch of a homeserver: a hundred events of 64 kB.
_MOST_BYTES = 8 * 1024 * 1024


def blueprint(delivery: Delivery, metrics: Metrics, public_url: str | None) -> Blueprint:
    """Return the routes of the channels of the settings."""
    routes = Blueprint("channels", __name__, url_prefix="/webhooks")

    @routes.route("/<name>/webhook", methods=_METHODS)
    @routes.route("/<name>/webhook/<path:rest>", methods=_METHODS)
    def receive(name: str, rest: str = "") -> Response:
        channel = delivery.channels.get(name)
        if channel is None:
            abort(HTTPStatus.NOT_FOUND)
        request.max_content_length = _MOST_BYTES
        incoming = _incoming(rest, public_url)
        try:
            channel.verify(incoming, now=time.time())
            parsed = channel.parse(incoming)
        except BadSignature as error:
            _log.warning("channel.unsigned channel=%s reason=%s", name, error)
            raise Refused("bad_signature", HTTPStatus.UNAUTHORIZED) from error
        except BadPayload as error:
            _log.warning("channel.unread channel=%s field=%s", name, error)
            raise Refused("bad_payload", HTTPStatus.BAD_REQUEST) from error
        delivery.receive(channel, parsed.messages)
        metrics.received(name, len(parsed.messages))
        ack = parsed.ack
        return Response(ack.body, status=ack.status, mimetype=ack.mimetype)

    return routes


def _incoming(rest: str, public_url: str | None) -> Incoming:
    """The request as the platform sent it: signed with our public address, not with the inner."""
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    url = request.url if public_url is None else f"{public_url}{request.path}{query}"
    return Incoming(
        method=request.method,
        url=url,
        path=f"/{rest}" if rest else "",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.args.to_dict(),
        body=request.get_data(cache=True),
    )
