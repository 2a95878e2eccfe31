"""The exported Rasa project: complete, and the same examples as ours."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from bot.actions.rasa_action import ANSWER_SLOT, FORM, SLOTS, rasa_actions
from bot.actions.rasa_project import export_project
from bot.assistant import Assistant
from bot.dialogue.intents import INTENTS
from bot.errors import ConfigurationError
from bot.settings import packaged_folder
from bot.understanding.training_data import read_examples
from tests.cli.command import balise
from tests.conftest import ROOT

URL = "http://127.0.0.1:5055/webhook"


@pytest.fixture(scope="module")
def project(seed_assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rasa") / "projet"
    export_project(packaged_folder("intents"), seed_assistant.catalogue, folder, actions_url=URL)
    return folder


def read(project: Path, name: str) -> dict:
    return dict(yaml.safe_load((project / name).read_text("utf-8")))


def test_the_domain_names_what_the_rules_use(project: Path, seed_assistant: Assistant) -> None:
    domain, rules = read(project, "domain.yml"), read(project, "data/rules.yml")["rules"]
    assert domain["intents"] == list(INTENTS)
    assert set(domain["slots"]) == {*SLOTS, ANSWER_SLOT}
    assert set(domain["actions"]) == {action.name() for action in rasa_actions(seed_assistant)}
    *by_intent, ends = rules
    assert {rule["steps"][0]["intent"] for rule in by_intent} == {*INTENTS, "nlu_fallback"}
    named = {rule["steps"][1]["action"] for rule in by_intent}
    assert named == {*domain["actions"]} - {f"validate_{FORM}"}
    assert len({rule["rule"] for rule in rules}) == len(rules)
    assert domain["forms"] == {FORM: {"required_slots": [ANSWER_SLOT]}}
    assert ends["condition"] == [{"active_loop": FORM}]


def test_the_examples_are_ours(project: Path) -> None:
    nlu = read(project, "data/nlu.yml")["nlu"]
    own = read_examples(packaged_folder("intents"))
    lines = [line for entry in nlu for line in entry["examples"].splitlines()]
    assert len(lines) == len(own)
    assert all(line.startswith("- ") for line in lines)
    assert {entry["intent"] for entry in nlu} <= set(INTENTS)
    assert any("](metier)" in line for line in lines)


def test_every_name_of_the_catalogue_is_there(project: Path, seed_assistant: Assistant) -> None:
    nlu = read(project, "data/metiers.yml")["nlu"]
    (table,) = [entry for entry in nlu if entry.get("lookup") == "metier"]
    names = {line.removeprefix("- ") for line in table["examples"].splitlines()}
    synonyms = {entry["synonym"] for entry in nlu if "synonym" in entry}
    for fiche in seed_assistant.catalogue:
        assert fiche.name in names
        assert fiche.name in synonyms


def test_a_name_of_several_jobs_stands_for_none_of_them(project: Path) -> None:
    """Rasa would take the last of them, without a word."""
    nlu = read(project, "data/metiers.yml")["nlu"]
    said = [
        line.casefold()
        for entry in nlu
        if "synonym" in entry
        for line in {line.casefold() for line in entry["examples"].splitlines()}
    ]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    "name", ["config.yml", "credentials.yml", "domain.yml", "endpoints.yml", "data/rules.yml"]
)
def test_the_documentation_ships_what_is_written(project: Path, name: str) -> None:
    shipped = (ROOT / "docs" / "rasa" / Path(name).name).read_text("utf-8")
    assert yaml.safe_load(shipped) == read(project, name)


def test_actions_are_found_where_they_are(project: Path) -> None:
    assert read(project, "endpoints.yml") == {"action_endpoint": {"url": URL}}


def test_a_folder_that_holds_something_is_left_alone(
    seed_assistant: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("à moi")
    with pytest.raises(ConfigurationError, match="export_not_empty"):
        export_project(
            packaged_folder("intents"), seed_assistant.catalogue, tmp_path, actions_url=URL
        )
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_command(model_cache: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return balise(model_cache, "export", *arguments)

    folder = tmp_path / "projet"
    done = run("rasa", str(folder))
    assert done.returncode == 0, done.stderr
    assert "rasa train" in done.stdout
    assert (folder / "domain.yml").is_file()
    again = run("rasa", str(folder))
    assert again.returncode == 2
    assert "contient déjà" in again.stderr
