"""What sources hold once read: fiches, formations, appellations, and what was found odd."""

from __future__ import annotations

from dataclasses import dataclass

from bot.catalogue.conflict import Conflict
from bot.catalogue.fiche import Fiche
from bot.catalogue.formation import Formation
from bot.catalogue.rome import RomeAppellation

__all__ = ["Contents", "Record", "SourceInfo", "Yielded"]

Record = Fiche | Formation | RomeAppellation
"""One thing that a source holds."""

Yielded = Record | Conflict
"""What a reader yields: a record, or what it could not place of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """One source, as it is cited: a path given by the deployer.

    `name` is its file name, without its folder; `kind` a name of `source_kind.KINDS`;
    `date` the edition of its data (ISO 8601) when the source tells; `records` how many
    fiches, formations or appellations were read from it.
    """

    name: str
    kind: str
    dataset: str
    licence: str
    date: str | None = None
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All that the sources hold, merged by identifier; what `index_file` keeps."""

    fiches: tuple[Fiche, ...] = ()
    formations: tuple[Formation, ...] = ()
    appellations: tuple[RomeAppellation, ...] = ()
    sources: tuple[SourceInfo, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
