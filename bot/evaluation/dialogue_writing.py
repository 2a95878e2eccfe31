"""Writes dialogues the way their files are written: a line per turn, its expectations on the next.

What is written is read back before a file is touched: a mistake here must never cost somebody
their dialogues.
"""

from __future__ import annotations

import dataclasses
import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

from bot.answers.answer import Answer
from bot.errors import FileError, Problem
from bot.evaluation.dialogue_file import Dialogue, Expectation, ScriptedTurn

__all__ = [
    "check_writable",
    "dialogue_text",
    "expectation_fields",
    "flow",
    "replace_text",
    "said_expectation",
    "without_lines",
]

_NEW_FILE_MODE = 0o644


def said_expectation(answer: Answer) -> Expectation:
    """Return what an answer is, as an expectation: everything that the format can say exactly."""
    return Expectation(
        intent=answer.intent,
        metiers=answer.metiers,
        kinds=(answer.kind,),
        buttons=tuple(button.title for button in answer.buttons if button.title.strip()),
        source=answer.sources[0].id if answer.sources else None,
        missing=answer.missing,
    )


def dialogue_text(dialogue: Dialogue, *, indent: int = 0) -> str:
    """Return the lines of a dialogue, as an item of a list that is `indent` columns in."""
    lines = [f"- {_line('dialogue', dialogue.name)}"]
    if dialogue.catalogue:
        lines.append(f"  {_line('catalogue', dialogue.catalogue)}")
    lines.append("  turns:")
    for turn in dialogue.turns:
        lines += [f"  {line}" for line in _turn_lines(turn)]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _turn_lines(turn: ScriptedTurn) -> Iterator[str]:
    yield f"- {_line('press' if turn.is_press else 'user', turn.text)}"
    expected = dict(expectation_fields(turn.expect))
    if expected:
        yield "  expect: {" + ", ".join(f"{key}: {flow(v)}" for key, v in expected.items()) + "}"


def expectation_fields(expect: Expectation) -> Iterator[tuple[str, str | Sequence[str]]]:
    """Yield the keys of the format that an expectation has, in its order, with their values."""
    if expect.intent is not None:
        yield "intent", expect.intent
    if expect.metiers is not None:
        yield "metiers", expect.metiers
    if expect.kinds is not None:
        kinds = tuple(kind.value for kind in expect.kinds)
        yield "kind", kinds[0] if len(kinds) == 1 else kinds
    for key, words in (
        ("contains", expect.contains),
        ("not_contains", expect.excludes),
        ("buttons", expect.buttons),
    ):
        if words:
            yield key, words
    if expect.source is not None:
        yield "source", expect.source
    if expect.missing is not None:
        yield "missing", expect.missing


class _Dumper(yaml.SafeDumper):
    """Keeps a text on one line, whatever ends of lines are in it."""


def _one_line(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if text.splitlines() == [text] else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _one_line)


def flow(value: str | Sequence[str]) -> str:
    """Write a text, or a list of them, as YAML on one line that may stand between braces."""
    # The list keeps the emitter between brackets, where more texts need quotes.
    return _dumped([value if isinstance(value, str) else list(value)], is_flow=True)[1:-1]


def _line(key: str, text: str) -> str:
    return _dumped({key: text}, is_flow=False)


def _dumped(value: object, *, is_flow: bool) -> str:
    written: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=is_flow, allow_unicode=True, width=float("inf")
    )
    return written.removesuffix("\n")


def without_lines(dialogues: Iterable[Dialogue]) -> tuple[Dialogue, ...]:
    """Return dialogues that differ by what they say alone, not by where it is written."""
    return tuple(
        dataclasses.replace(
            dialogue,
            line=0,
            turns=tuple(dataclasses.replace(turn, line=0) for turn in dialogue.turns),
        )
        for dialogue in dialogues
    )


def check_writable(path: Path) -> None:
    """Make sure, as far as can be told without writing, that `replace_text` can write a file.

    Raises:
        FileError: it is not a file, its folder does not exist, or neither may be written.
    """
    with _told(path):
        # A device or a pipe would be replaced by a file.
        if path.exists() and not path.is_file():
            raise FileError(Problem(path=path, key="written_not_a_file"))
        if not path.parent.is_dir():
            raise FileError(Problem(path=path, key="written_no_folder", detail=str(path.parent)))
        if not all(os.access(place, os.W_OK) for place in (path.parent, path) if place.exists()):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def replace_text(path: Path, text: str) -> None:
    """Write a file, at once: on an error the former one is untouched.

    Raises:
        FileError: it cannot be written.
    """
    check_writable(path)
    with _told(path):
        target = path.resolve()  # a link stays a link
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
            temporary.chmod(_NEW_FILE_MODE)
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system says of a file into an error of ours."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        # ValueError: a NUL in the path; RuntimeError: links that turn in circles.
        detail = error.strerror if isinstance(error, OSError) else str(error)
        raise FileError(Problem(path=path, key="not_writable", detail=detail or "")) from error
