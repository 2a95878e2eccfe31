"""What is kept of a conversation, told as it is set and as it stands; and its erasure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.dialogue.decision import RunAction
from bot.dialogue.events import DistressHeard
from bot.dialogue.tracker import Tracker

__all__ = ["kept_for", "privacy"]

# A request to erase, in normalised words: not « efface pas », nor « tout s'efface ? ».
_ERASE = re.compile(
    r"(?<!\bs' )(?<!\bse )\b"
    r"(effac\w+|supprim\w+|detrui\w+|oubli(e|er|ez)?|enlev(e|er|ez)|retir(e|er|ez)|vire|delete|clear)"
    r"\b(?! (pas|rien|jamais)\b)"
)
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 24 * 3600


def privacy(decision: RunAction, context: AnswerContext) -> Outcome:
    """Say what is kept, from the settings and the conversation; or erase it when that is asked."""
    asked = _ERASE.search(" ".join(decision.words)) is not None
    erases = asked or decision.argument("effacer") is not None
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text=_erased(context) if erases else _told(context),
        buttons=()
        if erases
        else (
            Button.to(context.say("button_effacer"), "donnees_personnelles", {"effacer": "oui"}),
        ),
    )
    # Speaking of one's data is not coming back to jobs.
    events = (DistressHeard(),) if context.tracker.quiet else ()
    return Outcome(answer=answer, events=events, forgets=erases)


def _told(context: AnswerContext) -> str:
    held = _listed(context)
    parts = (
        context.say("privacy"),
        context.say(_where(context), duration=kept_for(context)),
        *((context.say("privacy_queued"),) if context.retention.is_queued else ()),
        context.say("privacy_held", held=held) if held else context.say("privacy_nothing_held"),
        context.say("privacy_logged" if context.retention.is_logged else "privacy_not_logged"),
        context.say("privacy_advice"),
    )
    return "\n\n".join(parts)


def _where(context: AnswerContext) -> str:
    if context.retention.in_database:
        return "privacy_in_database"
    return "privacy_on_disk" if context.retention.on_disk else "privacy_in_memory"


def _erased(context: AnswerContext) -> str:
    held = _listed(context)
    done = context.say("privacy_erased", held=held) if held else context.say("privacy_none_erased")
    return f"{done}\n\n{context.say('privacy_elsewhere')}"


def _listed(context: AnswerContext) -> str:
    """What is remembered of this conversation, in words; empty when nothing is."""
    items = [context.say(f"held_{name}") for name in _held(context.tracker)]
    if len(items) < 2:
        return "".join(items)
    return context.say("enumeration", first=", ".join(items[:-1]), last=items[-1])


def _held(tracker: Tracker) -> Iterator[str]:
    if tracker.metier:
        yield "metier"
    if tracker.compared or tracker.former:
        yield "autres_metiers"
    if tracker.listed:
        yield "liste"
    if tracker.form:
        yield "questionnaire"
    if tracker.last_action or tracker.pending:
        yield "question"
    if tracker.quiet:
        yield "detresse"
    if tracker.replies:
        yield "reponses"


def kept_for(context: AnswerContext) -> str:
    """The time that a conversation is kept, in the largest unit that says it exactly."""
    seconds = context.retention.ttl_s
    if seconds % _DAY_S == 0 and seconds > _DAY_S:
        unit, count = "day", seconds // _DAY_S
    elif seconds % _HOUR_S == 0:
        unit, count = "hour", seconds // _HOUR_S
    else:
        unit, count = "minute", -(-seconds // _MINUTE_S)
    return context.say(f"duration_{unit}" if count == 1 else f"duration_{unit}s", count=count)
