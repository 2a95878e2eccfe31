"""Distress comes before anything else; then jobs are left alone until the person asks again."""

from __future__ import annotations

from bot.dialogue.decision import Decision, RunAction, StayQuiet
from bot.dialogue.intents import CATALOGUE_INTENTS, METIER_INTENTS
from bot.dialogue.said import Said
from bot.dialogue.said_to_form import is_expected

__all__ = ["keep_quiet", "put_safety_first"]

_ABOUT_JOBS = frozenset(METIER_INTENTS) | frozenset(CATALOGUE_INTENTS)
# Below this confidence, words that follow distress are taken for nothing in particular.
_SURE = 0.6
# Asked without naming a job, these can be about nothing else. « ça dure combien de temps ? »,
# « il faut quel âge ? », « c'est pour qui ? » may be about the numbers that were just given.
_UNMISTAKABLE = frozenset({
    "etudes", "formations", "salaire", "statuts", "debouches", "metiers_proches",
    "chercher_metiers", "metiers_apres_formation", "formation_info", "orientation_generale",
})  # fmt: skip
_JOB_WORDS = frozenset(
    "metier metiers etudes orientation formation formations diplome diplomes parcoursup".split()
)


def put_safety_first(said: Said) -> Decision | None:
    """Answer distress before and instead of anything else.

    What is, whole, one of our own phrases for the list on screen (« plus court que ça »), or an
    answer that our form waits for (« dehors »), is none.
    """
    if said.intent != "detresse" or said.only_points_back or is_expected(said):
        return None
    return RunAction(action="detresse", words=said.words, text=said.interpretation.text)


def keep_quiet(said: Said) -> Decision | None:
    """After distress, leave jobs alone until the person comes back to them."""
    if not said.tracker.quiet or _comes_back(said):
        return None
    if said.intent == "donnees_personnelles":
        return said.run(said.intent)
    return StayQuiet(intent=said.intent, is_sure=said.confidence >= _SURE)


def _comes_back(said: Said) -> bool:
    """Whether the person asks about jobs again, without a doubt.

    « j'en ai parlé à l'infirmière » names a job and asks nothing about it; « je sais pas » is
    heard as a wish for ideas.
    """
    if said.interpretation.is_payload:
        return said.intent in _ABOUT_JOBS or said.intent == "recommencer"
    if said.intent not in _ABOUT_JOBS:
        return False
    if said.interpretation.is_bare_mention or not _JOB_WORDS.isdisjoint(said.words):
        return True
    return said.confidence >= _SURE and (said.intent in _UNMISTAKABLE or bool(said.metiers))
