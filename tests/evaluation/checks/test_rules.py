"""Patterns: of a known intent, useful, and stealing nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.checks.rules import check_rules
from tests.evaluation.checks.folder import Found, append, found, line_of, written


def findings(intents: Path) -> list[Found]:
    """What is found of the file of the test and its examples."""
    return [one for one in found(check_rules, intents) if one[1] in {"zz.yml", "salaire.yml"}]


def rule(intents: Path, *entries: tuple[str, str]) -> Path:
    lines = "".join(f"- regex: {name}\n  examples: |\n    - {regex}\n" for name, regex in entries)
    return written(intents, "rules/zz.yml", f"nlu:\n{lines}")


@pytest.fixture(autouse=True)
def example(intents: Path) -> int:
    """An example that patterns may catch, and its line."""
    path = append(intents, "nlu/salaire.yml", "    - le pactole d'un [juge](metier)\n")
    return line_of(path, "    - le pactole d'un [juge](metier)")


def test_a_pattern_that_catches_its_own(intents: Path) -> None:
    rule(intents, ("salaire", r"\bpactole d' un METIER$"))
    assert findings(intents) == []


@pytest.mark.parametrize(
    ("name", "key"), [("meteo", "rule_intent"), ("salaires", "rule_intent_near")]
)
def test_a_pattern_of_no_intent(intents: Path, name: str, key: str) -> None:
    rule(intents, (name, r"\bmagot\b"))
    assert findings(intents) == [(key, "zz.yml", 4, True)]


def test_a_pattern_that_no_example_has(intents: Path) -> None:
    rule(intents, ("salaire", r"\bmagot\b"))
    assert findings(intents) == [("rule_unmatched", "zz.yml", 4, False)]


def test_a_pattern_that_steals_from_the_right_one(intents: Path, example: int) -> None:
    rule(intents, ("statuts", "un METIER$"), ("salaire", r"\bpactole\b"))
    assert findings(intents) == [("rule_steals", "salaire.yml", example, True)]


def test_the_first_pattern_decides(intents: Path) -> None:
    rule(intents, ("salaire", r"\bpactole\b"), ("statuts", "un METIER$"))
    assert findings(intents) == []


def test_a_pattern_that_catches_the_example_of_another_intent(intents: Path, example: int) -> None:
    rule(intents, ("statuts", r"\bpactole\b"))
    assert findings(intents) == [("rule_overreaches", "salaire.yml", example, False)]


def test_distress_is_heard_before_the_patterns_of_others(intents: Path) -> None:
    append(intents, "nlu/detresse.yml", "    - sans pactole je saute\n")
    rule(intents, ("statuts", r"\bpactole je\b"))
    assert "rule_overreaches" not in {key for key, _, _, _ in found(check_rules, intents)}
