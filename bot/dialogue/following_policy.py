"""Follows the conversation: answers to our questions, references to lists, carried questions."""

from __future__ import annotations

from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.said import Said

__all__ = ["follow"]

_SHORT = 6
# Intents that a bare answer to « lequel ? » is easily taken for.
_ANSWERING = frozenset({"presentation", "affirmer", "nier", "hors_sujet", "avis_negatif", "suite"})


def follow(said: Said) -> Decision | None:
    """Decide from what came before, or leave it to the next policies."""
    if said.interpretation.is_payload:
        return None
    return (
        _answer_to_clarification(said)
        or _item_of_list(said)
        or _confirmed_guess(said)
        or _repeated_question(said)
        or _correction(said)
    )


def _answer_to_clarification(said: Said) -> Decision | None:
    pending = said.tracker.pending
    if pending is None or not pending.candidates or pending.action not in METIER_INTENTS:
        return None
    chosen = _ordinal_item(said, pending.candidates) or _named_candidate(said, pending.candidates)
    if chosen is None:
        return None
    answers = said.interpretation.is_bare_mention or said.intent in _ANSWERING
    action = pending.action if answers or said.confidence < 0.5 else said.intent
    action = action if action in METIER_INTENTS else pending.action
    return RunAction(
        action=action, metiers=(chosen,), arguments=pending.arguments, words=said.words
    )


def _named_candidate(said: Said, candidates: tuple[str, ...]) -> str | None:
    for metier in said.metiers:
        if metier in candidates:
            return metier
    if said.metiers:
        return said.metiers[-1]
    mention = said.ambiguous
    if mention is None:
        return None
    # « de ligne » fits several names, but only one of those that we proposed.
    shared = [c.id for c in mention.candidates if c.id in candidates]
    return shared[0] if len(shared) == 1 else None


def _item_of_list(said: Said) -> Decision | None:
    shown = said.tracker.shown
    if not shown or said.metiers or len(said.words) > _SHORT:
        return None
    chosen = _ordinal_item(said, shown)
    return said.run("presentation", chosen) if chosen else None


def _ordinal_item(said: Said, items: tuple[str, ...]) -> str | None:
    place = said.ordinal
    if place is None:
        return None
    index = place - 1 if place > 0 else len(items) + place
    return items[index] if 0 <= index < len(items) else None


def _repeated_question(said: Said) -> Decision | None:
    """« et pour X ? » asks the last question about another job."""
    question = said.tracker.question
    if question is None or not said.interpretation.is_bare_mention:
        return None
    if said.intent != "presentation" and said.confidence > 0.9:
        return None
    if question == "comparer":
        question = "presentation"
    return said.run(question, *said.metiers) if said.metiers else None


def _confirmed_guess(said: Said) -> Decision | None:
    """« oui » after « vouliez-vous dire … ? », or a job's name after « de quel métier … ? »."""
    pending = said.tracker.pending
    if pending is None or pending.candidates or pending.action == "hors_sujet":
        return None
    if said.interpretation.is_bare_mention and said.metiers:
        return said.run(pending.action, *said.metiers)
    return said.run(pending.action) if said.intent == "affirmer" else None


def _correction(said: Said) -> Decision | None:
    """« non, chef monteur » : the same question about the job that was meant."""
    question = said.tracker.question
    if question is None or not said.metiers or said.intent not in {"nier", "avis_negatif"}:
        return None
    return said.run(question, *said.metiers)
