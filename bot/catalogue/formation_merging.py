"""Merges the formations that several sources give of one identifier; tells where they disagree.

| fields                                     | taken from the first that has it, in order  |
| ------------------------------------------ | ------------------------------------------- |
| facts: label, sigle, type, duree, levels,  | table, XML, Markdown, relayed table         |
| codes, tutelle                             |                                             |
| texts: description, access, attendus,      | XML, Markdown; tables have none             |
| further studies, jobs, link                |                                             |
| domaines                                   | table; the XML only fills `sous_domaines`   |
| source, file                               | XML, Markdown, table, relayed table         |

The table is the register that Onisep keeps of its facts, so it comes before the fiches; the
Markdown is a lossy form of the XML; a table relayed by another project has altered names. What
was merged before comes first in both orders. Two sources of one form: the first given wins.
Each fact or text left out is told as a conflict, once. Jobs and link are not compared: only the
fiches have them, and write the same jobs in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.catalogue.conflict import Conflict
from bot.catalogue.fiche import FormationId, Section
from bot.catalogue.formation import Formation, FormationOrigin, title_key

__all__ = ["merge_formations"]

_FACT_ORDER = (
    FormationOrigin.MERGED,
    FormationOrigin.TABLE,
    FormationOrigin.FICHE_XML,
    FormationOrigin.FICHE_MARKDOWN,
    FormationOrigin.RELAYED_TABLE,
)
_TEXT_ORDER = (
    FormationOrigin.MERGED,
    FormationOrigin.FICHE_XML,
    FormationOrigin.FICHE_MARKDOWN,
    FormationOrigin.TABLE,
    FormationOrigin.RELAYED_TABLE,
)
_FACTS = (
    "label", "sigle", "type_label", "duree", "niveau_sortie", "niveau_certification",
    "code_rncp", "code_scolarite", "tutelle",
)  # fmt: skip
_TEXTS = ("description", "access", "attendus", "further_studies")
_LISTS = ("further_formations", "metiers", "domaines", "sous_domaines", "link")

_LONGEST_SHOWN = 80
_WORD = re.compile(r"\w+")
_PARENTHESES = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")
# How the fiches shorten the types of the table.
_SAME_TYPE = {
    "cap": "certificat d'aptitude professionnelle",
    "cap agricole": "certificat d'aptitude professionnelle agricole",
    "diplôme d'iep": "diplôme d'institut d'études politiques",
    "licence pro": "licence professionnelle",
}


def merge_formations(
    records: Iterable[Formation],
) -> tuple[tuple[Formation, ...], tuple[Conflict, ...]]:
    """Merge the records of each formation.

    Args:
        records: what the readers gave, in the order of the sources.

    Returns:
        One formation per identifier, of origin `MERGED`, in the order of first appearance, and one
        conflict per value that a field leaves out (case, spaces, punctuation and known
        abbreviations of a type apart).
    """
    by_id: dict[FormationId, list[Formation]] = {}
    for record in records:
        by_id.setdefault(record.id, []).append(record)
    merged = [_merge(group) for group in by_id.values()]
    conflicts = [conflict for group in by_id.values() for conflict in _conflicts(group)]
    return tuple(merged), tuple(conflicts)


def _merge(group: Sequence[Formation]) -> Formation:
    by_facts, by_texts = _sorted(group, _FACT_ORDER), _sorted(group, _TEXT_ORDER)
    changes = {name: _first(by_facts, name) for name in (*_FACTS, "type_sigle")}
    changes |= {name: _first(by_texts, name) for name in (*_TEXTS, *_LISTS)}
    return replace(by_texts[0], origin=FormationOrigin.MERGED, **changes)


def _sorted(group: Sequence[Formation], order: Sequence[FormationOrigin]) -> list[Formation]:
    return sorted(group, key=lambda record: order.index(record.origin))


def _first(records: Sequence[Formation], name: str) -> Any:
    """Return the first value there is of a field, else the empty value of the field."""
    values = [getattr(record, name) for record in records]
    return next(filter(None, values), values[0])


def _conflicts(group: Sequence[Formation]) -> Iterator[Conflict]:
    if len(group) > 1:
        for order, names in ((_FACT_ORDER, _FACTS), (_TEXT_ORDER, _TEXTS)):
            records = _sorted(group, order)
            for name in names:
                yield from _field_conflicts([r for r in records if getattr(r, name)], name)


def _field_conflicts(records: Sequence[Formation], name: str) -> Iterator[Conflict]:
    """Yield the values of a field that differ from the first, each once."""
    told: set[str] = set()
    for other in records[1:]:
        kept, key = records[0], _comparable(other, name)
        if key in told or _agree(kept, other, name):
            continue
        told.add(key)
        yield Conflict(
            id=kept.id,
            field=name,
            kept=_shown(getattr(kept, name)),
            other=_shown(getattr(other, name)),
            kept_file=kept.file,
            other_file=other.file,
        )


def _agree(kept: Formation, other: Formation, name: str) -> bool:
    if name == "type_label" and kept.type_sigle and kept.type_sigle == other.type_sigle:
        return True
    return _comparable(kept, name) == _comparable(other, name)


def _comparable(record: Formation, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, Section):
        return " ".join(_WORD.findall(value.text.casefold()))
    key = title_key(value)
    if name == "type_label":
        key = _PARENTHESES.sub("", key)
        return _SAME_TYPE.get(key, key)
    return key


def _shown(value: str | Section) -> str:
    text = " ".join((value.text if isinstance(value, Section) else value).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
