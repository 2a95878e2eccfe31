"""Merges the fiches that several sources give of one job, and tells where they disagree.

| field                                   | taken from                                       |
| --------------------------------------- | ------------------------------------------------ |
| every field                             | the first source that has it, in the order below |
| genders of the title                    | the next source when the first gives none at all |
| citation (`source`)                     | the first source                                 |
| salary, job market                      | together, from the first that has one of them    |
| summary, study paths                    | together, likewise                               |

The order is that of the kinds (Idéo-fiches XML, Markdown, Idéo-métiers table: the Markdown
is a lossy form of the XML, the table knows names only), then that of the paths given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.catalogue.conflict import Conflict
from bot.catalogue.fiche import Appellation, Fiche, FormationLink, Section

__all__ = ["merge_fiches"]

# Fields that are one text cut in two: taken from one source, never half from each.
_TOGETHER = (("summary", "study_paths"), ("salary", "job_market"))
_ALONE = (
    "other_names", "rome_codes", "presentation", "nature", "skills", "conditions", "access",
    "niveau_min", "formations", "statuts", "centres_interet", "domaines", "secteurs", "related",
    "web_sources", "keywords",
)  # fmt: skip
# Not compared: names and fields of activity, which each form of the data writes in its own way.
_COMPARED = (
    "presentation", "summary", "nature", "skills", "conditions", "salary", "job_market", "access",
    "niveau_min", "rome_codes", "formations", "statuts", "centres_interet", "secteurs", "related",
)  # fmt: skip
_LONGEST_SHOWN = 60

_Value = Section | str | tuple[str, ...] | tuple[FormationLink, ...]


def merge_fiches(fiches: Sequence[Fiche]) -> tuple[Fiche, tuple[Conflict, ...]]:
    """Merge the fiches of one job.

    Args:
        fiches: at least one, all of one identifier, in the order of precedence.

    Returns:
        The merged fiche, and one conflict per field that two sources fill differently
        (case, spaces and order of lists apart).
    """
    merged = fiches[0]
    conflicts: list[Conflict] = []
    for other in fiches[1:]:
        conflicts += _conflicts(merged, other)
        merged = _complete(merged, other)
    return merged, tuple(conflicts)


def _complete(fiche: Fiche, other: Fiche) -> Fiche:
    changes: dict[str, object] = {
        name: getattr(other, name)
        for name in _ALONE
        if not getattr(fiche, name) and getattr(other, name)
    }
    for group in _TOGETHER:
        if not any(getattr(fiche, name) for name in group):
            changes |= {name: getattr(other, name) for name in group}
    title = _complete_genders(fiche.title, other.title)
    return replace(fiche, title=title, **changes)  # type: ignore[arg-type]


def _complete_genders(title: Appellation, other: Appellation) -> Appellation:
    if title.feminine or title.masculine:
        return title
    return replace(title, feminine=other.feminine, masculine=other.masculine)


def _conflicts(fiche: Fiche, other: Fiche) -> Iterator[Conflict]:
    for name in _COMPARED:
        values = (getattr(fiche, name), getattr(other, name))
        if all(values):
            kept, left = map(_texts(*values), values)
            if set(map(_folded, kept)) != set(map(_folded, left)):
                yield Conflict(id=fiche.id, field=name, kept=_shown(kept), other=_shown(left))


def _texts(*values: _Value) -> Callable[[_Value], list[str]]:
    """Say how to write values so that they compare: diplomas by identifier when all have one."""
    items = [item for value in values if isinstance(value, tuple) for item in value]
    by_id = all(item.id for item in items if isinstance(item, FormationLink))

    def write(item: Section | str | FormationLink) -> str:
        if isinstance(item, FormationLink):
            return (by_id and item.id) or item.label
        return item.text if isinstance(item, Section) else item

    return lambda value: [write(item) for item in (value if isinstance(value, tuple) else (value,))]


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").split())


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(sorted(map(_shortened, texts)))


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}…"
