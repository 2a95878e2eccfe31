"""What is said when the job is missing, unknown or shared, or when nothing was understood."""

from __future__ import annotations

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.answers.fiche_field import WITH_QUOTES
from bot.answers.orientation import handoff, human_route
from bot.answers.question import best_sentences
from bot.catalogue.fiche import Fiche
from bot.dialogue.decision import AskClarification, AskMetier, Fallback, RunAction, UnknownMetier
from bot.dialogue.events import ClarificationAsked, Missed, Understood
from bot.dialogue.intents import METIER_INTENTS

__all__ = ["ask_metier", "ask_which", "fall_back", "say_unknown"]

# From this miss in a row on, a person is what helps.
_HANDS_OVER = 3


def ask_which(decision: AskClarification, context: AnswerContext) -> Outcome:
    """Ask which of several jobs is meant, the likeliest first.

    Each button carries the question that waits, so that choosing answers it at once.
    """
    asked = decision.asked
    fiches = context.fiches(decision.candidates)
    answer = Answer(
        kind=AnswerKind.CLARIFICATION,
        intent=asked.action,
        text=context.say("which_metier", mention=decision.mention)
        if decision.mention
        else context.say("which_of_these"),
        buttons=tuple(
            Button.to(fiche.name, asked.action, _carried(asked, fiche, context)) for fiche in fiches
        ),
    )
    event = ClarificationAsked(
        action=asked.action,
        candidates=tuple(fiche.id for fiche in fiches),
        arguments=asked.arguments,
        metiers=asked.metiers,
    )
    return Outcome(answer=answer, events=(Understood(), event))


def _carried(asked: RunAction, fiche: Fiche, context: AnswerContext) -> dict[str, object]:
    """The entities of the button of a candidate: the jobs, what was said, the sentences found.

    The words of the question are not kept: its sentences in this fiche are found now.
    """
    values: dict[str, list[str]] = {"metier": [*asked.metiers, fiche.id]}
    for name, value in asked.arguments:
        values.setdefault(name, []).append(value)
    if asked.text and (asked.action == "question_fiche" or asked.action in WITH_QUOTES):
        best = best_sentences(asked, fiche, context)
        if best or asked.action == "question_fiche":
            values["sentences"] = [",".join(str(sentence.index) for sentence in best)]
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}


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
        action=decision.action,
        candidates=tuple(fiche.id for fiche in fiches),
        metiers=decision.metiers,
    )
    return Outcome(answer=answer, events=(Understood(), asked))


def fall_back(decision: Fallback, context: AnswerContext) -> Outcome:
    """First ask again, with readings where there are some; then help and the human route.

    No sentence is said twice in a row: those of each stage alternate.
    """
    if decision.stage == 1 and decision.guesses:
        return _did_you_mean(decision, context)
    if decision.stage == 1:
        key, turn = "fallback_foreign" if decision.is_foreign else "fallback", context.tracker.turns
    else:
        key, turn = "fallback_again", decision.stage
    answer = Answer(
        kind=AnswerKind.HANDOFF if decision.stage >= _HANDS_OVER else AnswerKind.FALLBACK,
        intent=decision.intent,
        text=context.wording.say_in_turn(key, turn, person=human_route(context)),
        buttons=_ways_out(context),
        handoff=None if decision.stage == 1 else handoff(context),
    )
    return Outcome(answer=answer, events=(Missed(),))


def _did_you_mean(decision: Fallback, context: AnswerContext) -> Outcome:
    buttons = [
        Button.to(
            context.say(f"button_{guess}"),
            guess,
            {"metier": decision.metier} if _needs_metier(guess) else None,
        )
        for guess in decision.guesses
    ]
    key = "did_you_mean" if len(buttons) == 1 else "did_you_mean_one_of"
    person = Button.to(context.say("button_conseiller"), "conseiller")
    answer = Answer(
        kind=AnswerKind.CLARIFICATION,
        intent=decision.intent,
        text=context.say(key, guess=buttons[0].title),
        buttons=tuple(dict.fromkeys((*buttons, person))),
    )
    first = decision.guesses[0]
    metiers = (decision.metier,) if decision.metier and _needs_metier(first) else ()
    asked = ClarificationAsked(action=first, candidates=(), metiers=metiers)
    return Outcome(answer=answer, events=(Missed(), asked))


def _needs_metier(guess: str) -> bool:
    return guess in METIER_INTENTS


def _ways_out(context: AnswerContext) -> tuple[Button, ...]:
    return tuple(
        Button.to(context.say(f"button_{name}"), name)
        for name in ("aide_choix", "catalogue", "conseiller")
    )
