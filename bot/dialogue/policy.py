"""Chooses what to do about an utterance: the first policy that decides wins.

safety → form → following → question → fallback → clarification → search → action
"""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.clarification_policy import clarify
from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.fallback_policy import fall_back
from bot.dialogue.following_policy import follow
from bot.dialogue.form_policy import continue_form
from bot.dialogue.question_policy import ask_fiche
from bot.dialogue.said import Said
from bot.dialogue.search_policy import search_by_level
from bot.dialogue.tracker import Tracker
from bot.understanding.interpretation import Interpretation

__all__ = ["POLICIES", "decide"]

Policy = Callable[[Said], Decision | None]


def put_safety_first(said: Said) -> Decision | None:
    """Answer distress before and instead of anything else."""
    if said.intent != "detresse":
        return None
    return RunAction(action="detresse", words=said.words, text=said.interpretation.text)


POLICIES: tuple[Policy, ...] = (
    put_safety_first,
    continue_form,
    follow,
    ask_fiche,
    fall_back,
    clarify,
    search_by_level,
)


def decide(interpretation: Interpretation, tracker: Tracker) -> Decision:
    """Return what to do; a question that no policy claims is simply answered."""
    said = Said(interpretation=interpretation, tracker=tracker)
    for policy in POLICIES:
        decision = policy(said)
        if decision is not None:
            return decision
    return said.run(said.intent)
