"""Carries requests to the platforms."""

from __future__ import annotations

import threading

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from bot.errors import DeliveryFailed
from webhook.channels.channel import Request, Response

__all__ = ["HttpTransport"]

# Seconds to be let in, then to be answered: together less than a lease.
_TIMEOUT_S = (5.0, 20.0)
_MOST_BYTES = 1024 * 1024


class HttpTransport:
    """See `Transport`: one session for each thread, no redirection, the usual proxies."""

    def __init__(self, *, timeout_s: tuple[float, float] = _TIMEOUT_S) -> None:
        """Wait `timeout_s` seconds at most: to be let in, to be answered."""
        self._timeout_s = timeout_s
        self._local = threading.local()

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        try:
            with self._session().request(
                request.method,
                request.url,
                data=request.body,
                headers=dict(request.headers),
                timeout=self._timeout_s,
                # A redirection would carry our credentials to somebody else.
                allow_redirects=False,
                proxies=get_environ_proxies(request.url),
                stream=True,
            ) as answer:
                body = answer.raw.read(_MOST_BYTES, decode_content=True)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(status=answer.status_code, headers=headers, body=body)
        except (requests.RequestException, HTTPError, OSError) as error:
            # The address may hold a token: only the kind of failure is told.
            raise DeliveryFailed(type(error).__name__) from None

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            # A .netrc file would replace the credentials of the channel.
            session.trust_env = False
        return session
