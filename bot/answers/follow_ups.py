"""The buttons under an answer: 2 to 4 further questions, each with a real answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

from bot.answers.answer import Button
from bot.answers.context import AnswerContext
from bot.catalogue.fiche import Fiche

__all__ = ["follow_ups", "metier_button", "open_button"]

_MOST = 3
_HAS: Mapping[str, Callable[[Fiche], object]] = {
    "presentation": lambda fiche: fiche.is_told,
    "etudes": lambda fiche: fiche.study_paths or fiche.access or fiche.formations,
    "duree_etudes": lambda fiche: fiche.study_paths,
    "niveau_acces": lambda fiche: fiche.niveau_min,
    "formations": lambda fiche: fiche.formations,
    "statuts": lambda fiche: fiche.statuts,
    "centres_interet": lambda fiche: fiche.centres_interet,
    "competences": lambda fiche: fiche.skills,
    "conditions_travail": lambda fiche: fiche.conditions,
    "salaire": lambda fiche: fiche.salary,
    "debouches": lambda fiche: fiche.job_market,
    "fiche": lambda fiche: True,
}
# What people ask next, by what was just answered; then the common order.
_NEXT: Mapping[str, tuple[str, ...]] = {
    "presentation": ("etudes", "salaire", "competences"),
    "etudes": ("formations", "salaire", "debouches"),
    "duree_etudes": ("niveau_acces", "formations", "salaire"),
    "niveau_acces": ("etudes", "formations", "salaire"),
    "formations": ("etudes", "salaire", "debouches"),
    "salaire": ("debouches", "etudes", "conditions_travail"),
    "debouches": ("salaire", "etudes", "statuts"),
    "competences": ("centres_interet", "conditions_travail", "etudes"),
    "conditions_travail": ("salaire", "competences", "etudes"),
    "statuts": ("salaire", "debouches", "conditions_travail"),
    "centres_interet": ("competences", "presentation", "etudes"),
}
_COMMON = (
    "presentation", "etudes", "salaire", "niveau_acces", "formations", "statuts",
    "metiers_proches", "fiche",
)  # fmt: skip


def follow_ups(
    fiche: Fiche, action: str, context: AnswerContext, *, also: str | None = None
) -> tuple[Button, ...]:
    """Offer the next questions that this fiche answers, first the one that was asked as well."""
    wanted = dict.fromkeys((*((also,) if also else ()), *_NEXT.get(action, ()), *_COMMON))
    offered = (
        name
        for name in wanted
        if name != action and (name == also or _adds(name, action, fiche, context))
    )
    return tuple(metier_button(fiche, name, context) for name in islice(offered, _MOST))


def _adds(name: str, action: str, fiche: Fiche, context: AnswerContext) -> bool:
    """Whether a question has an answer, and one that is not in what was just answered."""
    if name == "metiers_proches":
        return bool(context.catalogue.kinship.closest(fiche, most=1))
    if {name, action} == {"etudes", "formations"} and not (fiche.study_paths or fiche.access):
        return False  # the studies are then the list of diplomas
    if (name, action) == ("etudes", "duree_etudes"):
        return False  # the lengths are told path by path, in the words of the studies
    return bool(_HAS[name](fiche))


def metier_button(fiche: Fiche, action: str, context: AnswerContext) -> Button:
    """A button that asks a question about a job."""
    return Button.to(context.say(f"button_{action}"), action, {"metier": fiche.id})


def open_button(fiche: Fiche) -> Button:
    """A button that opens a job, by its name."""
    return Button.to(fiche.name, "presentation", {"metier": fiche.id})
