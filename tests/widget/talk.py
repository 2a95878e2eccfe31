"""What a person does with the widget, in a few words."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

__all__ = ["ask", "focused", "log", "open_panel", "settled"]

# The element that has the focus, through the shadow root.
FOCUSED = """() => { const host = document.activeElement;
  const e = host?.shadowRoot?.activeElement ?? host; return e.id || e.className || e.tagName; }"""


def open_panel(page: Page) -> None:
    """Press the launcher and wait for the greeting."""
    page.locator(".launcher").click()
    expect(page.locator("article").first).to_contain_text("Bonjour")


def ask(page: Page, text: str) -> Locator:
    """Say something and wait for the answer, which is returned."""
    before = page.locator("article.bot").count()
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")
    settled(page, before + 1)
    return page.locator("article.bot").last


def settled(page: Page, answers: int) -> None:
    """Wait until there are so many answers, and nothing is under way."""
    expect(page.locator("article.bot")).to_have_count(answers)
    expect(page.locator(".send")).to_have_attribute("aria-disabled", "false")


def log(page: Page) -> list[str]:
    """The texts of the messages."""
    return [text.replace("\n", " ") for text in page.locator(".log article").all_inner_texts()]


def focused(page: Page) -> str:
    """The identifier, class or tag of what has the focus."""
    return str(page.evaluate(FOCUSED))
