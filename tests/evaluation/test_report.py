from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from bot.answers.wording import Wording, read_wording
from bot.evaluation.case_outcome import outcomes_of
from bot.evaluation.charts import confidence_histogram, confusion_matrix, reliability_diagram
from bot.evaluation.figures import figures_of, score_sets
from bot.evaluation.report import Report, render_report
from bot.evaluation.run_record import PreviousRun, compare
from bot.evaluation.runner import PlayedSets
from bot.evaluation.scoring import CalibrationBin, score_calibration, score_intents
from tests.conftest import INTENTS
from tests.evaluation.fake_assistant import choice, played
from tests.evaluation.test_run_record import whole

SVG = "{http://www.w3.org/2000/svg}"
LABELS = {"title": "T & t", "x_label": "<x>", "y_label": "y"}


@pytest.fixture(scope="module")
def words() -> Wording:
    return read_wording(INTENTS)


def report(sets: PlayedSets, *, previous: PreviousRun | None = None) -> Report:
    scores = score_sets(sets)
    figures, outcomes = figures_of(scores), outcomes_of(sets)
    return Report(
        files=(("cas.jsonl", 4),),
        fiches=3,
        scores=scores,
        figures=figures,
        outcomes=outcomes,
        comparison=compare(previous, figures, outcomes) if previous else None,
    )


def hints(svg: str) -> list[str]:
    """The texts that appear over the shapes; fails on a picture that is not XML."""
    return [str(title.text) for title in ET.fromstring(svg).iter(f"{SVG}title")]


def test_the_confusion_matrix_has_a_cell_for_each_pair() -> None:
    scores = score_intents([
        played("salaire", "salaire"),
        played("salaire", "etudes"),
        played("etudes", "etudes"),
    ])  # fmt: skip
    svg = confusion_matrix(scores, title="M", expected="attendue", understood="comprise")
    assert sorted(hints(svg)) == [
        "M",
        "etudes → etudes : 1",
        "salaire → etudes : 1",
        "salaire → salaire : 1",
    ]
    cells = ET.fromstring(svg).iter(f"{SVG}rect")
    marks = {(rect.get("fill"), rect.get("fill-opacity")) for rect in cells}
    # Half of the row of `salaire` on each side, the whole row of `etudes`.
    right, wrong = "var(--right)", "var(--wrong)"
    assert marks == {(right, "0.57"), (wrong, "0.57"), (right, "1.00")}


def test_the_diagrams_draw_the_bins_that_hold_something() -> None:
    calibration = score_calibration([
        played("aide", "aide", confidence=0.95),
        played("aide", "fiche", confidence=0.97),
        played("aide", "aide", confidence=0.55),
    ])  # fmt: skip
    reliability = reliability_diagram(calibration.bins, **LABELS)
    assert hints(reliability) == ["T & t", "0,55 → 1,00 (1)", "0,96 → 0,50 (2)"]
    assert len(list(ET.fromstring(reliability).iter(f"{SVG}circle"))) == 2
    assert hints(confidence_histogram(calibration.bins, **LABELS)) == ["T & t", "1", "2"]


@pytest.mark.parametrize(
    ("count", "ticks"), [(2, "0 1 2"), (9, "0 2 4 6 8"), (47, "0 10 20 30 40"), (130, "0 50 100")]
)
def test_the_counts_of_the_histogram_are_round(count: int, ticks: str) -> None:
    bins = (CalibrationBin(low=0.9, high=1.0, count=count, confidence=0.9, accuracy=1.0),)
    svg = confidence_histogram(bins, title="", x_label="", y_label="")
    texts = [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert texts[: texts.index("0,0")] == ticks.split()


def test_pictures_of_nothing() -> None:
    empty = score_calibration([]).bins
    assert hints(confidence_histogram(empty, **LABELS)) == ["T & t"]
    assert hints(reliability_diagram(empty, **LABELS)) == ["T & t"]
    assert hints(confusion_matrix(score_intents([]), title="M", expected="", understood="")) == [
        "M"
    ]


def test_the_report_needs_nothing_beside_it(words: Wording) -> None:
    html = render_report(report(whole()), words)
    assert html.lstrip().lower().startswith("<!doctype html>")
    # The one address is the name of the SVG vocabulary, which nobody fetches.
    assert set(re.findall(r'https?://[^"\s]+', html)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|<link|<img|@import|url\(", html)
    assert html.count("<svg") == 3


def test_the_report_shows_every_error_and_why(words: Wording) -> None:
    wrong = played(
        "salaire", "etudes", choice("MET.1", "MET.2"), metiers=("MET.1",), confidence=0.871
    )
    html = render_report(report(PlayedSets(utterances=(wrong, played("aide", "aide")))), words)
    assert "intention, métiers, choix demandé inutilement" in html
    shown = html.replace("\N{NO-BREAK SPACE}", " ")
    assert "Décidé par : le motif essai" in shown
    assert "MET.2 met.2, 50,0 %" in shown
    assert "confiance 87,1 %" in shown
    assert "<small>intention</small> salaire" in shown
    assert html.count("<summary>") == 1


def test_what_people_typed_is_text(words: Wording) -> None:
    wrong = played("salaire", "etudes", accept=("fiche",))
    evil = PlayedSets(
        utterances=(
            type(wrong)(
                case=type(wrong.case)(id="<b>", text="<script>x</script>", intent="aide"),
                heard=wrong.heard,
            ),
        )
    )
    html = render_report(report(evil), words)
    assert "<script>" not in html
    assert "&lt;script&gt;x&lt;/script&gt;" in html


def test_the_gravest_errors_come_first() -> None:
    missed = played("detresse", "fiche", confidence=0.1)
    sure, unsure = played("aide", "fiche", confidence=0.9), played("aide", "fiche", confidence=0.3)
    wrong = report(PlayedSets(utterances=(unsure, sure, missed))).wrong("utterances")
    assert [outcome.heard.intent.confidence for outcome in wrong] == [0.1, 0.9, 0.3]


def test_a_report_that_compares(words: Wording) -> None:
    previous = PreviousRun(
        figures={("utterances", "intent_accuracy"): 1.0}, cases={("utterances", "u"): True}
    )
    html = render_report(report(whole(), previous=previous), words)
    assert "moins bien" in html
    assert "Justes avant, plus maintenant (1)" in html


def test_a_report_of_one_kind(words: Wording) -> None:
    html = render_report(report(PlayedSets(safety=whole().safety)), words)
    assert "<svg" not in html
    assert "détresse non reconnue" in html
    assert 'class="grave"' in html
