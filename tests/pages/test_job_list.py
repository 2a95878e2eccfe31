"""The list of jobs: words, criteria, counts, pages, and addresses that ask for nonsense."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from tests.pages.conftest import HTML
from webhook.pages.job_list import Query


def page_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status, address
    return unescape(answer.get_data(as_text=True))


def found(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/metiers/(MET\.\d+)"', page)


def total(page: str) -> int:
    match = re.search(r'<h2 id="found">(\d+|Aucun) métier', page)
    assert match is not None
    return 0 if match[1] == "Aucun" else int(match[1])


def test_all_the_jobs_are_on_some_page(client: FlaskClient, seed_assistant: Assistant) -> None:
    page, seen = page_of(client, "/metiers"), []
    while True:
        seen += found(page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        if following is None:
            break
        page = page_of(client, following[1])
    assert sorted(seen) == sorted(f.id for f in seed_assistant.catalogue if f.is_told)


@pytest.mark.parametrize(
    ("words", "metier"),
    [("post-production", "MET.7984"), ("INFIRMIERE", "MET.38"), ("boulangère", "MET.17")],
)
def test_a_name_or_a_part_of_it_comes_first(
    onisep_client: FlaskClient, words: str, metier: str
) -> None:
    assert found(page_of(onisep_client, f"/metiers?q={words}"))[0] == metier


def test_counts_are_true(onisep_client: FlaskClient) -> None:
    """What an option announces is what choosing it shows."""
    page = page_of(onisep_client, "/metiers?niveau=cap")
    names = dict.fromkeys(("domaine", "interet", "statut"))
    for name in names:
        select = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
        assert select is not None
        options = re.findall(r'<option value="([^"]+)">[^<]*\((\d+)\)</option>', select[0])
        assert options
        for value, count in options[:3]:
            address = Query(niveau="cap", **{name: value}).address()
            assert total(page_of(onisep_client, address)) == int(count), address


def test_a_level_takes_the_lower_ones_when_asked(client: FlaskClient) -> None:
    one = total(page_of(client, "/metiers?niveau=bac"))
    lower = total(page_of(client, "/metiers?niveau=cap"))
    none = total(page_of(client, "/metiers?niveau=sans_diplome"))
    assert total(page_of(client, "/metiers?niveau=bac&jusque=1")) == one + lower + none > one


def test_an_address_is_short_enough_to_share(client: FlaskClient) -> None:
    answer = client.get("/metiers?q=&domaine=&niveau=bac%2B2&interet=&statut=")
    assert answer.status_code == 302
    assert answer.location == "/metiers?niveau=bac%2B2"


def test_nothing_found_says_what_to_do(client: FlaskClient) -> None:
    page = page_of(client, "/metiers?q=zzzz&statut=salari%C3%A9")
    assert total(page) == 0
    for advice in (
        "retirer un critère",
        "moins de mots",
        "voir tous les métiers",
        "poser la question",
    ):
        assert advice in page


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999", "99999999", "1.5", "٣", "<b>"])
def test_pages_that_do_not_exist(client: FlaskClient, page: str) -> None:
    shown = page_of(client, f"/metiers?page={page}", 404)
    assert "Cette page de la liste n'existe pas." in shown


@pytest.mark.parametrize("name", ["q", "domaine", "niveau", "interet", "statut"])
def test_what_is_asked_is_escaped(client: FlaskClient, name: str) -> None:
    answer = client.get("/metiers", query_string={name: '"><script>alert(1)</script>'})
    assert answer.status_code == 200
    assert "<script>" not in answer.get_data(as_text=True)


def test_a_very_long_search_is_refused_in_words(client: FlaskClient) -> None:
    page = page_of(client, f"/metiers?q={'mot+' * 500}", 400)
    assert "trop longue" in page
    assert len(page) < 30_000


@given(st.text(max_size=60), st.text(max_size=30), st.booleans())
def test_an_address_is_read_as_it_was_written(words: str, label: str, lower: bool) -> None:
    address = Query(words=words, domaine=label, niveau="bac+2", lower=lower, page=3).address(page=2)
    assert address.startswith("/metiers?")
    assert "page=2" in address
    assert address.isascii()
    assert " " not in address


def test_the_real_catalogue_can_be_searched(onisep_client: FlaskClient) -> None:
    assert total(page_of(onisep_client, "/metiers")) == 893
    page = page_of(onisep_client, "/metiers?q=soigner+les+animaux")
    assert any("vétérinaire" in name for name in re.findall(r"<h3><a[^>]*>([^<]*)", page))
