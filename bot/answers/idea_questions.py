"""Chooses what to ask next: the question whose answer should narrow the jobs the most.

Whoever answers is taken to be made for one of the jobs that are left, any of them. What an
answer tells is then log2(jobs left before / jobs left after), in bits; what a question should tell
is the mean of it over its answers, an answer that no fiche gives (it is skipped) telling nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers.idea_table import QUESTIONS, REFUSED, Answers, IdeaTable
from bot.catalogue.criteria import Mask

__all__ = ["FEW", "MOST_ASKED", "MOST_OFFERED", "Question", "next_question", "question"]

MOST_ASKED = 6
MOST_OFFERED = 6
FEW = 5
"""So many jobs left, or fewer, are shown at once."""

# Asked again to whoever answered: one taste leaves many jobs. One that is skipped is not.
_TWICE = frozenset({"centre_interet"})
# A question that should tell less than this is not worth an answer.
_LEAST_BITS = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and its answers, in the order in which they are offered; `bits` as above."""

    name: str
    values: tuple[str, ...]
    bits: float


def next_question(table: IdeaTable, answers: Answers) -> Question | None:
    """Return what to ask; None when the form is over.

    It is when six questions were asked, when few jobs are left, or when nothing would narrow them.
    """
    given = [(name, value) for name, value in answers if name != REFUSED]
    left = table.standing(answers).left
    has_answers = any(value for _, value in given)
    if len(given) >= MOST_ASKED or (has_answers and np.count_nonzero(left) <= FEW):
        return None
    counts = Counter(name for name, _ in given)
    skipped = {name for name, value in given if not value}
    asked = (
        question(table, name, answers)
        for name in QUESTIONS
        if counts[name] < (2 if name in _TWICE - skipped else 1)
    )
    useful = [q for q in asked if q.bits >= _LEAST_BITS]
    return max(useful, key=lambda q: q.bits, default=None)


def question(table: IdeaTable, name: str, answers: Answers) -> Question:
    """Return a question about the jobs left: the answers that some of them give, but those given.

    Tastes come in the order of what they tell, other answers in their own.
    """
    values = table.values(name)
    if not values:
        return Question(name=name, values=(), bits=0.0)
    bits, likely = _bits(table, name, table.standing(answers).left)
    given = {value for question, value in answers if question in (name, REFUSED)}
    order = [n for n in np.argsort(-bits, kind="stable") if likely[n] and values[n] not in given]
    offered = order if name == "centre_interet" else sorted(order)
    return Question(
        name=name,
        values=tuple(values[n] for n in offered),
        bits=float(bits[order[:MOST_OFFERED]].sum()) if len(order) > 1 else 0.0,
    )


def _bits(
    table: IdeaTable, name: str, left: Mask
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each answer tells, weighted by how likely it is; and how likely it is."""
    count = max(1, np.count_nonzero(left))
    likely = table.likely(name)[:, left].sum(axis=1, dtype=np.float64) / count
    kept = np.array([_weight(table.verdicts(name, v)[left]) for v in table.values(name)])
    bits: NDArray[np.float64] = likely * np.log2(count / np.maximum(1, kept))
    return bits, likely


def _weight(verdicts: NDArray[np.int8]) -> float:
    """How many jobs an answer leaves; one whose fiche is silent counts for half: it goes behind."""
    return np.count_nonzero(verdicts > 0) + np.count_nonzero(verdicts == 0) / 2
