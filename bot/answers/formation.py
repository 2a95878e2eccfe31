"""Formations: what the catalogue knows of them, and the jobs that they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers.answer import Answer, AnswerKind, Button, Citation
from bot.answers.context import AnswerContext, Outcome
from bot.answers.formation_named import (
    asked_formation,
    described,
    jobs_of,
    label_of,
    named_jobs,
    unknown_formation,
)
from bot.answers.job_search import list_of
from bot.answers.quoting import lead
from bot.catalogue.fiche import Fiche
from bot.catalogue.formation import Formation
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun

__all__ = ["describe_formation", "jobs_after"]

# Facts of a formation: the attribute, and the response that says it.
_FACTS = (
    ("type_label", "formation_type"),
    ("duree", "formation_duration"),
    ("niveau_sortie", "formation_level"),
)
_TEXTS = (("access", "formation_access"), ("further_studies", "formation_further"))
_MOST_NAMED = 5
_MOST_VALUES = 3
_LEAD_WORDS = 45


def jobs_after(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the jobs that a formation leads to."""
    unknown = unknown_formation(decision)
    if unknown is not None:
        return Outcome(answer=_unknown(decision.action, unknown, context))
    asked = asked_formation(decision, context)
    if asked is None:
        return Outcome(answer=_which(decision.action, context))
    label, fiches = label_of(asked, context), jobs_of(asked, context)
    if not fiches:
        return Outcome(answer=_no_job(decision.action, asked, context))
    key = "after_one" if len(fiches) == 1 else "after_intro"
    intro = context.say(key, label=label, count=len(fiches))
    outcome = list_of(
        fiches, total=len(fiches), intro=intro, intent=decision.action, context=context
    )
    return Outcome(answer=outcome.answer, events=(*outcome.events[1:], _remember(decision, asked)))


def describe_formation(decision: RunAction, context: AnswerContext) -> Outcome:
    """Say what is known of a formation: type, length, level, content, what it leads to."""
    unknown = unknown_formation(decision)
    if unknown is not None:
        return Outcome(answer=_unknown(decision.action, unknown, context))
    asked = asked_formation(decision, context)
    if asked is None:
        return Outcome(answer=_which(decision.action, context))
    label = label_of(asked, context)
    formations, fiches = described(asked, context), jobs_of(asked, context)
    if not formations and not fiches:
        return Outcome(answer=_unknown(decision.action, label, context))
    paragraphs = [context.say("formation_intro", label=label)]
    if facts := list(_facts(formations, context)):
        paragraphs.append("\n".join(facts))
    paragraphs += _texts(formations, context)
    if len(formations) > 1:
        paragraphs.append(_variants(label, formations, context))
    paragraphs.append(_jobs(fiches, context))
    paragraphs.append(_source(formations, context))
    known = [name for name, _ in _FACTS if _shared(formations, name)]
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text="\n\n".join(paragraphs),
        buttons=tuple(_buttons(asked, fiches, context)),
        fields=("formation", *known),
        missing=tuple(name for name, _ in _FACTS if formations and name not in known),
        sources=tuple(map(_cite, formations[:1])),
    )
    return Outcome(answer=answer, events=(_remember(decision, asked),))


def _facts(formations: Sequence[Formation], context: AnswerContext) -> Iterator[str]:
    for name, key in _FACTS:
        values = sorted({value for f in formations if (value := getattr(f, name))})
        if 0 < len(values) <= _MOST_VALUES:
            yield context.say(key, value=f" {context.say('formation_or')} ".join(values))
    absent = [name for name, _ in _FACTS if not any(getattr(f, name) for f in formations)]
    if formations and absent:
        names = ", ".join(context.say(f"formation_name_{name}") for name in absent)
        yield context.say("formation_missing", names=names)


def _shared(formations: Sequence[Formation], name: str) -> str | None:
    """Return what all the formations say of a fact; None when they differ, or say nothing."""
    values = {getattr(formation, name) for formation in formations}
    return values.pop() if len(values) == 1 else None


def _texts(formations: Sequence[Formation], context: AnswerContext) -> Iterator[str]:
    """Quote the first sentences of the fiche, when the name stands for one formation."""
    if len(formations) != 1:
        return
    (formation,) = formations
    if formation.description is not None:
        yield context.say("formation_description", quote=_lead(formation.description.paragraphs))
    for name, key in _TEXTS:
        section = getattr(formation, name)
        if section is not None and section.paragraphs:
            yield context.say(key, quote=_lead(section.paragraphs))


def _lead(paragraphs: Sequence[str]) -> str:
    return lead(paragraphs[0] if paragraphs else "", _LEAD_WORDS)


def _variants(label: str, formations: Sequence[Formation], context: AnswerContext) -> str:
    names = "\n".join(f"- {formation.label}" for formation in formations[:_MOST_NAMED])
    key = "formation_variants" if len(formations) <= _MOST_NAMED else "formation_variants_first"
    return context.say(key, label=label, count=len(formations), names=names)


def _jobs(fiches: Sequence[Fiche], context: AnswerContext) -> str:
    if not fiches:
        return context.say("formation_no_job")
    names = ", ".join(fiche.name for fiche in fiches[:_MOST_NAMED])
    key = "formation_jobs" if len(fiches) <= _MOST_NAMED else "formation_jobs_first"
    return context.say(key, count=len(fiches), names=names)


def _source(formations: Sequence[Formation], context: AnswerContext) -> str:
    if not formations:
        return context.say("formation_more")
    return context.source_line(formations[0])


def _cite(formation: Formation) -> Citation:
    return Citation(
        id=formation.id, title=formation.label, url=formation.url, licence=formation.source.licence
    )


def _buttons(asked: str, fiches: Sequence[Fiche], context: AnswerContext) -> Iterator[Button]:
    if fiches:
        title = context.say("button_metiers_apres_formation")
        yield Button.to(title, "metiers_apres_formation", {"formation": asked})
    yield Button.to(context.say("button_aide_choix"), "aide_choix")


def _remember(decision: RunAction, asked: str) -> ActionRun:
    return ActionRun(action=decision.action, arguments=(("formation", asked),), keeps_metier=True)


def _which(action: str, context: AnswerContext) -> Answer:
    return Answer(kind=AnswerKind.CLARIFICATION, intent=action, text=context.say("formation_which"))


def _no_job(action: str, asked: str, context: AnswerContext) -> Answer:
    """Say that no fiche is linked to the formation, and the jobs that it names all the same."""
    label, names = label_of(asked, context), named_jobs(asked, context)
    text = (
        context.say("after_named", label=label, names=", ".join(names[:_MOST_NAMED]))
        if names
        else context.say("after_nothing", label=label)
    )
    return Answer(
        kind=AnswerKind.ANSWER if names else AnswerKind.FALLBACK,
        intent=action,
        text=text,
        buttons=(Button.to(context.say("button_aide_choix"), "aide_choix"),),
        missing=() if names else ("formation",),
        sources=tuple(map(_cite, described(asked, context)[:1])) if names else (),
    )


def _unknown(action: str, label: str, context: AnswerContext) -> Answer:
    return Answer(
        kind=AnswerKind.FALLBACK,
        intent=action,
        text=context.say("formation_unknown", label=label),
        buttons=(Button.to(context.say("button_aide_choix"), "aide_choix"),),
        missing=("formation",),
    )
