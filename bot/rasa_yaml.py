"""Reads the Rasa 3.1 YAML files of `intents/`, keeping the line of every entry.

Only the shape common to all of them is checked here: a mapping with `version: "3.1"` and
lists of entries. What the entries mean is the business of the modules that ask for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import IntentsError, Problem

__all__ = ["Entry", "Line", "read_entries", "read_mapping", "yaml_files"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One `- text` line of an `examples: |` block, with its 1-based line in the file."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of an `nlu:` list: `- intent: etudes` gives kind `intent`, name `etudes`."""

    kind: str
    name: str
    lines: tuple[Line, ...]
    path: Path
    line: int


def yaml_files(folder: Path) -> list[Path]:
    """List the YAML files of a folder by name; an absent folder holds none."""
    return sorted(folder.glob("*.yml"))


def read_mapping(path: Path) -> dict[str, object]:
    """Read a YAML file whose top is a mapping.

    Raises:
        IntentsError: the file cannot be read, is not YAML, or is not a mapping.
    """
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise IntentsError(Problem(path=path, key="unreadable", detail=str(error))) from error
    except yaml.YAMLError as error:
        raise IntentsError(_yaml_problem(path, error)) from error
    if not isinstance(value, dict):
        raise IntentsError(Problem(path=path, key="not_a_mapping", line=1))
    return {str(key): item for key, item in value.items()}


def read_entries(path: Path) -> tuple[Entry, ...]:
    """Read the entries of the `nlu:` list of a file, in order.

    Raises:
        IntentsError: the file is not YAML, or an entry has not the shape
            `- <kind>: <name>` with an `examples: |` block of `- ` lines.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            root = yaml.compose(stream, Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise IntentsError(Problem(path=path, key="unreadable", detail=str(error))) from error
    except yaml.YAMLError as error:
        raise IntentsError(_yaml_problem(path, error)) from error
    problems: list[Problem] = []
    entries = tuple(_entries(path, root, problems))
    if problems:
        raise IntentsError(*problems)
    return entries


def _yaml_problem(path: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else None
    return Problem(path=path, key="bad_yaml", line=line, detail=getattr(error, "problem", "") or "")


def _entries(path: Path, root: yaml.Node | None, problems: list[Problem]) -> Iterator[Entry]:
    listed = _child(root, "nlu")
    if not isinstance(listed, yaml.SequenceNode):
        problems.append(Problem(path=path, key="no_nlu_list", line=1, field="nlu"))
        return
    for node in listed.value:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode) or not node.value:
            problems.append(Problem(path=path, key="bad_entry", line=line, field="nlu"))
            continue
        kind, name = node.value[0]
        examples = _child(node, "examples")
        if not isinstance(examples, yaml.ScalarNode) or not isinstance(name, yaml.ScalarNode):
            problems.append(Problem(path=path, key="bad_entry", line=line, field="examples"))
            continue
        lines = tuple(_lines(path, examples, problems))
        yield Entry(kind=kind.value, name=name.value, lines=lines, path=path, line=line)


def _lines(path: Path, node: yaml.ScalarNode, problems: list[Problem]) -> Iterator[Line]:
    # In a block scalar (`|`) the text starts on the line after the indicator.
    first = node.start_mark.line + 2
    for offset, raw in enumerate(node.value.split("\n")):
        text = raw.strip()
        if text.startswith("- "):
            yield Line(text=text[2:].strip(), line=first + offset)
        elif text and not text.startswith("#"):
            problems.append(
                Problem(path=path, key="bad_example", line=first + offset, detail=text[:60])
            )


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)
