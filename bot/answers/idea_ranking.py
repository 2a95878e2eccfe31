"""Puts the jobs in the order in which they match the answers of the form, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers.context import AnswerContext
from bot.answers.idea_table import LEVELS, REFUSED, WEIGHTS, Answers, IdeaTable, Standing
from bot.catalogue.fiche import Fiche
from bot.catalogue.surroundings import SURROUNDINGS, contrary

__all__ = ["Ranking", "ranked", "reason", "spoken", "title"]

# Two pages at least.
_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The jobs to propose, best first; the first `whole` match every answer.

    `is_loosened`: the first misses an answer, and so do the others.
    """

    fiches: tuple[Fiche, ...]
    whole: int
    is_loosened: bool


def ranked(table: IdeaTable, answers: Answers) -> Ranking:
    """Return the jobs that match every answer and, when they are few, those that come nearest.

    What speaks for a job less what speaks against it comes first; then the nearer its level
    is to the one wanted, and the more of its tastes are wanted ones; then in an order of no meaning
    that is always the same. A fiche that is silent counts for nothing either way.
    """
    standing = table.standing(answers)
    order = np.lexsort(tuple(reversed(list(_keys(table, answers, standing)))))
    most = sum(WEIGHTS.get(name, 1) for name, value in answers if value and name != REFUSED)
    whole = int(np.count_nonzero(standing.score == most))
    kept = order[: max(whole, _LISTED)]
    if np.any(standing.matched[kept]):
        kept = kept[standing.matched[kept] > 0]
    return Ranking(
        fiches=tuple(table.fiches[n] for n in kept),
        whole=whole,
        is_loosened=bool(len(kept) and standing.missed[kept].min() > 0),
    )


def _keys(table: IdeaTable, answers: Answers, standing: Standing) -> Iterator[NDArray[np.generic]]:
    yield -standing.score
    yield -standing.matched
    level = next((value for question, value in answers if question == "niveau" and value), None)
    if level is not None:
        yield table.levels_below(level)
    tastes = {value for question, value in answers if question == "centre_interet" and value}
    yield -table.share(tastes)
    yield table.mixed


def spoken(answers: Answers, context: AnswerContext) -> str:
    """Say the answers given, those that were skipped left out."""
    return ", ".join(_value(question, value, context) for question, value in answers if value)


def reason(fiche: Fiche, answers: Answers, context: AnswerContext) -> str:
    """Say which answers a job matches and which not, in the words of its fiche."""
    said: dict[int, list[str]] = {1: [], -1: [], 0: []}
    for question, value in answers:
        if value:
            verdict = context.ideas.verdict(question, value, fiche)
            said[verdict].append(_said(verdict, question, value, fiche, context))
    keys = {1: "form_because", -1: "form_but", 0: "form_silent"}
    return " ".join(
        context.say(keys[verdict], said=", ".join(filter(None, values)))
        for verdict, values in said.items()
        if any(values)
    )


def _said(verdict: int, question: str, value: str, fiche: Fiche, context: AnswerContext) -> str:
    name = _value(question, value, context)
    if question == REFUSED:
        return context.say("form_held", value=value) if verdict < 0 else ""
    if question in SURROUNDINGS and verdict:
        words = _words(value, verdict, fiche, context)
        return context.say("form_told" if verdict > 0 else "form_told_not", said=name, words=words)
    if verdict >= 0:
        return name
    if question == "niveau":
        return context.say("form_higher", level=fiche.niveau_min)
    return context.say("form_not_held", said=name)


def _words(value: str, verdict: int, fiche: Fiche, context: AnswerContext) -> str:
    """The words of the fiche that say a value, or its contrary."""
    looked_for = (value,) if verdict > 0 else contrary(value)
    found = (context.ideas.surroundings.words(fiche, one) for one in looked_for)
    return next(filter(None, found), "")


def title(question: str, value: str, context: AnswerContext) -> str:
    """Name an answer alone, for its button."""
    keys = (f"form_value_{value}", f"niveau_{value}" if question == "niveau" else "")
    own = next((key for key in keys if key in context.wording), None)
    return context.say(own) if own else value.replace("+", " + ")


def _value(question: str, value: str, context: AnswerContext) -> str:
    named = title(question, value, context)
    if question == "niveau":
        highest = value == LEVELS[-1]
        key = "form_any_level" if highest else "criterion_niveau_max"
        return context.say(key, **({} if highest else {"value": named}))
    if question in SURROUNDINGS:
        return context.say("form_value", value=named)
    key = "form_refused" if question == REFUSED else f"criterion_{question}"
    return context.say(key, value=value)
