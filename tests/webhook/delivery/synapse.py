"""A real homeserver (Synapse) on this machine, started for the tests and thrown away with them."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests
import yaml

from tests.ports import free_port

__all__ = ["AS_TOKEN", "HS_TOKEN", "NAME", "USER", "Synapse", "running_synapse"]

NAME = "hs.test"
USER = f"@balise:{NAME}"
AS_TOKEN, HS_TOKEN = "jeton-du-service", "jeton-du-serveur"
_SHARED = "secret-d-inscription"
_START_S = 60.0


class Synapse:
    """One homeserver; `url` is the address of its client API."""

    def __init__(self, folder: Path, service_url: str, limits: Mapping[str, object]) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        registration = {
            "id": "balise",
            "url": service_url,
            "as_token": AS_TOKEN,
            "hs_token": HS_TOKEN,
            # The sender of a service has no limit: ours is another of its users, who has.
            "sender_localpart": "service",
            "rate_limited": True,
            "namespaces": {"users": [{"exclusive": True, "regex": f"@balise:{NAME}"}]},
        }
        (folder / "balise.yaml").write_text(yaml.safe_dump(registration))
        (folder / "log.yaml").write_text(yaml.safe_dump(_log_settings(folder)))
        (folder / "homeserver.yaml").write_text(yaml.safe_dump(self._settings() | dict(limits)))
        self._run("--generate-keys")

    def _settings(self) -> dict[str, object]:
        return {
            "server_name": NAME,
            "pid_file": str(self._folder / "pid"),
            "listeners": [
                {
                    "port": self.port, "type": "http", "bind_addresses": ["127.0.0.1"],
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self._folder / "hs.db")}},
            "media_store_path": str(self._folder / "media"),
            "signing_key_path": str(self._folder / "signing.key"),
            "log_config": str(self._folder / "log.yaml"),
            "registration_shared_secret": _SHARED,
            "macaroon_secret_key": "x",
            "report_stats": False,
            "trusted_key_servers": [],
            "app_service_config_files": [str(self._folder / "balise.yaml")],
            "rc_login": _generous("address", "account", "failed_attempts"),
            "rc_invites": _generous("per_room", "per_user", "per_issuer"),
            "rc_joins": _generous("local", "remote"),
        }  # fmt: skip

    def _command(self, *options: str) -> list[str]:
        config = str(self._folder / "homeserver.yaml")
        return [sys.executable, "-m", "synapse.app.homeserver", "-c", config, *options]

    def _run(self, *options: str) -> None:
        done = subprocess.run(
            self._command(*options), cwd=self._folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        """Start, and wait until it answers."""
        environment = {**os.environ, "no_proxy": "127.0.0.1"}
        with (self._folder / "out.txt").open("ab") as out:
            self._process = subprocess.Popen(
                self._command(), cwd=self._folder, stdout=out, stderr=out, env=environment
            )
        deadline = time.monotonic() + _START_S
        while True:
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            try:
                if requests.get(f"{self.url}/health", timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)

    def register_service_user(self) -> None:
        """Make the account of the service that Balise speaks by."""
        body = {"type": "m.login.application_service", "username": "balise", "inhibit_login": True}
        answer = requests.post(
            f"{self.url}/_matrix/client/v3/register", data=json.dumps(body), timeout=10,
            headers={"Authorization": f"Bearer {AS_TOKEN}"},
        )  # fmt: skip
        assert answer.ok or "M_USER_IN_USE" in answer.text, answer.text

    def stop(self) -> None:
        """Stop it, and wait until it has."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def log(self) -> str:
        return (self._folder / "out.txt").read_text("utf-8", "replace")[-3000:]

    def register(self, name: str, password: str) -> None:
        """Make an account, as `register_new_matrix_user` does."""
        url = f"{self.url}/_synapse/admin/v1/register"
        nonce = requests.get(url, timeout=10).json()["nonce"]
        parts = [nonce, name, password, "notadmin"]
        mac = hmac.new(_SHARED.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": password, "admin": False, "mac": mac}
        answer = requests.post(url, json=body, timeout=10)
        assert answer.ok, answer.text


def _generous(*names: str) -> dict[str, object]:
    return {name: {"per_second": 1000, "burst_count": 1000} for name in names}


def _log_settings(folder: Path) -> dict[str, object]:
    return {
        "version": 1,
        "handlers": {"file": {"class": "logging.FileHandler", "filename": str(folder / "hs.log")}},
        "root": {"level": "WARNING", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }


@contextmanager
def running_synapse(
    folder: Path, service_url: str, limits: Mapping[str, object] | None = None
) -> Iterator[Synapse]:
    """Start a homeserver that pushes what happens to `service_url`."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Synapse(folder, service_url, limits or {})
    server.start()
    server.register_service_user()
    try:
        yield server
    finally:
        server.stop()
