"""The lines copied from our first page, on a hostile website with a strict policy, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect

from bot.assistant import Assistant
from tests.widget.stub import CSP, HOSTILE, serving
from tests.widget.talk import focused, settled
from tests.widget.test_keyboard import tab_to
from webhook.app import create_app

PAGE = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un lycée</title>'
    '<link rel="stylesheet" href="/style.css"></head><body><h1>Un lycée</h1>{lines}</body></html>'
)
VIOLATIONS = (
    "window.violations = 0; addEventListener('securitypolicyviolation', () => window.violations++);"
)


@pytest.fixture(scope="module")
def balise(seed_assistant: Assistant) -> Iterator[str]:
    with serving(create_app(seed_assistant, seed_assistant.settings)) as origin:
        yield origin


@pytest.fixture
def page(browser: Browser, balise: str) -> Iterator[Page]:
    """The website, with what `/` shows to copy."""
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    home = context.new_page()
    home.goto(balise)
    lines = home.locator("#embed ~ pre code").inner_text()
    site = Flask("lycee", static_folder=None)
    policy = {"Content-Security-Policy": CSP.format(origin=balise)}
    site.add_url_rule("/", "page", lambda: Response(PAGE.format(lines=lines), headers=policy))
    site.add_url_rule("/style.css", "style", lambda: Response(HOSTILE, mimetype="text/css"))
    with serving(site) as origin:
        page = context.new_page()
        page.set_default_timeout(5000)
        page.add_init_script(VIOLATIONS)
        page.goto(origin)
        yield page
        context.close()


def test_somebody_with_a_keyboard(page: Page, seed_assistant: Assistant) -> None:
    tab_to(page, ".launcher")
    page.keyboard.press("Enter")
    settled(page, 1)

    page.keyboard.type("quelles études pour être chargé de post-production ?")
    page.keyboard.press("Enter")
    settled(page, 2)
    expect(page.locator("article.bot").last).to_contain_text("2 ans pour préparer le BTS")
    page.locator(".scroll").focus()
    tab_to(page, ".log > :last-child .replies button")
    page.keyboard.press("Enter")
    settled(page, 3)
    assert focused(page) == "field"

    page.keyboard.type("compare boulanger et infirmière")
    page.keyboard.press("Enter")
    settled(page, 4)
    table = page.get_by_role("table", name="Comparaison")
    expect(table.get_by_role("columnheader")).to_have_text(["boulanger/ère", "infirmier/ère"])

    page.locator(".scroll").focus()
    tab_to(page, ".log > :last-child .rating button", 80)
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("Merci pour votre avis")

    page.get_by_role("heading", name="Assistant métiers").focus()
    tab_to(page, ".erase")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Conversation effacée")
    assert page.locator("article").count() == 0
    page.keyboard.press("Escape")
    assert focused(page).startswith("launcher")
    assert page.evaluate("window.violations") == 0


def test_a_long_answer_is_streamed(page: Page) -> None:
    page.locator(".launcher").click()
    settled(page, 1)
    page.locator("textarea").fill("compare boulanger et infirmière")
    with page.expect_response("**/webhooks/rest/webhook") as answered:
        page.keyboard.press("Enter")
    settled(page, 2)
    assert answered.value.headers["content-type"].startswith("text/event-stream")
    expect(page.get_by_role("table", name="Comparaison")).to_be_visible()
