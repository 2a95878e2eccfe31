"""The entities annotated in examples: known kinds, known values."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.checks.annotations import check_annotations
from tests.evaluation.checks.folder import append, found, line_of


def test_the_folder_as_it_is(intents: Path) -> None:
    assert found(check_annotations, intents) == []


@pytest.mark.parametrize(
    "example",
    [
        "être [potissié](metier), ça paie",
        "un [BTS dresseur de dragons](formation)",
        "avec [bac + 2](niveau) ou [sans diplôme](niveau)",
        "comme [salariée](statut)",
    ],
)
def test_what_is_known(intents: Path, example: str) -> None:
    append(intents, "nlu/salaire.yml", f"    - {example}\n")
    assert found(check_annotations, intents) == []


@pytest.mark.parametrize(
    ("example", "key"),
    [
        ("le salaire d'un [juge](metiers)", "entity_unknown_near"),
        ("le salaire à [Lyon](ville)", "entity_unknown"),
        ('le salaire d\'un [juge]{"entity": "metier"}', "annotation_unread"),
        ("le salaire d'un [juge](metier:MET.7)", "annotation_unread"),
        ("comme [chevalier](statut)", "entity_value_unknown"),
        ("avec un [diplôme de magie](niveau)", "entity_value_unknown"),
    ],
)
def test_what_is_not(intents: Path, example: str, key: str) -> None:
    path = append(intents, "nlu/salaire.yml", f"    - {example}\n")
    line = line_of(path, f"    - {example}")
    assert found(check_annotations, intents) == [(key, "salaire.yml", line, True)]
