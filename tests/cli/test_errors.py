"""What goes wrong reaches the person as one French line for each thing, and a status."""

from __future__ import annotations

import ast
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalogue.loading import load_catalogue
from bot.cli import catalogue_stats as catalogue_command
from bot.cli.main import main
from bot.cli.words import command_words, error_lines
from bot.errors import BaliseError, ConfigurationError, IntentsError, Problem, StoreError
from tests.cli.command import BALISE, balise, environment
from tests.conftest import ROOT


def one_line(done: subprocess.CompletedProcess[str], status: int) -> str:
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_catalogue_that_is_not_there(tmp_path: Path, model_cache: Path) -> None:
    absent = tmp_path / "absent"
    said = one_line(balise(model_cache, "--catalogue", str(absent), "ask", "salaire ?"), 2)
    assert said.startswith(f"Le chemin « {absent} » n'existe pas.")


def test_every_wrong_source_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = [str(tmp_path / name) for name in ("un", "deux", "trois")]
    arguments = ["--catalogue", sources[0], "catalogue", "--catalogue", sources[1]]
    assert main([*arguments, "stats", "--catalogue", sources[2]]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [path for path in sources if any(path in line for line in lines)] == sources
    assert len(lines) == 3


def test_intents_that_are_not_there(tmp_path: Path, model_cache: Path) -> None:
    done = balise(model_cache, "ask", "bonjour", BALISE_INTENTS=str(tmp_path / "absent"))
    assert "absent" in one_line(done, 2)


def test_intents_that_cannot_be_read(tmp_path: Path, model_cache: Path) -> None:
    nlu = tmp_path / "nlu"
    nlu.mkdir()
    (nlu / "etudes.yml").write_bytes(b"\xff\xfe not text")
    done = balise(model_cache, "ask", "bonjour", BALISE_INTENTS=str(tmp_path))
    said = one_line(done, 2)
    assert f"« {nlu / 'etudes.yml'} » ne peut pas être lu" in said


def test_intents_that_are_not_yaml(tmp_path: Path, model_cache: Path) -> None:
    nlu = tmp_path / "nlu"
    nlu.mkdir()
    (nlu / "etudes.yml").write_text('version: "3.1"\nnlu:\n- intent: [etudes\n', "utf-8")
    done = balise(model_cache, "ask", "bonjour", BALISE_INTENTS=str(tmp_path))
    said = one_line(done, 2)
    assert "etudes.yml" in said
    assert "ce YAML est mal formé" in said


def test_a_port_that_is_no_number(model_cache: Path) -> None:
    said = one_line(balise(model_cache, "ask", "bonjour", BALISE_PORT="abc"), 2)
    assert "BALISE_PORT=abc" in said


def test_a_state_that_is_no_database(tmp_path: Path, model_cache: Path) -> None:
    state = tmp_path / "state"
    state.write_text("this is a letter, not a database, " * 50, "utf-8")
    done = balise(model_cache, "serve", "--port", "0", BALISE_STATE=str(state))
    said = one_line(done, 2)
    assert str(state) in said
    assert "BALISE_STATE" in said


@pytest.mark.parametrize("command", ["serve", "actions"])
def test_a_port_in_use(command: str, model_cache: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = one_line(balise(model_cache, command, "--port", str(port)), 2)
    assert f"127.0.0.1:{port} est déjà utilisée" in said


def test_an_address_of_another_machine(model_cache: Path) -> None:
    said = one_line(balise(model_cache, "serve", "--host", "192.0.2.1"), 2)
    assert "192.0.2.1:5005 ne peut pas être écoutée" in said


def test_an_error_of_ours_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(catalogue_command, "load_catalogue", fail)
    assert main(["catalogue", "stats"]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert "ZeroDivisionError" in err
    assert "--debug" in err
    assert "secret words" not in err
    assert err.count("\n") == 1
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "catalogue", "stats"])


def test_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue_command, "load_catalogue", interrupt)
    assert main(["catalogue", "stats"]) == 130


def test_nobody_reads_the_output(model_cache: Path) -> None:
    process = subprocess.Popen(
        [*BALISE, "catalogue", "show", "MET.7984"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(model_cache),
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_a_terminal_that_has_no_accents(model_cache: Path) -> None:
    done = balise(
        model_cache, "catalogue", "show", "MET.7984", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    assert done.returncode == 0
    assert "charg?/e de post-production" in done.stdout


def keys_of_errors() -> Iterator[tuple[str, str]]:
    """Yield every key that the code gives to a problem or to a configuration error."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                given = [k.value for k in node.keywords if name == "Problem" and k.arg == "key"]
                given += node.args[:1] if name == "ConfigurationError" else []
                for value in given:
                    if isinstance(value, ast.Constant):
                        yield path.name, str(value.value)


def test_every_error_has_its_french_sentence() -> None:
    keys = list(keys_of_errors())
    assert len(keys) > 25
    assert [key for key in keys if f"error_{key[1]}" not in command_words()] == []


@pytest.mark.parametrize(
    "error",
    [
        ConfigurationError("of another day", "detail"),
        IntentsError(Problem(path=Path("a.yml"), key="of another day", detail="detail")),
        StoreError("detail"),
        BaliseError("detail"),
    ],
)
def test_an_error_without_its_own_sentence_is_still_said(error: BaliseError) -> None:
    (line,) = error_lines(error, command_words())
    assert "detail" in line


def test_a_catalogue_error_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "fiche.md").write_text("# a\n**ID:** 12\n", "utf-8")
    with pytest.raises(BaliseError) as raised:
        load_catalogue([tmp_path])
    (line,) = error_lines(raised.value, command_words())
    assert line.startswith(f"« {tmp_path / 'fiche.md'} », ligne 2")
