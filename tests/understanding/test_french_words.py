"""The words of French, from the library and from the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.understanding.french_words import french_words


def test_common_words_are_there_without_accents() -> None:
    words = french_words(None)
    assert len(words) > 100_000
    assert {"grenier", "lampadaire", "bouche", "ecole"} <= words
    assert not {"", "école", "chofagiste", "infimiere"} & words


def test_the_cache_gives_the_same_words(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = french_words(cache)
    (kept,) = cache.iterdir()
    assert french_words(cache) == first == french_words(None)
    kept.write_bytes(b"\xff\xfe")
    assert french_words(cache) == first


def test_an_unwritable_cache_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "grenier" in french_words(tmp_path / "file")


@pytest.mark.parametrize("word", ["grenier", "lampadaire", "grammes", "barbare", "confisquer"])
def test_a_french_word_is_no_misspelt_job(onisep_assistant: Assistant, word: str) -> None:
    assert onisep_assistant.interpret(f"quel salaire dans le {word}").all("metier") == ()


@pytest.mark.parametrize("word", ["chofagiste", "boulangé", "infimière", "coifeuse"])
def test_a_misspelt_job_is_still_found(onisep_assistant: Assistant, word: str) -> None:
    assert onisep_assistant.interpret(f"quel salaire {word}").all("metier")
