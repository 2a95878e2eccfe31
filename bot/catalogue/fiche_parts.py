"""What the readers of fiches share: dates of exports, headings, study paths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from bot.catalogue.fiche import Block, StudyPath
from bot.catalogue.study_durations import read_durations

__all__ = ["edition_of", "heading_key", "study_paths"]

# One real fiche (MET.135) writes its entry levels as paragraphs.
_ENTRY_PARAGRAPH = re.compile(r"Après (?:la 3e|le bac)")


def heading_key(title: str) -> str:
    """Fold what varies in the writing of a heading: case, spaces, apostrophe, final colon."""
    title = unicodedata.normalize("NFC", title).replace("\u2019", "'")
    return " ".join(title.casefold().split()).rstrip(": ")


def edition_of(path: Path, name: re.Pattern[str]) -> str | None:
    """Return the ISO date that the name of a published export holds.

    Args:
        path: the file.
        name: the form of the name, with three groups: day, month, year.
    """
    match = name.search(path.name)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat() if match else None
    except ValueError:
        return None


def study_paths(blocks: Iterable[Block]) -> Iterator[StudyPath]:
    """Yield one path per entry heading; text before any heading has no entry."""
    entry: str | None = None
    paragraphs: list[str] = []
    for block in blocks:
        if not (block.heading or _ENTRY_PARAGRAPH.fullmatch(block.text)):
            paragraphs.append(block.text)
            continue
        # The same entry said twice in a row (heading, then paragraph) is one path.
        if paragraphs or entry not in (None, block.text):
            yield _study_path(entry, paragraphs)
        entry, paragraphs = block.text, []
    if paragraphs or entry is not None:
        yield _study_path(entry, paragraphs)


def _study_path(entry: str | None, paragraphs: Sequence[str]) -> StudyPath:
    text = "\n\n".join(paragraphs)
    return StudyPath(entry=entry, text=text, durations=read_durations(text, entry=entry))
