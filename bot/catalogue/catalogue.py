"""The catalogue: every fiche, looked up by identifier, in the order of its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from bot.catalogue.fiche import Fiche, FormationId, MetierId

__all__ = ["Catalogue"]


class Catalogue:
    """An immutable collection of fiches, one per identifier."""

    def __init__(self, fiches: Iterable[Fiche]) -> None:
        """Keep the fiches in the order given.

        Raises:
            ValueError: two fiches have one identifier (readers report it before, with its file).
        """
        by_id: dict[MetierId, Fiche] = {}
        for fiche in fiches:
            if fiche.id in by_id:
                raise ValueError(f"two fiches have the identifier {fiche.id}")
            by_id[fiche.id] = fiche
        self._by_id = by_id
        self._by_formation = _index_formations(by_id.values())
        self._formation_labels = _label_formations(by_id.values())

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
    def formation_labels(self) -> Mapping[FormationId, str]:
        """The name of each diploma that a fiche recommends, as the first such fiche writes it."""
        return MappingProxyType(self._formation_labels)

    @property
    def metiers_by_formation(self) -> Mapping[FormationId, tuple[MetierId, ...]]:
        """The jobs that recommend each diploma, in the order of the catalogue."""
        return MappingProxyType(self._by_formation)


def _label_formations(fiches: Iterable[Fiche]) -> dict[FormationId, str]:
    labels: dict[FormationId, str] = {}
    for fiche in fiches:
        for link in fiche.formations:
            if link.id is not None:
                labels.setdefault(link.id, link.label)
    return labels


def _index_formations(fiches: Iterable[Fiche]) -> dict[FormationId, tuple[MetierId, ...]]:
    index: dict[FormationId, list[MetierId]] = {}
    for fiche in fiches:
        for link in fiche.formations:
            if link.id is not None:
                index.setdefault(link.id, []).append(fiche.id)
    return {formation: tuple(metiers) for formation, metiers in index.items()}
