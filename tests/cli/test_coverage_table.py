from __future__ import annotations

from collections import Counter

from bot.cli.coverage_table import coverage_lines
from bot.cli.words import command_words
from bot.dialogue.intents import METIER_INTENTS

NAMES = {"MET.1": "notaire", "MET.22": "avocat/e " * 20, "MET.3": "boulanger/ère"}


def lines(**checked: int) -> list[str]:
    counts = Counter({("MET.1", "salaire"): 2, ("MET.22", "etudes"): 1000, **{
        ("MET.22", question): count for question, count in checked.items()
    }})  # fmt: skip
    return coverage_lines(counts, NAMES, command_words())


def test_a_row_per_job_and_the_total() -> None:
    title, head, *rows = lines(comparer=1)
    assert title == "Réponses vérifiées : 1003. Métiers : 2 sur 3 du catalogue."
    codes = head.split()
    assert len(codes) == len(set(codes)) == len(METIER_INTENTS)
    most, least, total, *_ = rows
    assert most.startswith("MET.22   avocat/e avocat/e")
    assert least.startswith("MET.1    notaire ")
    assert total.startswith("tous les métiers ")
    none = ["."] * len(METIER_INTENTS)
    for row, counts in (
        (most, {"etudes": "1000", "comparer": "1"}),
        (least, {"salaire": "2"}),
        (total, {"etudes": "1000", "salaire": "2", "comparer": "1"}),
    ):
        wanted = [counts.get(q, dot) for q, dot in zip(METIER_INTENTS, none, strict=True)]
        assert row.split()[-len(wanted) :] == wanted


def test_it_fits_80_columns() -> None:
    assert max(map(len, lines())) <= 80
    assert len({len(line) for line in lines()[1:5]}) == 1


def test_the_legend_and_what_is_never_checked() -> None:
    shown = " ".join(lines())
    assert "pr presentation, et etudes, du duree_etudes" in shown
    assert "Questions jamais vérifiées : presentation, duree_etudes, niveau_acces," in shown
    assert "Questions jamais" not in " ".join(lines(**dict.fromkeys(METIER_INTENTS, 1)))


def test_nothing_checked() -> None:
    title, *_ = coverage_lines(Counter(), NAMES, command_words())
    assert title == "Réponses vérifiées : 0. Métiers : 0 sur 3 du catalogue."
