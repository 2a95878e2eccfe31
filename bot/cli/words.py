"""The French words of the command line, read before anything else.

They come from the `intents/` that ships with the code, whatever folder `BALISE_INTENTS` names:
the command line must be able to say in French that this folder is wrong.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.answers.wording import Wording
from bot.errors import (
    BaliseError,
    ConfigurationError,
    DownloadError,
    FileError,
    IntentsError,
    Problem,
    StoreError,
)
from bot.rasa_yaml import read_mapping, yaml_files
from bot.settings import packaged_folder

__all__ = ["command_words", "error_lines", "problem_line"]


@lru_cache(maxsize=1)
def command_words() -> Wording:
    """Return the packaged responses: those of the files that can be read.

    A file that an editor has just broken must not take the others along: it is named later, by
    whoever needs it.
    """
    texts: dict[str, tuple[str, ...]] = {}
    for path in yaml_files(packaged_folder("intents") / "responses"):
        texts |= _texts(path)
    return Wording(texts, {})


def error_lines(error: BaliseError, words: Wording) -> list[str]:
    """Say an error, one French line for each thing that is wrong."""
    match error:
        case FileError():
            return [problem_line(problem, words) for problem in error.problems]
        case ConfigurationError():
            key = f"error_{error.key}"
            if key not in words:
                key = "error_configuration"
            return [words.say(key, detail=error.detail, name=error.key)]
        case DownloadError():
            return [words.say(f"error_{error.key}", dataset=error.dataset, detail=error.detail)]
        case StoreError():
            return [words.say("error_store", detail=error)]
        case _:
            return [words.say("error_other", detail=error)]


def problem_line(problem: Problem, words: Wording) -> str:
    """Say one problem of a file: where, what, and what to do."""
    path = _shown(problem.path)
    place = words.say(
        "error_place_line" if problem.line else "error_place", path=path, line=problem.line
    )
    key = f"error_{problem.key}"
    if key not in words:
        key = "error_file"
    return words.say(
        key,
        place=place,
        name=problem.key,
        path=path,
        line=problem.line,
        field=problem.field or "",
        detail=problem.detail,
    )


def _shown(path: Path) -> Path:
    """Shorten a path that is under the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _texts(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        responses = read_mapping(path).get("responses")
    except IntentsError:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name, variants in responses.items() if isinstance(responses, dict) else ():
        if isinstance(variants, list):
            texts = (item.get("text") for item in variants if isinstance(item, dict))
            found[str(name).removeprefix("utter_")] = tuple(t for t in texts if isinstance(t, str))
    return found
