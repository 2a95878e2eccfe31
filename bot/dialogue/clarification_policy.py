"""Asks back when the job is missing, unknown or fits several fiches."""

from __future__ import annotations

from bot.dialogue.decision import AskClarification, AskMetier, Decision, UnknownMetier
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.said import Said

__all__ = ["clarify"]


def clarify(said: Said) -> Decision | None:
    """Ask which job is meant, when the question is about a job and it is not clear."""
    action = said.intent
    if action not in METIER_INTENTS:
        return None
    repeats = said.interpretation.is_bare_mention and said.tracker.question
    if repeats and said.tracker.question:
        action = said.tracker.question
    if said.ambiguous is not None and not (action == "comparer" and len(said.metiers) >= 2):
        return AskClarification(
            action=action,
            mention=said.ambiguous.value,
            candidates=tuple(candidate.id for candidate in said.ambiguous.candidates),
            arguments=said.arguments,
        )
    if said.unknown is not None and not said.metiers:
        return UnknownMetier(action=action, mention=said.unknown.value)
    if action == "comparer":
        return None
    if not said.metiers and said.tracker.metier is None:
        return AskMetier(action=action)
    return None
