"""A small copy of `intents/` that a test may spoil, and what a check finds in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.evaluation.checks.finding import Finding
from bot.evaluation.checks.intents_folder import IntentsFolder, read_folder
from tests.conftest import INTENTS

__all__ = ["Found", "append", "copied", "found", "line_of", "replace", "written"]

# Lines that are kept of the longest files: something of everything, and quick to read.
_KEPT = {
    "nlu/*.yml": 14,
    "lookup/word_classes.yml": 200,
    "synonyms/recherche_*.yml": 60,
    "synonyms/travail.yml": 60,
    "synonyms/metiers.yml": 60,
    "synonyms/formations.yml": 60,
    "synonyms/domaines.yml": 60,
}
Found = tuple[str, str, int | None, bool]


def copied(folder: Path) -> Path:
    """Copy `intents/`, with the first lines only of the files of examples and words."""
    copy = folder / "intents"
    shutil.copytree(INTENTS, copy)
    for pattern, kept in _KEPT.items():
        for path in copy.glob(pattern):
            lines = path.read_text("utf-8").split("\n")[:kept]
            while not lines[-1].startswith("    - "):
                lines.pop()  # the start of an entry without its lines
            path.write_text("\n".join(lines) + "\n", "utf-8")
    return copy


def written(intents: Path, name: str, text: str) -> Path:
    """Write a file of `intents/`, such as `nlu/zz.yml`."""
    path = intents / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def append(intents: Path, name: str, text: str) -> Path:
    """Add lines at the end of a file."""
    path = intents / name
    return written(intents, name, path.read_text("utf-8") + text)


def replace(intents: Path, name: str, before: str, after: str) -> Path:
    """Replace a text of a file; it must be there."""
    path = intents / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    """The line of a file that is this text, from 1."""
    return path.read_text("utf-8").split("\n").index(text) + 1


def found(check: Callable[[IntentsFolder], Iterable[Finding]], intents: Path) -> list[Found]:
    """What a check finds: key, name of the file, line, and whether it is an error."""
    folder, _ = read_folder(intents)
    return [(f.problem.key, f.problem.path.name, f.problem.line, f.is_error) for f in check(folder)]
