"""What to do when we are not sure: one clarification, then help and the human route."""

from __future__ import annotations

from bot.dialogue.decision import Decision, Fallback
from bot.dialogue.intents import CATALOGUE_INTENTS, METIER_INTENTS
from bot.dialogue.said import Said

__all__ = ["ASK_BELOW", "fall_back"]

# Below this confidence we would rather ask than answer beside the point. On the development set
# it withholds 1 right intent and 6 wrong ones of 454; it goes with the slope of the confidences
# (`intent_classifier`): when one changes, measure the other again.
ASK_BELOW = 0.3


def fall_back(said: Said) -> Decision | None:
    """Fall back when the intent is out of scope or too uncertain."""
    if said.interpretation.is_payload:
        return None
    is_clear = said.confidence >= ASK_BELOW or said.interpretation.is_bare_mention
    if said.intent != "hors_sujet" and is_clear:
        return None
    stage = 1 if said.tracker.misses == 0 else 2
    metier = said.metiers[0] if said.metiers else said.tracker.metier
    return Fallback(stage=stage, intent=said.intent, guess=_guess(said, metier), metier=metier)


def _guess(said: Said, metier: str | None) -> str | None:
    if said.intent == "hors_sujet" or not said.words:
        return None
    if said.intent in METIER_INTENTS and metier:
        return said.intent
    return said.intent if said.intent in CATALOGUE_INTENTS else None
