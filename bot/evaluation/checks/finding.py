"""What a check of `intents/` or of the catalogue finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.errors import Problem

__all__ = ["Finding", "error", "notice", "unknown_name"]

# Below this likeness (0..100) a known name is no likely correction of an unknown one.
_ALIKE = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: an error to mend, or (`is_error` false) something worth knowing."""

    problem: Problem
    is_error: bool = True


def error(
    key: str, path: Path, line: int | None = None, *, field: str | None = None, detail: str = ""
) -> Finding:
    """Make a finding that must be mended; `key` names its sentence, `error_<key>`."""
    return Finding(problem=Problem(path=path, key=key, line=line, field=field, detail=detail))


def notice(
    key: str, path: Path, line: int | None = None, *, field: str | None = None, detail: str = ""
) -> Finding:
    """Make a finding that somebody should look at; `key` names its sentence, `error_<key>`."""
    problem = Problem(path=path, key=key, line=line, field=field, detail=detail)
    return Finding(problem=problem, is_error=False)


def unknown_name(
    key: str,
    path: Path,
    line: int | None = None,
    *,
    name: str,
    known: Iterable[str],
    is_error: bool = True,
) -> Finding:
    """Make a finding about a name that nothing knows.

    When a known name is near, the sentence is `error_<key>_near`, which proposes it.
    """
    make = error if is_error else notice
    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if found is None:
        return make(key, path, line, field=name)
    return make(f"{key}_near", path, line, field=name, detail=str(found[0]))
