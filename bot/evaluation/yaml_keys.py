"""Checks the keys of the Rasa YAML of `intents/`: unknown, or written twice.

YAML keeps silently the last of two equal keys, and Rasa ignores a key that it does not know:
a misspelt `exemples:` would just lose its lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from bot.errors import Problem

__all__ = ["check_keys"]

_TOP = frozenset({
    "version", "nlu", "responses", "rules", "stories", "forms", "slots", "intents", "entities",
    "actions", "session_config", "config",
})  # fmt: skip
_NLU = frozenset({"intent", "synonym", "lookup", "regex", "examples", "metadata"})
_RESPONSE = frozenset({
    "text", "buttons", "image", "custom", "attachment", "elements", "channel", "condition",
    "metadata", "id", "response",
})  # fmt: skip
_BUTTON = frozenset({"title", "payload", "type"})
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_keys(path: Path) -> Iterator[Problem]:
    """Yield the unknown and the repeated keys of a file; a file that is not YAML has none."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return  # whoever reads the file says so, with its line
    yield from _repeated(path, root)
    yield from _unknown(path, root, _TOP)
    top = _pairs(root)
    for entry in _items(top.get("nlu")):
        yield from _unknown(path, entry, _NLU)
    for variants in _pairs(top.get("responses")).values():
        for variant in _items(variants):
            yield from _unknown(path, variant, _RESPONSE)
            for button in _items(_pairs(variant).get("buttons")):
                yield from _unknown(path, button, _BUTTON)


def _repeated(path: Path, node: yaml.Node | None) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(path, item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield _problem(path, key, "key_repeated")
            seen.add(str(key.value))
            yield from _repeated(path, value)


def _unknown(path: Path, node: yaml.Node | None, known: frozenset[str]) -> Iterator[Problem]:
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            if key.value not in known:
                yield _problem(path, key, "key_unknown")


def _problem(path: Path, node: yaml.Node, key: str) -> Problem:
    return Problem(path=path, key=key, line=node.start_mark.line + 1, field=str(node.value))


def _pairs(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
