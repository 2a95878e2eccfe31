"""Files that nobody reads, entries in the wrong folder, misspelt keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.checks.shape import check_shape
from tests.evaluation.checks.folder import Found, found, written


def test_the_folder_as_it_is(intents: Path) -> None:
    assert found(check_shape, intents) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("nlu/zz.yaml", "nlu: []\n", ("file_unread", "zz.yaml", 1, True)),
        ("synonym/zz.yml", "nlu: []\n", ("file_unread", "zz.yml", 1, True)),
        ("zz.yml", "responses: {}\n", ("file_unread", "zz.yml", 1, True)),
        (
            "nlu/zz.yml", "nlu:\n- synonym: salaire\n  examples: |\n    - paie\n",
            ("entry_kind", "zz.yml", 2, True),
        ),
        (
            "synonyms/zz.yml", "nlu:\n- intent: salaire\n  examples: |\n    - paie\n",
            ("entry_kind", "zz.yml", 2, True),
        ),
        ("responses/zz.yml", "bonjour:\n", ("key_unknown", "zz.yml", 1, True)),
        ("responses/zz.yml", "response:\n", ("key_unknown_near", "zz.yml", 1, True)),
        (
            "responses/zz.yml", "responses:\n  utter_zz:\n  - texte: a\n",
            ("key_unknown_near", "zz.yml", 3, True),
        ),
        (
            "responses/zz.yml",
            "responses:\n  utter_zz:\n  - text: a\n    buttons:\n    - titre: b\n",
            ("key_unknown_near", "zz.yml", 5, True),
        ),
        (
            "nlu/zz.yml", "nlu:\n- intent: aide\n  exemples: |\n    - a\n  examples: |\n    - b\n",
            ("key_unknown_near", "zz.yml", 3, True),
        ),
        ("responses/zz.yml", "responses: {}\nresponses: {}\n", ("key_repeated", "zz.yml", 2, True)),
    ],
)  # fmt: skip
def test_a_file_in_the_wrong_shape(intents: Path, name: str, text: str, expected: Found) -> None:
    written(intents, name, text)
    assert found(check_shape, intents) == [expected]


def test_the_files_of_rasa_may_stand_beside_ours(intents: Path) -> None:
    written(intents, "domain.yml", "intents: [aide]\nslots: {}\n")
    assert found(check_shape, intents) == []
