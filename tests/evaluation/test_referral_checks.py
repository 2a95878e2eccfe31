"""An official service without its source, its date or a sound address is found."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.cli.words import command_words, problem_line
from bot.evaluation.referral_checks import check_referrals
from tests.conftest import INTENTS

TODAY = date(2026, 11, 26)
ENTRY = """\
version: "3.1"
responses:
  utter_autre_chose:
  - text: "Bonjour"
  utter_orientation_autre:
  - text: "Voir [là](https://exemple.fr)."
    metadata:
      topic: "Autre"
      label: "Exemple"
      url: "https://exemple.fr"
      source: "https://exemple.fr/page"
      dated: "2025-03"
      checked: "2026-11-26"
"""


def found(folder: Path, text: str = ENTRY) -> list[tuple[str, str | None, str, int | None]]:
    responses = folder / "responses"
    responses.mkdir(exist_ok=True)
    (responses / "services.yml").write_text(text, "utf-8")
    problems = check_referrals(folder, today=TODAY)
    return [(p.key, p.field, p.detail, p.line) for p in problems]


def test_the_entries_of_the_repository_are_right() -> None:
    assert list(check_referrals(INTENTS, today=date.today())) == []


def test_a_right_entry(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize("field", ["topic", "label", "url", "source", "checked"])
@pytest.mark.parametrize("left", ["", '      {field}: ""\n', '      {field}: "  "\n'])
def test_a_field_that_is_missing(tmp_path: Path, field: str, left: str) -> None:
    kept = [line for line in ENTRY.splitlines(keepends=True) if f" {field}:" not in line]
    text = "".join(kept) + left.format(field=field)
    assert found(tmp_path, text) == [("referral_field", "utter_orientation_autre", field, 5)]


def test_no_metadata_at_all(tmp_path: Path) -> None:
    text = ENTRY.partition("    metadata:")[0]
    assert [detail for _, _, detail, _ in found(tmp_path, text)] == [
        "topic", "label", "url", "source", "checked",
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["url", "source"])
@pytest.mark.parametrize(
    "address", ["http://exemple.fr", "exemple.fr", "https://", "https://a b.fr"]
)
def test_an_address_that_is_not_https(tmp_path: Path, field: str, address: str) -> None:
    (line,) = (line for line in ENTRY.splitlines() if f" {field}:" in line)
    text = ENTRY.replace(line, f'      {field}: "{address}"')
    assert found(tmp_path, text) == [("referral_url", "utter_orientation_autre", address, 5)]


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("checked", "2026-11-27"),
        ("checked", "26/11/2026"),
        ("checked", "20261126"),
        ("checked", "2026-11"),
        ("checked", "hier"),
        ("dated", "2027-01"),
        ("dated", "mars 2025"),
        ("dated", "2026-02-30"),
    ],
)
def test_a_date_to_come_or_badly_written(tmp_path: Path, field: str, day: str) -> None:
    (line,) = (line for line in ENTRY.splitlines() if f" {field}:" in line)
    text = ENTRY.replace(line, f'      {field}: "{day}"')
    assert found(tmp_path, text) == [("referral_date", "utter_orientation_autre", day, 5)]


def test_a_date_that_yaml_reads_as_one(tmp_path: Path) -> None:
    assert found(tmp_path, ENTRY.replace('"2026-11-26"', "2026-11-26")) == []


def test_the_other_services_are_checked_too(tmp_path: Path) -> None:
    text = ENTRY + '  utter_conseiller:\n  - text: "Un CIO."\n  utter_detresse:\n  - text: "3114"\n'
    assert {field for _, field, _, _ in found(tmp_path, text)} == {
        "utter_conseiller",
        "utter_detresse",
    }


def test_a_subject_without_a_service(tmp_path: Path) -> None:
    (tmp_path / "synonyms").mkdir()
    shutil.copy(INTENTS / "synonyms" / "sujets.yml", tmp_path / "synonyms")
    missing = [(key, field) for key, field, _, _ in found(tmp_path)]
    assert ("referral_missing", "bourse") in missing
    assert ("referral_missing", "autre") not in missing
    assert len(missing) == 10


@pytest.mark.parametrize("text", ["responses: [", "- a\n", "responses: [a]\n", "responses: {}\n"])
def test_a_file_in_the_wrong_shape_is_for_others_to_tell(tmp_path: Path, text: str) -> None:
    assert [key for key, _, _, _ in found(tmp_path, text)] == ["referral_missing"]


def test_what_is_found_is_said_in_french(tmp_path: Path) -> None:
    words = command_words()
    bad = (
        ENTRY.replace("https:", "http:").replace("2026-11-26", "2030-01-01").replace("label", "nom")
    )
    (tmp_path / "responses").mkdir()
    (tmp_path / "responses" / "services.yml").write_text(bad, "utf-8")
    lines = [problem_line(problem, words) for problem in check_referrals(tmp_path, today=TODAY)]
    assert len(lines) == 4
    assert all("utter_orientation_autre" in line for line in lines)
