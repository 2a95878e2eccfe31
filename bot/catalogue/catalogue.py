"""The catalogue: fiches and formations looked up by identifier, in the order of their sources."""

from __future__ import annotations

import bisect
import contextlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from operator import attrgetter, itemgetter
from types import MappingProxyType

from bot.catalogue.contents import Contents, SourceInfo
from bot.catalogue.fiche import Fiche, FormationId, MetierId
from bot.catalogue.formation import Formation
from bot.catalogue.index_file import BuiltIndex, read_words
from bot.catalogue.kinship import Kinship
from bot.catalogue.rome import RomeAppellation
from bot.catalogue.written_words import written_words

__all__ = ["Catalogue"]


class Catalogue:
    """An immutable collection of fiches, one per identifier, and of what goes with them."""

    def __init__(self, fiches: Iterable[Fiche]) -> None:
        """Keep fiches in the order given; `of` keeps all that sources hold.

        Raises:
            ValueError: two fiches have one identifier (readers report it before, with its file).
        """
        self._fill(Contents(fiches=tuple(fiches)), None)

    @classmethod
    def of(cls, contents: Contents, *, index: BuiltIndex | None = None) -> Catalogue:
        """Keep what sources hold; `index` is the built file that they were read from, if any."""
        catalogue = cls.__new__(cls)
        catalogue._fill(contents, index)
        return catalogue

    def _fill(self, contents: Contents, index: BuiltIndex | None) -> None:
        self.contents = contents
        self.index = index
        self._by_id = {fiche.id: fiche for fiche in contents.fiches}
        if len(self._by_id) != len(contents.fiches):
            raise ValueError("two fiches have one identifier")

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Fiche]:
        return iter(self._by_id.values())

    def __contains__(self, metier: object) -> bool:
        return metier in self._by_id

    def get(self, metier: str) -> Fiche | None:
        """Return the fiche of an identifier, or None."""
        return self._by_id.get(MetierId(metier))

    def __getitem__(self, metier: str) -> Fiche:
        return self._by_id[MetierId(metier)]

    @property
    def sources(self) -> tuple[SourceInfo, ...]:
        """The sources that the catalogue was read from."""
        return self.contents.sources

    @property
    def appellations(self) -> tuple[RomeAppellation, ...]:
        """The names of jobs of the ROME, in the order of their source."""
        return self.contents.appellations

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that the fiches are written with."""
        built = self.index.opened() if self.index is not None else None
        if built is None:
            return written_words(self)
        with contextlib.closing(built):
            return read_words(built)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields of activity of the fiches, the first level only, in alphabetical order."""
        return tuple(sorted({d.domaine for fiche in self for d in fiche.domaines}))

    @cached_property
    def interests(self) -> Mapping[str, int]:
        """How many fiches have each interest, in the order in which they are first met."""
        return MappingProxyType(Counter(taste for fiche in self for taste in fiche.centres_interet))

    @cached_property
    def kinship(self) -> Kinship:
        """What the jobs share that a text tells."""
        return Kinship(filter(attrgetter("is_told"), self), self.metiers_by_formation)

    @cached_property
    def formations(self) -> Mapping[FormationId, Formation]:
        """The formations that a source describes.

        Those that fiches recommend and no source describes are in `formation_labels` only.
        """
        return MappingProxyType({item.id: item for item in self.contents.formations})

    @cached_property
    def formation_labels(self) -> Mapping[FormationId, str]:
        """The name of each diploma, described or only recommended by a fiche."""
        labels = {formation.id: formation.label for formation in self.contents.formations}
        for fiche in self:
            for link in fiche.formations:
                if link.id is not None:
                    labels.setdefault(link.id, link.label)
        return MappingProxyType(labels)

    @cached_property
    def metiers_by_formation(self) -> Mapping[FormationId, tuple[MetierId, ...]]:
        """The jobs that each diploma leads to: those that recommend it, then those it names.

        In the order of the catalogue, then of the formation; a job without fiche is left out.
        """
        index: dict[FormationId, dict[MetierId, None]] = {}
        for fiche in self:
            for link in fiche.formations:
                if link.id is not None:
                    index.setdefault(link.id, {})[fiche.id] = None
        for formation in self.formations.values():
            for metier in formation.metiers:
                if metier.id is not None and metier.id in self._by_id:
                    index.setdefault(formation.id, {})[metier.id] = None
        return MappingProxyType({formation: tuple(ids) for formation, ids in index.items()})

    @cached_property
    def formations_by_sigle(self) -> Mapping[str, tuple[FormationId, ...]]:
        """The described formations of each type (« BTS »), in the order of their source."""
        found: dict[str, list[FormationId]] = {}
        for formation in self.formations.values():
            if formation.type_sigle is not None:
                found.setdefault(formation.type_sigle, []).append(formation.id)
        return MappingProxyType({sigle: tuple(ids) for sigle, ids in found.items()})

    def formations_starting(self, start: str) -> tuple[FormationId, ...]:
        """Return the diplomas whose name begins so, in any case, in the order of their labels."""
        folded = start.casefold()
        first = bisect.bisect_left(self._folded_labels, (folded,))
        last = bisect.bisect_left(self._folded_labels, (folded + chr(sys.maxunicode),))
        found = sorted(self._folded_labels[first:last], key=itemgetter(1))
        return tuple(formation for _, _, formation in found)

    @cached_property
    def _folded_labels(self) -> list[tuple[str, int, FormationId]]:
        labels = enumerate(self.formation_labels.items())
        return sorted((label.casefold(), order, formation) for order, (formation, label) in labels)
