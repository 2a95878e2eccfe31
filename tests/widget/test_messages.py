"""What is announced, drawn, sent again, kept and erased (T4, T5, T11, T12)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import Open
from tests.widget.stub import Stub
from tests.widget.talk import ask, log, open_panel, settled

# Every change of a live region: which one, what came, and whether a text changed in place.
WATCH = """() => { window.seen = []; const root = document.querySelector('balise-chat').shadowRoot;
  for (const role of ['log', 'status', 'alert']) {
    new MutationObserver(records => records.forEach(r => window.seen.push(
      [role, r.type, r.addedNodes.length, r.target === root.querySelector(`[role=${role}]`)])))
      .observe(root.querySelector(`[role=${role}]`), {childList: true, characterData: true, subtree: true}); } }"""
HOSTILE = (
    "<img src=x onerror=window.hacked=1>", "<script>window.hacked=1</script>", "<svg onload=window.hacked=1>",
    "[x](javascript:window.hacked=1)", "[x](JaVaScRiPt:window.hacked=1)", "[x](data:text/html,<script>1</script>)",
    "&lt;img src=x onerror=window.hacked=1&gt;", "[x](&#106;avascript:window.hacked=1)", "![x](https://example.org/x.png)",
    "[x]( javascript:window.hacked=1)", "[x](\tjavascript:window.hacked=1)", "<a href='javascript:window.hacked=1'>x</a>",
)  # fmt: skip
HARM = """() => { const root = document.querySelector('balise-chat').shadowRoot;
  return [window.hacked ?? null, root.querySelectorAll('img, script, iframe, object, [onerror], [onload]').length,
    [...root.querySelectorAll('a')].map(a => a.protocol).filter(p => !['https:', 'http:', 'tel:', 'sms:', 'mailto:'].includes(p))]; }"""


# Announced


def test_each_message_is_announced_once_and_whole(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    page.evaluate(WATCH)
    ask(page, "flux")
    seen = page.evaluate("window.seen")
    of_log = [one for one in seen if one[0] == "log"]
    assert of_log == [["log", "childList", 1, True]] * 2
    assert [one for one in seen if one[0] == "alert"] == []
    assert "Une phrase assez longue" in log(page)[-1]


def test_an_error_is_said_in_the_alert_and_nowhere_else(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    page.evaluate(WATCH)
    stub.status = 503
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Erreur")
    assert page.get_by_role("status").inner_text() == ""
    assert page.locator("article.bot").count() == 1
    assert "secrète" not in page.locator(".panel").inner_text()


def test_a_long_wait_is_said(visit: Open, stub: Stub) -> None:
    page = visit(clock=True)
    open_panel(page)
    stub.held.clear()
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    page.clock.run_for(600)
    expect(page.get_by_role("status")).to_have_text("L'assistant écrit...")
    page.clock.run_for(8000)
    expect(page.get_by_role("status")).to_have_text("Toujours en cours...")
    stub.held.set()
    settled(page, 2)
    expect(page.get_by_role("status")).to_have_text("")


def test_an_answer_while_closed_is_counted(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    stub.held.clear()
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    stub.held.set()
    launcher = page.locator(".launcher")
    expect(launcher).to_have_accessible_name("Une question sur un métier ? 1 nouveau message")
    expect(page.get_by_role("status")).to_have_text("1 nouveau message")
    launcher.click()
    expect(launcher).to_have_accessible_name("Une question sur un métier ?")


def test_a_reader_above_is_not_pulled_down(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    for _ in range(3):
        ask(page, "texte")
    stub.held.clear()
    page.locator("textarea").fill("texte")
    page.keyboard.press("Enter")
    page.locator(".scroll").evaluate("e => { e.scrollTop = 0; }")
    stub.held.set()
    settled(page, 5)
    assert page.locator(".scroll").evaluate("e => e.scrollTop") == 0
    page.get_by_role("button", name="Nouveau message").click()
    assert page.locator(".scroll").evaluate("e => e.scrollTop") > 100
    expect(page.locator(".down")).to_be_hidden()


# Drawn


def test_the_parts_of_an_answer(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    article = ask(page, "texte")
    assert article.locator("strong").inner_text() == "boulanger"
    assert article.locator("em").inner_text() == "pain"
    assert article.locator("li").all_inner_texts() == ["la nuit", "tôt"]
    link = article.get_by_role("link", name="fiche (nouvelle fenêtre)")
    assert link.get_attribute("rel") == "noopener noreferrer"
    # The text names the source already.
    assert article.locator(".source").count() == 0
    source = ask(page, "source").locator(".source")
    assert source.inner_text().replace("\n", " ") == "Source : boulanger/ère (nouvelle fenêtre)"


def test_cards_are_a_list(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    cards = ask(page, "cartes").get_by_role("list", name="3 résultats")
    assert cards.get_by_role("listitem").count() == 3
    assert cards.locator("dt").first.inner_text() == "Niveau"
    assert (
        cards.get_by_role("link", name="Voir la fiche : boulanger (nouvelle fenêtre)").count() == 3
    )


@pytest.mark.parametrize("width", [1100, 390])
def test_a_comparison_is_a_table(visit: Open, stub: Stub, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800})
    open_panel(page)
    article = ask(page, "compare")
    assert article.locator("tbody th").all_inner_texts() == ["Niveau", "Durée"]
    cell = article.locator("td").nth(0)
    assert cell.inner_text().split("\n")[-1] == "CAP"
    assert article.get_by_role("columnheader").count() == (2 if width > 640 else 0)
    assert (article.locator("td b").first.is_visible()) is (width < 640)
    # Its sentences are folded, not lost.
    article.locator("summary").click()
    expect(article.locator("details")).to_contain_text("boulanger : CAP")


def test_distress_stands_out_and_its_numbers_are_dialled(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    article = ask(page, "détresse")
    assert article.get_by_role("link", name="3114").get_attribute("href") == "tel:3114"
    assert article.get_by_role("link", name="114", exact=True).get_attribute("href") == "sms:114"
    assert article.evaluate("e => getComputedStyle(e).borderTopWidth") == "3px"
    assert page.get_by_role("log").get_attribute("aria-live") == "assertive"
    ask(page, "texte")
    assert page.get_by_role("log").get_attribute("aria-live") == "polite"


def test_a_human_can_be_called(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    handoff = ask(page, "humain").locator(".handoff")
    assert (
        handoff.get_by_role("link", name="Appeler le 02 00 00 00 00").get_attribute("href")
        == "tel:0200000000"
    )


def test_nothing_that_is_said_can_run(visit: Open, stub: Stub) -> None:
    page = visit()
    page.locator(".launcher").click()
    settled(page, 1)
    for text in HOSTILE:
        custom = {
            "kind": text, "sources": [{"title": text, "url": text}], "rate": {"id": text},
            "cards": [{"title": text, "facts": [{"label": text, "value": text}], "url": text, "url_label": text}],
            "handoff": {"label": text, "url": text, "tel": text},
        }  # fmt: skip
        stub.body = json.dumps(
            [{"text": text, "buttons": [{"title": text, "payload": text}], "custom": custom}]
        )
        ask(page, text)
        assert page.evaluate(HARM) == [None, 0, []], text
    page.reload()
    page.locator(".launcher").click()
    # Restored from what was kept: every hostile answer is drawn again.
    settled(page, len(HOSTILE))
    assert page.evaluate(HARM) == [None, 0, []]


@pytest.mark.parametrize(
    "body",
    [
        [{}],
        [{"text": None}],
        [{"text": 3, "buttons": "x", "custom": {"cards": 3, "sources": {}}}],
        [],
    ],
)
def test_an_answer_of_another_shape_breaks_nothing(visit: Open, stub: Stub, body: object) -> None:
    stub.body = json.dumps(body)
    page = visit()
    page.locator(".launcher").click()
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    expect(page.locator("article.user")).to_have_count(1)
    stub.body = None
    expect(page.locator(".send")).to_have_attribute("aria-disabled", "false")
    ask(page, "texte")


# Sent again


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (503, None, "le service a un problème"),
        (429, None, "Attendez 7 secondes"),
        (200, "pas du json", "le service a un problème"),
        (200, '{"text": "un objet"}', "le service a un problème"),
    ],
)
def test_a_failure_is_sent_again_as_the_same_message(
    visit: Open, stub: Stub, status: int, body: str | None, said: str
) -> None:
    page = visit()
    open_panel(page)
    stub.status, stub.body = status, body
    page.locator("textarea").fill("texte")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(said)
    stub.status, stub.body = 200, None
    page.get_by_role("button", name="Réessayer").click()
    settled(page, 2)
    assert page.get_by_role("alert").inner_text() == ""
    first, second = stub.received[-2:]
    assert first["metadata"] == second["metadata"]
    assert page.locator("article.user").count() == 1


def test_a_stream_that_is_cut_is_an_error(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    stub.cut = True
    page.locator("textarea").fill("flux")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Erreur")
    expect(page.locator(".draft")).to_be_hidden()
    stub.cut = False
    page.get_by_role("button", name="Réessayer").click()
    settled(page, 2)


def test_patience_has_an_end(visit: Open, stub: Stub) -> None:
    page = visit(clock=True)
    open_panel(page)
    stub.held.clear()
    page.locator("textarea").fill("salut")
    page.keyboard.press("Enter")
    page.clock.run_for(21000)
    expect(page.get_by_role("alert")).to_contain_text("met trop de temps")
    stub.held.set()
    page.get_by_role("button", name="Réessayer").click()
    settled(page, 2)


def test_what_is_written_offline_leaves_in_order(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    page.context.set_offline(True)
    for said in ("un", "deux", "trois"):
        page.locator("textarea").fill(said)
        page.keyboard.press("Enter")
    expect(page.locator("[data-waiting]")).to_have_count(3)
    expect(page.get_by_role("alert")).to_contain_text("pas de connexion")
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    page.locator(".launcher").click()
    settled(page, 4)
    assert stub.said == ["un", "deux", "trois"]
    assert page.locator("[data-waiting]").count() == 0


# Kept, erased, saved


def test_a_reload_restores_and_erasing_forgets(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    ask(page, "texte")
    sender = stub.received[-1]["sender"]
    page.reload()
    assert len(log(page)) == 0 or page.locator(".panel").is_hidden()
    page.locator(".launcher").click()
    assert page.locator("article").count() == 2
    ask(page, "boutons")
    assert stub.received[-1]["sender"] == sender
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Oui, effacer").click()
    expect(page.get_by_role("status")).to_have_text("Conversation effacée")
    assert page.evaluate("Object.keys(sessionStorage)") == []
    ask(page, "texte")
    assert stub.received[-1]["sender"] != sender
    forgotten = [one for one in stub.received if one["message"] == "/restart"]
    assert [one["sender"] for one in forgotten] == [sender]


def test_a_site_that_keeps_nothing(visit: Open, stub: Stub) -> None:
    page = visit('data-history="aucun"')
    open_panel(page)
    ask(page, "texte")
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_storage_may_be_refused(visit: Open, stub: Stub) -> None:
    refuse = (
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('refused'); }});"
    )
    page = visit(before=refuse)
    open_panel(page)
    ask(page, "texte")
    assert page.locator("article.bot").count() == 2


@pytest.mark.parametrize(
    "held", ["{", "null", '{"sender": 3}', '{"sender": "a", "entries": [3, {}, {"author": "bot"}]}']
)
def test_storage_may_hold_anything(visit: Open, stub: Stub, held: str) -> None:
    page = visit(before=f"sessionStorage.setItem('balise:lycee', {json.dumps(held)});")
    open_panel(page)
    ask(page, "texte")


def test_sixty_messages_are_kept(visit: Open, stub: Stub) -> None:
    many = json.dumps(
        {"sender": "a", "entries": [{"author": "user", "text": str(n)} for n in range(90)]}
    )
    page = visit(before=f"sessionStorage.setItem('balise:lycee', {json.dumps(many)});")
    page.locator(".launcher").click()
    assert page.locator("article").count() == 60


def test_the_conversation_is_saved_as_text(visit: Open, stub: Stub, tmp_path: Path) -> None:
    page = visit()
    open_panel(page)
    ask(page, "source")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger la conversation").click()
    assert download.value.suggested_filename == "conversation.txt"
    download.value.save_as(tmp_path / "saved.txt")
    text = (tmp_path / "saved.txt").read_text("utf-8")
    assert "Vous : source" in text
    assert "Assistant : 2 ans." in text
    assert "Source : boulanger/ère https://example.org/MET.17" in text


def test_the_length_of_a_message(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    field = page.locator("textarea")
    field.fill("a" * 899)
    assert page.locator(".count").inner_text() == ""
    field.fill("a" * 950)
    assert page.locator(".count").inner_text() == "50 caractères restants"
    expect(page.get_by_role("status")).to_have_text("50 caractères restants")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.insert_text("b" * 100)
    assert len(field.input_value()) == 1000
    field.fill("   ")
    page.keyboard.press("Enter")
    assert stub.said == []


def _typed(page: Page) -> str:
    return page.locator("textarea").input_value()


def test_what_is_typed_while_waiting_is_kept(visit: Open, stub: Stub) -> None:
    page = visit()
    open_panel(page)
    stub.held.clear()
    page.locator("textarea").fill("un")
    page.keyboard.press("Enter")
    page.keyboard.type("deux")
    page.keyboard.press("Enter")
    assert _typed(page) == "deux"
    stub.held.set()
    settled(page, 2)
    assert _typed(page) == "deux"
    assert stub.said == ["un"]
