"""Examples said otherwise: which variants there are, and which change their intent."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.evaluation.checks.intents_folder import read_folder
from bot.evaluation.checks.variants import Abbreviations, check_variants, variants_of
from tests.evaluation.checks.folder import line_of, written

SMS = Abbreviations(
    {"combien": ("cb", "cmb"), "c'est quoi": ("c koi",), "ce": ("c",), "pour": ("pr",)}
)


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        ("", {}),
        ("ok", {}),
        ("Combien", {"short": "cmb", "doubled": "Commbien", "swapped": "Cobmien"}),
        ("c cb", {"full": "ce combien"}),
        ("c'est cb", {"full": "c'est combien"}),
        ("C'est quoi pour", {"short": "c koi pr"}),
        ("c koi", {"full": "c'est quoi"}),
        ("des métiers", {"accents": "des metiers", "doubled": "des méttiers", "swapped": "des méiters"}),
        ("allons", {"doubled": "alllons", "swapped": "alolns"}),
        ("pomme", {"doubled": "poomme", "swapped": "pmome"}),
    ],
)  # fmt: skip
def test_the_ways_to_say_it(text: str, variants: dict[str, str]) -> None:
    assert dict(variants_of(text, SMS)) == variants


def test_two_equal_letters_cannot_be_swapped() -> None:
    assert dict(variants_of("balles", SMS)) == {"doubled": "ballles"}


def test_a_table_without_abbreviations() -> None:
    assert dict(variants_of("cb", Abbreviations({}))) == {}


def test_the_examples_that_change(intents: Path, seed_assistant: Assistant) -> None:
    lines = "    - bonjour\n    - quelle chose sans aucun rapport\n"
    path = written(
        intents, "nlu/salutation.yml", f"nlu:\n- intent: salutation\n  examples: |\n{lines}"
    )
    folder, _ = read_folder(intents)
    found = list(check_variants(folder, seed_assistant.interpreter))
    assert not any(finding.is_error for finding in found)
    changed = [f.problem for f in found if f.problem.key == "variant"]
    counted = {f.problem.key: f.problem.detail for f in found if f.problem.key != "variant"}
    assert {"variants_accents", "variants_doubled", "variants_swapped"} <= set(counted)
    total = sum(int(detail.split(" / ")[0]) for detail in counted.values())
    assert total == len(changed)
    # What is not understood as its own intent to begin with is no matter of variants.
    assert (path, line_of(path, "    - quelle chose sans aucun rapport")) not in {
        (problem.path, problem.line) for problem in changed
    }
