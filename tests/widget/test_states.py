"""Every state by axe, at every size: nothing lost, nothing too small, nothing that moves (T1, T8 to T10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.widget.conftest import Open
from tests.widget.stub import Stub
from tests.widget.talk import ask, open_panel

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
SMALL = """() => [...document.querySelector('balise-chat').shadowRoot.querySelectorAll('button, textarea, .foot a, .cards a, .handoff a, summary')]
  .filter(e => e.getClientRects().length).map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()])
  .filter(([, r]) => r.width < 43.5 || r.height < 43.5).map(([html]) => html)"""
OUTSIDE = """() => [...document.querySelector('balise-chat').shadowRoot.querySelectorAll('button, textarea, a')]
  .filter(e => e.getClientRects().length && !e.matches('.skip')).map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()])
  .filter(([, r]) => r.left < -1 || r.right > innerWidth + 1).map(([html]) => html)"""
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"

SCREENS: dict[str, dict[str, object]] = {
    "desk": {"viewport": {"width": 1100, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "320 px": {"viewport": {"width": 320, "height": 568}},
    "low": {"viewport": {"width": 320, "height": 256}},
    "200 %": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
}
# The colours that a person may ask for, screen by screen.
MEDIA: dict[str, tuple[dict[str, str], ...]] = {
    "desk": (
        {},
        {"color_scheme": "dark"},
        {"color_scheme": "light", "forced_colors": "active"},
    ),
    "phone": ({}, {"color_scheme": "dark"}),
    "320 px": ({},),
    "low": ({},),
    "200 %": ({},),
}


def closed(page: Page, stub: Stub) -> None:
    page.locator(".launcher").wait_for()


def opened(page: Page, stub: Stub) -> None:
    open_panel(page)


def conversation(page: Page, stub: Stub) -> None:
    open_panel(page)
    for said in ("texte", "boutons", "source", "humain"):
        ask(page, said)


def cards(page: Page, stub: Stub) -> None:
    open_panel(page)
    ask(page, "cartes")


def comparison(page: Page, stub: Stub) -> None:
    open_panel(page)
    ask(page, "compare")


def safety(page: Page, stub: Stub) -> None:
    open_panel(page)
    ask(page, "détresse")


def erasing(page: Page, stub: Stub) -> None:
    open_panel(page)
    page.locator(".erase").click()


def failing(page: Page, stub: Stub) -> None:
    open_panel(page)
    stub.status = 503
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    page.locator(".retry").wait_for()


def offline(page: Page, stub: Stub) -> None:
    open_panel(page)
    page.context.set_offline(True)
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    page.locator("[data-waiting]").wait_for()


STATES = (closed, opened, conversation, cards, comparison, safety, erasing, failing, offline)
State = Callable[[Page, Stub], None]


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_and_layout(visit: Open, stub: Stub, axe: str, state: State, screen: str) -> None:
    page = visit(bypass_csp=True, **SCREENS[screen])
    state(page, stub)
    page.evaluate(axe)
    for media in MEDIA[screen]:
        page.emulate_media(**media)  # type: ignore[arg-type]
        result = page.evaluate(RUN, RULES)
        assert len(result["passes"]) > 5
        seen = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in result["violations"]]
        assert seen == [], media
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("screen", ["320 px", "phone", "200 %"])
def test_wider_text_is_not_lost(visit: Open, stub: Stub, screen: str) -> None:
    page = visit(**SCREENS[screen])
    conversation(page, stub)
    page.evaluate(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
        const root = document.querySelector('balise-chat').shadowRoot;
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]; }""",
        SPACING,
    )
    assert page.evaluate(OUTSIDE) == []
    assert page.locator(".scroll").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_nothing_moves_for_who_asks_so(visit: Open, stub: Stub) -> None:
    page = visit(reduced_motion="reduce")
    open_panel(page)
    stub.held.clear()
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    page.locator("[data-writing]").wait_for(state="attached")
    running = "() => [document, document.querySelector('balise-chat').shadowRoot].flatMap(r => r.getAnimations()).length"
    assert page.evaluate(running) == 0
    stub.held.set()
