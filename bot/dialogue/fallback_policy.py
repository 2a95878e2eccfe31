"""What to do when we are not sure: one clarification, then help and the human route."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.dialogue.decision import Decision, Fallback
from bot.dialogue.intents import CATALOGUE_INTENTS, METIER_INTENTS
from bot.dialogue.said import Said

__all__ = ["ASK_BELOW", "fall_back"]

# Below this confidence we would rather ask than answer beside the point. On the development set
# it withholds 1 right intent and 6 wrong ones of 454; it goes with the slope of the confidences
# (`intent_classifier`): when one changes, measure the other again.
ASK_BELOW = 0.3
# A reading less likely than this is not worth a button.
_LIKELY = 0.1
_MOST_READINGS = 3
# Above this, what is out of scope is so: readings of it would be far-fetched.
_OUT_OF_SCOPE = 0.5
# Readings that a button can ask without a job.
_ALONE = frozenset({*CATALOGUE_INTENTS, "aide", "conseiller", "donnees_personnelles"})
# Readings that need the words of the question, which a button does not carry.
_NO_BUTTON = frozenset({"question_fiche", "comparer", "formation_info", "metiers_apres_formation"})


def fall_back(said: Said) -> Decision | None:
    """Fall back when the intent is out of scope or too uncertain."""
    if said.interpretation.is_payload:
        return None
    is_clear = said.confidence >= ASK_BELOW or said.interpretation.is_bare_mention
    if said.intent != "hors_sujet" and is_clear:
        return None
    metier = said.metiers[0] if said.metiers else said.tracker.metier
    return Fallback(
        stage=said.tracker.misses + 1,
        intent=said.intent,
        guesses=tuple(islice(_readings(said, metier), _MOST_READINGS)),
        metier=metier,
    )


def _readings(said: Said, metier: str | None) -> Iterator[str]:
    """Yield the likeliest questions that we could answer, the likeliest first."""
    if not said.words or (said.intent == "hors_sujet" and said.confidence >= _OUT_OF_SCOPE):
        return
    for reading in said.interpretation.ranking:
        is_first = reading.name == said.intent
        if reading.name in _NO_BUTTON or (reading.confidence < _LIKELY and not is_first):
            continue
        if reading.name in _ALONE or (reading.name in METIER_INTENTS and metier):
            yield reading.name
