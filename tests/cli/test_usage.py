"""Help and bad usage: French everywhere, one line, status 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli.main import COMMANDS, main
from tests.cli.command import balise

# What argparse says by itself.
ENGLISH = re.compile(
    r"usage:|options:|arguments:|\b(positional|optional|show (this|program)|error|invalid|expected"
    r"|required|choose|unrecognized|help message)\b",
    re.IGNORECASE,
)


def test_the_help_of_balise(tmp_path: Path) -> None:
    done = balise(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("utilisation : balise")
    for name in COMMANDS:
        assert re.search(rf"^    {name} ", done.stdout, re.MULTILINE), name
    assert not ENGLISH.search(done.stdout)


@pytest.mark.parametrize("command", [*COMMANDS, "catalogue stats", "catalogue show"])
def test_the_help_of_each_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith(f"utilisation : balise {command} ")
    assert "--catalogue CHEMIN" in out
    assert "afficher cette aide" in out
    assert not ENGLISH.search(out)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"balise \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "balise : il manque COMMANDE (aide : balise --help)"),
        ("--foo", "balise : option inconnue : --foo (aide : balise --help)"),
        ("validate --foo", "balise validate : option inconnue : --foo (aide"),
        ("--foo validate", "balise validate : option inconnue : --foo (aide"),
        ("validate trop", "balise validate : argument en trop : trop (aide"),
        (
            "valider",
            "« valider » n'est pas un choix possible pour COMMANDE ; les choix sont : ask,",
        ),
        ("catalogue", "balise catalogue : il manque COMMANDE"),
        ("catalogue shwo", "« shwo » n'est pas un choix possible"),
        ("catalogue show", "balise catalogue show : il manque ID"),
        ("ask", "balise ask : il manque QUESTION"),
        ("ask --catalogue", "balise ask : il manque une valeur après --catalogue"),
        ("ask --json=1 bonjour", "balise ask : --json ne prend pas de valeur (« 1 » est en trop)"),
        ("ask --jso bonjour", "balise ask : option inconnue : --jso"),
        ("actions --port abc", "--port : « abc » n'est pas un nombre entier entre 1 et 65535"),
        ("serve --port 70000", "--port : « 70000 » n'est pas un nombre entier entre 0 et 65535"),
        ("serve --threads 0", "--threads : « 0 » n'est pas un nombre entier entre 1 et 256"),
        ("serve --port -1", "--port : « -1 » n'est pas un nombre entier entre 0 et 65535"),
        ("evaluate", "balise evaluate : il manque FICHIER"),
        ("test --named seul", "balise test : --named : "),
    ],
)
def test_bad_usage_is_one_french_line(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert not ENGLISH.search(err)


def test_bad_usage_in_a_process(tmp_path: Path) -> None:
    done = balise(tmp_path, "--trouver")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "balise : option inconnue : --trouver (aide : balise --help)\n"
