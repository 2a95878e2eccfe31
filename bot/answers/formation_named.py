"""Which formations of the catalogue a name stands for, and which jobs they lead to."""

from __future__ import annotations

from bot.answers.context import AnswerContext
from bot.catalogue.fiche import Fiche, FormationId
from bot.catalogue.formation import Formation
from bot.dialogue.decision import RunAction

__all__ = ["asked_formation", "described", "jobs_of", "label_of", "named_jobs", "unknown_formation"]


def asked_formation(decision: RunAction, context: AnswerContext) -> str | None:
    """Return the formation said (identifier or name), else that of the last question."""
    return decision.argument("formation") or dict(context.tracker.last_arguments).get("formation")


def unknown_formation(decision: RunAction) -> str | None:
    """Return a diploma named that the catalogue has not, as it was typed.

    It is no argument of the decision: arguments are remembered, what people type is not.
    """
    mentions = (m for m in decision.mentions if m.entity == "formation_inconnue")
    return next((mention.value for mention in mentions), None)


def label_of(asked: str, context: AnswerContext) -> str:
    """Return the name of a formation, or what was asked when it is a general name (« BUT »)."""
    return context.catalogue.formation_labels.get(FormationId(asked), asked)


def described(asked: str, context: AnswerContext) -> tuple[Formation, ...]:
    """Return the formations that a source describes under an identifier or a general name."""
    formations = context.catalogue.formations
    found = (formations.get(formation) for formation in _identifiers(asked, context))
    return tuple(formation for formation in found if formation is not None)


def jobs_of(asked: str, context: AnswerContext) -> tuple[Fiche, ...]:
    """Return the jobs with a text that a formation leads to, those of its own list first."""
    by_formation = context.catalogue.metiers_by_formation
    found: dict[str, None] = {}
    for formation in _identifiers(asked, context):
        found |= dict.fromkeys(by_formation.get(formation, ()))
    fiches = context.fiches(tuple(found))
    return tuple(fiche for fiche in fiches if fiche.is_told)


def named_jobs(asked: str, context: AnswerContext) -> tuple[str, ...]:
    """Return the titles of the jobs that the formation names, whether a fiche tells them or not."""
    return tuple(
        dict.fromkeys(metier.label for f in described(asked, context) for metier in f.metiers)
    )


def _identifiers(asked: str, context: AnswerContext) -> tuple[FormationId, ...]:
    """Return one identifier, or those of every formation whose name starts as what was said."""
    labels = context.catalogue.formation_labels
    if FormationId(asked) in labels:
        return (FormationId(asked),)
    of_type = context.catalogue.formations_by_sigle.get(asked)
    if of_type:
        return of_type
    return tuple(
        formation
        for start in dict.fromkeys((asked, _as_labelled(asked)))
        for formation in context.catalogue.formations_starting(start)
        if not labels[formation][len(start) : len(start) + 1].isalnum()
    )


def _as_labelled(asked: str) -> str:
    """Shorten a type as the labels of Onisep do: « bac pro », « licence pro », « bac techno »."""
    return (
        asked.replace(" professionnelle", " pro")
        .replace(" professionnel", " pro")
        .replace(" technologique", " techno")
    )
