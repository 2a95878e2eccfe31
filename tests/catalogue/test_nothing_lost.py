"""Proof, on every real fiche, that each line of the file is held by the field it belongs to.

The proof does not use the reader: `expected_lines` walks the file again, in the plainest
way, and says which lines each heading or label governs; `held_lines` says which lines each
field of the fiche holds. Both must be equal, line for line and in order, so that nothing
is lost, moved to another field, changed or made up. The last test shows that it can fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.fiche import Appellation, Fiche, Section
from bot.catalogue.markdown_reader import parse_markdown
from tests.conftest import SEEDS

GOVERNS = {
    "# ": "title",
    "**ID:**": "id",
    "**Appellations:**": "genders",
    "## Autres appellations": "other_names",
    "**Codes ROME:**": "rome_codes",
    "## Présentation": "presentation",
    "## En bref": "summary",
    "### Durée des études": "study_paths",
    "## Nature du travail": "nature",
    "## Compétences requises": "skills",
    "## Conditions de travail": "conditions",
    "## Vie professionnelle": "job_market",
    "## Salaire": "salary",
    "## Intégrer le marché du travail": "job_market",
    "## Accès au métier": "access",
    "**Niveau d'accès minimum:**": "niveau_min",
    "## Formations recommandées": "formations",
    "**Statuts possibles:**": "statuts",
    "## Centres d'intérêt": "centres_interet",
    "<!-- SEARCH_KEYWORDS": "keywords",
}
OWN_LINE = {"# ", "**ID:**", "**Codes ROME:**", "**Niveau d'accès minimum:**"}
NO_TEXT = {"", "-->", "Variantes du titre (pour recherche):"}


def expected_lines(text: str) -> dict[str, list[str]]:
    """The lines of a file by the field that the heading or label above them opens."""
    lines: dict[str, list[str]] = {}
    field = "nowhere"
    for line in text.split("\n"):
        for opening, opened in GOVERNS.items():
            if line.strip() == opening or (opening in OWN_LINE and line.startswith(opening)):
                field = opened
                line = line.strip().removeprefix(opening.strip())
                break
        # A tag left from the XML is a break between lines.
        for piece in re.split(r"</?p>|<br/>", line):
            if piece.strip() not in NO_TEXT:
                lines.setdefault(field, []).append(piece.strip())
    return {name: _once(values) for name, values in lines.items()}


def _once(lines: list[str]) -> list[str]:
    """Bare the lines of their list and heading marks, and of repetition (MET.135 says
    twice in a row which level a path starts from)."""
    return [line for line, _ in groupby(re.sub(r"^(#+\s+|- )", "", line) for line in lines)]


def held_lines(fiche: Fiche) -> dict[str, list[str]]:
    """The lines that each field of a fiche holds."""
    held: dict[str, list[str]] = {
        "title": [fiche.title.name],
        "id": [fiche.id],
        "genders": list(_genders(fiche.title)),
        "other_names": [
            line for name in fiche.other_names for line in (name.name, *_genders(name))
        ],
        "rome_codes": list(fiche.rome_codes),
        "study_paths": list(chain.from_iterable(_study_lines(fiche))),
        "niveau_min": [fiche.niveau_min] if fiche.niveau_min else [],
        "formations": [
            f"{link.label} (ID: {link.id})" if link.id else link.label for link in fiche.formations
        ],
        "statuts": list(fiche.statuts),
        "centres_interet": list(fiche.centres_interet),
        "keywords": list(fiche.keywords),
    }
    for field in fields(Fiche):
        value = getattr(fiche, field.name)
        if isinstance(value, Section):
            held[field.name] = value.text.split("\n")
    return {name: _once([line for line in lines if line]) for name, lines in held.items() if lines}


def _genders(name: Appellation) -> Iterator[str]:
    if name.feminine:
        yield f"Féminin: {name.feminine}"
    if name.masculine:
        yield f"Masculin: {name.masculine}"


def _study_lines(fiche: Fiche) -> Iterator[list[str]]:
    for path in fiche.study_paths:
        clauses = "".join(clause.text for clause in path.durations)
        yield [path.entry or "", *clauses.split("\n")]


def lost(text: str, fiche: Fiche) -> list[str]:
    """What differs between a file and its fiche, as « field: expected != held »."""
    expected, held = expected_lines(text), held_lines(fiche)
    return [
        f"{name}: {expected.get(name)} != {held.get(name)}"
        for name in sorted(expected.keys() | held.keys())
        if expected.get(name) != held.get(name)
    ]


def assert_nothing_lost(files: list[Path]) -> None:
    differences = {
        path.name: difference
        for path in files
        if (difference := lost(text := path.read_text("utf-8"), parse_markdown(text, path)))
    }
    assert differences == {}


def test_every_line_of_the_real_fiches_is_held(onisep: Path) -> None:
    files = sorted((onisep / "fiches-md").glob("*.md"))
    assert len(files) == 893
    assert_nothing_lost(files)


def test_every_line_of_the_other_conversion_is_held(onisep: Path) -> None:
    files = sorted((onisep / "fiches-md-ragflow").glob("*.md"))
    assert len(files) == 9
    assert_nothing_lost(files)


def test_every_line_of_the_seeds_is_held() -> None:
    files = sorted(SEEDS.glob("*.txt"))
    assert files
    assert_nothing_lost(files)


def test_no_line_of_the_real_fiches_is_under_nothing(onisep: Path) -> None:
    for path in (onisep / "fiches-md").glob("*.md"):
        assert "nowhere" not in expected_lines(path.read_text("utf-8")), path.name


LONG = Path(__file__).parent / "cases" / "markdown" / "long.md"
_TEXT = LONG.read_text("utf-8")
_FICHE = parse_markdown(_TEXT, LONG)
_LOSABLE = [
    field.name
    for field in fields(Fiche)
    if field.name not in {"id", "title", "source"} and getattr(_FICHE, field.name)
]


@pytest.mark.parametrize("field", _LOSABLE)
def test_the_proof_sees_a_lost_field(field: str) -> None:
    assert lost(_TEXT, _FICHE) == []
    without: dict[str, Any] = {
        field: None if isinstance(getattr(_FICHE, field), (Section, str)) else ()
    }
    assert lost(_TEXT, replace(_FICHE, **without)) != []


def test_the_proof_sees_a_changed_letter_a_lost_line_and_a_moved_section() -> None:
    assert lost(_TEXT.replace("ressort", "ressorts"), _FICHE) != []
    assert lost(_TEXT + "\n- un goût de plus\n", _FICHE) != []
    assert lost(_TEXT, replace(_FICHE, skills=_FICHE.nature, nature=_FICHE.skills)) != []
