"""The pages in a real browser, by axe and by keyboard: phone and desk, light and dark, no script."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from bot.assistant import Assistant
from webhook.app import create_app

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/", "/metiers", "/metiers?q=zzzz", "/metiers/MET.12", "/metiers/MET.7984",
    "/accessibilite", "/confidentialite", "/nulle-part",
)  # fmt: skip
SCREENS = {"phone": (390, 844), "desk": (1280, 900)}

AXE_RUN = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
# What can be activated and is smaller than 44 px, but for links in sentences.
SMALL = """() => [...document.querySelectorAll("a, button, select, input:not([type=hidden])")]
  .filter(e => e.getClientRects().length && !e.closest(".skip, .check") && !(e.tagName == "A" && e.closest("p, figcaption, .empty, main > ul")))
  .filter(e => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 24; })
  .map(e => e.outerHTML.slice(0, 80))"""
# The widget has the conversation of the first page, in its own root.
FOCUSABLE = """() => [document, document.querySelector("balise-chat")?.shadowRoot].filter(root => root)
  .flatMap(root => [...root.querySelectorAll("a[href], button, select, textarea, input:not([type=hidden]), [tabindex='0']")])
  .filter(e => e.getClientRects().length).length"""
FOCUSED = """() => { const host = document.activeElement, e = host.shadowRoot?.activeElement ?? host, s = getComputedStyle(e);
  return [e.outerHTML.slice(0, 80), s.outlineStyle != "none" && parseFloat(s.outlineWidth) >= 2]; }"""


@pytest.fixture(scope="module")
def site(seed_assistant: Assistant) -> Iterator[str]:
    server = make_server(
        "127.0.0.1", 0, create_app(seed_assistant, seed_assistant.settings), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def opened(browser: Browser, site: str, path: str, **options: object) -> Page:
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.goto(site + path)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser: Browser, site: str, axe: str, screen: str, scheme: str) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    seen = []
    for path in PAGES:
        page.goto(site + path)
        page.evaluate(axe)
        result = page.evaluate(AXE_RUN, RULES)
        assert len(result["passes"]) > 10
        seen += [
            (path, violation["id"], [node["html"][:100] for node in violation["nodes"]])
            for violation in result["violations"]
        ]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert seen == []


def test_axe_finds_nothing_in_a_conversation(browser: Browser, site: str, axe: str) -> None:
    page = opened(browser, site, "/metiers/MET.12", bypass_csp=True)
    page.get_by_label("Votre question").fill("combien ça gagne ?")
    page.get_by_role("button", name="Demander").click()
    assert "2 830" in page.get_by_role("log").inner_text()
    page.evaluate(axe)
    result = page.evaluate(AXE_RUN, RULES)
    assert [violation["id"] for violation in result["violations"]] == []
    page.context.close()


def test_nothing_slides_sideways_and_targets_are_large(browser: Browser, site: str) -> None:
    for width, height in ((320, 256), (320, 568)):
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        for path in PAGES:
            page.goto(site + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(SMALL) == [], path
        page.context.close()


@pytest.mark.parametrize("path", ["/", "/metiers", "/metiers/MET.12"])
def test_the_keyboard_reaches_all_and_shows_where_it_is(
    browser: Browser, site: str, path: str
) -> None:
    page = opened(browser, site, path)
    reached = []
    for _ in range(page.evaluate(FOCUSABLE)):
        page.keyboard.press("Tab")
        what, is_visible = page.evaluate(FOCUSED)
        assert is_visible, what
        reached.append(what)
    assert 'class="skip"' in reached[0]
    assert not any(what.startswith("<body") for what in reached)
    page.context.close()


def test_the_skip_link_skips(browser: Browser, site: str) -> None:
    page = opened(browser, site, "/metiers")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.context.close()


def test_every_page_keeps_its_own_policy(browser: Browser, site: str) -> None:
    """No console message (a blocked style is one), no request elsewhere, no cookie, no storage."""
    context = browser.new_context()
    page = context.new_page()
    messages: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for path in (*PAGES[:-1], "/metiers/MET.12/etudes.svg"):
        page.goto(site + path)
    assert messages == []
    assert [url for url in asked if not url.startswith(site)] == []
    assert context.cookies() == []
    page.goto(f"{site}/metiers")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


@pytest.mark.parametrize("path", ["/metiers/MET.12", "/metiers/MET.12/etudes.svg"])
def test_the_picture_has_the_colours_of_its_place(browser: Browser, site: str, path: str) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        page = opened(browser, site, path, color_scheme=scheme)
        colours[scheme] = page.evaluate("getComputedStyle(document.querySelector('svg text')).fill")
        box = page.locator("svg.studies rect.rail").first.bounding_box()
        assert box is not None
        assert box["width"] > 200
        if scheme == "dark":
            page.emulate_media(media="print")
            printed = page.evaluate("getComputedStyle(document.querySelector('svg text')).fill")
            assert printed == "rgb(0, 0, 0)"
        page.context.close()
    assert colours["light"] != colours["dark"]


def test_printing_leaves_out_what_is_for_the_screen(browser: Browser, site: str) -> None:
    page = opened(browser, site, "/metiers/MET.12")
    page.emulate_media(media="print")
    for left_out in (".contents", "form", ".skip", ".top nav"):
        assert not page.locator(left_out).first.is_visible()
    assert page.locator("svg.studies").is_visible()
    assert page.get_by_role("heading", name="En bref").is_visible()
    page.context.close()
