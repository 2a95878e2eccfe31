"""Which of several jobs pays best, which asks for the shortest or the longest studies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.answers.answer import Answer, AnswerKind
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import open_button
from bot.answers.job_facts import FACTS, monthly_pay, study_length
from bot.answers.several_sources import source_lines
from bot.catalogue.fiche import Fiche
from bot.dialogue.events import ActionRun, Event

__all__ = ["rank_by"]

Measure = Callable[[Fiche], "tuple[float, float] | None"]
_MOST_BUTTONS = 5


def _pay(fiche: Fiche) -> tuple[float, float] | None:
    pay = monthly_pay(fiche)
    return (pay.euros, 0.0) if pay is not None else None


def _shortness(fiche: Fiche) -> tuple[float, float] | None:
    length = study_length(fiche)
    return (-length[0], -length[1]) if length is not None else None


# For each criterion, the fields that tell it, and a measure that is highest for the job sought.
_STUDIES = ("niveau_acces", "duree_etudes")
_MEASURES: Mapping[str, tuple[tuple[str, ...], Measure]] = {
    "le_mieux_paye": (("salaire",), _pay),
    "le_plus_court": (_STUDIES, _shortness),
    "le_plus_long": (_STUDIES, study_length),
}


def rank_by(criterion: str, fiches: Sequence[Fiche], context: AnswerContext) -> Outcome:
    """Say which job comes first, then what each fiche says; jobs stay in the order of the screen.

    Args:
        criterion: `le_mieux_paye`, `le_plus_court` or `le_plus_long`.
        fiches: two jobs or more.
        context: the catalogue and the conversation.
    """
    fields, measure = _MEASURES[criterion]
    measured = {fiche.id: value for fiche in fiches if (value := measure(fiche)) is not None}
    best = max(measured.values(), default=None)
    first = [fiche for fiche in fiches if best is not None and measured.get(fiche.id) == best]
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent="comparer",
        text="\n\n".join(
            (
                _verdict(criterion, first, len(measured), context),
                "\n".join(_lines(fields, fiches, context)),
                *((context.say(f"rank_{criterion}_note"),) if first else ()),
                source_lines(first or fiches, context),
            )
        ),
        buttons=tuple(open_button(fiche) for fiche in (first or fiches)[:_MOST_BUTTONS]),
        metiers=tuple(dict.fromkeys(fiche.id for fiche in (*first, *fiches))),
        fields=fields if measured else (),
        missing=() if measured else fields[:1],
        sources=tuple(cite(fiche) for fiche in first or fiches),
    )
    return Outcome(answer=answer, events=_remembered(criterion, first))


def _verdict(criterion: str, first: Sequence[Fiche], measured: int, context: AnswerContext) -> str:
    if not first:
        return context.say(f"rank_{criterion}_unknown")
    names = ", ".join(f"**{context.name(fiche)}**" for fiche in first)
    if len(first) == 1:
        return context.say(f"rank_{criterion}_one", name=names)
    key = f"rank_{criterion}_all" if len(first) == measured else f"rank_{criterion}_several"
    return context.say(key, names=names)


def _lines(fields: Sequence[str], fiches: Sequence[Fiche], context: AnswerContext) -> Sequence[str]:
    """One line for each job, numbered as on screen, so that « le deuxième » is the second."""
    shown = context.tracker.shown
    is_list = tuple(fiche.id for fiche in fiches) == shown
    lines = []
    for place, fiche in enumerate(fiches, start=context.tracker.shown_first + 1):
        mark = f"{place}." if is_list else "-"
        values = [value for field in fields for value in FACTS[field](fiche, context)]
        said = " ; ".join(values) or context.say("compare_silent")
        lines.append(f"{mark} {context.name(fiche)} : {said}")
    return lines


def _remembered(criterion: str, first: Sequence[Fiche]) -> tuple[Event, ...]:
    """The job that comes first, alone, becomes the current one: « et ses études ? »."""
    metiers = (first[0].id,) if len(first) == 1 else ()
    run = ActionRun(
        action="comparer",
        metiers=metiers,
        arguments=(("critere", criterion),),
        keeps_metier=not metiers,
        repeats="presentation",
    )
    return (run,)
