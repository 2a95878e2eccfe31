"""What the website sees of the widget: nothing but what it asked for (T6, T7, T13 to T16)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import Open
from tests.widget.stub import Stub
from tests.widget.talk import ask, log, open_panel, settled
from webhook.widget.routes import integrity

VIOLATIONS = "window.violations = []; addEventListener('securitypolicyviolation', e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));"
EVENTS = """window.events = []; for (const name of ['ready', 'open', 'close', 'message', 'quickreply', 'rate', 'handoff', 'error', 'clear'])
  addEventListener('balise:' + name, e => window.events.push([name, JSON.stringify(e.detail)]));"""
STYLES = """() => { const root = document.querySelector('balise-chat').shadowRoot;
  return ['.launcher', '.panel', 'h2', 'textarea', '.send', 'article p', '.replies button', '.notice'].map(s => {
    const style = getComputedStyle(root.querySelector(s));
    return [s, style.color, style.fontSize, style.fontFamily, style.letterSpacing, style.display, style.width, style.padding]; }); }"""


# Security


@pytest.mark.parametrize("sri", ["", "right"])
def test_a_strict_policy_is_enough(visit: Open, stub: Stub, sri: str) -> None:
    switches = "csp" + (f"&sri={integrity().replace('+', '%2B')}" if sri else "")
    page = visit(more=switches, before=VIOLATIONS)
    open_panel(page)
    for said in ("texte", "compare", "flux", "détresse"):
        ask(page, said)
    page.set_viewport_size({"width": 390, "height": 700})
    page.get_by_role("button", name="Fermer").click()
    assert page.evaluate("window.violations") == []


def test_another_script_than_the_one_copied_does_not_run(visit: Open, stub: Stub) -> None:
    page = visit(more="sri=sha384-AAAA")
    page.wait_for_load_state("networkidle")
    assert page.locator("balise-chat").count() == 0
    expect(page.get_by_role("heading", name="Un lycée")).to_be_visible()


# Privacy


def test_nothing_before_the_first_opening(
    visit: Open, stub: Stub, servers: tuple[Stub, str]
) -> None:
    page = visit()
    page.locator(".launcher").wait_for()
    page.wait_for_load_state("networkidle")
    assert stub.received == []
    assert page.evaluate(
        "[Object.keys(sessionStorage), Object.keys(localStorage), document.cookie]"
    ) == [[], [], ""]


def test_requests_go_to_the_backend_alone(
    visit: Open, stub: Stub, servers: tuple[Stub, str]
) -> None:
    page = visit('data-context=\'{"classe": "3e"}\'')
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_panel(page)
    ask(page, "texte")
    page.locator(".rating button").first.click()
    ask(page, "cartes")
    page.reload()
    page.locator(".launcher").click()
    hosts = {urlsplit(url).netloc for url in asked}
    assert hosts == {urlsplit(stub.origin).netloc, urlsplit(servers[1]).netloc}
    (said,) = [one for one in stub.received if one["message"] == "texte"]
    assert said["cookie"] is None
    metadata = said["metadata"]
    assert isinstance(metadata, dict)
    assert len(str(metadata.pop("message_id"))) == 32
    # The path without its query: what was looked for is nobody's business.
    assert metadata == {
        "channel": "widget",
        "site": "lycee",
        "lang": "fr",
        "path": "/",
        "classe": "3e",
    }
    assert len(str(said["sender"])) == 32
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]


def test_events_never_hold_what_is_written(visit: Open, stub: Stub) -> None:
    page = visit(before=EVENTS)
    open_panel(page)
    ask(page, "boutons")
    page.get_by_role("button", name="Salaire").click()
    settled(page, 3)
    ask(page, "texte")
    page.locator(".rating button").first.click()
    ask(page, "humain")
    page.evaluate("Balise.clear()")
    page.evaluate("Balise.close()")
    seen = page.evaluate("window.events")
    assert {name for name, _ in seen} >= {
        "ready",
        "open",
        "message",
        "quickreply",
        "rate",
        "clear",
        "close",
    }
    assert seen.count(["message", '{"author":"user"}']) == 4
    for written in ("boutons", "texte", "Salaire", "boulanger", "Lequel"):
        assert not any(written in detail for _, detail in seen)


# The page and the widget


def test_a_hostile_stylesheet_changes_nothing(visit: Open, stub: Stub) -> None:
    def styles(more: str) -> object:
        page = visit(more=more)
        open_panel(page)
        ask(page, "boutons")
        return page.evaluate(STYLES)

    assert styles("hostile") == styles("")


def test_the_methods(visit: Open, stub: Stub) -> None:
    page = visit()
    page.evaluate("Balise.open()")
    expect(page.locator(".panel")).to_be_visible()
    settled(page, 1)
    page.evaluate("Balise.send('texte')")
    settled(page, 2)
    page.evaluate("Balise.clear()")
    assert log(page) == []
    page.evaluate("Balise.close()")
    assert page.locator(".panel").is_hidden()


def test_the_script_loaded_twice_is_one_widget(visit: Open, stub: Stub) -> None:
    page = visit()
    page.evaluate(
        """async () => { const first = document.querySelector('script'); const again = document.createElement('script');
        Object.assign(again.dataset, first.dataset); again.src = first.src;
        await new Promise(done => { again.onload = done; document.body.append(again); }); }"""
    )
    assert page.locator("balise-chat").count() == 1


@pytest.mark.parametrize("width", [1100, 390])
def test_destroying_leaves_nothing(visit: Open, stub: Stub, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800})
    before = page.evaluate("Object.keys(window).length")
    open_panel(page)
    page.evaluate("Balise.destroy()")
    assert page.locator("balise-chat").count() == 0
    assert page.evaluate(
        "[typeof Balise, document.querySelectorAll('[inert]').length, document.adoptedStyleSheets.length]"
    ) == ["undefined", 0, 0]
    assert page.evaluate("Object.keys(window).length") == before - 1


@pytest.mark.parametrize("missing", ['data-endpoint=""', 'data-privacy-url="javascript:1"'])
def test_without_what_it_needs_nothing_is_shown(visit: Open, stub: Stub, missing: str) -> None:
    # The first of two attributes of one name counts: the script tag is made anew.
    page = visit()
    page.evaluate("Balise.destroy()")
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type} {message.text}"))
    name, _, value = missing.partition("=")
    page.evaluate(
        """async ([name, value]) => { const first = document.querySelector('script'); const again = document.createElement('script');
        Object.assign(again.dataset, first.dataset); again.setAttribute(name, value); again.src = first.src;
        await new Promise(done => { again.onload = done; document.body.append(again); }); }""",
        [name, value.strip('"')],
    )
    assert page.locator("balise-chat").count() == 0
    assert any("error Balise: data-endpoint and data-privacy-url" in one for one in said)


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        ('data-theme="rose"', "data-theme is one of"),
        ('data-accent="#ffff00"', "data-accent"),
        ('data-accent="red"', "data-accent"),
        ('data-position="milieu"', "data-position is one of"),
        ('data-offset="2"', "data-offset"),
        ('data-context="{"', "data-context"),
        ('data-human-url="javascript:1"', "not a web address"),
    ],
)
def test_a_wrong_option_is_said_and_left(visit: Open, stub: Stub, data: str, warning: str) -> None:
    page = visit()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(page.url.split("?")[0] + "?data=" + data.replace("#", "%23"))
    open_panel(page)
    ask(page, "texte")
    assert any(warning in one for one in said)


def test_the_options_that_a_site_chooses(visit: Open, stub: Stub) -> None:
    data = (
        'data-title="Le coin métiers" data-label="Coucou" data-accent="#7a0045" data-position="gauche" '
        'data-address="tu" data-theme="sombre" data-human-url="https://example.org/cio" data-greeting=""'
    )
    page = visit(data)
    launcher = page.locator(".launcher")
    expect(launcher).to_have_accessible_name("Coucou")
    assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(122, 0, 69)"
    assert launcher.evaluate("e => e.getBoundingClientRect().left") == 16
    launcher.click()
    expect(page.get_by_role("dialog", name="Le coin métiers")).to_be_visible()
    expect(page.locator(".notice")).to_contain_text("N'écris pas ton nom")
    human = page.get_by_role(
        "link", name="Parler à un conseiller ou une conseillère (nouvelle fenêtre)"
    )
    assert human.get_attribute("href") == "https://example.org/cio"
    assert stub.received == []


def test_a_site_that_asks_for_consent(visit: Open, stub: Stub) -> None:
    page = visit('data-consent="oui"')
    page.locator(".launcher").click()
    expect(page.locator("textarea")).to_be_hidden()
    assert stub.received == []
    page.get_by_role("button", name="J'ai compris").click()
    settled(page, 1)
    ask(page, "texte")
    assert stub.said == ["texte"]


def test_a_site_with_words_of_its_own(visit: Open, stub: Stub) -> None:
    page = visit("""data-words='{"send": "Go", "inconnu": "x", "close": 3}'""")
    open_panel(page)
    expect(page.get_by_role("button", name="Go")).to_be_visible()
    expect(page.get_by_role("button", name="Fermer")).to_be_visible()
    assert page.evaluate("window.inconnu") is None


def test_the_keyboard_of_a_phone_leaves_the_field_in_view(visit: Open, stub: Stub) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    open_panel(page)
    # What a keyboard does: less is seen of a page that keeps its size.
    page.evaluate(
        """() => { Object.defineProperty(visualViewport, 'height', {value: 400});
        visualViewport.dispatchEvent(new Event('resize')); }"""
    )
    assert page.locator(".panel").evaluate("e => e.getBoundingClientRect().height") == 400
    assert page.locator("textarea").evaluate("e => e.getBoundingClientRect().bottom") < 400


def test_a_human_without_an_address_is_asked_for(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    page.get_by_role("button", name="Parler à un conseiller ou une conseillère").click()
    settled(page, 2)
    assert stub.said == ["/conseiller"]


def test_in_the_page(visit: Open, stub: Stub) -> None:
    page = visit('data-mode="integre" data-target="#ici"')
    panel = page.get_by_role("group", name="Assistant métiers")
    expect(panel).to_be_visible()
    assert page.locator("#ici > balise-chat").count() == 1
    assert page.locator(".launcher").is_hidden()
    assert stub.received == []
    panel.get_by_role("button", name="Un métier avec les animaux, sans bac").click()
    settled(page, 1)
    assert stub.said == ["Un métier avec les animaux, sans bac"]
    page.keyboard.press("Escape")
    expect(panel).to_be_visible()


# Speed


def test_five_hundred_messages_are_still_drawn(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    page.evaluate(
        """() => { const log = document.querySelector('balise-chat').shadowRoot.querySelector('.log');
        for (let n = 0; n < 500; n++) { const a = log.firstChild.cloneNode(true); log.append(a); } }"""
    )
    ask(page, "texte")
    assert page.locator("article").count() == 503
    expect(page.locator("article").last).to_be_in_viewport()
