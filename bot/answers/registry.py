"""Every action by name, in one table; the Rasa door offers the same ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import assert_never

from bot.answers.clarifying import ask_metier, ask_which, fall_back, say_unknown
from bot.answers.comparison import about_several, compare
from bot.answers.context import AnswerContext, Outcome
from bot.answers.fiche_field import FIELD_ACTIONS, about_fiche
from bot.answers.formation import describe_formation, jobs_after
from bot.answers.idea_form import ask_ideas, with_return
from bot.answers.job_search import close_to, next_page
from bot.answers.orientation import hand_over, refer
from bot.answers.privacy import privacy
from bot.answers.question import answer_question
from bot.answers.safety import safety, stay_quiet
from bot.answers.search_change import search
from bot.answers.small_talk import catalogue_overview, chat, restart
from bot.dialogue.decision import (
    AskClarification,
    AskMetier,
    Decision,
    Fallback,
    RunAction,
    StayQuiet,
    UnknownMetier,
)
from bot.dialogue.events import ActionRun, ButtonsShown, Digressed, Understood
from bot.dialogue.intents import METIER_INTENTS

__all__ = ["ACTIONS", "answer"]

Action = Callable[[RunAction, AnswerContext], Outcome]


def repeat(decision: RunAction, context: AnswerContext) -> Outcome:
    """Give the last answer again, under its own intent."""
    tracker = context.tracker
    if tracker.last_action in {None, "repeter"} or tracker.last_action not in ACTIONS:
        return chat(decision, context)
    last = RunAction(
        action=str(tracker.last_action),
        metiers=tracker.last_metiers,
        arguments=tracker.last_arguments,
    )
    if tracker.last_action in _LISTING and tracker.shown:
        return _list_again(context)
    outcome = answer(last, context)
    return replace(outcome, answer=replace(outcome.answer, intent="repeter"))


def _list_again(context: AnswerContext) -> Outcome:
    outcome = next_page(RunAction(action="suite", arguments=(("page", "meme"),)), context)
    return replace(outcome, answer=replace(outcome.answer, intent="repeter"))


_LISTING = frozenset(
    {"chercher_metiers", "metiers_proches", "metiers_apres_formation", "aide_choix", "suite"}
)
ACTIONS: Mapping[str, Action] = {
    **dict.fromkeys(FIELD_ACTIONS, about_fiche),
    "question_fiche": answer_question,
    "metiers_proches": close_to,
    "comparer": compare,
    "chercher_metiers": search,
    "metiers_apres_formation": jobs_after,
    "formation_info": describe_formation,
    "aide_choix": ask_ideas,
    "catalogue": catalogue_overview,
    "orientation_generale": refer,
    "conseiller": hand_over,
    "recommencer": restart,
    "suite": next_page,
    "repeter": repeat,
    "detresse": safety,
    "donnees_personnelles": privacy,
    "salutation": chat,
    "au_revoir": chat,
    "remerciement": chat,
    "aide": chat,
    "identite": chat,
    "affirmer": chat,
    "nier": chat,
    "avis_positif": chat,
    "avis_negatif": chat,
    "insulte": chat,
}


def answer(decision: Decision, context: AnswerContext) -> Outcome:
    """Carry out a decision.

    The events of the outcome are complete: replayed on the tracker, they make the next one.
    """
    outcome = with_return(_carried_out(decision, context), context)
    shown = tuple((button.title, button.payload) for button in outcome.answer.buttons)
    tracker = context.tracker
    asks = tracker.pending is not None or (tracker.form and tracker.form.status == "asked")
    waits = asks and Digressed() in outcome.events
    if not shown or waits or outcome.forgets:
        return outcome
    return replace(outcome, events=(*outcome.events, ButtonsShown(buttons=shown)))


def _carried_out(decision: Decision, context: AnswerContext) -> Outcome:
    match decision:
        case AskClarification():
            return ask_which(decision, context)
        case AskMetier():
            return ask_metier(decision, context)
        case UnknownMetier():
            return say_unknown(decision, context)
        case Fallback():
            return fall_back(decision, context)
        case StayQuiet():
            return stay_quiet(decision, context)
        case RunAction():
            return _run(decision, context)
    assert_never(decision)


def _run(decision: RunAction, context: AnswerContext) -> Outcome:
    if decision.action not in ACTIONS:
        return fall_back(Fallback(stage=1, intent=decision.action), context)
    needs_fiche = decision.action in METIER_INTENTS and decision.action != "comparer"
    if needs_fiche and not context.fiches(decision.metiers):
        # A button of an older catalogue, or a question before any job was named.
        return ask_metier(AskMetier(action=decision.action), context)
    outcome = _action(decision)(decision, context)
    if decision.otherwise is not None and outcome.answer.missing:
        return answer(decision.otherwise, context)
    events = outcome.events
    if not events:
        events = (
            ActionRun(
                action=decision.action,
                metiers=outcome.answer.metiers,
                arguments=decision.arguments,
                keeps_metier=decision.action not in METIER_INTENTS,
            ),
        )
    return replace(outcome, events=(Understood(), *events))


def _action(decision: RunAction) -> Action:
    is_about_several = decision.action in FIELD_ACTIONS and len(set(decision.metiers)) > 1
    return about_several if is_about_several else ACTIONS[decision.action]
