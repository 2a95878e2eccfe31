"""What the whole test suite shares: the real data beside the repository, golden files."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser

from bot.assistant import Assistant, build_assistant
from bot.catalogue.loading import load_catalogue
from bot.settings import Settings
from bot.understanding.building import build_interpreter
from tests.browser import missing, open_chromium
from tests.postgresql import PostgreSQL, running_postgresql

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
INTENTS = ROOT / "intents"
SHARED = Path(os.environ.get("BALISE_SHARED", ROOT.parent / "shared"))

# A busy machine is no defect of the code: how long one example takes is not judged here.
hypothesis.settings.register_profile("balise", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("balise")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected.json files; review the diff like code",
    )


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


def require_shared(name: str) -> Path:
    """Return a folder of the real data, which is not in the repository.

    Without it the test is skipped on a person's machine, and fails in CI: a proof over the
    real fiches that silently does not run proves nothing.
    """
    folder = SHARED / name
    if folder.is_dir():
        return folder
    if os.environ.get("CI", "").casefold() in {"true", "1"}:
        pytest.fail(f"{folder} is absent: CI must run on the real data")
    pytest.skip(f"{folder} is absent")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder `data/` of the real data."""
    return require_shared("data")


@pytest.fixture(scope="session")
def onisep(shared_data: Path) -> Path:
    """The folder of the real Onisep files (893 fiches, tables, formations)."""
    return require_shared("data/onisep")


def settings_for(*catalogue: Path, cache: Path, state: Path | None = None) -> Settings:
    """Settings of an assistant for tests; conversations stay in memory unless `state` is given."""
    return Settings(catalogue=catalogue, intents=INTENTS, state=state, cache=cache)


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the trained model: it is trained once for all the workers of a run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    cache = folder / "models"
    with (folder / "models.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build_interpreter(INTENTS, load_catalogue([SEEDS]), cache=cache)
    return cache


@pytest.fixture(scope="session")
def seed_assistant(model_cache: Path) -> Iterator[Assistant]:
    """An assistant that knows the one fiche of `seeds/`; each test uses its own senders."""
    assistant = build_assistant(settings_for(SEEDS, cache=model_cache))
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def onisep_assistant(onisep: Path, model_cache: Path) -> Iterator[Assistant]:
    """An assistant that knows the real catalogue; each test uses its own senders."""
    sources = (onisep / "fiches-md", onisep / "metiers.json")
    assistant = build_assistant(settings_for(*sources, cache=model_cache))
    yield assistant
    assistant.close()


# One for all the tests of a process: Playwright runs once in each.
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with open_chromium() as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility rules, as a script."""
    path = Path(os.environ.get("BALISE_AXE", ROOT / "tests/node_modules/axe-core/axe.min.js"))
    if not path.is_file():
        missing("axe-core is absent: npm ci in tests/")
    return path.read_text("utf-8")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server."""
    with running_postgresql() as server:
        yield server
