"""`balise validate`: what it finds and says; each check has its own tests in `checks/`."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.cli.words import command_words, problem_line
from bot.evaluation.validation import validate
from bot.settings import Settings
from tests.conftest import ROOT, SEEDS, settings_for
from tests.evaluation.checks.folder import append, copied, written


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings over a small copy of `intents/` that a test may spoil."""
    return dataclasses.replace(settings_for(SEEDS, cache=tmp_path), intents=copied(tmp_path))


def errors(settings: Settings) -> list[tuple[str, str, int | None]]:
    """The key, the file and the line of each error."""
    problems = [found.problem for found in validate(settings) if found.is_error]
    return [(problem.key, problem.path.name, problem.line) for problem in problems]


def test_the_folder_of_the_repository_is_right(tmp_path: Path) -> None:
    findings = validate(settings_for(SEEDS, cache=tmp_path))
    said = [problem_line(found.problem, command_words()) for found in findings if found.is_error]
    assert said == []
    # The catalogue of `seeds/` is small: most jobs that have synonyms are not in it.
    assert "links_absent" in {found.problem.key for found in findings if not found.is_error}


@pytest.mark.parametrize(
    ("name", "text", "key", "line"),
    [
        ("nlu/zz.yml", 'version: "3.1"\nnlu:\n- intent: aide\n  exemples: |\n    - a\n', "bad_entry", 3),
        ("nlu/zz.yml", 'version: "3.1"\nnlu:\n- intent: aide\n  examples: |\n    a\n', "bad_example", 5),
        ("nlu/zz.yml", "nlu: [\n", "bad_yaml", 2),
        ("nlu/zz.yml", "- a\n", "no_nlu_list", 1),
        ("rules/zz.yml", 'nlu:\n- regex: aide\n  examples: |\n    - (a\n', "bad_pattern", 4),
        ("responses/zz.yml", "responses:\n  zz:\n  - text: a\n", "bad_response", None),
        ("responses/zz.yml", "responses:\n  utter_aide:\n  - text: a\n", "duplicate_response", None),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(
    settings: Settings, name: str, text: str, key: str, line: int | None
) -> None:
    path = written(settings.intents, name, text)
    assert (key, path.name, line) in errors(settings)


def test_every_fault_is_told_at_once(settings: Settings) -> None:
    for name in ("nlu/zz.yml", "synonyms/zz.yml", "responses/zz.yml"):
        written(settings.intents, name, "nlu: [\n")
    broken = dataclasses.replace(settings, catalogue=(settings.intents / "absent",))
    keys = [key for key, _, _ in errors(broken)]
    assert keys.count("bad_yaml") == 3
    assert "path_missing" in keys


def test_intents_that_are_not_there(tmp_path: Path) -> None:
    settings = settings_for(SEEDS, cache=tmp_path)
    keys = {key for key, _, _ in errors(dataclasses.replace(settings, intents=tmp_path / "absent"))}
    assert "path_missing" in keys


def test_one_fault_of_each_theme(settings: Settings) -> None:
    intents = settings.intents
    written(intents, "nlu/zz.yaml", "nlu: []\n")
    append(intents, "nlu/nier.yml", "    - carrément [oui](metieur)\n")
    append(intents, "nlu/affirmer.yml", "    - carrément oui\n")
    written(intents, "rules/zz.yml", "nlu:\n- regex: nierr\n  examples: |\n    - ^zzyzx$\n")
    append(intents, "lookup/plain_words.yml", "    - bidule\n")
    append(intents, "synonyms/metiers.yml", "- synonym: MET7\n  examples: |\n    - bidule\n")
    path = intents / "responses" / "conversation.yml"
    path.write_text(path.read_text("utf-8").replace("utter_ask_metier:", "utter_ask:"), "utf-8")
    findings = validate(settings)
    assert [found.problem.key for found in findings if found.is_error] == [
        "file_unread", "example_twice", "entity_unknown_near", "rule_intent_near", "plain_job",
        "metier_id", "response_missing",
    ]  # fmt: skip
    assert [f.is_error for f in findings] == sorted((f.is_error for f in findings), reverse=True)


def test_every_finding_is_said_in_french_with_a_remedy() -> None:
    words = command_words()
    keys = {key for path in _checks() for key in _keys(path)}
    assert len(keys) > 25
    assert {key for key in keys if f"error_{key}" not in words} == set()
    # A remedy is a second sentence.
    silent = {key for key in keys if ". " not in words.say(f"error_{key}", **_blanks(key))}
    assert silent == set()


def _checks() -> list[Path]:
    return [*(ROOT / "bot" / "evaluation" / "checks").glob("*.py")]


def _keys(path: Path) -> set[str]:
    """The keys of the findings that a module makes."""
    keys: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
            continue
        key = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if not isinstance(key, str):
            continue
        if node.func.id in {"error", "notice", "make"}:
            keys.add(key)
        elif node.func.id == "unknown_name":
            keys |= {key, f"{key}_near"}
    return keys


def _blanks(key: str) -> dict[str, str]:
    return dict.fromkeys(command_words().placeholders(f"error_{key}"), "x")


def _spoil_nothing(intents: Path) -> None: ...


def _spoil_an_example(intents: Path) -> None:
    append(intents, "nlu/salaire.yml", "    - bonjour\n")


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


def test_variants_are_said_when_asked_for(
    model_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALISE_CACHE", str(model_cache))
    assert main(["--catalogue", str(SEEDS), "validate", "--variants"]) == 0
    out = capsys.readouterr().out
    assert "deux lettres sont échangées" in out
