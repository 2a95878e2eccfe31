"""The jobs that share most with a job: the same as by comparing it with every other one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Fiche, MetierId
from bot.catalogue.loading import load_catalogue

MOST = 15


@pytest.fixture(scope="module")
def catalogue(onisep: Path) -> Catalogue:
    return load_catalogue([onisep / "fiches-md", onisep / "metiers.json"])


def compared_with_all(fiche: Fiche, catalogue: Catalogue) -> tuple[MetierId, ...]:
    shared: Counter[MetierId] = Counter()
    for link in fiche.formations:
        if link.id is not None:
            shared.update(catalogue.metiers_by_formation[link.id])
    scored = []
    for order, other in enumerate(catalogue):
        score = float(shared[other.id])
        score += 3.0 * len(set(fiche.rome_codes).intersection(other.rome_codes))
        score += 2.0 * len(set(fiche.domaines).intersection(other.domaines))
        score += len(set(fiche.centres_interet).intersection(other.centres_interet))
        if score >= 2.0 and other.id != fiche.id and other.is_told:
            scored.append((-score, order, other.id))
    return tuple(metier for _, _, metier in sorted(scored)[:MOST])


def test_the_closest_jobs_of_the_real_catalogue(catalogue: Catalogue) -> None:
    found = 0
    for fiche in list(catalogue)[::10]:
        closest = catalogue.kinship.closest(fiche, most=MOST)
        assert closest == compared_with_all(fiche, catalogue)
        found += bool(closest)
    assert found > 50


def test_a_job_alone_is_close_to_none(catalogue: Catalogue) -> None:
    fiche = next(iter(catalogue))
    assert Catalogue([fiche]).kinship.closest(fiche, most=MOST) == ()
    assert Catalogue([]).kinship.closest(fiche, most=MOST) == ()
