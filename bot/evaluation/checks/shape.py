"""Checks the shape of `intents/`: files that nobody reads, entries in the wrong folder, keys.

All of these fail silently. YAML keeps the last of two equal keys, Rasa ignores a key that it does
not know, and a file in the wrong place just loses its lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.evaluation.checks.finding import Finding, error, unknown_name
from bot.evaluation.checks.intents_folder import KINDS, IntentsFolder
from bot.evaluation.checks.yaml_nodes import child, composed, items, line_of, pairs

__all__ = ["check_shape"]

_READ_FOLDERS = (*KINDS, "responses")
# The keys under which people teach or word something.
_TAUGHT = frozenset({"nlu", "responses"})
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


def check_shape(folder: IntentsFolder) -> Iterator[Finding]:
    """Yield what is wrong in the shape of the files; one that is not YAML is passed over."""
    read = {folder.path / name for name in _READ_FOLDERS}
    for path in sorted(folder.path.rglob("*.y*ml")):
        root = composed(path)
        if path.parent in read and path.suffix == ".yml":
            yield from _check_keys(path, root)
        elif any(child(root, key) for key in _TAUGHT):
            # Rasa's own files, such as its domain, may stand beside ours.
            yield error("file_unread", path, 1)
    for entry in folder.entries:
        kind = KINDS[entry.path.parent.name]
        if entry.kind != kind:
            yield error("entry_kind", entry.path, entry.line, field=entry.kind, detail=kind)


def _check_keys(path: Path, root: yaml.Node | None) -> Iterator[Finding]:
    yield from _repeated(path, root)
    yield from _unknown(path, root, _TOP)
    for entry in items(child(root, "nlu")):
        yield from _unknown(path, entry, _NLU)
    for _, variants in pairs(child(root, "responses")):
        for variant in items(variants):
            yield from _unknown(path, variant, _RESPONSE)
            for button in items(child(variant, "buttons")):
                yield from _unknown(path, button, _BUTTON)


def _repeated(path: Path, node: yaml.Node | None) -> Iterator[Finding]:
    for item in items(node):
        yield from _repeated(path, item)
    seen: set[str] = set()
    for key, value in pairs(node):
        if key.value in seen:
            yield error("key_repeated", path, line_of(key), field=str(key.value))
        seen.add(str(key.value))
        yield from _repeated(path, value)


def _unknown(path: Path, node: yaml.Node | None, known: frozenset[str]) -> Iterator[Finding]:
    for key, _ in pairs(node):
        if key.value not in known:
            yield unknown_name("key_unknown", path, line_of(key), name=str(key.value), known=known)
