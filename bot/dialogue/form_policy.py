"""Keeps a questionnaire going: each utterance answers its question, unless it asks another."""

from __future__ import annotations

from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.said import Said

__all__ = ["continue_form"]

# Said in a questionnaire, these leave it, skip a question, or are no answer to it.
_LEAVES = frozenset(
    {"nier", "recommencer", "au_revoir", "conseiller", "donnees_personnelles", "aide"}
)
_ANSWERS = frozenset(
    {"aide_choix", "chercher_metiers", "affirmer", "suite", "hors_sujet", "niveau_acces"}
)
_CLEAR = 0.6


def continue_form(said: Said) -> Decision | None:
    """Give the utterance to the questionnaire under way."""
    if said.tracker.form is None or said.intent in _LEAVES:
        return None
    if said.interpretation.is_payload and said.intent != "aide_choix":
        return None
    answers = said.intent in _ANSWERS or bool(said.arguments)
    if said.metiers or (not answers and said.confidence >= _CLEAR):
        return None
    arguments = said.arguments or (("passe", "oui"),)
    return RunAction(action="aide_choix", arguments=arguments, words=said.words)
