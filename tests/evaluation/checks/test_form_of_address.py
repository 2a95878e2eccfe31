"""What is said with « vous » is said with « tu » as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.checks.form_of_address import check_address
from tests.conftest import INTENTS

TWIN = "    condition: [{type: slot, name: adresse, value: tu}]\n"
PAIR = f'  utter_a:\n  - text: "Vous {{x}}"\n  - text: "Tu {{x}}"\n{TWIN}'


def found(tmp_path: Path, responses: str) -> list[tuple[str, int | None, str | None]]:
    folder = tmp_path / "responses"
    folder.mkdir()
    (folder / "a.yml").write_text(f'version: "3.1"\nresponses:\n{responses}', encoding="utf-8")
    return [
        (one.problem.key, one.problem.line, one.problem.field) for one in check_address(tmp_path)
    ]


def test_the_responses_as_they_are() -> None:
    assert list(check_address(INTENTS)) == []


@pytest.mark.parametrize(
    "responses",
    [
        PAIR,
        PAIR + '  utter_b:\n  - text: "Rien ici, chez moi."\n',
        PAIR + '  utter_b:\n  - text: "Voir [la page](https://x.fr/vos-droits)"\n',
        '  utter_b:\n  - text: "Vous seulement : ce fichier ne tutoie jamais."\n',
    ],
)
def test_nothing_to_say(tmp_path: Path, responses: str) -> None:
    assert found(tmp_path, responses) == []


@pytest.mark.parametrize(
    ("response", "key"),
    [
        ('  - text: "Vous"\n', "response_unfamiliar"),
        ('  - text: "Dites"\n  - text: "Donnez"\n', "response_unfamiliar"),
        (f'  - text: "Vous"\n  - text: "Tu, et vos amis"\n{TWIN}', "response_formal"),
        (f'  - text: "Vous {{x}}"\n  - text: "Tu {{y}}"\n{TWIN}', "response_uneven"),
        (f'  - text: "Vous"\n  - text: "Votre"\n  - text: "Tu"\n{TWIN}', "response_uneven"),
    ],
)
def test_each_fault(tmp_path: Path, response: str, key: str) -> None:
    assert found(tmp_path, f"{PAIR}  utter_b:\n{response}") == [(key, 7, "utter_b")]
