"""The scale of levels: the 16 labels of the real fiches, and the values of the entity."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bot.catalogue.loading import load_catalogue
from bot.catalogue.niveaux import LOWEST_RANK, niveau_rank

# Each step of the scale, from the lowest: labels of the fiches and values of the entity.
SCALE = [
    ["sans diplôme", "3E", "diplôme national du brevet", "sans_diplome", "3e", "brevet"],
    ["CAP ou équivalent", "CAP ou équivalent + 1 an", "cap", "CAP"],
    ["bac ou équivalent", "bac"],
    *([f"bac + {n}", f"bac+{n}", f"Bac + {n}"] for n in range(1, 9)),
    ["bac + 9 et plus", "bac+9", "bac+10"],
]
FICHE_LABELS = {
    *("3E", "CAP ou équivalent", "CAP ou équivalent + 1 an", "autre formation", "bac + 1"),
    *("bac + 2", "bac + 3", "bac + 4", "bac + 5", "bac + 6", "bac + 7", "bac + 8"),
    *("bac + 9 et plus", "bac ou équivalent", "diplôme national du brevet", "sans diplôme"),
}


@pytest.mark.parametrize("step", SCALE, ids=lambda step: step[0])
def test_one_step_has_one_rank(step: list[str]) -> None:
    assert len({niveau_rank(label) for label in step}) == 1
    assert niveau_rank(step[0]) is not None


def test_ranks_rise_by_step() -> None:
    ranks = [niveau_rank(step[0]) for step in SCALE]
    assert ranks[0] == LOWEST_RANK
    assert all(low is not None and high is not None and low < high for low, high in pairwise(ranks))


@pytest.mark.parametrize("label", ["autre formation", "", "bac + 0", "bac pro", "doctorat"])
def test_what_is_no_level(label: str) -> None:
    assert niveau_rank(label) is None


def test_every_label_of_the_real_fiches_is_known(onisep: Path) -> None:
    labels = {fiche.niveau_min for fiche in load_catalogue([onisep / "fiches-md"])}
    assert labels == FICHE_LABELS
    unranked = {label for label in FICHE_LABELS if niveau_rank(label) is None}
    assert unranked == {"autre formation"}
