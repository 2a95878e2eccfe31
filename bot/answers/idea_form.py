"""The form that helps to find an idea: six questions at most, then jobs and why these ones.

Each answer narrows the jobs, and the next question is the one that should narrow them most
(`idea_questions`). What is answered stays in the conversation, and is gone with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.answers.idea_answers import heard, liked, merged, without
from bot.answers.idea_questions import MOST_ASKED, MOST_OFFERED, Question, next_question, question
from bot.answers.idea_ranking import Ranking, ranked, reason, spoken, title
from bot.answers.idea_table import QUESTIONS, REFUSED, Answers
from bot.answers.job_search import list_of, nothing_found
from bot.catalogue.criteria import Criteria
from bot.catalogue.surroundings import SURROUNDINGS
from bot.dialogue.decision import RunAction
from bot.dialogue.events import FormStepped
from bot.dialogue.tracker import Form

__all__ = ["ask_ideas", "with_return"]

_ACTION = "aide_choix"
_WHICH = "changer"
"""What is « asked » when it is which answer to change."""
_BESIDE = frozenset(AnswerKind) - {AnswerKind.SAFETY, AnswerKind.CLARIFICATION, AnswerKind.FORM}


def ask_ideas(decision: RunAction, context: AnswerContext) -> Outcome:
    """Hear an answer or a wish (`questionnaire`), then ask the next question or show the jobs."""
    form, said = _form(context), heard(decision, context.ideas)
    wishes = decision.all("questionnaire")
    if form is None or (form.status in ("stopped", "done") and not wishes):
        begun = liked(decision, context.ideas) if decision.text else said
        return _next(Form(asked="", answers=begun), context.say("form_intro"), context)
    for wish in wishes:
        if wish in _WISHES:
            return _WISHES[wish](form, context)
        if wish in QUESTIONS:
            form = replace(form, asked=wish, answers=without(form.answers, wish), page=0)
            return _ask_again(form, context.say("form_changing"), context)
    if not said and len(decision.arguments) > len(wishes):
        return _ask_again(form, context.say("form_unheld"), context)
    if not said:
        return _resume(form, context)
    answers = merged(form.answers, said, corrects="corriger" in wishes)
    if all(name == REFUSED for name, _ in said):
        form = replace(form, answers=answers, page=0)
        return _ask_again(form, _noted(said, answers, context), context)
    return _next(replace(form, answers=answers), _noted(said, answers, context), context)


def with_return(outcome: Outcome, context: AnswerContext) -> Outcome:
    """Offer to go back to the form, under an answer to something else."""
    form = context.tracker.replay(outcome.events).form
    is_farewell = outcome.forgets or outcome.answer.intent == "au_revoir"
    is_beside = outcome.answer.kind in _BESIDE and not is_farewell
    if form is None or form.status not in ("asked", "left") or not is_beside:
        return outcome
    button = _wish("reprendre", context)
    buttons = tuple(dict.fromkeys((*outcome.answer.buttons, button)))
    return replace(outcome, answer=replace(outcome.answer, buttons=buttons))


def _form(context: AnswerContext) -> Form | None:
    """The form so far, without the answers that the catalogue no longer knows."""
    form = context.tracker.form
    if form is None:
        return None
    known = (pair for pair in form.answers if not pair[1] or context.ideas.knows(*pair))
    return replace(form, answers=tuple(known))


# Asking


def _next(form: Form, note: str, context: AnswerContext) -> Outcome:
    asked = next_question(context.ideas, form.answers)
    if asked is None:
        return _propose(form, context)
    return _ask(asked, Form(asked=asked.name, answers=form.answers), note, context)


def _ask_again(form: Form, note: str, context: AnswerContext) -> Outcome:
    asked = form.asked in QUESTIONS and question(context.ideas, form.asked, form.answers)
    if not asked or not asked.values:
        return _next(form, note, context)
    return _ask(asked, replace(form, status="asked"), note, context)


def _ask(asked: Question, form: Form, note: str, context: AnswerContext) -> Outcome:
    first = form.page * MOST_OFFERED
    offered = asked.values[first : first + MOST_OFFERED]
    again = any(name == asked.name and value for name, value in form.answers)
    key = f"form_ask_{asked.name}"
    text = context.say(
        f"{key}_again" if again else key,
        number=sum(name != REFUSED for name, _ in form.answers) + 1,
        most=MOST_ASKED,
    )
    answer = Answer(
        kind=AnswerKind.FORM,
        intent=_ACTION,
        text="\n\n".join(filter(None, (note, text))),
        buttons=(
            *(_answer(asked.name, value, context) for value in offered),
            *_wishes(asked, form, context),
        ),
    )
    return Outcome(answer=answer, events=(_stepped(form),))


def _answer(name: str, value: str, context: AnswerContext) -> Button:
    entity = "envie" if name in SURROUNDINGS else name
    return Button.to(title(name, value, context), _ACTION, {entity: value})


def _wishes(asked: Question, form: Form, context: AnswerContext) -> Iterator[Button]:
    if len(asked.values) > MOST_OFFERED:
        yield _wish("autres", context)
    yield _wish("passer", context)
    if form.answers:
        yield _wish("retour", context)
    if any(value for _, value in form.answers):
        yield _wish("voir", context)


def _wish(name: str, context: AnswerContext) -> Button:
    return Button.to(context.say(f"button_{name}"), _ACTION, {"questionnaire": name})


def _noted(said: Answers, answers: Answers, context: AnswerContext) -> str:
    left = int(context.ideas.standing(answers).left.sum())
    return context.say("form_noted", said=spoken(said, context), count=left)


def _stepped(form: Form) -> FormStepped:
    return FormStepped(
        asked=form.asked,
        answers=form.answers,
        page=form.page,
        missed=form.missed,
        status=form.status,
    )


# Wishes


def _skip(form: Form, context: AnswerContext) -> Outcome:
    skipped = ((form.asked, ""),) if form.asked in QUESTIONS else ()
    form = replace(form, answers=(*form.answers, *skipped))
    return _next(form, context.say("form_skipped"), context)


def _others(form: Form, context: AnswerContext) -> Outcome:
    """Offer other answers to the same question, the first ones again after the last."""
    if form.asked not in QUESTIONS:
        return _resume(form, context)
    count = len(question(context.ideas, form.asked, form.answers).values)
    if count <= MOST_OFFERED:
        return _skip(form, context)
    pages = -(-count // MOST_OFFERED)
    page = (form.page + 1) % pages
    note = context.say("form_others", page=page + 1, pages=pages)
    return _ask_again(replace(form, page=page, missed=False), note, context)


def _back(form: Form, context: AnswerContext) -> Outcome:
    """Take back the last answer, and ask its question again."""
    if not form.answers:
        return _ask_again(form, context.say("form_first"), context)
    *kept, (name, _) = form.answers
    asked = name if name in QUESTIONS else form.asked
    form = Form(asked=asked, answers=tuple(kept))
    return _ask_again(form, context.say("form_back"), context)


def _resume(form: Form, context: AnswerContext) -> Outcome:
    if form.status == "done":
        return _propose(form, context)
    if form.asked == _WHICH:
        return _which(form, context)
    said = spoken(form.answers, context)
    key = "form_resumed" if said else "form_resumed_first"
    return _ask_again(form, context.say(key, **({"said": said} if said else {})), context)


def _repeat(form: Form, context: AnswerContext) -> Outcome:
    """Ask again what was not answered; the second time, go on without it."""
    if form.missed:
        return _skip(form, context)
    form = replace(form, missed=True)
    if form.asked == _WHICH:
        return _which(form, context)
    return _ask_again(form, context.say("form_missed"), context)


def _stop(form: Form, context: AnswerContext) -> Outcome:
    answer = Answer(
        kind=AnswerKind.SMALLTALK,
        intent="nier",
        text=context.say("form_stopped"),
        buttons=(
            _wish("reprendre", context),
            *((_wish("voir", context),) if spoken(form.answers, context) else ()),
        ),
    )
    return Outcome(answer=answer, events=(_stepped(replace(form, status="stopped")),))


def _which(form: Form, context: AnswerContext) -> Outcome:
    """Ask which answer is to be changed."""
    given = dict.fromkeys(name for name, _ in form.answers if name in QUESTIONS)
    if not given:
        return _next(form, context.say("form_nothing_to_change"), context)
    answer = Answer(
        kind=AnswerKind.FORM,
        intent=_ACTION,
        text=context.say("form_which"),
        buttons=tuple(
            Button.to(context.say(f"form_topic_{name}"), _ACTION, {"questionnaire": name})
            for name in given
        ),
    )
    form = replace(form, asked=_WHICH, status="asked", page=0)
    return Outcome(answer=answer, events=(_stepped(form),))


def _propose(form: Form, context: AnswerContext) -> Outcome:
    """Show the jobs, best first, each with the reason; never an empty list."""
    ranking = ranked(context.ideas, form.answers)
    if not ranking.fiches:
        decision = RunAction(action=_ACTION)
        return Outcome(answer=nothing_found(Criteria(), decision, context))
    outcome = list_of(
        ranking.fiches,
        total=len(ranking.fiches),
        intro=_intro(ranking, form.answers, context),
        intent=_ACTION,
        context=context,
        note=lambda fiche: reason(fiche, form.answers, context),
    )
    buttons = (*outcome.answer.buttons, *((_wish(_WHICH, context),) if form.answers else ()))
    done = _stepped(Form(asked=form.asked, answers=form.answers, status="done"))
    return replace(
        outcome,
        answer=replace(outcome.answer, buttons=buttons),
        events=(*outcome.events, done),
    )


def _intro(ranking: Ranking, answers: Answers, context: AnswerContext) -> str:
    said, count = spoken(answers, context), len(ranking.fiches)
    if not said:
        return context.say("form_result_any", count=count)
    if ranking.is_loosened:
        return context.say("form_result_loosened", said=said)
    if not ranking.whole:
        return context.say("form_result_near", said=said)
    key = "form_result_one" if ranking.whole == 1 else "form_result_many"
    text = context.say(key, said=said, **({"count": ranking.whole} if ranking.whole > 1 else {}))
    rest = context.say("form_result_rest") if count > ranking.whole else ""
    return f"{text} {rest}".strip()


_WISHES: Mapping[str, Callable[[Form, AnswerContext], Outcome]] = {
    "passer": _skip,
    "autres": _others,
    "retour": _back,
    "reprendre": _resume,
    "incompris": _repeat,
    "arreter": _stop,
    "changer": _which,
    "voir": _propose,
}
