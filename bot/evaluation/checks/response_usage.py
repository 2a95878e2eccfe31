"""Which responses the code says, read from the code itself.

A response that is said but not written fails in front of a person; one that is written but
never said misleads the editor who words it. Both are found without running anything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ResponseUsage", "Said", "read_usage"]

_SAYING = frozenset({"say", "say_in_turn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A call that says a response by its literal key, and the blanks that it fills.

    `blanks` is None when the call passes a mapping whose names cannot be read.
    """

    key: str
    blanks: frozenset[str] | None
    path: Path
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseUsage:
    """What the code says: by literal key, and by keys made of a fixed and a variable part.

    `literals` are all the strings of the code: a key kept in a table or chosen by a condition
    is one of them. `patterns` are the f-strings, each with one group per variable part, and the
    beginnings of keys that are read together.
    """

    said: tuple[Said, ...]
    literals: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def uses(self, key: str, names: frozenset[str]) -> bool:
        """Whether a response may be said; `names` are words that fill a variable part."""
        return self._uses(key, self.literals | names, depth=2)

    def _uses(self, key: str, known: frozenset[str], *, depth: int) -> bool:
        if key in known:
            return True
        if depth == 0:
            return False
        matches = (pattern.fullmatch(key) for pattern in self.patterns)
        return any(
            all(self._uses(part, known, depth=depth - 1) for part in match.groups())
            for match in matches
            if match is not None
        )


def read_usage(folders: Iterable[Path]) -> ResponseUsage:
    """Read every Python file under some folders."""
    trees = [
        (path, ast.parse(path.read_bytes()))
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
    ]
    nodes = [(path, node) for path, tree in trees for node in ast.walk(tree)]
    strings = (n.value for _, n in nodes if isinstance(n, ast.Constant))
    return ResponseUsage(
        said=tuple(said for path, node in nodes for said in _said(path, node)),
        literals=frozenset(value for value in strings if isinstance(value, str)),
        patterns=tuple(
            pattern
            for _, node in nodes
            if (pattern := _pattern(node) or _beginning(node)) is not None
        ),
    )


def _said(path: Path, node: ast.AST) -> Iterator[Said]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return
    key = node.args[0]
    if node.func.attr not in _SAYING or not isinstance(key, ast.Constant):
        return
    names = [keyword.arg for keyword in node.keywords]
    blanks = None if None in names else frozenset(name for name in names if name)
    yield Said(key=str(key.value), blanks=blanks, path=path, line=node.lineno)


def _beginning(node: ast.AST) -> re.Pattern[str] | None:
    """Read `wording.starting("widget_")`: whatever begins so is said by another program."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return None
    start = node.args[0]
    if node.func.attr != "starting" or not isinstance(start, ast.Constant):
        return None
    return re.compile(re.escape(str(start.value)) + "[a-z0-9_]+")


def _pattern(node: ast.AST) -> re.Pattern[str] | None:
    if not isinstance(node, ast.JoinedStr):
        return None
    fixed = [v.value for v in node.values if isinstance(v, ast.Constant)]
    # Without a fixed word such as « button_ » an f-string would fit any key.
    if not any(re.search("[a-z]{3}_|_[a-z]{3}", str(text)) for text in fixed):
        return None
    parts = (
        re.escape(str(v.value)) if isinstance(v, ast.Constant) else "([a-z0-9_+]+)"
        for v in node.values
    )
    return re.compile("".join(parts))
