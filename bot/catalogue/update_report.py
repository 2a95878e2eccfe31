"""Says in French what an update downloaded and what it changed, counts first, then the lists.

The sentences are those of `intents/responses/update.yml`; the labels of the fields are those
of `balise catalogue show`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.catalogue.difference import (
    AnswerChange,
    Changes,
    Difference,
    Edition,
    Named,
    RecordChange,
    Renaming,
)
from bot.catalogue.download import Download
from bot.catalogue.field_change import ChangeKind, FieldChange, Value

__all__ = ["Words", "answer_lines", "difference_lines", "download_line"]

_VALUE_MAX = 120
# The fields that `balise catalogue show` does not name.
_OWN_LABELS = frozenset(
    {
        "attendus", "code_rncp", "code_scolarite", "description", "duree", "further_formations",
        "further_studies", "link", "metiers", "niveau_certification", "niveau_sortie", "related",
        "secteurs", "sigle", "sous_domaines", "tutelle", "type_label", "type_sigle", "web_sources",
    }
)  # fmt: skip
_BREAKS = re.compile(r"\s*[\r\n]\s*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_Listed = Named | Renaming | RecordChange


class Words(Protocol):
    """The wording: `bot.answers.wording.Wording`, which this package may not import."""

    def __contains__(self, key: object) -> bool: ...

    def say(self, key: str, **values: object) -> str:
        """Render a response."""


def download_line(download: Download, words: Words) -> str:
    """Say that a data set was downloaded, with its size, or that it had not changed."""
    name, receipt = download.dataset.name, download.receipt
    if not download.changed:
        return words.say("update_unchanged", name=name, date=receipt.fetched_at[:10])
    return words.say("update_downloaded", name=name, size=_megabytes(receipt.bytes))


def difference_lines(difference: Difference, words: Words, *, most: int = 20) -> list[str]:
    """Say what changed.

    Args:
        difference: what changed; when nothing did, one line says so.
        words: the sentences.
        most: how many records of each list are named, 0 for the counts only; « et 12 autres »
            stands for the rest.

    Returns:
        Lines without control characters, whatever the fiches hold.
    """
    if difference.is_empty:
        return [words.say("update_same")]
    lines = list(_edition_lines(difference, words))
    kinds = (("fiches", difference.fiches), ("formations", difference.formations))
    lines += [_count_line(kind, changes, words) for kind, changes in kinds]
    for kind, changes in kinds:
        lines += _list_lines(kind, changes, words, most)
    return [_plain(line) for line in lines]


def answer_lines(changes: Sequence[AnswerChange], words: Words, *, most: int = 20) -> list[str]:
    """Say which answers of the dialogues changed, before and after; one line when none did."""
    if not changes:
        return [words.say("update_answers_same")]
    lines = [words.say("update_answers", count=len(changes))]
    for change in changes[:most]:
        lines.append(words.say("update_answer", dialogue=change.dialogue, turn=change.turn))
        lines.append(_text_line("update_before", change.before, words))
        lines.append(_text_line("update_after", change.after, words))
    return [_plain(line) for line in (*lines, *_others(len(changes), words, most))]


def _edition_lines(difference: Difference, words: Words) -> Iterator[str]:
    """Say each data set whose edition changed; how many records cite it is said elsewhere."""
    old, new = _dates(difference.old_editions, words), _dates(difference.new_editions, words)
    for dataset in dict.fromkeys((*old, *new)):
        before, after = old.get(dataset), new.get(dataset)
        if before != after:
            none = words.say("update_no_edition")
            yield words.say(
                "update_edition", dataset=dataset, before=before or none, after=after or none
            )


def _dates(editions: Sequence[Edition], words: Words) -> dict[str, str]:
    dates: dict[str, list[str]] = {}
    for edition in editions:
        date = edition.date or words.say("update_no_date")
        dates.setdefault(edition.dataset, []).append(
            words.say("update_edition_date", date=date, licence=edition.licence)
        )
    return {dataset: " ; ".join(listed) for dataset, listed in dates.items()}


def _count_line(kind: str, changes: Changes, words: Words) -> str:
    if changes.is_empty:
        return words.say(f"update_{kind}_same")
    return words.say(
        f"update_{kind}_count",
        added=len(changes.added),
        removed=len(changes.removed),
        renamed=len(changes.renamed),
        changed=len(changes.changed),
    )


def _list_lines(kind: str, changes: Changes, words: Words, most: int) -> Iterator[str]:
    lists: tuple[tuple[str, Sequence[_Listed]], ...] = (
        (f"update_{kind}_added", changes.added),
        (f"update_{kind}_removed", changes.removed),
        (f"update_{kind}_renamed", changes.renamed),
        (f"update_{kind}_changed", changes.changed),
    )
    for key, records in lists:
        if records and most > 0:
            yield from ("", words.say(key))
            for record in records[:most]:
                yield from _record(record, words)
            yield from _others(len(records), words, most)


def _others(count: int, words: Words, most: int) -> Iterator[str]:
    rest = count - most
    if rest == 1:
        yield "  " + words.say("update_other")
    elif rest > 1:
        yield "  " + words.say("update_others", count=rest)


def _record(record: _Listed, words: Words) -> Iterator[str]:
    match record:
        case Renaming():
            yield "  " + words.say("update_renaming", id=record.id, old=record.old, new=record.new)
        case Named():
            yield f"  {record.id} {record.name}"
        case RecordChange():
            yield f"  {record.id} {record.name}"
            yield from (f"    {_field(change, words)}" for change in record.fields)


def _field(change: FieldChange, words: Words) -> str:
    label = _label(change.field, words)
    match change.kind:
        case ChangeKind.ADDED:
            return words.say("update_field_added", label=label, value=_short(change.new))
        case ChangeKind.REMOVED:
            return words.say("update_field_removed", label=label, value=_short(change.old))
        case ChangeKind.FORM:
            return words.say("update_field_form", label=label)
        case ChangeKind.ITEMS:
            return _items(change, label, words)
        case ChangeKind.TEXT:
            found = change.text_summary
            return words.say(
                "update_field_text",
                label=label,
                added=found.words_added,
                removed=found.words_removed,
                before=found.before,
                after=found.after,
            )


def _label(field: str, words: Words) -> str:
    key = f"update_label_{field}" if field in _OWN_LABELS else f"label_field_{field}"
    return words.say(key) if key in words else field


def _items(change: FieldChange, label: str, words: Words) -> str:
    found = change.items_summary
    parts = []
    if found.added:
        parts.append(words.say("update_items_added", items=_short(found.added)))
    if found.removed:
        parts.append(words.say("update_items_removed", items=_short(found.removed)))
    return words.say("update_field_items", label=label, parts=" ; ".join(parts))


def _text_line(key: str, text: str | None, words: Words) -> str:
    return "  " + words.say(key, text=words.say("update_no_answer") if text is None else text)


def _short(value: Value) -> str:
    text = " | ".join(value) if isinstance(value, tuple) else value or ""
    text = " ".join(text.split())
    return text if len(text) <= _VALUE_MAX else text[: _VALUE_MAX - 1].rstrip() + "…"


def _megabytes(size: int) -> str:
    """Write a size in Mo with one decimal, the French way; a small file is never 0."""
    return f"{max(size / 1024 / 1024, 0.1):.1f}".replace(".", ",")


def _plain(line: str) -> str:
    """Put a text on one line; escape sequences in a fiche must not reach the terminal."""
    return _CONTROLS.sub("", _BREAKS.sub(" ", line))
