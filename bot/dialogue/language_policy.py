"""Answers once in simple French to an utterance in another language."""

from __future__ import annotations

from bot.dialogue.decision import Decision, Fallback
from bot.dialogue.said import Said

__all__ = ["say_which_language"]


def say_which_language(said: Said) -> Decision | None:
    """Say which language is served, the first time."""
    if not said.interpretation.is_foreign or said.tracker.misses:
        return None
    return Fallback(stage=1, is_foreign=True)
