"""The page at `/`: a conversation that goes from form to form, carried by the page."""

from __future__ import annotations

import dataclasses
import re
from html import unescape

from flask.testing import FlaskClient

from bot.assistant import Assistant
from bot.settings_file import Limit, Limits
from webhook.app import create_app
from webhook.pages.embedding import snippet

QUESTION = "quelles études pour être chargé de post-production"


def _state(page: str) -> str:
    match = re.search(r'name="state" value="([^"]*)"', page)
    assert match is not None
    return unescape(match[1])


def _said(client: FlaskClient, page: str, **form: str) -> str:
    return client.post("/", data={"state": _state(page), **form}).get_data(as_text=True)


def _home(client: FlaskClient) -> str:
    return client.get("/").get_data(as_text=True)


def test_the_page_converses_without_script(client: FlaskClient) -> None:
    page = _said(client, _home(client), message=QUESTION)
    assert "<script" not in page
    assert "BTS métiers de l&#39;audiovisuel" in page
    press = re.search(r'<button name="press" value="(/formations[^"]*)"', page, re.DOTALL)
    assert press is not None
    page = _said(client, page, press=unescape(press[1]))
    assert "Quelles formations ?" in page
    assert page.count('class="user"') == 2


def test_every_example_is_answered(client: FlaskClient) -> None:
    page = _home(client)
    examples = re.findall(r'<button name="message" value="([^"]*)"', page)
    assert len(examples) == 4
    for example in examples:
        answered = _said(client, page, message=unescape(example))
        kind = re.search(r'<article class="bot (\w+)" id="last"', answered)
        assert kind is not None
        assert kind[1] in {"answer", "list", "form"}, example


def test_an_erased_conversation_leaves_the_page(client: FlaskClient) -> None:
    page = _home(client)
    for text in ("ça gagne combien, chargé de post-production ?", "efface ma conversation"):
        page = _said(client, page, message=text)
    # The next page is made of what this one carries.
    page = unescape(_said(client, page, message="bonjour"))
    assert "C'est effacé" in page
    assert "ça gagne combien" not in page


def test_the_page_trusts_no_state_that_it_did_not_sign(client: FlaskClient) -> None:
    form = {"state": "forgé", "message": "<b>salut</b>"}
    page = client.post("/", data=form).get_data(as_text=True)
    assert "&lt;b&gt;salut" in page
    assert "<b>salut" not in page


def test_a_question_from_the_page_of_a_job_is_about_it(client: FlaskClient) -> None:
    page = client.post("/", data={"metier": "MET.7984", "message": "quel niveau ?"})
    text = page.get_data(as_text=True)
    assert text.count('class="user"') == 2
    last = text[text.index('id="last"') :]
    assert "bac + 2" in last
    assert "post-production" in last


def test_an_unknown_job_opens_nothing(client: FlaskClient) -> None:
    page = client.post("/", data={"metier": "MET.0", "message": ""}).get_data(as_text=True)
    assert 'class="user"' not in page


def test_a_long_message_is_refused_in_words(client: FlaskClient) -> None:
    page = _said(client, _home(client), message="é" * 2001)
    assert "2 000 caractères" in page
    assert 'class="user"' not in page


def test_too_many_messages_are_refused_on_the_page(seed_assistant: Assistant) -> None:
    few = Limits(conversation=Limit(burst=1, per_minute=1))
    settings = dataclasses.replace(seed_assistant.settings, limits=few)
    client = create_app(seed_assistant, settings).test_client()
    page = _said(client, _home(client), message="bonjour")
    refused = client.post("/", data={"state": _state(page), "message": "encore"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    text = refused.get_data(as_text=True)
    assert "Trop de messages" in text
    assert text.count('class="user"') == 1


def test_the_embed_lines_name_the_host() -> None:
    lines = snippet("https://balise.example.fr/")
    assert 'data-endpoint="https://balise.example.fr/webhooks/rest/webhook"' in lines
    assert 'data-privacy-url="https://balise.example.fr/confidentialite"' in lines


def test_the_embed_lines_are_shown_where_the_script_is_served(seed_assistant: Assistant) -> None:
    app = create_app(seed_assistant, seed_assistant.settings)
    assert ("/widget.js" in {rule.rule for rule in app.url_map.iter_rules()}) is (
        "Mettre Balise sur votre site" in app.test_client().get("/").get_data(as_text=True)
    )


def test_the_page_that_carries_a_conversation_is_never_kept(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"
