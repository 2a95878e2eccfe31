"""`balise evaluate` and `balise test`, as they are typed, with the one fiche of `seeds/`."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.cli.main import main
from bot.cli.table import aligned, percent
from tests.conftest import INTENTS, SEEDS

CASES = (
    {"id": "u1", "text": "salaire chargé de post-production", "intent": "salaire",
     "metiers": ["MET.7984"], "style": "keywords"},
    {"id": "u2", "text": "bonjour", "intent": "fiche", "metiers": ["MET.1"]},
    {"id": "s1", "text": "je veux mourir", "distress": True},
    {"id": "q1", "metier": "MET.7984", "question": "Quel salaire ?", "answers": ["Rien."]},
    {"id": "c1", "text": "métiers à bac+2", "relevant": ["MET.7984"], "must": ["MET.7984"],
     "type": "words"},
)  # fmt: skip
DIALOGUES = """
- dialogue: le métier reste en mémoire
  catalogue: seed
  turns:
    - user: quelles études pour être chargé de post-production ?
      expect: {intent: etudes, metiers: [MET.7984], kind: answer, source: MET.7984}
    - user: et niveau salaire ?
      expect: {intent: salaire, metiers: [MET.7984], missing: [salaire]}
"""
WRONG = """
- dialogue: attend autre chose
  turns:
    - user: bonjour
      expect: {kind: safety, contains: [31 14]}
    - press: Bouton absent
    - user: jamais atteint
"""
OTHER = """
- dialogue: parle d'un autre catalogue
  catalogue: ailleurs
  turns: [{user: bonjour}]
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, model_cache: Path, tmp_path: Path) -> None:
    for name in ("CATALOGUE", "TOKEN", "TTL", "PORT", "HOST", "THREADS"):
        monkeypatch.delenv(f"BALISE_{name}", raising=False)
    monkeypatch.setenv("BALISE_INTENTS", str(INTENTS))
    monkeypatch.setenv("BALISE_CACHE", str(model_cache))
    monkeypatch.setenv("BALISE_STATE", str(tmp_path / "state" / "conversations.sqlite"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cas.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES), encoding="utf-8")
    return path


def dialogues(folder: Path, *texts: str) -> Path:
    path = folder / "dialogues.yml"
    path.write_text("".join(texts), encoding="utf-8")
    return path


# balise evaluate


def test_evaluate_shows_tables(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(cases)]) == 0
    shown = capsys.readouterr()
    assert "Phrases (2)" in shown.out
    assert "Sécurité (1)" in shown.out
    assert "Par intention" in shown.out
    assert "absents de ce catalogue, 1 (MET.1)" in shown.err
    assert "Erreurs (" not in shown.out
    # A measure is no conversation: nothing of it is kept.
    assert not (tmp_path / "state").exists()


def test_evaluate_shows_errors_and_why(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(cases), "--errors"]) == 0
    shown = capsys.readouterr().out
    errors = shown[shown.index("Erreurs (") :]
    assert "u2 : « bonjour » (intention, métiers)" in errors
    assert "Attendu : intention fiche ; métiers MET.1" in errors
    assert "Obtenu : intention salutation\n" in errors
    assert "Exemple proche à 100 % : salutation, « bonjour »" in errors


def test_evaluate_as_json_with_a_report_and_a_comparison(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--json", str(cases)]) == 0
    before = capsys.readouterr().out
    run = json.loads(before)
    assert [case["id"] for case in run["cases"]] == ["u1", "u2", "s1", "c1", "q1"]
    wrong = run["cases"][1]["why"]
    assert wrong["reasons"][0].startswith("classifier salutation")
    nearest = wrong["neighbours"][0]
    assert (nearest["intent"], nearest["text"], nearest["likeness"]) == ("salutation", "bonjour", 1)
    assert "why" not in run["cases"][0]
    (tmp_path / "avant.json").write_text(before, encoding="utf-8")
    arguments = ["--json", "--compare", "avant.json", "--report", "dossier/rapport"]
    assert main(["evaluate", str(cases), *arguments]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["fiches"] == 61
    assert "Aucun chiffre n'a changé." in shown.err
    html = (tmp_path / "dossier" / "rapport" / "index.html").read_text("utf-8")
    assert html.count("<svg") == 3
    assert "salutation, «\N{NO-BREAK SPACE}bonjour\N{NO-BREAK SPACE}» (salutation.yml:" in html


def test_evaluate_names_every_bad_line(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "faux.jsonl"
    bad.write_text('{"id": "a", "text": "b", "intent": "salaires"}\nxyz\n')
    assert main(["evaluate", str(cases), str(bad), "absent.jsonl"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    first, second, third = shown.err.splitlines()
    assert "faux.jsonl" in first and "ligne 1" in first and "salaires" in first
    assert "faux.jsonl" in second and "ligne 2" in second
    assert "absent.jsonl" in third


def test_evaluate_cannot_write_its_report(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(cases), "--report", str(cases)]) == 2
    assert "ne peut pas être écrit" in capsys.readouterr().err


# balise test


def test_dialogues_that_are_as_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "tests" / "cases" / "dialogues"
    folder.mkdir(parents=True)
    dialogues(folder, DIALOGUES)
    assert main(["test"]) == 0
    assert capsys.readouterr().out == (
        "Dialogues : 1 ; réussis : 1 ; échoués : 0 ; non joués : 0.\n"
    )
    assert not (tmp_path / "state").exists()


def test_a_failing_turn_says_what_was_said_instead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = dialogues(tmp_path, DIALOGUES, WRONG)
    assert main(["test", str(path), "--junit", "sortie/junit.xml"]) == 1
    shown = capsys.readouterr().out
    assert "dialogues.yml:10 attend autre chose" in shown
    assert "tour 1 (ligne 12), « bonjour »" in shown
    assert "kind : attendu safety ; obtenu smalltalk" in shown
    assert "« 31 14 » n'est pas dans la réponse" in shown
    assert "dit (smalltalk, salutation) :" in shown
    assert "le bouton « Bouton absent » n'est pas proposé" in shown
    assert "tours suivants non joués : 1" in shown
    (suite,) = ET.parse(tmp_path / "sortie" / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_a_dialogue_whose_catalogue_is_not_given_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = dialogues(tmp_path, DIALOGUES, OTHER)
    assert main(["test", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "NON JOUÉ" in shown and "--named ailleurs=CHEMIN" in shown
    assert "réussis : 1 ; échoués : 0 ; non joués : 1." in shown
    assert main(["test", str(path), "--named", f"ailleurs={SEEDS}"]) == 0
    assert "réussis : 2 ; échoués : 0 ; non joués : 0." in capsys.readouterr().out


def test_nothing_played_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(dialogues(tmp_path, OTHER))]) == 1
    assert "rien n'est vérifié" in capsys.readouterr().out


def test_an_update_shows_what_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = dialogues(tmp_path, "# À la main.", DIALOGUES.replace("kind: answer", "kind: [list]"))
    assert main(["test", str(path), "--update"]) == 0
    shown = capsys.readouterr().out
    wanted = "expect: {intent: etudes, metiers: [MET.7984], kind: [%s], source: MET.7984}\n"
    assert f"\n-      {wanted % 'list'}+      {wanted % 'answer'}" in shown
    assert f"Attentes mises à jour dans {path} : 1." in shown
    assert "réussis : 1 ; échoués : 0" in shown and "encore" not in shown
    after = DIALOGUES.replace("kind: answer", "kind: [answer]")
    assert path.read_text("utf-8") == f"# À la main.{after}"
    # Nothing is left to update.
    assert main(["test", str(path), "--update"]) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_an_update_leaves_the_rest_to_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = dialogues(tmp_path, WRONG.replace("safety", "fallback"))
    assert main(["test", str(path), "--update", "--junit", "junit.xml"]) == 1
    shown = capsys.readouterr().out
    assert "kind: smalltalk, contains: [31 14]" in path.read_text("utf-8")
    assert "kind : attendu" not in shown
    assert "« 31 14 » n'est pas dans la réponse" in shown
    assert "Ce qui échoue encore est à corriger à la main" in shown
    (suite,) = ET.parse(tmp_path / "junit.xml").getroot()
    assert suite.get("failures") == "1"
    # Distress is never brought up to date.
    path = dialogues(tmp_path, WRONG)
    assert main(["test", str(path), "--update"]) == 1
    assert "kind : attendu safety" in capsys.readouterr().out
    assert path.read_text("utf-8") == WRONG


def test_the_coverage_of_dialogues(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(dialogues(tmp_path, DIALOGUES, WRONG)), "--coverage"]) == 1
    shown = capsys.readouterr().out
    assert "Réponses vérifiées : 2. Métiers : 1 sur 61 du catalogue." in shown
    assert "MET.7984 chargé/e de" in shown
    assert "Questions jamais vérifiées : presentation, duree_etudes," in shown
    assert shown.endswith("non joués : 0.\n")


def test_bad_usage_of_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test"]) == 2
    assert "tests/cases/dialogues" in capsys.readouterr().err
    assert main(["test", "x.yml", "--named", "onisep"]) == 2
    assert "NOM=CHEMIN" in capsys.readouterr().err
    path = dialogues(tmp_path, "- dialogue: d\n  turns: [{user: a, expct: {}}]\n")
    assert main(["test", str(path)]) == 2
    assert "dialogue « d »" in (error := capsys.readouterr().err) and "expct" in error


# Tables


def test_tables_are_aligned() -> None:
    assert aligned([["", "avant"], ["études", "1"], ["a"]]) == [
        "          avant",
        "  études      1",
        "  a",
    ]
    assert aligned([]) == []


def test_french_percentages() -> None:
    assert (percent(0.8756), percent(1.0), percent(None)) == ("87,6 %", "100,0 %", "–")
