"""The picture of the studies: what is drawn is what the fiches state."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from bot.answers.wording import Wording, read_wording
from bot.assistant import Assistant
from bot.catalogue.fiche import Appellation, Fiche, MetierId, Source, StudyPath
from bot.catalogue.study_durations import read_durations
from tests.conftest import INTENTS, ROOT
from webhook.pages.study_chart import draw
from webhook.pages.study_paths import shortened, study_tracks, years_said

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 6_000
STYLE = (ROOT / "webhook/pages/static/study_chart.css").read_text("utf-8")


@pytest.fixture(scope="module")
def wording() -> Wording:
    return read_wording(INTENTS)


def fiche_of(*paths: tuple[str | None, str]) -> Fiche:
    return Fiche(
        id=MetierId("MET.1"),
        title=Appellation(name="essayeur"),
        source=Source(url="https://example.org", dataset="essai", licence="ODbL"),
        study_paths=tuple(
            StudyPath(entry=entry, text=text, durations=read_durations(text, entry=entry))
            for entry, text in paths
        ),
    )


def drawn(fiche: Fiche, wording: Wording) -> ElementTree.Element:
    return ElementTree.fromstring(draw(study_tracks(fiche), "Études", wording, style=STYLE))


def kinds(lane: ElementTree.Element) -> dict[str, tuple[str, str]]:
    return {
        rect.attrib["class"]: (rect.attrib["x"], rect.attrib["width"])
        for rect in lane.iter(f"{SVG}rect")
    }


def lanes(svg: ElementTree.Element) -> list[ElementTree.Element]:
    return [group for group in svg.iter(f"{SVG}g") if group.attrib.get("class") == "lane"]


def test_lanes_have_the_lengths_of_the_fiche(wording: Wording) -> None:
    text = (
        "2 ans pour préparer le BTS assurance ; 3 ans (après un bac + 2) pour le diplôme d'ingénieur"
        " ; 2 à 3 ans pour préparer un diplôme d'école."
    )
    first, second, third = lanes(drawn(fiche_of(("Après le bac", text)), wording))
    assert kinds(first) == {"rail": ("0%", "100%"), "sure": ("0%", "40%")}
    assert kinds(second)["before"] == ("0%", "40%")
    assert kinds(second)["sure"] == ("40%", "60%")
    assert kinds(third)["sure"] == ("0%", "40%")
    assert kinds(third)["more"] == ("40%", "20%")


def test_a_level_without_a_place_is_told_and_not_placed(wording: Wording) -> None:
    text = "Après le concours, les lauréats suivent une formation de 1 an."
    (lane,) = lanes(drawn(fiche_of(("Après le bac", text)), wording))
    assert "apart" in kinds(lane)
    assert "1 an après concours" in "".join(lane.itertext())


def test_the_picture_is_told_in_words(wording: Wording) -> None:
    fiche = fiche_of(
        ("Après la 3e", "2 ans pour préparer le CAP cuisine."),
        ("Après le bac", "2 ans pour un BTS."),
    )
    svg = drawn(fiche, wording)
    assert svg.attrib["role"] == "img"
    identifiers = {element.attrib.get("id"): element for element in svg.iter()}
    assert identifiers[svg.attrib["aria-labelledby"]].text == "Études"
    told = identifiers[svg.attrib["aria-describedby"]].text
    assert told == "Après la 3e\xa0: 2 ans, CAP cuisine. Après le bac\xa0: 2 ans, BTS."


def test_what_a_fiche_says_is_text(wording: Wording) -> None:
    text = '2 ans pour préparer le <script>alert(1)</script> & ]]> "BTS".'
    svg = drawn(fiche_of(("<b>Après</b>", text)), wording)
    assert not list(svg.iter(f"{SVG}script"))
    assert "<script>" in "".join(svg.itertext())


@pytest.mark.parametrize(
    ("text", "diploma"),
    [
        ("2 ans pour préparer le BTS assurance ;", "BTS assurance"),
        (
            "3 ans (1 an après un bac + 2) pour la licence professionnelle",
            "licence professionnelle",
        ),
        ("ou 3 ans pour un BPA bûcheron", "BPA bûcheron"),
        ("5 ans d'études pour obtenir un master", "master"),
        ("Bac\xa0+\xa05\xa0: diplôme d'ingénieur", "diplôme d'ingénieur"),
        ("10 ans d'études médicales.", "10 ans d'études médicales."),
    ],
)
def test_the_diploma_is_the_fiches_own_text(text: str, diploma: str) -> None:
    (track,) = study_tracks(fiche_of(("Après le bac", text)))
    assert [lane.diploma for lane in track.lanes] == [diploma]
    assert diploma in text


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 1, "1 an"),
        (2, 3, "2 à 3 ans"),
        (0.5, 0.5, "6 mois"),
        (0.75, 2, "9 mois à 2 ans"),
        (1.5, 1.5, "1 an et 6 mois"),
        (0.15, 0.15, "8 semaines"),
        (0.083, 0.083, "1 mois"),
    ],
)
def test_lengths_in_words(low: float, high: float, said: str, wording: Wording) -> None:
    assert years_said(low, high, wording) == said


def test_a_text_is_cut_at_a_word() -> None:
    assert shortened("un deux trois", 13) == "un deux trois"
    assert shortened("un deux, trois", 12) == "un deux…"
    assert len(shortened("a" * 50, 10)) == 10


def test_nothing_stated_nothing_drawn() -> None:
    assert study_tracks(fiche_of(("Après le bac", "Aucun diplôme n'est exigé."))) == ()
    assert study_tracks(replace(fiche_of(), study_paths=())) == ()


def test_every_real_fiche(onisep_assistant: Assistant, wording: Wording) -> None:
    """Each length stated is a lane, within the picture, in 6 KB."""
    pictures = 0
    for fiche in onisep_assistant.catalogue:
        stated = sum(d.years_min is not None for p in fiche.study_paths for d in p.durations)
        tracks = study_tracks(fiche)
        assert bool(tracks) is bool(stated), fiche.id
        if not tracks:
            continue
        pictures += 1
        text = draw(tracks, fiche.name, wording, style=STYLE)
        assert len(text.encode()) <= MOST_BYTES, fiche.id
        drawn_lanes = lanes(ElementTree.fromstring(text))
        assert len(drawn_lanes) == stated, fiche.id
        for lane in drawn_lanes:
            bars = kinds(lane)
            assert bars.keys() & {"sure", "apart", "more"}, fiche.id
            for x, width in bars.values():
                assert float(x[:-1]) + float(width[:-1]) <= 100.1, fiche.id
    assert pictures > 800
