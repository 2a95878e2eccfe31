"""Runs `balise` as a person does: another process, its own environment and folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

BALISE = (sys.executable, "-m", "bot.cli")


def environment(cache: Path, **changed: str) -> dict[str, str]:
    """The environment of a command: nothing of ours, conversations in memory."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BALISE_")}
    own = {"BALISE_CACHE": str(cache), "BALISE_STATE": ":memory:", "PYTHONPATH": str(ROOT)}
    return kept | {"PYTHONUTF8": "1"} | own | changed


def balise(
    cache: Path, *arguments: str, typed: str = "", **changed: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*BALISE, *arguments],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        env=environment(cache, **changed),
        timeout=120,
        check=False,
    )
