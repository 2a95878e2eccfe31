"""Checks that an address can be listened on, before anything slow is built for it."""

from __future__ import annotations

import errno
import socket

from bot.errors import ConfigurationError

__all__ = ["require_free"]

_KEYS = {errno.EADDRINUSE: "port_in_use", errno.EACCES: "port_forbidden"}


def require_free(host: str, port: int) -> None:
    """Try to listen on an address and let it go; port 0 (any free port) always passes.

    Raises:
        ConfigurationError: another program listens there, or the address is not ours.
    """
    place = f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen(1)
    except (OSError, UnicodeError) as error:
        key = _KEYS.get(getattr(error, "errno", None) or 0, "host_unusable")
        raise ConfigurationError(key, place) from error
