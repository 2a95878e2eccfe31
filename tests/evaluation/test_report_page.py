"""The report in a real browser: it fits a phone and a desk, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.answers.wording import read_wording
from bot.evaluation.report import render_report
from bot.evaluation.run_record import PreviousRun
from tests.conftest import INTENTS
from tests.evaluation.test_report import report
from tests.evaluation.test_run_record import whole


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    previous = PreviousRun(
        figures={("utterances", "intent_accuracy"): 1.0}, cases={("utterances", "u"): True}
    )
    path = tmp_path_factory.mktemp("report") / "index.html"
    html = render_report(report(whole(), previous=previous), read_wording(INTENTS))
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_fits(browser: Browser, page_file: Path, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        offline=True,
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert (_light(paper) > _light(ink)) is (scheme == "light")
    # The pictures take the colours of the page.
    axis = page.evaluate("getComputedStyle(document.querySelector('svg text')).fill")
    assert axis == ink
    page.get_by_text("Pourquoi").last.click()
    assert page.get_by_text("Décidé par").last.is_visible()
    assert errors == []
    context.close()


def _light(colour: str) -> int:
    """The sum of the three parts of « rgb(1, 2, 3) »."""
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
