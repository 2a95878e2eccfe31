"""Chooses what to do about an utterance: the first policy that decides wins.

safety → silence on jobs after distress → language → form → following → screen → change of
search → question → fallback → search → clarification → search → action
"""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.clarification_policy import clarify
from bot.dialogue.decision import Decision
from bot.dialogue.distress_policy import keep_quiet, put_safety_first
from bot.dialogue.fallback_policy import fall_back
from bot.dialogue.following_policy import follow
from bot.dialogue.form_policy import continue_form
from bot.dialogue.language_policy import say_which_language
from bot.dialogue.question_policy import ask_fiche
from bot.dialogue.said import Said
from bot.dialogue.search_policy import change_search, search_by_level, search_by_taste
from bot.dialogue.shown_policy import ask_of_shown
from bot.dialogue.tracker import Tracker
from bot.understanding.interpretation import Interpretation

__all__ = ["POLICIES", "decide"]

Policy = Callable[[Said], Decision | None]


POLICIES: tuple[Policy, ...] = (
    put_safety_first,
    keep_quiet,
    say_which_language,
    continue_form,
    follow,
    ask_of_shown,
    change_search,
    ask_fiche,
    fall_back,
    search_by_taste,
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
