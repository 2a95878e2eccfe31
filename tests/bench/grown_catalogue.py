"""Catalogues of any size made from the real one, to measure how Balise grows.

The real fiches come first, as they are; the others are copies of them under new identifiers, each
job with a complement added to all its names (« technicien/ne de maintenance en biologie à
Montreval »): of the complements of the real titles and of made-up words, so that a head word is
shared by thousands of jobs, as it would be, and that no two jobs have one title. Texts are kept.
The same sizes give the same catalogues.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.catalogue.contents import Contents
from bot.catalogue.fiche import Appellation, Fiche, MetierId
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import read_sources

__all__ = ["grown_fiches", "write_grown_index"]

_FIRST_ID = 1_000_001
_SEED = 20_260_101
_COMPLEMENT = re.compile(r"\s((?:en|de|du|des|d'|d’|aux?|à|pour)[\s\w'’-]+)$")
_LONGEST_COMPLEMENT = 32
# The words of names grow as the square root of their number (Heaps' law), as they do among the
# real titles: 100,000 fiches have some 6,000 words more than 1,000.
_WORDS_PER_ROOT = 20
# Which parts a complement has: a real one, a thing, a place.
_SHAPES = ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
_STARTS = "bra cal cor dal fer gal lor mar mon nor per pra sal ser tal tor tra val ver vil".split()
_MIDDLES = "ba bre ca cha da do gue la li lo ma mi ne ra re ri sa te ti vo".split()
_THINGS = "bine dage lette mine nage rine sure tane tille ture vage zine".split()
_PLACES = "bourg court gnac lieu mont nay val vert ville villiers zan zon".split()


def write_grown_index(sources: Sequence[Path], path: Path, *, count: int) -> None:
    """Write the index of a catalogue of `count` fiches grown from those of `sources`.

    Raises:
        CatalogueError: a source cannot be read, or the index cannot be written.
    """
    real = read_sources(sources)
    told = [f for f in real.fiches if f.presentation is not None or f.summary is not None]
    write_index(
        Contents(
            fiches=tuple(grown_fiches(told, count)),
            formations=real.formations,
            sources=real.sources,
        ),
        path,
    )


def grown_fiches(real: Sequence[Fiche], count: int) -> Iterator[Fiche]:
    """Yield `count` fiches: the real ones, then copies of them with longer names."""
    yield from real[:count]
    complements = _Complements(real, count)
    titles = {fiche.name for fiche in real}
    numbers = itertools.count(_FIRST_ID)
    for fiche in itertools.islice(itertools.cycle(real), max(0, count - len(real))):
        title = fiche.title
        while title.name in titles:
            complement = complements.draw()
            title = _longer(fiche.title, complement)
        titles.add(title.name)
        yield replace(
            fiche,
            id=MetierId(f"MET.{next(numbers)}"),
            title=title,
            other_names=tuple(_longer(name, complement) for name in fiche.other_names),
        )


class _Complements:
    """Draws what is added to names, always in the same order."""

    def __init__(self, real: Sequence[Fiche], count: int) -> None:
        self._random = random.Random(_SEED)
        found = (_COMPLEMENT.search(fiche.title.masculine or fiche.name) for fiche in real)
        self._real = sorted({m[1] for m in found if m and len(m[1]) <= _LONGEST_COMPLEMENT})
        most = round(_WORDS_PER_ROOT * math.sqrt(count) / 2)
        self._things = self._made_up(_THINGS)[:most]
        self._places = self._made_up(_PLACES)[:most]

    def draw(self) -> str:
        """Draw « en biologie », « pour tralinage », « à Montreval », or two of them."""
        pick = self._random.choice
        parts = (
            pick(self._real),
            f"pour {pick(self._things)}",
            f"à {pick(self._places).capitalize()}",
        )
        return " ".join(parts[place] for place in pick(_SHAPES))

    def _made_up(self, ends: Sequence[str]) -> list[str]:
        words = ["".join(parts) for parts in itertools.product(_STARTS, _MIDDLES, ends)]
        self._random.shuffle(words)
        return words


def _longer(name: Appellation, complement: str) -> Appellation:
    return Appellation(
        name=f"{name.name} {complement}",
        masculine=f"{name.masculine} {complement}" if name.masculine else None,
        feminine=f"{name.feminine} {complement}" if name.feminine else None,
    )
