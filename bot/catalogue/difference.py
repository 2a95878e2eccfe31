"""What changed between two catalogues, as a value: what an update must show before it is kept.

Fiches and formations are compared field by field, by the values that a person would read.
Where a record was read from (its source, its file) is no change of it: the editions are
compared apart, or a new date would count every record as changed.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.catalogue.fiche import Fiche, Source
from bot.catalogue.field_change import FieldChange, field_changes

__all__ = [
    "AnswerChange",
    "Changes",
    "Difference",
    "Edition",
    "HasLabel",
    "Named",
    "RecordChange",
    "Renaming",
    "as_json",
    "compare",
    "compare_answers",
]


class HasLabel(Protocol):
    """A formation, for what is compared here; other fields are compared when it is a dataclass."""

    @property
    def id(self) -> str:
        """The identifier: `FOR.5707`."""

    @property
    def label(self) -> str:
        """The name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A record by its identifier and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """A record whose name changed, its identifier being the same."""

    id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """The fields of one record that changed, at least one, in the order of the record."""

    id: str
    name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed in one kind of records.

    `added` is in the order of the new catalogue, the rest in that of the old one. A renamed
    record whose other fields changed is in `changed` too, under its new name.
    """

    added: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    renamed: tuple[Renaming, ...] = ()
    changed: tuple[RecordChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.renamed or self.changed)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edition:
    """A data set in one of its editions, as it is cited by `records` fiches or formations.

    `date` is ISO 8601, or empty when the source does not tell it.
    """

    dataset: str
    date: str
    licence: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed between two catalogues.

    `old_editions` and `new_editions` are those that the answers cite; they are equal when the
    edition did not change.
    """

    fiches: Changes
    formations: Changes
    old_editions: tuple[Edition, ...] = ()
    new_editions: tuple[Edition, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no record and no edition changed."""
        same = self.old_editions == self.new_editions
        return self.fiches.is_empty and self.formations.is_empty and same


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChange:
    """An answer of a dialogue that changed; None for a turn that one of the plays has not."""

    dialogue: str
    turn: int
    before: str | None
    after: str | None


def compare(
    old: Iterable[Fiche],
    new: Iterable[Fiche],
    *,
    old_formations: Iterable[HasLabel] = (),
    new_formations: Iterable[HasLabel] = (),
) -> Difference:
    """Compare two catalogues, records being paired by identifier."""
    fiches = _by_id(old), _by_id(new)
    formations = _by_id(old_formations), _by_id(new_formations)
    return Difference(
        fiches=_changes(*fiches),
        formations=_changes(*formations),
        old_editions=_editions((*fiches[0].values(), *formations[0].values())),
        new_editions=_editions((*fiches[1].values(), *formations[1].values())),
    )


def compare_answers(
    before: Mapping[tuple[str, int], str], after: Mapping[tuple[str, int], str]
) -> tuple[AnswerChange, ...]:
    """Return the answers that changed, by (dialogue, turn), in the order of the two plays."""
    return tuple(
        AnswerChange(dialogue=key[0], turn=key[1], before=before.get(key), after=after.get(key))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    )


def as_json(difference: Difference) -> dict[str, Any]:
    """Return everything that changed as JSON values, nothing cut, with the kind of each change."""
    return {
        "is_empty": difference.is_empty,
        "editions": {
            "old": [dataclasses.asdict(edition) for edition in difference.old_editions],
            "new": [dataclasses.asdict(edition) for edition in difference.new_editions],
        },
        "fiches": _changes_json(difference.fiches),
        "formations": _changes_json(difference.formations),
    }


def _changes_json(changes: Changes) -> dict[str, Any]:
    values = dataclasses.asdict(changes)
    for record, change in zip(values["changed"], changes.changed, strict=True):
        for value, field in zip(record["fields"], change.fields, strict=True):
            value["kind"] = field.kind.value
    counts = {name: len(records) for name, records in values.items()}
    return {"counts": counts, **values}


_Record = Fiche | HasLabel


def _by_id(records: Iterable[_Record]) -> dict[str, _Record]:
    return {record.id: record for record in records}


def _changes(old: Mapping[str, _Record], new: Mapping[str, _Record]) -> Changes:
    both = [(record, new[key]) for key, record in old.items() if key in new]
    changed = ((record, field_changes(before, record)) for before, record in both)
    return Changes(
        added=tuple(_named(record) for key, record in new.items() if key not in old),
        removed=tuple(_named(record) for key, record in old.items() if key not in new),
        renamed=tuple(
            Renaming(id=record.id, old=_name(before), new=_name(record))
            for before, record in both
            if _name(before) != _name(record)
        ),
        changed=tuple(
            RecordChange(id=record.id, name=_name(record), fields=fields)
            for record, fields in changed
            if fields
        ),
    )


def _name(record: _Record) -> str:
    return record.name if isinstance(record, Fiche) else record.label


def _named(record: _Record) -> Named:
    return Named(id=record.id, name=_name(record))


def _editions(records: Iterable[_Record]) -> tuple[Edition, ...]:
    sources = (getattr(record, "source", None) for record in records)
    counts = Counter(_edition_key(source) for source in sources if isinstance(source, Source))
    return tuple(
        Edition(dataset=dataset, date=date, licence=licence, records=count)
        for (dataset, date, licence), count in sorted(counts.items())
    )


def _edition_key(source: Source) -> tuple[str, str, str]:
    return source.dataset, source.date or "", source.licence
