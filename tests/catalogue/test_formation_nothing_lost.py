"""Proof, on every real formation, that each line of the file is held by the field it belongs to.

As in `test_nothing_lost`, the proof does not use the reader: `expected_lines` walks the file
again in the plainest way, `held_lines` says which lines each field holds, and both must be
equal, line for line and in order. The last tests show that it can fail.
"""

from __future__ import annotations

import io
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.fiche import Section
from bot.catalogue.formation import Formation
from bot.catalogue.formation_markdown_reader import parse_formation_markdown

SECTIONS = {
    "## Informations générales": "facts",
    "## Description": "description",
    "## Accès": "access",
    "## Attendus": "attendus",
    "## Poursuite d'études": "further_studies",
    "## Métiers associés": "metiers",
}
LABELS = {
    "**Code scolarité:**": "code_scolarite",
    "**Sigle:**": "sigle",
    "**Durée:**": "duree",
    "**Niveau de certification:**": "niveau_certification",
    "**Type:**": "type",
    "**Lien:**": "link",
}


def expected_lines(text: str) -> dict[str, list[str]]:
    """The lines of a file by the field that the heading or label above them opens."""
    lines: dict[str, list[str]] = {}
    section = "nowhere"
    for line in text.split("\n"):
        field = section
        if line.startswith("# ") and section == "nowhere":
            field, line = "label", line[2:]
        elif line in SECTIONS:
            section, line = SECTIONS[line], ""
        elif section == "facts" and (label := next(filter(line.startswith, LABELS), None)):
            field, line = LABELS[label], line.removeprefix(label)
        if bare(line):
            lines.setdefault(field, []).append(bare(line))
    return lines


def bare(line: str) -> str:
    """A line without the marks of a list and of an inner heading."""
    line = line.strip()
    return line.lstrip("#").strip() if line.startswith("##") else line.removeprefix("-").strip()


def held_lines(formation: Formation) -> dict[str, list[str]]:
    """The lines that each field of a formation holds."""
    held: dict[str, list[str | None]] = {
        name: [getattr(formation, name)]
        for name in ("label", "code_scolarite", "sigle", "duree", "niveau_certification")
    }
    is_sigle_only = formation.type_label == formation.type_sigle
    held["type"] = [
        f"{formation.type_label} ({formation.type_sigle})"
        if is_sigle_only
        else formation.type_label
    ]
    held["link"] = [formation.link and f"[{formation.link}]({formation.link})"]
    held["metiers"] = [metier.label for metier in formation.metiers]
    for field in fields(Formation):
        value = getattr(formation, field.name)
        if isinstance(value, Section):
            held[field.name] = list(map(bare, value.text.split("\n")))
    present = {name: list(filter(None, lines)) for name, lines in held.items()}
    return {name: lines for name, lines in present.items() if lines}


def read(data: bytes, path: Path) -> Formation:
    (formation,) = parse_formation_markdown(io.BytesIO(data), path)
    return formation


def lost(text: str, formation: Formation) -> list[str]:
    """What differs between a file and its formation, as « field: expected != held »."""
    expected, held = expected_lines(text), held_lines(formation)
    return [
        f"{name}: {expected.get(name)} != {held.get(name)}"
        for name in sorted(expected.keys() | held.keys())
        if expected.get(name) != held.get(name)
    ]


@pytest.mark.parametrize(
    ("folder", "count"), [("formations-md", 2342), ("formations-md-ragflow", 12)]
)
def test_every_line_of_the_real_formations_is_held(onisep: Path, folder: str, count: int) -> None:
    files = sorted((onisep / folder).glob("*.md"))
    assert len(files) == count
    differences = {
        path.name: difference
        for path in files
        if (difference := lost((data := path.read_bytes()).decode(), read(data, path)))
    }
    assert differences == {}


def test_no_line_of_the_real_formations_is_under_nothing(onisep: Path) -> None:
    for path in (onisep / "formations-md").glob("*.md"):
        assert expected_lines(path.read_text("utf-8")).keys().isdisjoint({"nowhere", "facts"})


COMPLETE = Path(__file__).parent / "cases" / "formation_markdown" / "FOR.900001_bts_marées.md"
_TEXT = COMPLETE.read_text("utf-8")
_FORMATION = read(_TEXT.encode(), COMPLETE)
_LOSABLE = [
    field.name
    for field in fields(Formation)
    if field.name not in {"id", "label", "code_rncp", "type_sigle", "origin", "source", "file"}
    and getattr(_FORMATION, field.name)
]


@pytest.mark.parametrize("field", _LOSABLE)
def test_the_proof_sees_a_lost_field(field: str) -> None:
    assert lost(_TEXT, _FORMATION) == []
    without: dict[str, Any] = {field: () if field == "metiers" else None}
    assert lost(_TEXT, replace(_FORMATION, **without)) != []


def test_the_proof_sees_a_changed_letter_a_lost_line_and_a_moved_section() -> None:
    assert lost(_TEXT.replace("Lune", "lune"), _FORMATION) != []
    assert lost(_TEXT + "\n- un métier de plus\n", _FORMATION) != []
    moved = replace(_FORMATION, access=_FORMATION.attendus, attendus=_FORMATION.access)
    assert lost(_TEXT, moved) != []
