"""Reads the dialogue files (YAML) that `balise test` plays.

Strict: a key that is not of the format is an error, for a misspelt expectation would never fail.
Values are read as they are written: `user: no` is the word « no », not a truth value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.answers.answer import AnswerKind
from bot.dialogue.intents import INTENTS
from bot.errors import FileError, Problem

__all__ = [
    "DEFAULT_CATALOGUE",
    "Dialogue",
    "Expectation",
    "ScriptedTurn",
    "compose",
    "dialogue_files",
    "parse_dialogues",
    "read_dialogues",
    "read_source",
]

# A dialogue that names no catalogue is played with the one of the command line.
DEFAULT_CATALOGUE = ""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DIALOGUE_KEYS = ("dialogue", "catalogue", "turns")
_TURN_KEYS = ("user", "press", "expect")
_EXPECT_KEYS = (
    "intent", "metiers", "kind", "contains", "not_contains", "buttons", "source", "missing",
)  # fmt: skip
_ONE_WORD = ("intent", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an answer must be; None where the dialogue does not say.

    `kinds` are alternatives. `contains`, `excludes` and `buttons` are compared without case and
    accents. `missing`: fields that must be said absent; an empty tuple: none may be.
    """

    intent: str | None = None
    metiers: tuple[str, ...] | None = None
    kinds: tuple[AnswerKind, ...] | None = None
    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    source: str | None = None
    missing: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedTurn:
    """What the person does, a message or (`is_press`) a button by title or payload."""

    text: str
    is_press: bool
    expect: Expectation
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A conversation with what must be answered; `catalogue` names the catalogue it is about."""

    name: str
    catalogue: str
    turns: tuple[ScriptedTurn, ...]
    path: Path
    line: int


def dialogue_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """List the files of paths: a folder stands for the `.yml` and `.yaml` files under it.

    Raises:
        FileError: a path does not exist, or a folder holds no such file.
    """
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.suffix in {".yml", ".yaml"})
            if not files:
                problems.append(Problem(path=path, key="dialogues_none"))
            found |= dict.fromkeys(files)
        elif path.exists():
            found[path] = None
        else:
            problems.append(Problem(path=path, key="path_missing"))
    if problems:
        raise FileError(*problems)
    return tuple(found)


def read_dialogues(path: Path) -> tuple[Dialogue, ...]:
    """Read the dialogues of a file, in order.

    Raises:
        FileError: the file cannot be read, is not YAML or holds no dialogue, or dialogues of it
            are wrong; each problem has its line and names the dialogue.
    """
    return parse_dialogues(read_source(path), path)


def read_source(path: Path) -> str:
    """Return the text of a file as it is: a byte order mark and the ends of lines are kept.

    Raises:
        FileError: the file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(Problem(path=path, key="unreadable", detail=str(error))) from error


def parse_dialogues(text: str, path: Path) -> tuple[Dialogue, ...]:
    """Read the dialogues of the text of a file, in order.

    Raises:
        FileError: as `read_dialogues`.
    """
    root = compose(text, path)
    if root is None or (isinstance(root, yaml.SequenceNode) and not root.value):
        raise FileError(Problem(path=path, key="dialogues_none"))
    if not isinstance(root, yaml.SequenceNode):
        raise FileError(Problem(path=path, key="dialogues_not_a_list", line=_line(root)))
    reader = _Reader(path)
    dialogues = tuple(dialogue for node in root.value for dialogue in reader.dialogue(node))
    if reader.problems:
        raise FileError(*reader.problems)
    return dialogues


def compose(text: str, path: Path) -> yaml.Node | None:
    """Return the YAML tree of a text; its marks are places of the text. None: it is empty.

    Raises:
        FileError: it is not YAML.
    """
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        detail = getattr(error, "problem", "") or ""
        raise FileError(Problem(path=path, key="bad_yaml", line=line, detail=detail)) from error
    return root


class _Reader:
    """Reads the nodes of one file, and collects what is wrong in it."""

    def __init__(self, path: Path) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._name = ""

    def dialogue(self, node: yaml.Node) -> Iterator[Dialogue]:
        # The name comes first: the problems of the keys, its own included, are said with it.
        self._name = _name(node)
        keys = self._mapping(node, _DIALOGUE_KEYS)
        if keys is None:
            return
        if not self._name:
            self._problem("dialogue_unnamed", node)
            return
        turns = keys.get("turns")
        if not isinstance(turns, yaml.SequenceNode) or not turns.value:
            self._problem("dialogue_without_turns", node)
            return
        yield Dialogue(
            name=self._name,
            catalogue=self._word(keys["catalogue"]) if "catalogue" in keys else DEFAULT_CATALOGUE,
            turns=tuple(turn for item in turns.value for turn in self._turn(item)),
            path=self._path,
            line=_line(node),
        )

    def _turn(self, node: yaml.Node) -> Iterator[ScriptedTurn]:
        keys = self._mapping(node, _TURN_KEYS)
        if keys is None:
            return
        acts = [key for key in ("user", "press") if key in keys]
        if len(acts) != 1:
            self._problem("dialogue_bad_turn", node)
            return
        text = self._word(keys[acts[0]])
        expect = self._expectation(keys["expect"]) if "expect" in keys else Expectation()
        yield ScriptedTurn(text=text, is_press=acts[0] == "press", expect=expect, line=_line(node))

    def _expectation(self, node: yaml.Node) -> Expectation:
        keys = self._mapping(node, _EXPECT_KEYS) or {}
        words = {key: self._word(value) for key, value in keys.items() if key in _ONE_WORD}
        lists = {key: self._words(value) for key, value in keys.items() if key not in _ONE_WORD}
        intent = words.get("intent")
        if intent is not None and intent not in INTENTS:
            self._problem("dialogue_intent_unknown", keys["intent"], detail=intent)
        kinds = lists.get("kind")
        return Expectation(
            intent=intent,
            metiers=lists.get("metiers"),
            kinds=None if kinds is None else tuple(self._kinds(kinds, keys["kind"])),
            contains=lists.get("contains", ()),
            excludes=lists.get("not_contains", ()),
            buttons=lists.get("buttons", ()),
            source=words.get("source"),
            missing=lists.get("missing"),
        )

    def _kinds(self, names: Sequence[str], node: yaml.Node) -> Iterator[AnswerKind]:
        for name in names:
            if name in set(AnswerKind):
                yield AnswerKind(name)
            else:
                self._problem("dialogue_kind_unknown", node, detail=name)

    def _mapping(self, node: yaml.Node, known: Sequence[str]) -> dict[str, yaml.Node] | None:
        if not isinstance(node, yaml.MappingNode):
            self._problem("dialogue_not_keys", node, detail=", ".join(known))
            return None
        keys: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value not in known:
                detail = f"{key.value} ({', '.join(known)})"
                self._problem("dialogue_key_unknown", key, detail=detail)
            elif key.value in keys:
                self._problem("dialogue_key_repeated", key, detail=key.value)
            else:
                keys[key.value] = value
        return keys

    def _words(self, node: yaml.Node) -> tuple[str, ...]:
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return tuple(self._word(item) for item in items)

    def _word(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value)
        self._problem("dialogue_not_a_text", node)
        return ""

    def _problem(self, key: str, node: yaml.Node, *, detail: str = "") -> None:
        self.problems.append(
            Problem(path=self._path, key=key, line=_line(node), field=self._name, detail=detail)
        )


def _name(node: yaml.Node) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    names = (value for key, value in pairs if key.value == "dialogue")
    return next((str(n.value) for n in names if isinstance(n, yaml.ScalarNode)), "")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
