"""What every page has, and what the statements say, which follows the settings."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.assistant import Assistant, build_assistant
from bot.settings import Contact
from tests.conftest import SEEDS, settings_for
from tests.pages.conftest import HTML
from webhook.app import create_app

PAGES = (
    "/", "/metiers", "/metiers?q=animaux&page=1", "/metiers/MET.12", "/metiers/MET.7984",
    "/accessibilite", "/confidentialite", "/nulle-part",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_what_a_page_needs(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=HTML).get_data(as_text=True)
    assert page.startswith('<!doctype html>\n<html lang="fr">')
    for part in ("<main", "<header", "<footer", "<nav", 'class="skip"', 'rel="icon"', "<h1"):
        assert part in page
    description = re.search(r'<meta name="description" content="([^"]*)"', page)
    assert description is not None
    assert 40 < len(unescape(description[1])) <= 250
    for name in ("title", "description", "url", "type", "locale", "site_name"):
        assert f'property="og:{name}"' in page
    assert not re.search(r"<style|<script(?! defer src=)|\sstyle=|\son\w+=", page)
    loaded = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"', page)
    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []
    assert "{{" not in page
    assert "None" not in page


def test_titles_are_unique(client: FlaskClient) -> None:
    pages = [client.get(path, headers=HTML).get_data(as_text=True) for path in PAGES]
    titles = re.findall(r"<title>([^<]*)</title>", "".join(pages))
    assert len(set(titles)) == len(PAGES)


def test_a_browser_is_shown_a_page_and_a_program_a_problem(client: FlaskClient) -> None:
    shown = client.get("/nulle-part", headers=HTML)
    assert (shown.status_code, shown.mimetype) == (404, "text/html")
    assert "Cette adresse n&#39;existe pas." in shown.get_data(as_text=True)
    for accept in ("*/*", "application/json", "application/json, text/html;q=0.5"):
        told = client.get("/nulle-part", headers={"Accept": accept})
        assert (told.status_code, told.mimetype) == (404, "application/problem+json")


def test_files_are_kept_when_their_address_names_their_content(client: FlaskClient) -> None:
    page = client.get("/accessibilite").get_data(as_text=True)
    style = re.search(r'href="(/static/site\.css\?v=\w+)"', page)
    assert style is not None
    with client.get(style[1]) as named, client.get("/static/site.css") as unnamed:
        assert "immutable" in named.headers["Cache-Control"]
        assert "immutable" not in unnamed.headers["Cache-Control"]
    assert "no-store" not in client.get("/metiers").headers["Cache-Control"]


def _privacy(assistant: Assistant) -> str:
    client = create_app(assistant, assistant.settings).test_client()
    return " ".join(unescape(client.get("/confidentialite").get_data(as_text=True)).split())


def test_privacy_in_memory(seed_assistant: Assistant) -> None:
    page = _privacy(seed_assistant)
    assert "rien n'est écrit dans un fichier" in page
    assert "<strong>24 heures</strong>" in page
    assert "n'a pas encore donné de contact" in page


def test_privacy_follows_the_settings(
    model_cache: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = dataclasses.replace(
        settings_for(SEEDS, cache=model_cache, state=tmp_path / "state.sqlite"),
        conversation_ttl_s=3 * 24 * 3600,
        contact=Contact(
            name="le <CIO> de Vire", url="https://cio.example.fr", tel="02 31 00 00 00"
        ),
    )
    assistant = build_assistant(settings)
    caplog.set_level("INFO")
    try:
        page = _privacy(assistant)
    finally:
        assistant.close()
    assert "Dans un fichier de ce serveur" in page
    assert "<strong>3 jours</strong>" in page
    assert "le <CIO> de Vire</a>" in page
    assert 'href="https://cio.example.fr"' in page
    assert 'href="tel:0231000000"' in page
    assert "Un journal technique note le sujet" in page


def test_privacy_names_all_that_is_held(seed_assistant: Assistant) -> None:
    page = _privacy(seed_assistant)
    held = seed_assistant.wording.starting("held_")
    assert len(held) > 4
    for key in held:
        assert seed_assistant.wording.say(key) in page
