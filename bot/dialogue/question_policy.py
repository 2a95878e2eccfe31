"""Hears a question about the fiche on screen in words that seem to ask for something else.

« secourisme ? », « si le bateau casse en mer ? »: after a fiche, such words most often ask what it
tells. Its sentences decide: when none of them answers, the utterance keeps its first meaning.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.decision import Decision
from bot.dialogue.fallback_policy import fall_back
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.said import Said

__all__ = ["ask_fiche"]


def ask_fiche(said: Said) -> Decision | None:
    """Ask the sentences of the fiche on screen first, and answer as heard when they are silent."""
    if said.interpretation.is_payload or said.interpretation.is_bare_mention or said.ambiguous:
        return None
    metier = _on_screen(said)
    if metier is None or not set(said.metiers) <= {metier}:
        return None
    if said.intent == "presentation":
        otherwise: Decision | None = said.run("presentation", metier)
    elif said.intent == "hors_sujet":
        # What is asked of a job by its name is asked of its fiche.
        otherwise = None if said.metiers else fall_back(said)
    else:
        return None
    return replace(said.run("question_fiche", metier), otherwise=otherwise)


def _on_screen(said: Said) -> str | None:
    """The job that the last answer was about, alone."""
    tracker = said.tracker
    about_one = tracker.last_action in METIER_INTENTS and tracker.last_metiers == (tracker.metier,)
    return tracker.metier if about_one else None
