"""YAML as nodes that know their line, whatever their shape: what is not there is empty."""

from __future__ import annotations

from pathlib import Path

import yaml

__all__ = ["child", "composed", "items", "line_of", "pairs"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def composed(path: Path) -> yaml.Node | None:
    """Return the root of a file; None when it cannot be read, which whoever needs it says."""
    try:
        root: yaml.Node | None = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return root


def pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the keys and values of a mapping, in order."""
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return the value of a key of a mapping, the last one as YAML does, or None."""
    return next((value for name, value in reversed(pairs(node)) if name.value == key), None)


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """Return the items of a list."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def line_of(node: yaml.Node) -> int:
    """Return the line where a node starts, from 1."""
    return int(node.start_mark.line) + 1
