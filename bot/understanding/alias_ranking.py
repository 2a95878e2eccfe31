"""Which fiches an appellation of the ROME fits, and how well.

The codes of the fiches are those of version 3 of the ROME: coarse, shared by up to 39 fiches.
Among those that share its code an appellation fits best the fiches

- whose names are close to its words, the title above all;
- whose other names France Travail files under the same fine code: its neighbours;
- whose presentation speaks of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue.catalogue import Catalogue
from bot.understanding.name_index import IndexedName
from bot.understanding.name_likeness import Likeness, LikenessMeasure

__all__ = ["AliasRanking", "AliasSettings", "CodedName", "RankedMetier", "Stems"]

Stems = tuple[str, ...]
"""The words of a name that tell something, in order."""

Comparison = Callable[[Stems], Mapping[str, Likeness]]
"""Gives how like each fiche of a group a name is."""

_DECIMALS = 6  # sums over sets differ a little from one process to another


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSettings:
    """How much each kind of evidence weighs (they sum to 1), and how much is enough.

    The weights are those of a logistic regression that finds the fiche of an appellation: over
    the other names of Onisep that the ROME has too, each hidden in turn, and the development
    pairs. `floor`: the least evidence of a fiche that is named; below it, appellations read by
    hand were given wrong fiches. `margin`: how far ahead the first must be not to ask.
    `share`: the least part of its evidence that the others shown with it have. `bare_floor`:
    the floor of a name of one word.
    """

    closeness: float = 0.43
    title: float = 0.09
    neighbours: float = 0.25
    same_code: float = 0.06
    told: float = 0.17
    floor: float = 0.33
    bare_floor: float = 0.5
    margin: float = 0.02
    share: float = 0.5
    most: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedMetier:
    """A fiche that an appellation may name; `weight` in 0..1 is the evidence for it.

    `in_title`: whether a word, or the beginning of one, is in the title of the fiche.
    """

    id: str
    weight: float
    in_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedName:
    """An appellation as it is ranked: its codes, the fine one first, and its words."""

    codes: tuple[str, ...]
    stems: Stems


class AliasRanking:
    """Weighs the evidence that an appellation names each fiche."""

    def __init__(
        self,
        appellations: Sequence[CodedName],
        catalogue: Catalogue,
        *,
        names: Sequence[IndexedName],
        settings: AliasSettings,
    ) -> None:
        """Learn from all the appellations at once which words are rare and which are neighbours.

        Args:
            appellations: those that will be ranked.
            catalogue: the fiches.
            names: the names that the catalogue already answers to, `key` being the identifier.
            settings: weights and thresholds.
        """
        self._settings = settings
        self._measure = LikenessMeasure(catalogue, names, (one.stems for one in appellations))
        self._coded: dict[str, list[str]] = defaultdict(list)
        for fiche in catalogue:
            for code in fiche.rome_codes:
                self._coded[code].append(fiche.id)
        # What is already known under each fine code: the appellations that are names of fiches.
        owners: dict[Stems, set[str]] = defaultdict(set)
        for name in names:
            owners[name.stems].add(name.key)
        self._known: dict[str, dict[Stems, set[str]]] = defaultdict(dict)
        for one in appellations:
            if one.stems in owners:
                self._known[one.codes[0]][one.stems] = owners[one.stems]
        # Appellations come code by code: only the last group is needed again.
        self._last = _Group((), frozenset(), frozenset(), {}, {}, self._measure.among(()))

    def rank(self, one: CodedName) -> tuple[RankedMetier, ...]:
        """Return the fiches that an appellation may name, best first; none below the floor.

        Quickest when the appellations of one code come one after the other.
        """
        settings, group = self._settings, self._group(one.codes)
        if not group.metiers:
            return ()
        fit = {
            metier: settings.neighbours * share
            for metier, share in group.neighbours(one.stems).items()
        }
        likeness = group.compare(one.stems)
        for metier, like in likeness.items():
            fit[metier] = fit.get(metier, 0.0) + self._weigh(like)
        ranked = sorted(
            (round(weight + settings.same_code * (metier in group.coded), _DECIMALS), metier)
            for metier, weight in fit.items()
        )
        if not ranked or ranked[-1][0] < settings.floor:
            return ()
        least = settings.share * ranked[-1][0]
        return tuple(
            RankedMetier(
                id=metier,
                weight=weight,
                in_title=metier in likeness and likeness[metier].title > 0.0,
            )
            for weight, metier in ranked[: -settings.most - 1 : -1]
            if weight >= least
        )

    def is_close(self, metiers: Sequence[RankedMetier]) -> bool:
        """Whether the second fiche fits hardly less than the first."""
        return len(metiers) > 1 and metiers[0].weight - metiers[1].weight < self._settings.margin

    def _weigh(self, like: Likeness) -> float:
        settings = self._settings
        return (
            settings.closeness * like.closest
            + settings.title * like.title
            + settings.told * like.told
        )

    def _group(self, codes: tuple[str, ...]) -> _Group:
        last = self._last
        if codes != last.codes:
            coded = frozenset(metier for code in codes for metier in self._coded[code])
            known = self._known[codes[0]]
            metiers = coded.union(*known.values())
            same = metiers == last.metiers  # as are often those of the codes of one parent
            compare = last.compare if same else self._measure.among(metiers)
            self._last = _Group(codes, coded, metiers, known, _shares(known.values()), compare)
        return self._last


@dataclass(frozen=True, slots=True)
class _Group:
    """The appellations that have the same codes.

    `coded`: the fiches that have one of the codes; `known`: the owners of the appellations that
    are names of fiches, `shares`: what each has of them; `metiers`: all of these fiches, and
    `compare`: how like each of them a name is.
    """

    codes: tuple[str, ...]
    coded: frozenset[str]
    metiers: frozenset[str]
    known: Mapping[Stems, set[str]]
    shares: Mapping[str, float]
    compare: Comparison

    def neighbours(self, stems: Stems) -> Mapping[str, float]:
        """Share the known appellations, but for the one asked about, between their owners."""
        if stems not in self.known:
            return self.shares
        return _shares(owners for name, owners in self.known.items() if name != stems)


def _shares(known: Iterable[set[str]]) -> dict[str, float]:
    counts = Counter(metier for owners in known for metier in owners)
    total = 1 + counts.total()  # one neighbour proves less than several
    return {metier: count / total for metier, count in counts.items()}
