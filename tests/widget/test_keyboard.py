"""With the keyboard alone: the focus is always somewhere, and goes where it should (T2, T3)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import Open
from tests.widget.stub import Stub
from tests.widget.talk import focused, settled

INERT = "() => document.querySelectorAll('[inert]').length"
PHONE = {"viewport": {"width": 390, "height": 844}}


def tab_to(page, selector: str, most: int = 40) -> None:
    """Press Tab until the element has the focus; it never falls to the body."""
    matches = f"() => document.querySelector('balise-chat').shadowRoot.activeElement?.matches({selector!r})"
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(matches):
            return
        assert focused(page) != "BODY"
    raise AssertionError(f"{selector} is not reached")


def test_a_whole_conversation(visit: Open, stub: Stub) -> None:
    page = visit()
    tab_to(page, ".launcher")
    page.keyboard.press("Enter")
    expect(page.locator("article").first).to_contain_text("Bonjour")
    assert focused(page) == "field"
    assert page.locator(".launcher").get_attribute("aria-expanded") == "true"

    page.keyboard.type("boutons")
    page.keyboard.press("Enter")
    settled(page, 2)
    assert focused(page) == "field"
    page.locator(".scroll").focus()
    tab_to(page, ".replies button")
    page.keyboard.press("Enter")
    settled(page, 3)
    assert focused(page) == "field"
    assert stub.said == ["boutons", "/salaire"]
    assert page.locator("article.user").last.inner_text().endswith("Salaire")

    page.keyboard.type("compare")
    page.keyboard.press("Enter")
    settled(page, 4)
    expect(page.get_by_role("table", name="Comparaison")).to_be_visible()

    page.keyboard.type("cartes")
    page.keyboard.press("Enter")
    settled(page, 5)
    page.locator(".scroll").focus()
    tab_to(page, ".cards a")

    page.locator("textarea").focus()
    page.keyboard.type("texte")
    page.keyboard.press("Enter")
    settled(page, 6)
    page.locator(".scroll").focus()
    tab_to(page, ".rating button")
    page.keyboard.press("Space")
    expect(page.locator(".rating button").first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_have_text("Merci pour votre avis")

    page.keyboard.press("Escape")
    assert focused(page).startswith("launcher")
    assert page.locator(".panel").is_hidden()
    expect(page.locator(".launcher")).to_have_attribute("aria-expanded", "false")
    assert [one["id"] for one in stub.ratings] == ["etudes MET.17"]


def test_used_replies_stay_and_do_nothing(visit: Open, stub: Stub) -> None:
    page = visit()
    page.locator(".launcher").click()
    page.locator("textarea").fill("boutons")
    page.keyboard.press("Enter")
    settled(page, 2)
    reply = page.get_by_role("button", name="Salaire")
    reply.click()
    settled(page, 3)
    expect(reply).to_have_attribute("aria-disabled", "true")
    reply.focus()
    page.keyboard.press("Enter")
    assert stub.said == ["boutons", "/salaire"]


def test_the_page_goes_on_beside_the_panel(visit: Open, stub: Stub) -> None:
    page = visit()
    page.locator(".launcher").click()
    assert page.locator(".panel").get_attribute("aria-modal") is None
    assert page.evaluate(INERT) == 0
    page.locator(".foot button, .foot a").last.focus()
    page.keyboard.press("Tab")
    # The launcher is before the panel, and nothing is after it: the focus leaves the widget.
    assert page.evaluate("document.activeElement.tagName") != "BALISE-CHAT"
    page.locator("#lien").focus()
    assert page.locator(".panel").is_visible()


def test_on_a_phone_the_panel_is_alone(visit: Open, stub: Stub) -> None:
    page = visit(**PHONE)
    page.locator(".launcher").focus()
    page.keyboard.press("Enter")
    assert page.locator(".panel").get_attribute("aria-modal") == "true"
    assert page.evaluate(INERT) == 1
    assert page.evaluate("getComputedStyle(document.body).overflow") == "hidden"
    for key in ("Tab",) * 40 + ("Shift+Tab",) * 40:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.tagName") == "BALISE-CHAT"
    page.keyboard.press("Escape")
    assert page.evaluate(INERT) == 0
    assert page.evaluate("getComputedStyle(document.body).overflow") == "visible"
    assert focused(page).startswith("launcher")


def test_what_the_page_set_aside_stays_aside(visit: Open, stub: Stub) -> None:
    page = visit(**PHONE)
    page.evaluate("document.querySelector('main').setAttribute('inert', '')")
    page.locator(".launcher").click()
    page.get_by_role("button", name="Fermer").click()
    assert page.evaluate(INERT) == 1


def test_a_screen_that_turns(visit: Open, stub: Stub) -> None:
    page = visit()
    page.locator(".launcher").click()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".panel")).to_have_attribute("aria-modal", "true")
    page.set_viewport_size({"width": 1100, "height": 800})
    expect(page.locator(".panel")).not_to_have_attribute("aria-modal", "true")
    assert page.evaluate(INERT) == 0


def test_on_a_touch_screen_the_keyboard_does_not_come_up(visit: Open, stub: Stub) -> None:
    page = visit(**PHONE, has_touch=True, is_mobile=True)
    page.locator(".launcher").tap()
    assert focused(page) == "title"


def test_the_first_stop_leads_to_the_field(visit: Open, stub: Stub) -> None:
    page = visit()
    page.locator(".launcher").focus()
    page.keyboard.press("Enter")
    page.locator(".launcher").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "skip"
    page.keyboard.press("Enter")
    assert focused(page) == "field"


@pytest.mark.parametrize("key", ["Shift+Enter", "Enter"])
def test_enter_sends_and_shift_enter_does_not(visit: Open, stub: Stub, key: str) -> None:
    page = visit()
    page.locator(".launcher").click()
    page.locator("textarea").fill("un")
    page.keyboard.press(key)
    if key == "Enter":
        settled(page, 2)
        assert stub.said == ["un"]
    else:
        page.keyboard.type("deux")
        assert page.locator("textarea").input_value() == "un\ndeux"
        assert stub.said == []


def test_escape_stays_in_the_panel(visit: Open, stub: Stub) -> None:
    page = visit(
        before="window.escapes = 0; addEventListener('keydown', e => { if (e.key == 'Escape') window.escapes++; });"
    )
    page.locator(".launcher").click()
    page.locator("textarea").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("window.escapes") == 0
    assert page.locator(".panel").is_hidden()
    page.keyboard.press("Escape")
    assert page.evaluate("window.escapes") == 1


def test_erasing_asks_first(visit: Open, stub: Stub) -> None:
    page = visit()
    page.locator(".launcher").click()
    page.locator("textarea").fill("texte")
    page.keyboard.press("Enter")
    settled(page, 2)
    page.get_by_role("button", name="Effacer la conversation").click()
    assert (
        page.evaluate("document.querySelector('balise-chat').shadowRoot.activeElement.className")
        == "sure"
    )
    page.get_by_role("button", name="Non, garder").click()
    assert focused(page) == "field"
    assert page.locator("article").count() == 3
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Oui, effacer").click()
    assert page.locator("article").count() == 0
    assert focused(page) == "field"
