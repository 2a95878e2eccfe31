"""Reads the JSON Lines sets that measure the assistant: utterances, safety, search, questions.

The kind of a line is told by its keys, never by the name of the file. Keys that are not of the
format are left alone: authors keep their own notes on a line. Every problem of a file is
collected before it is said, and nothing of a wrong file is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.dialogue.intents import INTENTS
from bot.errors import FileError, Problem

__all__ = [
    "ENTITIES",
    "EvaluationSet",
    "QaCase",
    "SafetyCase",
    "SearchCase",
    "Utterance",
    "read_set",
]

# The entities of an utterance other than the jobs.
ENTITIES = ("niveau", "statut", "centre_interet", "domaine", "formation", "sujet")
_LARGEST_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One utterance and what must be understood of it.

    `accept`: other intents that are right too. `metiers`: the jobs named, in order.
    `candidates`: for an ambiguous mention, the jobs that must be offered. `entities`: pairs of
    an entity of `ENTITIES` and its value.
    """

    id: str
    text: str
    intent: str
    accept: tuple[str, ...] = ()
    metiers: tuple[str, ...] = ()
    is_ambiguous: bool = False
    candidates: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyCase:
    """A message, and whether its author (or somebody it tells of) is in distress."""

    id: str
    text: str
    is_distress: bool
    is_borderline: bool = False
    kind: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCase:
    """A search: `must` are to be in the first five, `relevant` are all the right jobs.

    `kind` is `words`, `criteria`, `mixed` or `formation`.
    """

    id: str
    text: str
    relevant: tuple[str, ...]
    must: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QaCase:
    """A question about a job; `answers` are sentences of its fiche, empty when none answers."""

    id: str
    metier: str
    question: str
    answers: tuple[str, ...]
    section: str = ""


Case: TypeAlias = Utterance | SafetyCase | SearchCase | QaCase


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSet:
    """The cases of one file, by kind, each in the order of the file."""

    path: Path
    utterances: tuple[Utterance, ...] = ()
    safety: tuple[SafetyCase, ...] = ()
    search: tuple[SearchCase, ...] = ()
    qa: tuple[QaCase, ...] = ()

    def __len__(self) -> int:
        return len(self.utterances) + len(self.safety) + len(self.search) + len(self.qa)

    @property
    def metiers(self) -> tuple[str, ...]:
        """The ids of every job that a case expects, in order, each once."""
        named = [m for one in self.utterances for m in (*one.metiers, *one.candidates)]
        named += [m for case in self.search for m in (*case.must, *case.relevant)]
        return tuple(dict.fromkeys([*named, *(case.metier for case in self.qa)]))


def read_set(path: Path) -> EvaluationSet:
    """Read a file of cases.

    Raises:
        FileError: the file cannot be read or holds no case, or lines of it are wrong; each
            problem has its line.
    """
    problems: list[Problem] = []
    cases: list[Case] = []
    first_line: dict[str, int] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            case = _case(line)
        except _BadLineError as bad:
            problems.append(
                Problem(path=path, key=bad.key, line=number, field=bad.field, detail=bad.detail)
            )
            continue
        if case.id in first_line:
            detail = str(first_line[case.id])
            problems.append(
                Problem(path=path, key="set_id_repeated", line=number, field=case.id, detail=detail)
            )
        first_line.setdefault(case.id, number)
        cases.append(case)
    if problems:
        raise FileError(*problems)
    if not cases:
        raise FileError(Problem(path=path, key="set_empty"))
    return EvaluationSet(
        path=path,
        utterances=tuple(case for case in cases if isinstance(case, Utterance)),
        safety=tuple(case for case in cases if isinstance(case, SafetyCase)),
        search=tuple(case for case in cases if isinstance(case, SearchCase)),
        qa=tuple(case for case in cases if isinstance(case, QaCase)),
    )


class _BadLineError(Exception):
    def __init__(self, key: str, field: str = "", detail: str = "") -> None:
        super().__init__(key)
        self.key, self.field, self.detail = key, field, detail


def _lines(path: Path) -> list[str]:
    if not path.exists():
        raise FileError(Problem(path=path, key="path_missing"))
    if not path.is_file():
        raise FileError(Problem(path=path, key="set_not_a_file"))
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise FileError(Problem(path=path, key="set_too_large"))
        content = path.read_bytes()
    except OSError as error:
        raise FileError(Problem(path=path, key="unreadable", detail=str(error))) from error
    try:
        # Only line feeds end a line: a text may hold the other separators of Unicode.
        return content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = f"0x{content[error.start]:02X}"
        raise FileError(Problem(path=path, key="not_utf8", line=line, detail=detail)) from error


def _case(line: str) -> Case:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise _BadLineError("set_bad_json", detail=str(error)) from error
    except RecursionError as error:
        raise _BadLineError("set_bad_json", detail="…") from error
    if not isinstance(row, dict):
        raise _BadLineError("set_not_an_object", detail=line.strip()[:40])
    for key, read in _KINDS.items():
        if key in row:
            return read(row)
    raise _BadLineError("set_kind_unknown", detail=", ".join(map(str, row)) or "{}")


def _utterance(row: Mapping[str, object]) -> Utterance:
    return Utterance(
        id=_text(row, "id"),
        text=_text(row, "text"),
        intent=_intent(_text(row, "intent"), "intent"),
        accept=tuple(_intent(name, "accept") for name in _texts(row, "accept")),
        metiers=_texts(row, "metiers"),
        is_ambiguous=_flag(row, "ambiguous"),
        candidates=_texts(row, "candidates"),
        entities=tuple((name, _text(row, name)) for name in ENTITIES if row.get(name) is not None),
        style=_note(row, "style"),
    )


def _safety(row: Mapping[str, object]) -> SafetyCase:
    return SafetyCase(
        id=_text(row, "id"),
        text=_text(row, "text"),
        is_distress=_flag(row, "distress"),
        is_borderline=_flag(row, "borderline"),
        kind=_note(row, "kind"),
        style=_note(row, "style"),
    )


def _search(row: Mapping[str, object]) -> SearchCase:
    return SearchCase(
        id=_text(row, "id"),
        text=_text(row, "text"),
        relevant=_texts(row, "relevant"),
        must=_texts(row, "must"),
        kind=_note(row, "type"),
    )


def _qa(row: Mapping[str, object]) -> QaCase:
    if "answers" not in row:
        # Without it a question would count as one that the fiche does not answer.
        raise _BadLineError("set_field_missing", field="answers")
    return QaCase(
        id=_text(row, "id"),
        metier=_text(row, "metier"),
        question=_text(row, "question"),
        answers=_texts(row, "answers"),
        section=_note(row, "section"),
    )


# The key that only the lines of one kind have, and how these are read.
_KINDS: Mapping[str, Callable[[Mapping[str, object]], Case]] = {
    "question": _qa,
    "distress": _safety,
    "relevant": _search,
    "intent": _utterance,
}


def _text(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    if value is None:
        raise _BadLineError("set_field_missing", field=field)
    if not isinstance(value, str) or not value.strip():
        raise _BadLineError("set_not_a_text", field=field, detail=_shown(value))
    return value


def _note(row: Mapping[str, object], field: str) -> str:
    return _text(row, field) if row.get(field) not in (None, "") else ""


def _texts(row: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = row.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise _BadLineError("set_not_a_list", field=field, detail=_shown(value))
    return tuple(value)


def _flag(row: Mapping[str, object], field: str) -> bool:
    value = row.get(field, False)
    if not isinstance(value, bool):
        raise _BadLineError("set_not_a_flag", field=field, detail=_shown(value))
    return value


def _intent(name: str, field: str) -> str:
    if name not in INTENTS:
        raise _BadLineError("set_intent_unknown", field=field, detail=name)
    return name


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:60]
