"""The public keys that a platform signs its tokens with, fetched when one is needed.

The only place of the channels that asks the network while a request is verified: keys change, and
are published. They are kept for some minutes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import requests

from bot.errors import BadSignature

__all__ = ["KeyOf", "bearer_token", "checked_claims", "keys_at", "keys_of_openid"]

KeyOf = Callable[[str], Any]
"""From a signed token to the public key that it says it was signed with."""

_TIMEOUT_S = 5
_LEEWAY_S = 300.0


def keys_at(address: str) -> KeyOf:
    """Take keys from a JWKS address."""
    client = jwt.PyJWKClient(address, timeout=_TIMEOUT_S)

    def key_of(token: str) -> Any:
        try:
            return client.get_signing_key_from_jwt(token).key
        except (jwt.PyJWTError, ValueError, OSError) as error:
            raise BadSignature(type(error).__name__) from error

    return key_of


def keys_of_openid(address: str) -> KeyOf:
    """Take keys from where an OpenID configuration says that they are."""
    found: list[KeyOf] = []
    lock = threading.Lock()

    def key_of(token: str) -> Any:
        with lock:
            if not found:
                found.append(keys_at(_keys_address(address)))
        return found[0](token)

    return key_of


def _keys_address(address: str) -> str:
    try:
        answer = requests.get(address, timeout=_TIMEOUT_S, allow_redirects=False)
        keys = answer.json()["jwks_uri"]
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise BadSignature("openid") from error
    return str(keys)


def bearer_token(headers: Mapping[str, str]) -> str:
    """Return the token of the `Authorization` header.

    Raises:
        BadSignature: there is none.
    """
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not token.strip():
        raise BadSignature("authorization")
    return token.strip()


def checked_claims(
    token: str, key_of: KeyOf, *, audience: str, issuers: tuple[str, ...], now: float
) -> Mapping[str, object]:
    """Return what a token claims, once its signature, issuer, audience and dates are right.

    RS256 only, whatever the token itself says of its algorithm; dates may be 5 minutes apart.

    Raises:
        BadSignature: one of them is wrong.
    """
    try:
        if jwt.get_unverified_header(token).get("alg") != "RS256":
            raise BadSignature("alg")
        claims: dict[str, object] = jwt.decode(
            token,
            key_of(token),
            algorithms=["RS256"],
            audience=audience,
            # Its own check would read the clock; `now` is checked below.
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False,
                     "require": ["exp", "iss", "aud"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise BadSignature(type(error).__name__) from error
    if claims["iss"] not in issuers:
        raise BadSignature("iss")
    expires, begins = claims["exp"], claims.get("nbf", 0)
    if not isinstance(expires, int | float) or now > expires + _LEEWAY_S:
        raise BadSignature("exp")
    if not isinstance(begins, int | float) or now < begins - _LEEWAY_S:
        raise BadSignature("nbf")
    return claims
