"""`balise catalogue`: what the catalogue holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.main import main
from tests.cli.command import balise
from tests.conftest import SEEDS

SEED = ["--catalogue", str(SEEDS)]


def test_the_figures(tmp_path: Path) -> None:
    done = balise(tmp_path, "catalogue", "stats")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Fiches : 1\n")
    assert "     1  Niveau d'accès minimum" in done.stdout
    assert "     0  Salaire" in done.stdout


def test_the_figures_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEED, "catalogue", "stats", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["fiches"] == 1
    assert found["champs"]["summary"] == 1
    assert found["champs"]["salary"] == 0
    assert found["niveaux"] == {"bac + 2": 1}
    assert found["formations"] == 5


def test_a_fiche(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEED, "catalogue", "show", "met.7984"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("chargé/e de post-production\nMET.7984\nFéminin : chargée de post-")
    for text in ("telle est la mission", "Après le bac : 2 ans", "(FOR.5707)", "ODbL"):
        assert text in shown


def test_a_fiche_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEED, "catalogue", "show", "--json", "MET.7984"]) == 0
    fiche = json.loads(capsys.readouterr().out)
    assert fiche["id"] == "MET.7984"
    assert fiche["title"]["feminine"] == "chargée de post-production"


@pytest.mark.parametrize("metier", ["MET.1", "", "chargé de post-production"])
def test_a_fiche_that_is_not_there(metier: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEED, "catalogue", "show", metier]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"n'a l'identifiant « {metier} »" in err


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_every_fiche_of_the_real_catalogue_can_be_shown(
    form: list[str], onisep: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = [
        "--catalogue",
        str(onisep / "fiches-md"),
        "--catalogue",
        str(onisep / "metiers.json"),
    ]
    assert main([*sources, "catalogue", "stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fiches"] > 800
    assert main([*sources, "catalogue", "show", "MET.656", *form]) == 0
    assert "MET.656" in capsys.readouterr().out
