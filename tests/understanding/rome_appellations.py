"""The real appellations of the ROME, read once for the tests that link them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.rome import RomeAppellation
from bot.catalogue.rome_reader import parse_rome_csv
from bot.understanding.alias_ranking import AliasRanking, AliasSettings, CodedName, RankedMetier
from bot.understanding.gender_pairs import fold_pairs
from bot.understanding.metier_names import metier_names, written_names
from bot.understanding.name_index import IndexedName, content_words
from bot.understanding.normalisation import Normaliser
from tests.conftest import require_shared

__all__ = ["Hidden", "development_pairs", "hide_other_names", "real_appellations"]


@cache
def real_appellations() -> tuple[RomeAppellation, ...]:
    path = require_shared("data/rome") / "unix_referentiel_appellation_v460_utf8.csv"
    with path.open("rb") as stream:
        return tuple(parse_rome_csv(stream, path))


def development_pairs() -> list[dict[str, Any]]:
    """Pairs of an appellation, verbatim, and the fiche that a person gave it."""
    lines = (require_shared("data/linking") / "dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@dataclass(frozen=True)
class Hidden:
    """What an other name leads to when its fiche no longer has it.

    `owners`: the fiches that have it; `shares_code`: whether the ROME files it under a code of
    the fiche; `asks`: whether a person would be asked which of `found` is meant.
    """

    name: IndexedName
    owners: frozenset[str]
    shares_code: bool
    found: tuple[RankedMetier, ...]
    asks: bool

    @property
    def is_right(self) -> bool:
        """Whether the fiche found first is one that has the name."""
        return bool(self.found) and self.found[0].id in self.owners

    @property
    def is_among(self) -> bool:
        """Whether one that has the name is found at all."""
        return any(metier.id in self.owners for metier in self.found)


def hide_other_names(catalogue: Catalogue, normaliser: Normaliser) -> list[Hidden]:
    """Hide each other name that is an appellation too, and see what the ROME leads to.

    The names are hidden in rounds, at most one of a fiche and of a fine code in each, so that
    no name that is hidden is missed by another.
    """
    names = metier_names(written_names(catalogue, {}), normaliser)
    coded = [_coded(one, normaliser) for one in real_appellations()]
    by_stems: dict[tuple[str, ...], list[CodedName]] = {}
    for one in coded:
        by_stems.setdefault(one.stems, []).append(one)
    titles = {name.stems for name in names if name.kind == "title"}
    cases = []
    for name in names:
        if name.kind == "synonym" and name.stems in by_stems and name.stems not in titles:
            codes = set(catalogue[name.key].rome_codes)
            same = by_stems[name.stems]
            cases.append((name, max(same, key=lambda one: not codes.isdisjoint(one.codes))))
    return [
        hidden
        for one_round in _rounds(cases)
        for hidden in _hide(one_round, names, coded, catalogue)
    ]


def _coded(appellation: RomeAppellation, normaliser: Normaliser) -> CodedName:
    stems = content_words(normaliser.normalise(appellation.label).words)
    return CodedName(codes=appellation.rome_codes, stems=fold_pairs(stems))


Case = tuple[IndexedName, CodedName]


def _rounds(cases: list[Case]) -> list[list[Case]]:
    rounds: list[tuple[set[str], list[Case]]] = []
    for name, one in cases:
        taken = {name.key, one.codes[0]}
        for used, kept in rounds:
            if used.isdisjoint(taken):
                used |= taken
                kept.append((name, one))
                break
        else:
            rounds.append((taken, [(name, one)]))
    return [kept for _, kept in rounds]


def _hide(
    cases: list[Case],
    names: tuple[IndexedName, ...],
    coded: list[CodedName],
    catalogue: Catalogue,
) -> list[Hidden]:
    gone = {(name.key, form) for name, _ in cases for form in _forms(name, catalogue)}
    stems = {(name.key, name.stems) for name, _ in cases}
    left = [n for n in names if (n.key, n.form) not in gone and (n.key, n.stems) not in stems]
    ranking = AliasRanking(coded, catalogue, names=left, settings=AliasSettings())
    hidden = []
    for name, one in cases:
        found = ranking.rank(one)
        hidden.append(
            Hidden(
                name=name,
                owners=frozenset(n.key for n in names if n.stems == name.stems),
                shares_code=not set(catalogue[name.key].rome_codes).isdisjoint(one.codes),
                found=found,
                asks=ranking.is_close(found),
            )
        )
    return hidden


def _forms(name: IndexedName, catalogue: Catalogue) -> set[str]:
    """The forms of the other name that one form belongs to."""
    groups = [set(other.forms()) for other in catalogue[name.key].other_names]
    return next((forms for forms in groups if name.form in forms), {name.form})
