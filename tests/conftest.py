"""What the whole test suite shares: the real data beside the repository, golden files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
SHARED = Path(os.environ.get("BALISE_SHARED", ROOT.parent / "shared"))


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
