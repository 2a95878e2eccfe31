"""The page of a job: the whole fiche, unaltered, with its source; and its picture."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from bot.assistant import Assistant
from bot.catalogue.fiche import Fiche
from tests.conftest import ROOT
from tests.pages.conftest import HTML

MOST_BYTES = 60_000


def visible(page: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "\n", page))


def said_by(fiche: Fiche) -> list[str]:
    """Every text of a fiche that a reader must find on its page."""
    sections = (
        fiche.presentation, fiche.summary, fiche.nature, fiche.skills, fiche.conditions,
        fiche.salary, fiche.job_market, fiche.access,
    )  # fmt: skip
    texts = [block.text for section in sections if section for block in section.blocks]
    texts += [d.text.strip() for path in fiche.study_paths for d in path.durations]
    texts += [path.entry for path in fiche.study_paths if path.entry]
    texts += [link.label for link in fiche.formations]
    texts += [*fiche.statuts, *fiche.centres_interet, *(d.domaine for d in fiche.domaines)]
    return [*texts, fiche.niveau_min or "la fiche ne le dit pas", fiche.id, fiche.source.licence]


def test_every_fiche_is_whole_on_its_page(client: FlaskClient, seed_assistant: Assistant) -> None:
    assert len(seed_assistant.catalogue) > 50
    for fiche in seed_assistant.catalogue:
        page = client.get(f"/metiers/{fiche.id}").get_data(as_text=True)
        read = visible(page)
        assert [text for text in said_by(fiche) if text not in read] == [], fiche.id
        assert f'href="{fiche.source.url}"' in page
        assert page.count("<h1") == 1


def test_headings_are_in_order_and_anchors_lead_somewhere(client: FlaskClient) -> None:
    page = client.get("/metiers/MET.12").get_data(as_text=True)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    anchors = re.findall(r'href="#([^"]+)"', page)
    assert len(anchors) > 8
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []


def test_both_genders_and_the_date(client: FlaskClient) -> None:
    page = client.get("/metiers/MET.12").get_data(as_text=True)
    assert "<h1>Développeur ou développeuse informatique</h1>" in page
    assert "édition du 21/10/2025" in page


def test_links_lead_to_jobs_and_lists(client: FlaskClient) -> None:
    page = unescape(client.get("/metiers/MET.12").get_data(as_text=True))
    addresses = set(re.findall(r'href="(/metiers[^"#]*)"', page))
    assert len(addresses) > 5
    for address in addresses:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    "path", ["/metiers/MET.0", "/metiers/<script>", "/metiers/MET.0/etudes.svg", "/metiers/%00"]
)
def test_unknown_jobs(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert "Aucune fiche métier n&#39;a cette adresse." in page
    assert "<script>" not in page


def test_an_identifier_in_small_letters_leads_to_the_page(client: FlaskClient) -> None:
    answer = client.get("/metiers/met.12")
    assert (answer.status_code, answer.location) == (301, "/metiers/MET.12")


def test_the_picture_carries_its_style_and_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/metiers/MET.12/etudes.svg")
    assert answer.mimetype == "image/svg+xml"
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]+='; frame-ancestors 'none'",
        answer.headers["Content-Security-Policy"],
    )


def test_no_picture_without_a_length(
    onisep_client: FlaskClient, onisep_assistant: Assistant
) -> None:
    silent = next(
        fiche
        for fiche in onisep_assistant.catalogue
        if fiche.is_told
        and all(d.years_min is None for p in fiche.study_paths for d in p.durations)
    )
    answer = onisep_client.get(f"/metiers/{silent.id}/etudes.svg", headers=HTML)
    assert answer.status_code == 404
    assert "ne donne pas de durée" in answer.get_data(as_text=True)
    assert "<svg" not in onisep_client.get(f"/metiers/{silent.id}").get_data(as_text=True)


def test_every_real_page_is_whole_and_light(
    onisep_client: FlaskClient, onisep_assistant: Assistant
) -> None:
    static = ROOT / "webhook/pages/static"
    files = [(static / name).stat().st_size for name in ("site.css", "study_chart.css", "icon.svg")]
    heaviest = 0
    for fiche in onisep_assistant.catalogue:
        answer = onisep_client.get(f"/metiers/{fiche.id}")
        assert answer.status_code == 200, fiche.id
        read = visible(answer.get_data(as_text=True))
        assert [text for text in said_by(fiche) if text not in read] == [], fiche.id
        heaviest = max(heaviest, len(answer.data))
    assert heaviest + sum(files) <= MOST_BYTES
