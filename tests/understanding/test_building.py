"""Building the interpreter: the trained model is kept, and trained anew when it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import IntentsError
from bot.understanding import building
from bot.understanding.building import build_interpreter
from tests.conftest import INTENTS
from tests.understanding.small_catalogue import small_catalogue


@pytest.fixture
def intents(tmp_path: Path) -> Path:
    """A small `intents/`: two files of the real one."""
    folder = tmp_path / "intents"
    (folder / "nlu").mkdir(parents=True)
    for name in ("salutation", "suite"):
        text = (INTENTS / "nlu" / f"{name}.yml").read_text("utf-8")
        (folder / "nlu" / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def understood(intents: Path, cache: Path | None, text: str = "bonjour") -> str:
    return build_interpreter(intents, small_catalogue(), cache=cache).interpret(text).intent.name


def refuse(*_: object) -> None:
    raise AssertionError("the model was trained again")


def models(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.glob("intents-*.npz"))


def test_the_model_is_trained_once(
    intents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    assert understood(intents, cache) == "salutation"
    assert len(models(cache)) == 1
    monkeypatch.setattr(building, "train_model", refuse)
    assert understood(intents, cache) == "salutation"


def test_an_example_more_trains_anew(intents: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    understood(intents, cache)
    with (intents / "nlu" / "suite.yml").open("a", encoding="utf-8") as file:
        file.writelines(f"    - {word} zorglub zorglub\n" for word in ("encore", "un", "bon", "le"))
    assert understood(intents, cache, "zorglub zorglub") == "suite"
    assert len(models(cache)) == 2


def test_a_response_changes_nothing_of_the_model(intents: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    understood(intents, cache)
    (intents / "responses").mkdir()
    (intents / "responses" / "a.yml").write_text("responses: {}\n", encoding="utf-8")
    understood(intents, cache)
    assert len(models(cache)) == 1


@pytest.mark.parametrize("content", [b"", b"rien", b"PK\x03\x04"])
def test_a_damaged_model_is_trained_anew(intents: Path, tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "cache"
    understood(intents, cache)
    (path,) = cache.glob("intents-*.npz")
    whole = path.read_bytes()
    path.write_bytes(content)
    assert understood(intents, cache) == "salutation"
    assert path.stat().st_size == len(whole)


def test_no_cache_and_a_cache_that_cannot_be_written(intents: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "cache"
    blocked.write_text("un fichier à la place du dossier")
    assert understood(intents, None) == "salutation"
    assert understood(intents, blocked) == "salutation"


def test_a_folder_without_examples(tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match="no_examples"):
        build_interpreter(tmp_path, small_catalogue(), cache=None)


def test_a_wrong_synonym_file(intents: Path) -> None:
    (intents / "synonyms").mkdir()
    path = intents / "synonyms" / "niveaux.yml"
    path.write_text("nlu: rien\n", encoding="utf-8")
    with pytest.raises(IntentsError) as caught:
        build_interpreter(intents, small_catalogue(), cache=None)
    assert caught.value.problems[0].path == path
