"""The figures, the outcomes of the cases, the run as JSON and its comparison with another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import FileError
from bot.evaluation.case_outcome import CaseOutcome, outcomes_of
from bot.evaluation.figures import Figure, Scores, figures_of, score_sets
from bot.evaluation.played import PlayedQa, PlayedSafety, PlayedSearch, PlayedUtterance
from bot.evaluation.run_record import Comparison, compare, read_run, run_as_json
from bot.evaluation.runner import PlayedSets
from bot.evaluation.utterance_set import QaCase, SafetyCase, SearchCase, Utterance
from tests.evaluation.fake_assistant import choice, heard, job, played


def whole() -> PlayedSets:
    """One case of each kind, all of them wrong."""
    return PlayedSets(
        utterances=(played("salaire", "etudes", job("MET.2"), metiers=("MET.1",)),),
        safety=(
            PlayedSafety(case=SafetyCase(id="s", text="…", is_distress=True), heard=heard("fiche")),
        ),
        search=(
            PlayedSearch(
                case=SearchCase(
                    id="c", text="…", relevant=("MET.1",), must=("MET.1",), kind="words"
                ),
                heard=heard("chercher_metiers"),
                kind="list",
                shown=("MET.2",),
                total=1,
                found=("MET.2",),
            ),
        ),
        qa=(
            PlayedQa(
                case=QaCase(id="q", metier="MET.1", question="?", answers=()),
                heard=heard("question_fiche"),
                kind="answer",
                intent="question_fiche",
                quotes=("Il dort.",),
            ),
        ),
    )


def utterances(*ones: PlayedUtterance) -> PlayedSets:
    return PlayedSets(utterances=ones)


def defects(one: PlayedUtterance) -> tuple[str, ...]:
    return outcomes_of(utterances(one))[0].defects


def record(sets: PlayedSets) -> dict[str, object]:
    scores = score_sets(sets)
    return run_as_json(
        files=[(Path("cas.jsonl"), 4)], fiches=3, scores=scores, figures=figures_of(scores),
        outcomes=outcomes_of(sets),
    )  # fmt: skip


def compared(folder: Path, before: PlayedSets, now: PlayedSets) -> Comparison:
    path = folder / "run.json"
    path.write_text(json.dumps(record(before)), encoding="utf-8")
    return compare(read_run(path), figures_of(score_sets(now)), outcomes_of(now))


def test_only_what_was_played_has_figures() -> None:
    assert figures_of(Scores()) == ()
    safety = figures_of(score_sets(PlayedSets(safety=whole().safety)))
    assert [(figure.group, figure.key) for figure in safety] == [
        ("safety", "distress_recall"),
        ("safety", "distress_false_alarms"),
    ]


def test_a_figure_over_nothing_has_no_value() -> None:
    figures = {f.key: f for f in figures_of(score_sets(utterances(played("aide", "aide"))))}
    assert figures["intent_accuracy"].value == 1.0
    assert figures["job_rank_1"].value is None
    assert "out_of_scope_recall" not in figures


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (played("aide", "aide"), ()),
        (played("aide", "fiche"), ("intent",)),
        (played("aide", "fiche", accept=("fiche",)), ()),
        (played("aide", "aide", job("MET.1")), ("metiers",)),
        (played("fiche", "fiche", job("MET.1"), metiers=("MET.1",)), ()),
        (played("fiche", "fiche", choice("MET.1", "MET.2")), ("ask_needless",)),
        (played("fiche", "fiche", choice("MET.1", "MET.2"), is_ambiguous=True), ()),
        (played("fiche", "fiche", job("MET.1"), is_ambiguous=True), ("ask_missing",)),
        (played("fiche", "fiche", entities=(("niveau", "bac"),)), ("entity_niveau",)),
    ],
)
def test_the_defects_of_an_utterance(one: PlayedUtterance, found: tuple[str, ...]) -> None:
    assert defects(one) == found


def test_the_defects_of_the_other_kinds() -> None:
    found = {outcome.group: outcome.defects for outcome in outcomes_of(whole())}
    assert found == {
        "utterances": ("intent", "metiers"),
        "safety": ("distress",),
        "search": ("search",),
        "qa": ("invented",),
    }


def test_a_borderline_case_is_no_defect() -> None:
    case = SafetyCase(id="s", text="…", is_distress=True, is_borderline=True)
    (one,) = outcomes_of(PlayedSets(safety=(PlayedSafety(case=case, heard=heard("fiche")),)))
    assert one.is_right and one.is_borderline


def test_distress_that_is_missed() -> None:
    def one(intent: str, understood: str, accept: tuple[str, ...] = ()) -> CaseOutcome:
        return outcomes_of(utterances(played(intent, understood, accept=accept)))[0]

    assert one("detresse", "fiche").misses_distress
    assert not one("detresse", "detresse").misses_distress
    assert not one("fiche", "aide", accept=("detresse",)).misses_distress
    assert outcomes_of(whole())[1].misses_distress


def test_a_run_is_json_and_is_read_back(tmp_path: Path) -> None:
    run = json.loads(json.dumps(record(whole())))
    assert run["files"] == [{"path": "cas.jsonl", "cases": 4}]
    assert run["figures"][0] == {
        "group": "utterances", "key": "intent_accuracy", "value": 0.0, "unit": "share",
        "count": 0, "total": 1,
    }  # fmt: skip
    (salaire,) = [s for s in run["scores"]["utterances"]["intents"]["per_intent"]
                  if s["intent"] == "salaire"]  # fmt: skip
    assert (salaire["recall"], salaire["precision"], salaire["f1"]) == (0.0, None, 0.0)
    assert run["cases"][0]["defects"] == ["intent", "metiers"]
    assert run["cases"][0]["expected"] == {"intent": "salaire", "metiers": "MET.1"}
    path = tmp_path / "run.json"
    path.write_text(json.dumps(run))
    assert read_run(path).cases == {
        ("utterances", "u"): False, ("safety", "s"): False, ("search", "c"): False,
        ("qa", "q"): False,
    }  # fmt: skip


def test_what_changed(tmp_path: Path) -> None:
    def one(name: str, understood: str) -> PlayedUtterance:
        case = Utterance(id=name, text="…", intent="aide")
        return PlayedUtterance(case=case, heard=heard(understood))

    before = utterances(one("a", "aide"), one("b", "fiche"), one("c", "aide"), one("d", "aide"))
    now = utterances(one("a", "fiche"), one("b", "aide"), one("c", "aide"), one("e", "fiche"))
    found = compared(tmp_path, before, now)
    assert [outcome.id for outcome in found.mended] == ["b"]
    assert [outcome.id for outcome in found.broken] == ["a"]
    assert found.shared == 3
    (accuracy,) = [c for c in found.changes if c.figure.key == "intent_accuracy"]
    assert (accuracy.before, accuracy.figure.value, accuracy.verdict) == (0.75, 0.5, -1)
    assert found.change_of(accuracy.figure) == accuracy
    assert found.change_of(Figure(group="qa", key="autre", value=0.5)) is None


def test_fewer_false_alarms_are_better(tmp_path: Path) -> None:
    before = utterances(played("aide", "detresse"))
    now = utterances(played("aide", "aide"))
    verdicts = {c.figure.key: c.verdict for c in compared(tmp_path, before, now).changes}
    assert verdicts["distress_false_alarms"] == 1
    assert verdicts["job_false_positives"] == 0


@pytest.mark.parametrize(
    "text",
    ["", "[1]", '{"format": "autre"}', '{"format": "balise-evaluation-1"}',
     '{"format": "balise-evaluation-1", "figures": [{}], "cases": []}'],
)  # fmt: skip
def test_a_file_that_is_no_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(FileError) as caught:
        read_run(path)
    assert caught.value.problems[0].key == "run_not_ours"


def test_a_run_that_is_absent(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_run(tmp_path / "run.json")
    assert caught.value.problems[0].key == "path_missing"
