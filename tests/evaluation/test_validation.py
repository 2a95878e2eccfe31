"""`balise validate` and its findings: each fault put in a copy of `intents/` is found."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.cli.words import command_words, problem_line
from bot.evaluation.response_usage import read_usage
from bot.evaluation.validation import Finding, validate
from bot.settings import Settings
from tests.conftest import INTENTS, SEEDS, settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings over a copy of `intents/` that a test may spoil."""
    copy = tmp_path / "intents"
    shutil.copytree(INTENTS, copy)
    return dataclasses.replace(settings_for(SEEDS, cache=tmp_path), intents=copy)


def errors(settings: Settings) -> list[tuple[str, str, int | None]]:
    """The key, the file and the line of each error."""
    problems = [found.problem for found in validate(settings) if found.is_error]
    return [(problem.key, problem.path.name, problem.line) for problem in problems]


def line_of(path: Path, text: str) -> int:
    return path.read_text("utf-8").split("\n").index(text) + 1


def append(settings: Settings, name: str, text: str) -> Path:
    path = settings.intents / name
    path.parent.mkdir(exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(before + text, "utf-8")
    return path


def test_the_folder_of_the_repository_is_right(tmp_path: Path) -> None:
    findings = validate(settings_for(SEEDS, cache=tmp_path))
    said = [problem_line(found.problem, command_words()) for found in findings if found.is_error]
    assert said == []
    # The catalogue of `seeds/` is small: most jobs that have synonyms are not in it.
    assert "metier_absent" in {found.problem.key for found in findings if not found.is_error}


def test_an_example_of_two_intents(settings: Settings) -> None:
    append(settings, "nlu/salaire.yml", "    - une phrase, deux INTENTIONS\n")
    path = append(settings, "nlu/statuts.yml", "    - Une  phrase, deux intentions\n")
    line = line_of(path, "    - Une  phrase, deux intentions")
    assert errors(settings) == [("example_twice", "statuts.yml", line)]


def test_an_intent_without_examples(settings: Settings) -> None:
    for path in (settings.intents / "nlu").glob("*.yml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("- intent: repeter\n", "- intent: suite\n"), "utf-8")
    assert errors(settings) == [("intent_untaught", "nlu", None)]


def test_an_intent_that_does_not_exist(settings: Settings) -> None:
    append(
        settings,
        "nlu/zz.yml",
        'version: "3.1"\nnlu:\n- intent: meteo\n  examples: |\n    - pluie\n',
    )
    assert errors(settings) == [("intent_unknown", "zz.yml", 5)]


def test_a_response_that_is_missing(settings: Settings) -> None:
    path = settings.intents / "responses" / "conversation.yml"
    text = path.read_text("utf-8").replace("utter_ask_metier:", "utter_demande_metier:")
    path.write_text(text, "utf-8")
    findings = {(f.problem.key, f.problem.detail): f.is_error for f in validate(settings)}
    assert findings["response_missing", "utter_ask_metier"] is True
    assert findings["response_unused", "utter_demande_metier"] is False


def test_small_talk_that_is_missing(settings: Settings) -> None:
    path = settings.intents / "responses" / "conversation.yml"
    text = path.read_text("utf-8").replace("utter_remerciement:", "utter_merci:")
    path.write_text(text, "utf-8")
    details = [found.problem.detail for found in validate(settings) if found.is_error]
    assert details == ["utter_remerciement"]


def test_a_blank_that_nothing_fills(settings: Settings) -> None:
    path = settings.intents / "responses" / "conversation.yml"
    text = path.read_text("utf-8").replace("« {mention} » peut désigner", "« {nom} » peut désigner")
    path.write_text(text, "utf-8")
    found = validate(settings)[0]
    assert (found.problem.key, found.problem.detail) == ("response_blank", "nom")
    assert "{nom}" in problem_line(found.problem, command_words())


@pytest.mark.parametrize(
    ("payload", "right"),
    [
        ("/aide", True),
        ('/etudes{{"metier": "MET.7984"}}', True),
        ("/meteo", False),
        ("aide", False),
        ("/etudes{{metier}}", False),
    ],
)
def test_the_button_of_a_response(settings: Settings, payload: str, right: bool) -> None:
    button = f"    buttons:\n    - title: \"Voir\"\n      payload: '{payload}'\n"
    responses = f'version: "3.1"\nresponses:\n  utter_button_voir:\n  - text: "Voir"\n{button}'
    append(settings, "responses/zz.yml", responses)
    assert errors(settings) == ([] if right else [("bad_payload", "zz.yml", None)])


@pytest.mark.parametrize("metier", ["MET7984", "met.7984", "FOR.12", "chargé"])
def test_an_identifier_in_the_wrong_form(settings: Settings, metier: str) -> None:
    path = append(
        settings, "synonyms/metiers.yml", f"- synonym: {metier}\n  examples: |\n    - xyz\n"
    )
    assert errors(settings) == [("metier_id", "metiers.yml", line_of(path, f"- synonym: {metier}"))]


@pytest.mark.parametrize(
    ("name", "text", "key", "line"),
    [
        ("nlu/zz.yml", 'version: "3.1"\nnlu:\n- intent: aide\n  exemples: |\n    - a\n', "bad_entry", 3),
        ("nlu/zz.yml", 'version: "3.1"\nnlu:\n- intent: aide\n  examples: |\n    a\n', "bad_example", 5),
        ("nlu/zz.yml", "nlu: [\n", "bad_yaml", 2),
        ("nlu/zz.yml", "- a\n", "no_nlu_list", 1),
        ("rules/zz.yml", 'nlu:\n- regex: aide\n  examples: |\n    - (a\n', "bad_pattern", 4),
        ("responses/zz.yml", "réponses:\n", "key_unknown", 1),
        ("responses/zz.yml", "responses:\n  utter_zz:\n  - texte: a\n", "key_unknown", 3),
        ("responses/zz.yml", "responses: {}\nresponses: {}\n", "key_repeated", 2),
        ("responses/zz.yml", "responses:\n  zz:\n  - text: a\n", "bad_response", None),
        ("responses/zz.yml", "responses:\n  utter_aide:\n  - text: a\n", "duplicate_response", None),
    ],
)  # fmt: skip
def test_a_file_in_the_wrong_shape(
    settings: Settings, name: str, text: str, key: str, line: int | None
) -> None:
    path = append(settings, name, text)
    assert (key, path.name, line) in errors(settings)


def test_every_fault_is_told_at_once(settings: Settings) -> None:
    append(settings, "nlu/zz.yml", "nlu: [\n")
    append(settings, "synonyms/zz.yml", "nlu: [\n")
    append(settings, "responses/zz.yml", "responses: [\n")
    broken = dataclasses.replace(settings, catalogue=(settings.intents / "absent",))
    keys = [key for key, _, _ in errors(broken)]
    assert keys.count("bad_yaml") == 3
    assert "path_missing" in keys


def test_intents_that_are_not_there(tmp_path: Path) -> None:
    settings = settings_for(SEEDS, cache=tmp_path)
    keys = {key for key, _, _ in errors(dataclasses.replace(settings, intents=tmp_path / "absent"))}
    assert "path_missing" in keys


def _spoil_nothing(intents: Path) -> None: ...


def _spoil_an_example(intents: Path) -> None:
    with (intents / "nlu" / "salaire.yml").open("a", encoding="utf-8") as stream:
        stream.write("    - bonjour\n")


@pytest.mark.parametrize(
    ("spoil", "status", "summary"),
    [
        (_spoil_nothing, 0, "Tout est en ordre. Remarques : "),
        (_spoil_an_example, 1, "Contrôle terminé. Erreurs : 1 ; remarques : "),
    ],
)
def test_the_command(
    settings: Settings,
    spoil: Callable[[Path], None],
    status: int,
    summary: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(settings.intents)
    monkeypatch.setenv("BALISE_INTENTS", str(settings.intents))
    assert main(["--catalogue", str(SEEDS), "validate"]) == status
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[-1].startswith(summary)
    wrong = [line for line in lines if line.startswith("erreur : ")]
    assert len(wrong) == status
    assert all("salutation" in line and "retirez" in line for line in wrong)


def test_every_finding_is_said_in_french(settings: Settings) -> None:
    words = command_words()
    append(settings, "nlu/zz.yml", "nlu:\n- intent: meteo\n  examples: |\n    - a\n  zut: 1\n")
    for found in validate(settings):
        assert isinstance(found, Finding)
        assert f"error_{found.problem.key}" in words


def test_what_the_code_says_is_read_from_the_code(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'w.say("plain", count=1)\nw.say(f"button_{name}")\nw.say("open", **values)\n'
        'w.say(f"{anything}")\nTABLE = ("in_a_table", "etudes")\n',
        "utf-8",
    )
    usage = read_usage([tmp_path])
    assert [(said.key, said.blanks) for said in usage.said] == [
        ("plain", frozenset({"count"})),
        ("open", None),
    ]
    none: frozenset[str] = frozenset()
    for key in ("plain", "in_a_table", "button_etudes"):
        assert usage.uses(key, none), key
    assert not usage.uses("button_salaire", none)
    assert usage.uses("button_salaire", frozenset({"salaire"}))
    assert not usage.uses("unknown", none)
