"""Diplomas: what the fiches know of them, and the jobs that recommend them."""

from __future__ import annotations

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.answers.job_search import list_of
from bot.catalogue.fiche import Fiche, FormationId
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun

__all__ = ["describe_formation", "jobs_after"]


def jobs_after(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the jobs whose fiche recommends a diploma."""
    asked = _asked(decision, context)
    if asked is None:
        return Outcome(answer=_which(decision.action, context))
    label, fiches = _label(asked, context), _recommending(asked, context)
    if not fiches:
        return Outcome(answer=_unknown(decision.action, label, context))
    intro = context.say("after_intro", label=label, count=len(fiches))
    outcome = list_of(
        fiches, total=len(fiches), intro=intro, intent=decision.action, context=context
    )
    return Outcome(answer=outcome.answer, events=(*outcome.events[1:], _remember(decision, asked)))


def describe_formation(decision: RunAction, context: AnswerContext) -> Outcome:
    """Say what the catalogue knows of a diploma: its name, its level, the jobs it leads to."""
    asked = _asked(decision, context)
    if asked is None:
        return Outcome(answer=_which(decision.action, context))
    label, fiches = _label(asked, context), _recommending(asked, context)
    level = decision.argument("niveau")
    parts = [context.say("formation_intro", label=label)]
    if level:
        parts.append(context.say("formation_level", level=level.replace("+", " + ")))
    if fiches:
        names = ", ".join(fiche.name for fiche in fiches[:5])
        parts.append(context.say("formation_jobs", count=len(fiches), names=names))
    else:
        parts.append(context.say("formation_no_job"))
    parts.append(context.say("formation_more"))
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text="\n\n".join(parts),
        buttons=(
            Button.to(
                context.say("button_metiers_apres_formation"),
                "metiers_apres_formation",
                {"formation": asked},
            ),
        )
        if fiches
        else (Button.to(context.say("button_aide_choix"), "aide_choix"),),
        fields=("formation",) if fiches else (),
        missing=() if fiches else ("formation",),
    )
    return Outcome(answer=answer, events=(_remember(decision, asked),))


def _asked(decision: RunAction, context: AnswerContext) -> str | None:
    """The diploma said, else the one of the last question (« ça mène à quoi ? »)."""
    said = decision.argument("formation")
    if said:
        return said
    last = dict(context.tracker.last_arguments)
    return last.get("formation")


def _label(asked: str, context: AnswerContext) -> str:
    return context.catalogue.formation_labels.get(FormationId(asked), asked)


def _recommending(asked: str, context: AnswerContext) -> tuple[Fiche, ...]:
    """The jobs that recommend a diploma, or any whose name starts as what was said."""
    by_formation = context.catalogue.metiers_by_formation
    metiers = by_formation.get(FormationId(asked))
    if metiers is not None:
        return context.fiches(metiers)
    start = asked.casefold()
    labels = context.catalogue.formation_labels
    named = [key for key, label in labels.items() if label.casefold().startswith(start)]
    found = {metier for key in named for metier in by_formation[key]}
    return tuple(fiche for fiche in context.catalogue if fiche.id in found)


def _remember(decision: RunAction, asked: str) -> ActionRun:
    return ActionRun(action=decision.action, arguments=(("formation", asked),), keeps_metier=True)


def _which(action: str, context: AnswerContext) -> Answer:
    return Answer(kind=AnswerKind.CLARIFICATION, intent=action, text=context.say("formation_which"))


def _unknown(action: str, label: str, context: AnswerContext) -> Answer:
    return Answer(
        kind=AnswerKind.FALLBACK,
        intent=action,
        text=context.say("after_nothing", label=label),
        buttons=(Button.to(context.say("button_chercher_metiers"), "aide_choix"),),
        missing=("formation",),
    )
