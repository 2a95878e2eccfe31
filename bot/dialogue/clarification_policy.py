"""Asks back when the job is missing, unknown or fits several fiches."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.decision import AskClarification, AskMetier, Decision, UnknownMetier
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.said import Said
from bot.understanding.interpretation import EntityMention

__all__ = ["clarify"]

_MOST = 5


def clarify(said: Said) -> Decision | None:
    """Ask which job is meant, when the question is about a job and it is not clear."""
    action = _asked(said)
    if action not in METIER_INTENTS:
        return None
    if said.ambiguous is not None and not _is_settled(said):
        return _ask_which(action, said.ambiguous, said)
    if said.unknown is not None and (action == "comparer" or not said.metiers):
        known = _known(said) if action == "comparer" else ()
        close = tuple(candidate.id for candidate in said.unknown.candidates)
        return UnknownMetier(
            action=action, mention=said.unknown.value, candidates=close, metiers=known
        )
    if action == "comparer" or said.metiers:
        return None
    pending, tracker = said.tracker.pending, said.tracker
    # Another question about the job that we are asking for: it is still to be chosen.
    candidates = pending.candidates if pending is not None else ()
    if tracker.metier is None:
        candidates = candidates or tracker.shown
    if len(candidates) == 1 and not said.interpretation.is_payload:
        return said.run(action, candidates[0])
    if candidates and not said.interpretation.is_payload:
        return AskClarification(asked=said.run(action), candidates=candidates[:_MOST])
    return AskMetier(action=action) if tracker.metier is None else None


def _asked(said: Said) -> str:
    """The question that the job is said for: a bare name answers ours, or repeats the last one."""
    pending, question = said.tracker.pending, said.tracker.question
    # « et couvreur ? » asks the last question, though no fiche has that job.
    follows = said.unknown is not None and said.first_word == "et" and said.intent == "comparer"
    if said.interpretation.is_bare_mention or (follows and not said.metiers):
        if pending is not None and pending.action in METIER_INTENTS:
            return pending.action
        return question or said.intent
    corrects = said.intent in {"nier", "avis_negatif"} and said.ambiguous is not None
    return question if corrects and question else said.intent


def _is_settled(said: Said) -> bool:
    """Whether the jobs to compare are named without doubt, and the doubtful one is among them."""
    candidates = {candidate.id for candidate in said.ambiguous.candidates} if said.ambiguous else ()
    return said.intent == "comparer" and any(metier in candidates for metier in said.metiers)


def _ask_which(action: str, mention: EntityMention, said: Said) -> AskClarification:
    pending, is_bare = said.tracker.pending, said.interpretation.is_bare_mention
    asked = said.ask_again(action) if is_bare else said.run(action)
    if is_bare and pending is not None:
        asked = replace(asked, arguments=pending.arguments)
    asked = replace(asked, metiers=_known(said) if action == "comparer" else ())
    return AskClarification(
        asked=asked,
        mention=mention.value,
        candidates=tuple(candidate.id for candidate in mention.candidates),
    )


def _known(said: Said) -> tuple[str, ...]:
    """The jobs that the one chosen will be compared with."""
    pending, current = said.tracker.pending, said.tracker.metier
    if pending is not None and pending.action == "comparer":
        return tuple(dict.fromkeys((*pending.metiers, *said.metiers)))
    return said.metiers or ((current,) if current else ())
