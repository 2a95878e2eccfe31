"""Counts what a catalogue holds: jobs, fields that are filled, labels, formations, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.contents import SourceInfo
from bot.catalogue.fiche import Fiche

__all__ = ["FICHE_FIELDS", "Coverage", "Extent", "FormationCounts", "Statistics", "statistics_of"]

FICHE_FIELDS = (
    "feminine", "masculine", "other_names", "rome_codes", "presentation", "summary", "study_paths",
    "nature", "skills", "conditions", "salary", "job_market", "access", "niveau_min", "formations",
    "statuts", "centres_interet", "domaines", "secteurs", "related", "web_sources", "keywords",
)  # fmt: skip
"""The fields of a fiche that a source may lack, in the order of the fiche."""

# What makes a fiche a long one, and what short ones do not have by design.
_WORK = ("nature", "skills", "conditions")
_OF_LONG_FICHES = (*_WORK, "salary", "job_market", "access")

Counts = tuple[tuple[str, int], ...]


class Extent(StrEnum):
    """How much is told of a job."""

    LONG = "long"
    """The work itself: its nature, the skills or the conditions."""
    SHORT = "short"
    """A presentation or a summary only: Onisep publishes such fiches."""
    NAME_ONLY = "name_only"
    """A table names the job, no text tells of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """In how many fiches a field is filled.

    `missing` of the `expected` fiches have it not: a name without text lacks nothing, and short
    fiches lack nothing of the work, the salary, the job market and the access.
    """

    field: str
    filled: int
    missing: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationCounts:
    """`leading`: those tied to at least one job; `recommended`: those that a fiche recommends.

    `undescribed` are the recommended ones that no source describes.
    """

    described: int
    leading: int
    recommended: int
    undescribed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The counts of one catalogue.

    Labels are counted once per fiche, the most frequent first. `cited` counts the fiches by
    the source to cite, as (data set, licence, edition).
    """

    extents: Mapping[Extent, int]
    sources: tuple[SourceInfo, ...]
    cited: tuple[tuple[tuple[str, str, str | None], int], ...]
    fields: tuple[Coverage, ...]
    formations: FormationCounts
    appellations: int
    conflicts: int
    niveaux: Counts
    statuts: Counts
    centres_interet: Counts
    domaines: Counts
    secteurs: Counts

    @property
    def fiches(self) -> int:
        """All the jobs, those that have a name only included."""
        return sum(self.extents.values())

    @property
    def told(self) -> int:
        """The jobs that a text tells of."""
        return self.fiches - self.extents[Extent.NAME_ONLY]


def statistics_of(catalogue: Catalogue) -> Statistics:
    """Count what a catalogue holds."""
    fiches = tuple(catalogue)
    sizes = Counter(map(_extent, fiches))
    cited = Counter((f.source.dataset, f.source.licence, f.source.date) for f in fiches)
    return Statistics(
        extents={extent: sizes[extent] for extent in Extent},
        sources=catalogue.sources,
        cited=tuple(cited.most_common()),
        fields=tuple(_coverage(name, fiches) for name in FICHE_FIELDS),
        formations=_formations(catalogue),
        appellations=len(catalogue.appellations),
        conflicts=len(catalogue.contents.conflicts),
        niveaux=_counted([f.niveau_min] if f.niveau_min else [] for f in fiches),
        statuts=_counted(f.statuts for f in fiches),
        centres_interet=_counted(f.centres_interet for f in fiches),
        domaines=_counted([d.domaine for d in f.domaines] for f in fiches),
        secteurs=_counted(f.secteurs for f in fiches),
    )


def _extent(fiche: Fiche) -> Extent:
    if any(getattr(fiche, name) for name in _WORK):
        return Extent.LONG
    return Extent.SHORT if fiche.presentation or fiche.summary else Extent.NAME_ONLY


def _coverage(name: str, fiches: Sequence[Fiche]) -> Coverage:
    extents = (Extent.LONG,) if name in _OF_LONG_FICHES else (Extent.LONG, Extent.SHORT)
    expected = [fiche for fiche in fiches if _extent(fiche) in extents]
    return Coverage(
        field=name,
        filled=sum(bool(_value(fiche, name)) for fiche in fiches),
        missing=sum(not _value(fiche, name) for fiche in expected),
        expected=len(expected),
    )


def _value(fiche: Fiche, name: str) -> object:
    holder = fiche.title if name in ("feminine", "masculine") else fiche
    return getattr(holder, name)


def _formations(catalogue: Catalogue) -> FormationCounts:
    recommended = {link.id for fiche in catalogue for link in fiche.formations if link.id}
    return FormationCounts(
        described=len(catalogue.formations),
        leading=len(catalogue.metiers_by_formation),
        recommended=len(recommended),
        undescribed=len(recommended - catalogue.formations.keys()),
    )


def _counted(labels: Iterable[Iterable[str]]) -> Counts:
    """Count in how many fiches each label is, whatever the times that a fiche has it."""
    return tuple(Counter(one for some in labels for one in dict.fromkeys(some)).most_common())
