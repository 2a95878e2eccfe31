"""What the tests of the checks share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluation.checks.folder import copied


@pytest.fixture
def intents(tmp_path: Path) -> Path:
    """A small copy of `intents/` that a test may spoil."""
    return copied(tmp_path)
