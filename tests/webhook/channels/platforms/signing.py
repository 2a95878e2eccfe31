"""A platform that signs tokens: its private key, and a server on this machine with the public one."""

from __future__ import annotations

import json
import threading
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from jwt.algorithms import RSAAlgorithm

__all__ = [
    "KEY",
    "OTHER_KEY",
    "keys_url",
    "openid_url",
    "private_pem",
    "public_pem",
    "signed_token",
]

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KID = "cle-1"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        public = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
        value: dict[str, object] = {"keys": [{**public, "kid": KID, "use": "sig", "alg": "RS256"}]}
        if self.path == "/openid":
            value = {"jwks_uri": keys_url()}
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@lru_cache(maxsize=1)
def _server() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def keys_url() -> str:
    """Where the public keys are."""
    return f"{_server()}/keys"


def openid_url() -> str:
    """Where it is said where they are."""
    return f"{_server()}/openid"


def signed_token(claims: dict[str, Any], *, key: Any = KEY, alg: str = "RS256") -> str:
    """A token with these claims."""
    return jwt.encode(claims, key, algorithm=alg, headers={"kid": KID})


def private_pem() -> str:
    return KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem() -> bytes:
    return KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
