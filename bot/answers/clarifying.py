"""What is said when the job is missing, unknown or shared, or when nothing was understood."""

from __future__ import annotations

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.answers.orientation import handoff
from bot.dialogue.decision import AskClarification, AskMetier, Fallback, UnknownMetier
from bot.dialogue.events import ClarificationAsked, Missed, Understood

__all__ = ["ask_metier", "ask_which", "fall_back", "say_unknown"]


def ask_which(decision: AskClarification, context: AnswerContext) -> Outcome:
    """Ask which of several jobs is meant, the likeliest first."""
    fiches = context.fiches(decision.candidates)
    answer = Answer(
        kind=AnswerKind.CLARIFICATION,
        intent=decision.action,
        text=context.say("which_metier", mention=decision.mention),
        buttons=tuple(
            Button.to(fiche.name, decision.action, {"metier": fiche.id}) for fiche in fiches
        ),
    )
    asked = ClarificationAsked(
        action=decision.action,
        candidates=tuple(fiche.id for fiche in fiches),
        arguments=decision.arguments,
    )
    return Outcome(answer=answer, events=(Understood(), asked))


def ask_metier(decision: AskMetier, context: AnswerContext) -> Outcome:
    """Ask which job the question is about."""
    answer = Answer(
        kind=AnswerKind.CLARIFICATION,
        intent=decision.action,
        text=context.say("ask_metier"),
        buttons=_ways_out(context),
    )
    # The question is kept: the name of a job alone will then be its answer.
    asked = ClarificationAsked(action=decision.action, candidates=())
    return Outcome(answer=answer, events=(Understood(), asked))


def say_unknown(decision: UnknownMetier, context: AnswerContext) -> Outcome:
    """Say that a job is not in the catalogue, and propose the closest where there are some."""
    fiches = context.fiches(decision.candidates)
    key = "unknown_metier_close" if fiches else "unknown_metier"
    answer = Answer(
        kind=AnswerKind.CLARIFICATION if fiches else AnswerKind.FALLBACK,
        intent=decision.action,
        text=context.say(key, mention=decision.mention),
        buttons=tuple(
            Button.to(fiche.name, decision.action, {"metier": fiche.id}) for fiche in fiches
        )
        or _ways_out(context),
    )
    asked = ClarificationAsked(
        action=decision.action, candidates=tuple(fiche.id for fiche in fiches)
    )
    return Outcome(answer=answer, events=(Understood(), asked))


def fall_back(decision: Fallback, context: AnswerContext) -> Outcome:
    """First ask again, with a guess where there is one; then help and the human route."""
    if decision.stage == 1 and decision.guess is not None:
        guess = context.say(f"button_{decision.guess}")
        about = {"metier": decision.metier} if decision.metier else None
        answer = Answer(
            kind=AnswerKind.CLARIFICATION,
            intent=decision.intent,
            text=context.say("did_you_mean", guess=guess),
            buttons=(Button.to(guess, decision.guess, about), *_ways_out(context)),
        )
        asked = ClarificationAsked(action=decision.guess, candidates=())
        return Outcome(answer=answer, events=(Missed(), asked))
    first = decision.stage == 1
    answer = Answer(
        kind=AnswerKind.FALLBACK,
        intent=decision.intent,
        text=context.wording.say_in_turn(
            "fallback" if first else "fallback_again", context.tracker.misses
        ),
        buttons=_ways_out(context),
        handoff=None if first else handoff(context),
    )
    return Outcome(answer=answer, events=(Missed(),))


def _ways_out(context: AnswerContext) -> tuple[Button, ...]:
    return tuple(
        Button.to(context.say(f"button_{name}"), name)
        for name in ("aide_choix", "catalogue", "conseiller")
    )
