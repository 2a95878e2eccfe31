"""`balise catalogue`: its parser, and `stats` and `show`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.catalogue.loading import load_catalogue
from bot.catalogue.source_kind import KINDS
from bot.catalogue.statistics import FICHE_FIELDS, statistics_of
from bot.cli.catalogue_stats import statistics_lines
from bot.cli.main import main
from bot.cli.terminal import Style
from bot.cli.text_layout import Screen, bar, french_date, grouped, shortened, wrapped
from bot.cli.words import command_words
from tests.cli.command import balise
from tests.conftest import SEEDS

SEED = ["--catalogue", str(SEEDS)]

DESCRIBED = """for_id,libelle,type,sigle,duree,niveau_sortie,niveau_certification,code_rncp,code_scolarite,code_nsf,tutelle,domaines,sources
FOR.5707,BTS audiovisuel,brevet de technicien supérieur (BTS),,2 ans,bac + 2,niveau 5,37020,,,,,
"""  # fmt: skip


@pytest.fixture
def formations(tmp_path: Path) -> list[str]:
    """The seeds and a table of formations."""
    table = tmp_path / "formations.csv"
    table.write_text(DESCRIBED, encoding="utf-8")
    return [*SEED, "--catalogue", str(table)]


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_a_command_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEED, "catalogue"]) == 2
    assert "catalogue : il manque" in capsys.readouterr().err


# Counting


def test_the_figures(tmp_path: Path) -> None:
    done = balise(tmp_path, "catalogue", "stats", "--catalogue", str(SEEDS / "MET.12.md"))
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[:3] == [
        "Contenu du catalogue",
        "Métiers 1",
        "fiches complètes (travail, compétences ou conditions décrits) 1",
    ]
    assert "MET.12.md (fiches métiers en Markdown : 1)" in lines
    assert "Niveau d'accès minimum 1 100,0 % ████████████████████" in lines
    assert "Domaines 0 0,0 %" in lines
    assert "\x1b" not in done.stdout


def test_the_figures_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(shown(capsys, *SEED, "catalogue", "stats", "--json"))
    assert list(found) == [
        "fiches", "fiches_longues", "fiches_courtes", "noms_seuls", "sources", "sources_lues",
        "champs", "champs_manquants", "formations", "formations_decrites",
        "formations_recommandees", "formations_sans_description", "appellations", "desaccords",
        "niveaux", "statuts", "centres_interet", "domaines", "secteurs",
    ]  # fmt: skip
    count = len(load_catalogue([SEEDS]))
    assert found["fiches"] == found["fiches_longues"] + found["fiches_courtes"] == count
    assert sum(found["sources"].values()) == count
    assert all("(ODbL)" in source for source in found["sources"])
    assert list(found["champs"]) == list(FICHE_FIELDS)
    assert found["champs"]["summary"] == sum(found["niveaux"].values()) == count
    assert list(found["sources_lues"][0]) == [
        "name", "kind", "dataset", "licence", "date", "records"
    ]  # fmt: skip
    assert sum(source["records"] for source in found["sources_lues"]) == count


def test_what_is_missing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, *SEED, "catalogue", "stats")
    missing = out.split("Ce qui manque le plus")[1].split("\n\n")[0]
    assert "Autres appellations" in missing
    assert "Aucune source lue ne donne : Domaines" in missing
    assert "Présentation" not in missing


def test_the_figures_hold_on_a_narrow_screen() -> None:
    found = statistics_of(load_catalogue([SEEDS]))
    wide, narrow = (
        statistics_lines(
            found, command_words(), Screen(width=width, style=Style(colours=False))
        )
        for width in (None, 50)
    )  # fmt: skip
    assert max(map(len, narrow)) <= 50 < max(map(len, wide))
    assert any("█" in line for line in wide)
    assert not any("█" in line for line in narrow)


def test_every_kind_of_source_and_field_has_its_words() -> None:
    keys = {f"source_kind_{kind.name}" for kind in KINDS}
    keys |= {f"label_field_{name}" for name in FICHE_FIELDS}
    assert {key for key in keys if key not in command_words()} == set()


# Showing


@pytest.mark.parametrize(
    "asked",
    [
        ["MET.7984"],
        ["met.7984"],
        ["MET_7984"],
        ["chargé/e de post-production"],
        ["CHARGEE DE POST PRODUCTION"],
        ["chargé", "de", "post-production"],
    ],
)
def test_a_fiche(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, *SEED, "catalogue", "show", *asked)
    assert out.startswith("chargé/e de post-production\nMET.7984\nFéminin : chargée de post-")
    for text in ("telle est la mission", "Après le bac : 2 ans", "(FOR.5707)", "ODbL"):
        assert text in out


def test_a_fiche_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    fiche = json.loads(shown(capsys, *SEED, "catalogue", "show", "--json", "MET.7984"))
    assert fiche["id"] == "MET.7984"
    assert fiche["title"]["feminine"] == "chargée de post-production"
    assert fiche["conflicts"] == []


@pytest.mark.parametrize("asked", ["MET.1", "FOR.999999", "", "zzzz"])
def test_what_is_not_there(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEED, "catalogue", "show", asked]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"l'identifiant ou le nom « {asked} »" in err


def test_names_that_are_close(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEED, "catalogue", "show", "chargé de posproduction"]) == 2
    assert "MET.7984  chargé/e de post-production" in capsys.readouterr().err


def test_a_name_of_several_fiches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, name in ((1, "veilleur"), (2, "veilleuse"), (3, "guetteur")):
        other = "" if number == 3 else "\n## Autres appellations\n\n### guetteur de nuit\n"
        (tmp_path / f"{number}.md").write_text(
            f"# {name}\n**ID:** MET.{number}\n{other}\n## Présentation\n\nIl veille.\n"
        )
    source = ["--catalogue", str(tmp_path), "catalogue", "show"]
    assert main([*source, "guetteur de nuit"]) == 2
    assert "plusieurs fiches" in (err := capsys.readouterr().err)
    assert "MET.1  veilleur\n  MET.2  veilleuse" in err
    # A title comes before the other names.
    assert "MET.3" in shown(capsys, *source, "guetteur")


def test_a_formation(formations: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, *formations, "catalogue", "show", "for.5707")
    assert out.startswith("BTS audiovisuel\nFOR.5707\nType de formation : brevet de technicien")
    for text in ("Durée : 2 ans", "Niveau de sortie : bac + 2", "- chargé/e de post-production (MET.7984)"):  # fmt: skip
        assert text in out
    assert out == shown(capsys, *formations, "catalogue", "show", "bts audiovisuel")
    # The fiche that recommends it says what its source knows of it.
    assert "(FOR.5707), bac + 2, 2 ans" in shown(
        capsys, *formations, "catalogue", "show", "MET.7984"
    )


def test_a_formation_in_json(formations: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(shown(capsys, *formations, "catalogue", "show", "FOR.5707", "--json"))
    assert (found["label"], found["niveau_sortie"]) == ("BTS audiovisuel", "bac + 2")
    assert found["described"] is True
    assert {"id": "MET.7984", "name": "chargé/e de post-production"} in found["recommended_by"]


def test_a_formation_that_nothing_describes(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, *SEED, "catalogue", "show", "FOR.5707")
    assert "aucune source lue ne la décrit" in out
    assert "- chargé/e de post-production (MET.7984)" in out
    found = json.loads(shown(capsys, *SEED, "catalogue", "show", "FOR.5707", "--json"))
    assert list(found) == ["id", "label", "described", "recommended_by"]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_real_catalogue_can_be_shown(
    form: list[str], onisep: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = [
        "--catalogue",
        str(onisep / "fiches-md"),
        "--catalogue",
        str(onisep / "metiers.json"),
    ]
    assert json.loads(shown(capsys, *sources, "catalogue", "stats", "--json"))["fiches"] > 800
    assert "MET.656" in shown(capsys, *sources, "catalogue", "show", "MET.656", *form)
    # The two sources name different codes for this one.
    assert "M1805" in shown(capsys, *sources, "catalogue", "show", "MET.490", *form)


# Fitting the screen


def test_text_fits_its_width() -> None:
    assert shortened("un  texte\nlong", None) == "un texte long"
    assert shortened("un texte long", 9) == "un texte…"
    assert wrapped("abc def\n\nghi", 5, indent=" ") == [" abc", " def", "", " ghi"]
    assert wrapped("abc def", None, indent=" ") == [" abc def"]
    assert wrapped("voir « ici » : oui", 9) == ["voir", "«\u00a0ici\u00a0»\u00a0:", "oui"]


def test_bars_and_numbers() -> None:
    assert bar(0.5, encoding="utf-8") == "█" * 10
    assert bar(0.5, encoding="latin-1") == bar(0.5, encoding=None) == "#" * 10
    assert (bar(0, encoding="utf-8"), bar(0.001, encoding="utf-8")) == ("", "█")
    assert (french_date("2026-02-10"), french_date("printemps")) == ("10/02/2026", "printemps")
    assert grouped(1234567) == "1\u00a0234\u00a0567"
