"""`balise catalogue search`: words, criteria, what is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from tests.conftest import SEEDS

SEARCH = ["--catalogue", str(SEEDS), "catalogue", "search"]
Capture = pytest.CaptureFixture[str]


def found(capsys: Capture, *arguments: str) -> dict[str, Any]:
    """What a search that finds something prints as JSON."""
    assert main([*SEARCH, "--json", *arguments]) == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def said(capsys: Capture, status: int, *arguments: str) -> tuple[str, str]:
    assert main([*SEARCH, *arguments]) == status
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_words(capsys: Capture) -> None:
    out, err = said(capsys, 0, "soigner", "les", "animaux", "--limit", "2")
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "Recherche : « soigner les animaux »"
    assert "répond" in lines[1]
    assert [line[:3] for line in lines[3:7:2]] == ["1  ", "2  "]
    assert any("MET.171  vétérinaire – bac + " in line for line in lines[3:7:2])
    assert lines[4].startswith("   ")
    assert "--limit en montre plus" not in out
    out, _ = said(capsys, 0, "soigner", "les", "animaux", "--limit", "1")
    assert "--limit en montre plus" in out.splitlines()[-1]


def test_the_shape_of_the_json(capsys: Capture) -> None:
    value = found(capsys, "animaux", "--niveau", "bac+5", "--limit", "1")
    assert list(value) == ["words", "criteria", "total", "exact", "near", "results"]
    assert value["criteria"]["niveau"] == "bac+5"
    assert value["total"] == value["exact"] + value["near"]
    assert list(value["results"][0]) == ["rank", "id", "name", "niveau_min", "snippet", "exact"]
    assert len(value["results"]) == 1


@pytest.mark.parametrize(
    ("option", "label"),
    [
        (["--niveau", "CAP"], {"niveau": "CAP", "niveau_rule": "max"}),
        (["--niveau", "bac + 2", "--exact"], {"niveau": "bac + 2", "niveau_rule": "equal"}),
        (["--niveau", "licence"], {"niveau": "bac+3"}),
        (["--statut", "Artisan"], {"statuts": ["artisan"]}),
        (["--statut", "freelance"], {"statuts": ["indépendant"]}),
        (["--statut", "artisan", "--statut", "militaire"], {"statuts": ["artisan", "militaire"]}),
        (["--interet", "j’aime la nature"], {"centres_interet": ["j'aime la nature"]}),
    ],
)
def test_criteria(option: list[str], label: dict[str, object], capsys: Capture) -> None:
    value = found(capsys, *option)
    assert {name: value["criteria"][name] for name in label} == label
    assert value["exact"] == value["total"] > 0


def test_a_level_is_the_highest_or_the_only_one(capsys: Capture) -> None:
    upto = found(capsys, "--niveau", "bac+2", "--limit", "1000")
    only = found(capsys, "--niveau", "bac+2", "--exact", "--limit", "1000")
    assert {one["niveau_min"] for one in only["results"]} == {"bac + 2"}
    assert 0 < only["total"] < upto["total"]
    assert {one["id"] for one in only["results"]} < {one["id"] for one in upto["results"]}


def test_jobs_that_come_near_are_told_apart(capsys: Capture) -> None:
    arguments = ("animaux", "--niveau", "cap", "--limit", "1000")
    value = found(capsys, *arguments)
    assert value["near"] > 0
    assert [one["exact"] for one in value["results"]] == (
        [True] * value["exact"] + [False] * value["near"]
    )
    out, _ = said(capsys, 0, *arguments)
    assert "Il manque un critère :" in out
    assert out.index("Il manque un critère") < out.index(value["results"][value["exact"]]["id"])
    assert "niveau CAP ou moins" in out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--niveau", "bac2"), "--niveau : « bac2 » n'est pas connu. Les plus proches : bac+2"),
        (("--statut", "fonctionaire"), "Les plus proches : fonctionnaire"),
        (("--domaine", "zzzz"), "--domaine : « zzzz » n'est pas connu"),
        ((), "Que chercher ?"),
        ((" ",), "Que chercher ?"),
        (("animaux", "--exact"), "--exact ne va qu'avec --niveau"),
        (("animaux", "--limit", "0"), "--limit"),
    ],
)
def test_what_cannot_be_searched(arguments: tuple[str, ...], text: str, capsys: Capture) -> None:
    out, err = said(capsys, 2, *arguments)
    assert out == ""
    assert text in err


def test_every_unknown_criterion_is_told(capsys: Capture) -> None:
    _, err = said(capsys, 2, "--niveau", "bac2", "--statut", "zzz", "--interet", "zzz")
    assert [line.split()[0] for line in err.splitlines()] == ["--statut", "--interet", "--niveau"]


def test_nothing_found(capsys: Capture) -> None:
    out, err = said(capsys, 3, "xqzt")
    assert "Rien trouvé." in out
    assert err == ""
    out, err = said(capsys, 3, "le la")
    assert "« le la » ne dit rien d'un métier" in err
    assert main([*SEARCH, "xqzt", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["results"] == []


def test_empty_words_beside_a_criterion_do_not_count(capsys: Capture) -> None:
    out, err = said(capsys, 0, "le la", "--statut", "militaire")
    assert "ne comptent pas" in err
    assert "MET." in out


def test_a_criterion_that_no_fiche_could_meet(capsys: Capture) -> None:
    out, _ = said(capsys, 3, "--domaine", "santé, social, sport")
    assert "--domaine ne peut rien trouver" in out


def test_names_alone_are_told_to_be_left_out(tmp_path: Path, capsys: Capture) -> None:
    table = tmp_path / "metiers.csv"
    table.write_text(
        "libellé métier;lien site onisep.fr;code ROME\n"
        "cartographe;https://www.onisep.fr/http/redirection/metier/slug/MET.31;M1808\n"
    )
    assert main(["--catalogue", str(table), "catalogue", "search", "cartographe"]) == 3
    assert "connus de nom seulement (1 ici)" in capsys.readouterr().out
