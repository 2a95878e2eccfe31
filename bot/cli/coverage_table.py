"""The table of `balise test --coverage`: a row per job, a column per question."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.answers.wording import Wording
from bot.dialogue.intents import METIER_INTENTS

__all__ = ["coverage_lines"]

_WIDTH = 80
_NONE = "."


def coverage_lines(
    checked: Counter[tuple[str, str]], names: Mapping[str, str], words: Wording
) -> list[str]:
    """Return the lines of the table: the most checked jobs first; 80 columns.

    Args:
        checked: how many answers are checked, by job id and question.
        names: the jobs of the catalogues, by id.
        words: the sentences.
    """
    jobs: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    for (metier, question), count in checked.items():
        jobs[metier] += count
        questions[question] += count
    codes = _codes(METIER_INTENTS)
    rows = [
        (f"{metier:<8} {names.get(metier, '')}", [checked[metier, q] for q in METIER_INTENTS])
        for metier, _ in sorted(jobs.items(), key=lambda job: (-job[1], job[0]))
    ]
    total = (words.say("test_coverage_total"), [questions[q] for q in METIER_INTENTS])
    lines = [
        words.say("test_coverage_title", answers=checked.total(), jobs=len(jobs), of=len(names)),
        *_table([codes[q] for q in METIER_INTENTS], [*rows, total]),
        *_wrapped(", ".join(f"{code}\N{NO-BREAK SPACE}{q}" for q, code in codes.items())),
    ]
    absent = [question for question in METIER_INTENTS if not questions[question]]
    if absent:
        lines += _wrapped(words.say("test_coverage_absent", questions=", ".join(absent)))
    return lines


def _table(codes: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> list[str]:
    cells = [[str(count) if count else _NONE for count in counts] for _, counts in rows]
    widths = [max(map(len, column)) for column in zip(codes, *cells, strict=True)]
    label = _WIDTH - sum(width + 1 for width in widths)
    lines = [("", codes), *zip((name for name, _ in rows), cells, strict=True)]
    return [
        f"{name:{label}.{label}}"
        + "".join(f" {cell.rjust(width)}" for cell, width in zip(row, widths, strict=True))
        for name, row in lines
    ]


def _codes(questions: Sequence[str]) -> dict[str, str]:
    """Shorten each question to two letters that are its own: its first and a later one."""
    codes: dict[str, str] = {}
    for question in questions:
        pairs = (f"{question[0]}{letter}" for letter in question[1:])
        codes[question] = next(pair for pair in pairs if pair not in codes.values())
    return codes


def _wrapped(text: str) -> list[str]:
    # No line ends at a no-break space: between a code and its question.
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
