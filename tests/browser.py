"""The browser of the tests: Debian's chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

__all__ = ["missing", "open_chromium"]


def missing(what: str) -> None:
    """Skip the test for want of something, which CI must have."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}: CI must run the browser")
    pytest.skip(what)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Run the browser; without one, the test is skipped, or fails in CI."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("chromium is absent")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()
