"""A real PostgreSQL on this machine, started for the tests and thrown away with them."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["PostgreSQL", "running_postgresql"]

_START_S = 30.0


def _folder_of(program: str) -> Path:
    """Where Debian puts it: its newest version, which is not in the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    found = str(versions[-1]) if versions else shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is absent: CI must run PostgreSQL")
        pytest.skip(f"{program} is absent")
    return Path(found).parent


class PostgreSQL:
    """One server; `url` is the address of an empty database on it."""

    def __init__(self, folder: Path, programs: Path, port: int) -> None:
        self._folder = folder
        self._programs = programs
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def start(self) -> None:
        """Start, or start again, and wait until it answers."""
        command = [
            self._programs / "postgres", "-D", self._folder / "data", "-p", str(self._port),
            "-h", "127.0.0.1", "-k", str(self._folder), "-c", "max_connections=200",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            [str(part) for part in command], stderr=subprocess.DEVNULL, **_owner()
        )
        deadline = time.monotonic() + _START_S
        while self._ask("SELECT 1").returncode:
            assert time.monotonic() < deadline, "PostgreSQL does not answer"
            assert self._process.poll() is None, "PostgreSQL stopped"

    def stop(self, signal: int) -> None:
        """Stop it by a signal (SIGINT: at once; SIGKILL: a crash), and wait until it has."""
        assert self._process is not None
        self._process.send_signal(signal)
        self._process.wait()

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        self._made += 1
        name = f"balise_{self._made}"
        done = self._ask(f"CREATE DATABASE {name}")
        assert done.returncode == 0, done.stderr
        return f"postgresql://balise@127.0.0.1:{self._port}/{name}"

    def _ask(self, statement: str) -> subprocess.CompletedProcess[bytes]:
        command = [
            self._programs / "psql", "-q", "-h", "127.0.0.1", "-p", str(self._port),
            "-U", "balise", "-d", "postgres", "-c", statement,
        ]  # fmt: skip
        return subprocess.run([str(part) for part in command], capture_output=True, check=False)


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: its own user then, whom Debian's package makes."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """Start a server; without PostgreSQL the test is skipped, or fails in CI."""
    programs = _folder_of("initdb")
    with tempfile.TemporaryDirectory(prefix="balise-pg-") as made, contextlib.ExitStack() as last:
        folder = Path(made)
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        subprocess.run(
            [
                str(programs / "initdb"), "-D", str(folder / "data"), "-U", "balise",
                "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
            ],
            check=True, capture_output=True, cwd=folder, **_owner(),
        )  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = PostgreSQL(folder, programs, port)
        server.start()
        last.callback(_quietly_stop, server)
        yield server


def _quietly_stop(server: PostgreSQL) -> None:
    process = server._process
    if process is not None and process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()
