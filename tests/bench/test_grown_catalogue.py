"""The grown catalogues: as large as asked, always the same, no two jobs of one name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.catalogue.fiche import Fiche
from bot.catalogue.loading import read_sources
from tests.bench.grown_catalogue import grown_fiches

COUNT = 4_000


@pytest.fixture(scope="module")
def real(onisep: Path) -> tuple[Fiche, ...]:
    return read_sources([onisep / "fiches-md"]).fiches


def test_a_grown_catalogue(real: tuple[Fiche, ...]) -> None:
    grown = list(grown_fiches(real, COUNT))
    assert grown[: len(real)] == list(real)
    assert len({fiche.id for fiche in grown}) == len({fiche.name for fiche in grown}) == COUNT
    assert grown == list(grown_fiches(real, COUNT))
    for fiche, model in zip(grown[len(real) :], real, strict=False):
        for longer, name in zip(fiche.names(), model.names(), strict=True):
            assert longer.name.startswith(f"{name.name} ")
            assert (longer.feminine is None) == (name.feminine is None)
        assert (fiche.nature, fiche.domaines) == (model.nature, model.domaines)
    heads = Counter(fiche.name.split()[0].split("/")[0] for fiche in grown)
    assert heads["technicien"] > COUNT / 30


def test_fewer_fiches_than_the_real_ones(real: tuple[Fiche, ...]) -> None:
    assert list(grown_fiches(real, 10)) == list(real[:10])
