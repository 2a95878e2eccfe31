"""A field of a record that changed: its two values as a person reads them, and how they differ.

Fiches and formations come down here to fields that hold a text, or a list of short texts, so
that both are compared and told in one way.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from bot.catalogue.fiche import (
    Appellation,
    Domaine,
    Fiche,
    FormationLink,
    Section,
    StudyPath,
    WebSource,
)

__all__ = [
    "ChangeKind",
    "FieldChange",
    "ItemsSummary",
    "TextSummary",
    "Value",
    "field_changes",
]

Value = str | tuple[str, ...] | None
"""A field as it is compared: a text, a list of items, or None when there is nothing."""

# The identity of a record, its name (compared as a renaming), and where it was read from.
_NOT_COMPARED = frozenset({"id", "title", "label", "source", "origin", "file"})
_EXCERPT_WORDS = 12
_SIGNS = str.maketrans({"\u2019": "'", "\u2026": "...", "\u2011": "-"})


class ChangeKind(StrEnum):
    """How a field changed."""

    ADDED = "added"
    REMOVED = "removed"
    TEXT = "text"
    ITEMS = "items"
    FORM = "form"
    """Spaces, apostrophes or the order of a list only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSummary:
    """How a text changed: the words added and removed, and what stands where they differ.

    `before` and `after` run from the first word that differs to the last one, with a word
    beside them when nothing was replaced, and are cut, with « … », after 12 words.
    """

    words_added: int
    words_removed: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsSummary:
    """The items of a list that came and that went, each in the order of its list."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that changed; `field` is its name in `Fiche` or `Formation`.

    The genders of a title are the fields `feminine` and `masculine`.
    """

    field: str
    old: Value
    new: Value

    @property
    def kind(self) -> ChangeKind:
        """How it changed."""
        if not self.old:
            return ChangeKind.ADDED
        if not self.new:
            return ChangeKind.REMOVED
        if _folded(self.old) == _folded(self.new):
            return ChangeKind.FORM
        lists = isinstance(self.old, tuple) and isinstance(self.new, tuple)
        return ChangeKind.ITEMS if lists else ChangeKind.TEXT

    @property
    def text_summary(self) -> TextSummary:
        """What changed in the text; the items of a list count as one text."""
        return _summarise(_as_text(self.old).split(), _as_text(self.new).split())

    @property
    def items_summary(self) -> ItemsSummary:
        """What changed in the list; a text counts as a list of one item."""
        old, new = _as_items(self.old), _as_items(self.new)
        return ItemsSummary(
            added=tuple((Counter(new) - Counter(old)).elements()),
            removed=tuple((Counter(old) - Counter(new)).elements()),
        )


def field_changes(old: object, new: object) -> tuple[FieldChange, ...]:
    """Compare the fields of two values of one dataclass, in the order of its fields.

    The identifier, the name and the origin of a record are not compared; the genders of a
    title are, unless its name changed, which explains them. A value that is no dataclass has
    no field.
    """
    before, after = _values(old), _values(new)
    if isinstance(old, Fiche) and isinstance(new, Fiche) and old.name == new.name:
        before, after = _genders(old) | before, _genders(new) | after
    return tuple(
        FieldChange(field=name, old=before.get(name), new=after.get(name))
        for name in dict.fromkeys((*before, *after))
        if (before.get(name) or None) != (after.get(name) or None)
    )


def _genders(fiche: Fiche) -> dict[str, Value]:
    return {"feminine": fiche.title.feminine, "masculine": fiche.title.masculine}


def _values(record: object) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if dataclasses.is_dataclass(record):
        names = (field.name for field in dataclasses.fields(record))
        values |= {
            name: _value(getattr(record, name)) for name in names if name not in _NOT_COMPARED
        }
    return values


def _value(value: object) -> Value:
    if value is None:
        return None
    return tuple(_item(item) for item in value) if isinstance(value, tuple) else _item(value)


def _item(item: object) -> str:
    """Write one value as a person would read it; derived values (durations) are left out."""
    match item:
        case Section():
            return item.text
        case FormationLink():
            return f"{item.label} ({item.id})" if item.id else item.label
        case Appellation():
            return " / ".join(item.forms())
        case Domaine():
            return " / ".join(filter(None, (item.domaine, item.sous_domaine)))
        case StudyPath():
            return f"{item.entry} : {item.text}" if item.entry else item.text
        case WebSource():
            return f"{item.label} {item.url}".lstrip()
        case _ if dataclasses.is_dataclass(item):
            parts = (getattr(item, field.name) for field in dataclasses.fields(item))
            return " ; ".join(str(part) for part in parts if part)
        case _:
            return str(item)


def _as_text(value: Value) -> str:
    return "\n".join(value) if isinstance(value, tuple) else value or ""


def _as_items(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


def _folded(value: Value) -> tuple[str, ...]:
    """Fold what a reader does not see: kinds of spaces and apostrophes, the order of a list."""
    texts = (unicodedata.normalize("NFC", item).translate(_SIGNS) for item in _as_items(value))
    return tuple(sorted(re.sub(r"\s+", " ", text).strip() for text in texts))


def _summarise(old: list[str], new: list[str]) -> TextSummary:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    # One word that did not change tells where something was only added or only removed.
    context = (1, 0) if start else (0, 1)
    if before and after:
        context = (0, 0)
    return TextSummary(
        words_added=(Counter(after) - Counter(before)).total(),
        words_removed=(Counter(before) - Counter(after)).total(),
        before=_excerpt(old[start - context[0] : len(old) - end + context[1]]),
        after=_excerpt(new[start - context[0] : len(new) - end + context[1]]),
    )


def _excerpt(words: list[str]) -> str:
    return " ".join(words[:_EXCERPT_WORDS]) + (" …" if len(words) > _EXCERPT_WORDS else "")
