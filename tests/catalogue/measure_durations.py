"""Measures how many stated durations are read, over the real fiches.

    python -m tests.catalogue.measure_durations [FOLDER]

Prints the clauses that state a length of study and got no structured value. What counts
as stated is decided here, by a search that owes nothing to the reader: a number followed
by a unit of time, or « bac + n ». Lengths of something else (an age, an experience asked
for, a contract) are set aside by the words that say so.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.catalogue.fiche import Fiche, StudyDuration
from bot.catalogue.loading import load_catalogue
from tests.conftest import SHARED

_NUMBER = r"(?:\d+|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze)"
_STATED = re.compile(
    rf"\b{_NUMBER}\s*(?:ans?|années?|mois|semestres?|semaines?|jours?|heures?|h)\b"
    r"|^\s*ans (?:pour|d)|\bbac\s*\+\s*\d",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"\b(?:1[4-9]|[2-9]\d) ans\b(?: et demi)?"  # an age
    r"|\bà l'issue de la 3e|l'âge de \d+ ans"
    r"|(?:contrat|durée|valable|depuis|ces|engager|disposent alors de)\s(?:de\s)?\d+ ans"
    r"|\d+ (?:ans|années|mois) (?:d['’](?:expérience|exercice|activité|internat)"
    r"|de (?:pratique|services?|navigation)|en moyenne après)"
    r"|\b(?:accessible|accès|ouvert|recruté\w*|titulaires?|candidats?)\b[^.;]*\bbac\s*\+\s*\d"
    r"|\baprès un bac\s*\+\s*\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many clauses state a length, and those of them that were not read."""

    stated: int
    unread: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Part of the stating clauses that has a structured value, in 0..1."""
        return 1 - len(self.unread) / self.stated


def measure(fiches: Iterable[Fiche]) -> Coverage:
    """Look at every clause of every study path."""
    stated = 0
    unread: list[str] = []
    for fiche in fiches:
        for path in fiche.study_paths:
            for clause in path.durations:
                if _states_length(clause):
                    stated += 1
                    if clause.years_min is None:
                        unread.append(f"{fiche.id} {path.entry}: {clause.text.strip()}")
    return Coverage(stated=stated, unread=tuple(unread))


def _states_length(clause: StudyDuration) -> bool:
    return _STATED.search(_SOMETHING_ELSE.sub(" ", clause.text)) is not None


def main(arguments: list[str]) -> None:
    """Print the measure of a folder of fiches."""
    folder = Path(arguments[0]) if arguments else SHARED / "data" / "onisep" / "fiches-md"
    coverage = measure(load_catalogue([folder]))
    for line in coverage.unread:
        print(line)
    read = coverage.stated - len(coverage.unread)
    print(f"\n{read} of {coverage.stated} stated durations read: {coverage.rate:.2%}")


if __name__ == "__main__":
    main(sys.argv[1:])
