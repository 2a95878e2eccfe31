"""The wheel: built, installed in an empty folder, and asked from another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import INTENTS, ROOT, SEEDS

QUESTION = "quelles études pour être chargé de post-production"


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith("BALISE_")
    }
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd, env=variables | environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder where the wheel alone is installed."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    run(sys.executable, "-m", "pip", "install", *options, "--target", folder, wheel, cwd=folder)
    return folder


def test_it_holds_the_code_and_the_data_as_they_are(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    for source, prefix in ((SEEDS, "bot/data/seeds"), (INTENTS, "bot/data/intents")):
        files = [path for path in source.rglob("*") if path.is_file()]
        assert files
        for path in files:
            name = f"{prefix}/{path.relative_to(source).as_posix()}"
            assert content[name] == path.read_bytes(), name
    for package in ("bot", "webhook"):
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix != ".pyc" and "node_modules" not in path.parts:
                assert path.relative_to(ROOT).as_posix() in content


def test_it_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    outside = [name for name in names if not name.startswith(("bot/", "webhook/", "balise-"))]
    assert outside == []
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_the_command_answers_from_the_packaged_data(
    installed: Path, model_cache: Path, tmp_path: Path
) -> None:
    environment = {"PYTHONPATH": str(installed), "BALISE_CACHE": str(model_cache)}
    where = "import bot.assistant, bot.settings as s; print(bot.assistant.__file__); print(s.packaged_folder('seeds')); print(s.packaged_folder('intents'))"
    found = run(sys.executable, "-c", where, cwd=tmp_path, **environment).stdout.splitlines()
    assert len(found) == 3
    assert all(Path(path).is_relative_to(installed) for path in found)

    said = run(installed / "bin" / "balise", "ask", "--json", QUESTION, cwd=tmp_path, **environment)
    (message,) = json.loads(said.stdout)
    assert message["custom"]["metiers"] == ["MET.7984"]
    assert message["custom"]["intent"] == "etudes"
    assert "BTS métiers de l'audiovisuel" in message["text"].replace("’", "'")
    assert list(tmp_path.iterdir()) == []
