"""How the fiches of a folder must be cited, when a file `source.yml` beside them says so.

A Markdown fiche tells neither its edition nor who wrote its sentences. The file is a list of
entries `{files, dataset, date, licence}`; the first whose pattern `files` (as in a shell) is that
of a file name holds for it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from bot.catalogue.fiche import Fiche
from bot.catalogue.source_file import decode_text, failure, read_bytes

__all__ = ["NOTE_NAME", "SourceNote", "cited", "read_notes"]

NOTE_NAME = "source.yml"
"""The name of the file."""

_KEYS = frozenset({"files", "dataset", "date", "licence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """One entry: `date` is ISO 8601."""

    files: str
    dataset: str
    licence: str
    date: str | None = None


def read_notes(folder: Path) -> tuple[SourceNote, ...]:
    """Read the file of a folder; without it, there is no note.

    Raises:
        CatalogueError: the file is not a list of such entries.
    """
    path = folder / NOTE_NAME
    if not path.is_file():
        return ()
    try:
        entries = yaml.safe_load(decode_text(read_bytes(path), path))
    except yaml.YAMLError as exc:
        raise failure(path, "source_note", detail=str(exc).splitlines()[0]) from exc
    if not isinstance(entries, list):
        raise failure(path, "source_note", detail=type(entries).__name__)
    return tuple(_note(entry, path) for entry in entries)


def cited(fiche: Fiche, name: str, notes: Sequence[SourceNote]) -> Fiche:
    """Return the fiche of a file with the source that the notes give it, if any."""
    for note in notes:
        if fnmatchcase(name, note.files):
            source = replace(
                fiche.source, dataset=note.dataset, licence=note.licence, date=note.date
            )
            return replace(fiche, source=source)
    return fiche


def _note(entry: Any, path: Path) -> SourceNote:
    if not isinstance(entry, dict) or not _KEYS.issuperset(entry):
        raise failure(path, "source_note", detail=str(entry)[:80])
    date = entry.get("date")
    if isinstance(date, datetime.date):
        date = date.isoformat()
    values = [entry.get(name) for name in ("files", "dataset", "licence")]
    if not all(isinstance(value, str) for value in values) or not isinstance(date, str | None):
        raise failure(path, "source_note", detail=str(entry)[:80])
    return SourceNote(
        files=entry["files"], dataset=entry["dataset"], licence=entry["licence"], date=date
    )
