"""`balise catalogue validate`: what it prints, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.catalogue.finding import KINDS
from bot.cli.main import main
from bot.cli.words import command_words
from tests.conftest import SEEDS

Capture = pytest.CaptureFixture[str]

FICHE = """# {name}
**ID:** MET.{number}

**Appellations:**
- Féminin: f{number}
- Masculin: m{number}

## Présentation

{name}, {text} : une présentation qui est assez longue pour ne pas étonner.

## En bref

{name}, {text} : un résumé qui est assez long lui aussi pour ne pas étonner.

### Durée des études
## Après le bac
2 ans.

**Niveau d'accès minimum:** {niveau}
"""


def write(folder: Path, count: int, *, text: str = "texte", niveau: str = "bac + 2") -> list[str]:
    for number in range(1, count + 1):
        fiche = FICHE.format(name=f"métier {number}", number=number, text=text, niveau=niveau)
        (folder / f"{number}.md").write_text(fiche, encoding="utf-8")
    return ["--catalogue", str(folder), "catalogue", "validate"]


def test_every_kind_has_its_sentences() -> None:
    keys = {key for kind in KINDS for key in (f"finding_{kind}", f"finding_{kind}_remedy")}
    assert {key for key in keys if key not in command_words()} == set()


def test_the_seeds_have_no_error(capsys: Capture) -> None:
    assert main(["--catalogue", str(SEEDS), "catalogue", "validate"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "Erreurs : 0 ; avertissements : 0" in out
    assert "Les formations recommandées n'ont pas été contrôlées" in out


def test_an_error_is_told_with_its_remedy(tmp_path: Path, capsys: Capture) -> None:
    assert main(write(tmp_path, 1, text="mÃ©tier")) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Erreurs"
    assert lines[2].strip() == "Lettres abîmées par un mauvais encodage : 2"
    assert "UTF-8" in lines[3]
    assert lines[4].strip().startswith("MET.1 métier 1, Présentation : ")
    assert "mÃ©tier" in lines[4]
    assert lines[-2:] == [
        "Contrôle terminé. Métiers : 1 ; formations : 0.",
        "Erreurs : 2 ; avertissements : 0 ; remarques : 1.",
    ]


def test_warnings_alone_are_no_failure(tmp_path: Path, capsys: Capture) -> None:
    assert main(write(tmp_path, 1, niveau="bac plus deux")) == 0
    assert "Niveau d'accès inconnu : 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("count", "more"), [(10, ""), (11, "et 1 autre (--all"), (13, "et 3 autres (--all")]
)
def test_ten_of_each_kind(count: int, more: str, tmp_path: Path, capsys: Capture) -> None:
    command = write(tmp_path, count, niveau="bac plus deux")
    assert main(command) == 0
    out = capsys.readouterr().out
    assert out.count("bac plus deux") == 10
    assert ("--all" in out) == bool(more)
    assert more in out
    assert main([*command, "--all"]) == 0
    out = capsys.readouterr().out
    assert out.count("bac plus deux") == count
    assert "--all" not in out


def test_the_findings_in_json(tmp_path: Path, capsys: Capture) -> None:
    assert main([*write(tmp_path, 12, niveau="bac plus deux"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in ("fiches", "formations", "errors", "warnings", "notes")} == {
        "fiches": 12, "formations": 0, "errors": 0, "warnings": 12, "notes": 1,
    }  # fmt: skip
    assert len(found["findings"]) == 13
    first = found["findings"][0]
    assert first == {
        "id": "MET.1",
        "name": "métier 1",
        "severity": "warning",
        "kind": "niveau_unknown",
        "field": "niveau_min",
        "detail": "bac plus deux",
        "what": command_words().say("finding_niveau_unknown"),
        "remedy": command_words().say("finding_niveau_unknown_remedy"),
    }


def test_labels_are_checked_against_those_of_the_intents(tmp_path: Path, capsys: Capture) -> None:
    command = write(tmp_path, 1)
    fiche = tmp_path / "1.md"
    fiche.write_text(fiche.read_text() + "\n**Statuts possibles:**\n- salarié\n- aventurier\n")
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "Libellé hors des listes connues : 1" in out
    assert "MET.1 métier 1, Statuts possibles : aventurier" in out


def test_what_cannot_be_read_is_bad_usage(tmp_path: Path, capsys: Capture) -> None:
    assert main(["--catalogue", str(tmp_path / "absent"), "catalogue", "validate"]) == 2
    assert "n'existe pas" in capsys.readouterr().err
