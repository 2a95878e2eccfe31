"""Draws what people see, in a folder: `python -m tests.widget.screenshots FOLDER` (`make screenshots`).

The assistant answers from `seeds/`; the widget is on a website of another port.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from bot.assistant import build_assistant
from tests.browser import open_chromium
from tests.conftest import SEEDS, settings_for
from tests.widget.stub import Stub, serving, website
from tests.widget.talk import ask, open_panel
from webhook.app import create_app

DESK = {"width": 1100, "height": 800}
PHONE = {"width": 390, "height": 844}


def main(folder: Path) -> None:
    """Draw every picture in the folder, which is made."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        settings = settings_for(SEEDS, cache=Path(cache))
        with (
            closing(build_assistant(settings)) as assistant,
            serving(create_app(assistant, settings)) as origin,
            serving(website(Stub(origin=origin))) as site,
            open_chromium() as browser,
        ):
            _widget(browser, site, folder)
            _pages(browser, origin, folder)


def _widget(browser: Browser, site: str, folder: Path) -> None:
    with _page(browser, site, DESK) as page:
        page.locator(".launcher").wait_for()
        page.screenshot(path=folder / "closed.png")
        open_panel(page)
        page.screenshot(path=folder / "open.png")
        ask(page, "quelles études pour être chargé de post-production ?")
        page.screenshot(path=folder / "conversation.png")
        ask(page, "un métier avec les animaux")
        page.screenshot(path=folder / "list.png")
        ask(page, "compare boulanger et infirmière")
        page.locator("table").scroll_into_view_if_needed()
        page.screenshot(path=folder / "comparison.png")
        ask(page, "j'ai envie de mourir")
        page.screenshot(path=folder / "safety.png")
        page.context.set_offline(True)
        page.locator("textarea").fill("bonjour")
        page.keyboard.press("Enter")
        page.screenshot(path=folder / "error.png")
    for name, size, scheme in (("320", {"width": 320, "height": 568}, "light"), ("phone", PHONE, "light"), ("dark", DESK, "dark")):  # fmt: skip
        with _page(browser, site, size, scheme) as page:
            open_panel(page)
            ask(page, "quelles études pour être chargé de post-production ?")
            page.screenshot(path=folder / f"{name}.png")
            ask(page, "compare boulanger et infirmière")
            page.screenshot(path=folder / f"{name}-comparison.png")


def _pages(browser: Browser, origin: str, folder: Path) -> None:
    for name, size in (("desk", DESK), ("phone", PHONE)):
        for path, page_name in (
            ("/", "home"),
            ("/metiers", "jobs"),
            ("/metiers/MET.7984", "fiche"),
        ):
            with _page(browser, origin, size, path=path) as page:
                page.screenshot(
                    path=folder / f"{page_name}-{name}.png", full_page=page_name == "fiche"
                )
    with _page(browser, origin, DESK, path="/metiers/MET.7984/etudes.svg") as page:
        page.screenshot(path=folder / "chart.png")


@contextmanager
def _page(
    browser: Browser, origin: str, size: dict[str, int], scheme: str = "light", path: str = "/"
) -> Iterator[Page]:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(origin + path)
    yield page
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
