"""Each figure, with values computed by hand."""

from __future__ import annotations

import pytest

from bot.evaluation.played import PlayedSafety, PlayedUtterance
from bot.evaluation.scoring import (
    Confusion,
    IntentScore,
    Ratio,
    score_ambiguity,
    score_calibration,
    score_distress,
    score_entities,
    score_intents,
    score_linking,
    score_safety,
    score_utterances,
)
from bot.evaluation.utterance_set import SafetyCase
from tests.evaluation.fake_assistant import choice, entity, heard, job, played


def ratio(count: int, total: int) -> Ratio:
    return Ratio(count=count, total=total)


def test_a_share_of_nothing_is_no_number() -> None:
    assert ratio(0, 0).share is None
    assert ratio(3, 4).share == 0.75


# Intents


def test_intents() -> None:
    scores = score_intents([
        played("salaire", "salaire", style="sms"),
        played("salaire", "etudes", style="sms"),
        played("etudes", "etudes", style="plain"),
        played("etudes", "etudes"),
        played("fiche", "catalogue"),
    ])  # fmt: skip
    assert scores.accuracy == ratio(3, 5)
    # salaire: P 1/1, R 1/2, F1 2/3; etudes: P 2/3, R 2/2, F1 4/5; fiche: 0. `catalogue` is
    # expected of no utterance: its mistakes are counted where they were made.
    assert scores.macro_f1 == pytest.approx((2 / 3 + 4 / 5 + 0) / 3)
    assert scores.per_intent == (
        IntentScore(intent="catalogue", expected=0, understood=1, right=0),
        IntentScore(intent="etudes", expected=2, understood=3, right=2),
        IntentScore(intent="fiche", expected=1, understood=0, right=0),
        IntentScore(intent="salaire", expected=2, understood=1, right=1),
    )
    assert scores.per_intent[1].precision == ratio(2, 3)
    assert scores.per_intent[1].recall == ratio(2, 2)
    assert scores.by_style == (("plain", ratio(1, 1)), ("sms", ratio(1, 2)))


def test_an_accepted_intent_counts_as_the_expected_one() -> None:
    scores = score_intents([played("salaire", "debouches", accept=("debouches",))])
    assert scores.accuracy == ratio(1, 1)
    assert scores.macro_f1 == 1.0
    assert [score.intent for score in scores.per_intent] == ["salaire"]
    assert scores.confusions == ()


def test_confusions_by_falling_count() -> None:
    scores = score_intents([
        played("fiche", "catalogue"),
        played("etudes", "formations"),
        played("etudes", "formations"),
        played("aide", "identite"),
    ])  # fmt: skip
    assert scores.confusions == (
        Confusion(expected="etudes", understood="formations", count=2),
        Confusion(expected="aide", understood="identite", count=1),
        Confusion(expected="fiche", understood="catalogue", count=1),
    )


def test_out_of_scope_is_an_intent_like_the_others() -> None:
    scores = score_intents([
        played("hors_sujet", "hors_sujet"),
        played("hors_sujet", "aide"),
        played("hors_sujet", "aide"),
        played("aide", "hors_sujet"),
    ])  # fmt: skip
    out = next(score for score in scores.per_intent if score.intent == "hors_sujet")
    assert out.precision == ratio(1, 2)
    assert out.recall == ratio(1, 3)


# Jobs


def linked(*metiers: str, found: tuple[object, ...]) -> PlayedUtterance:
    return played("salaire", "aide", *found, metiers=metiers)  # type: ignore[arg-type]


def test_jobs_exact_and_in_order_whatever_the_intent() -> None:
    scores = score_linking([
        linked("MET.1", found=(job("MET.1"),)),
        linked("MET.1", found=(job("MET.1"), job("MET.1"))),
        linked("MET.1", "MET.2", found=(job("MET.1"), job("MET.2"))),
        linked("MET.1", "MET.2", found=(job("MET.2"), job("MET.1"))),
        linked("MET.1", found=(job("MET.1"), job("MET.2"))),
        linked("MET.1", found=()),
    ])  # fmt: skip
    assert scores.rank_1 == ratio(3, 6)
    assert scores.false_positives == ratio(0, 0)


def test_jobs_among_five_candidates() -> None:
    six = ("MET.1", "MET.2", "MET.3", "MET.4", "MET.5", "MET.6")
    scores = score_linking([
        linked("MET.5", found=(choice(*six),)),
        linked("MET.6", found=(choice(*six),)),
        linked("MET.1", "MET.9", found=(choice(*six), job("MET.9"))),
        linked("MET.1", "MET.9", found=(choice(*six),)),
    ])  # fmt: skip
    assert scores.rank_1 == ratio(0, 4)
    assert scores.rank_5 == ratio(2, 4)


def test_a_job_found_where_none_is_named() -> None:
    scores = score_linking([
        linked(found=(job("MET.1"),)),
        linked(found=(choice("MET.1", "MET.2"),)),
        linked(found=(entity("niveau", "bac"),)),
        played("etudes", "etudes", job("MET.1"), is_ambiguous=True),
    ])  # fmt: skip
    assert scores.false_positives == ratio(1, 3)
    assert scores.rank_1 == ratio(0, 0)


def test_asking_which_job() -> None:
    scores = score_ambiguity([
        played("etudes", "etudes", choice("MET.1", "MET.2"), is_ambiguous=True),
        played("etudes", "etudes", choice("MET.1", "MET.2"), is_ambiguous=True,
               candidates=("MET.2",)),
        played("etudes", "etudes", choice("MET.1", "MET.2"), is_ambiguous=True,
               candidates=("MET.2", "MET.3")),
        played("etudes", "etudes", job("MET.1"), is_ambiguous=True),
        played("etudes", "etudes", job("MET.1"), metiers=("MET.1",)),
        played("etudes", "etudes", choice("MET.1", "MET.2"), metiers=("MET.1",)),
        played("aide", "aide", choice("MET.1", "MET.2")),
    ])  # fmt: skip
    assert scores.asked == ratio(2, 4)
    assert scores.asked_needlessly == ratio(2, 3)


# Distress


def test_distress_among_utterances() -> None:
    scores = score_distress([
        played("detresse", "detresse"),
        played("detresse", "aide_choix"),
        played("aide_choix", "detresse"),
        played("aide_choix", "aide_choix"),
        played("insulte", "insulte"),
        played("aide_choix", "detresse", accept=("detresse",)),
    ])  # fmt: skip
    assert scores.recall == ratio(1, 2)
    assert scores.false_alarms == ratio(1, 3)
    assert scores.borderline == ratio(1, 1)


def test_safety_cases() -> None:
    def one(understood: str, *, distress: bool, borderline: bool = False) -> PlayedSafety:
        case = SafetyCase(id="s", text="…", is_distress=distress, is_borderline=borderline)
        return PlayedSafety(case=case, heard=heard(understood))

    scores = score_safety([
        one("detresse", distress=True),
        one("detresse", distress=True),
        one("fiche", distress=True),
        one("detresse", distress=False),
        one("fiche", distress=False),
        one("fiche", distress=True, borderline=True),
        one("detresse", distress=False, borderline=True),
    ])  # fmt: skip
    assert scores.recall == ratio(2, 3)
    assert scores.false_alarms == ratio(1, 2)
    assert scores.borderline == ratio(1, 2)


# Calibration


def test_expected_calibration_error() -> None:
    scores = score_calibration([
        played("aide", "aide", confidence=0.95),
        played("aide", "fiche", confidence=0.97),
        played("aide", "aide", confidence=0.55),
        played("aide", "fiche", confidence=0.05),
    ])  # fmt: skip
    # Last bin: |1/2 - 0.96| = 0.46 twice; sixth: |1 - 0.55| = 0.45; first: |0 - 0.05| = 0.05.
    assert scores.expected_error == pytest.approx((2 * 0.46 + 0.45 + 0.05) / 4)
    assert len(scores.bins) == 10
    assert [b.count for b in scores.bins] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 2]
    last = scores.bins[-1]
    assert (last.low, last.high, last.accuracy) == (0.9, 1.0, 0.5)
    assert last.confidence == pytest.approx(0.96)
    assert scores.bins[1].accuracy is None


def test_bins_hold_their_upper_bound() -> None:
    confidences = (0.0, 0.1, 0.1000001, 1.0)
    scores = score_calibration([played("aide", "aide", confidence=c) for c in confidences])
    assert [b.count for b in scores.bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_calibration_of_nothing() -> None:
    assert score_calibration([]).expected_error is None
    with pytest.raises(ValueError, match="bins"):
        score_calibration([], bins=0)


# Other entities, times


def test_other_entities() -> None:
    bac = (("niveau", "bac"),)
    scores = score_entities([
        played("aide", "aide", entity("niveau", "bac"), entities=bac),
        played("aide", "aide", entity("niveau", "cap"), entity("niveau", "bac"), entities=bac),
        played("aide", "aide", entities=bac),
        played("aide", "aide", entity("niveau", "bac")),
        played("aide", "aide", entity("domaine", "santé")),
    ])  # fmt: skip
    assert [(s.entity, s.exact, s.false_positives) for s in scores] == [
        ("niveau", ratio(1, 3), ratio(1, 2)),
        ("domaine", ratio(0, 0), ratio(1, 5)),
    ]


def test_times() -> None:
    one = played("aide", "aide")
    timed = [PlayedUtterance(case=one.case, heard=one.heard, elapsed_ms=ms) for ms in range(100)]
    scores = score_utterances(timed)
    assert (scores.median_ms, scores.slow_ms) == (50, 95)
    assert score_utterances([]).median_ms is None
