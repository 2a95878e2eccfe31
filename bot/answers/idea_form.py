"""The questionnaire that helps to find an idea: a taste, then a level, then a list."""

from __future__ import annotations

from collections import Counter

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.answers.job_search import MOST_LISTED, list_of
from bot.catalogue.criteria import Criteria
from bot.dialogue.decision import RunAction
from bot.dialogue.events import FormStepped

__all__ = ["ask_ideas"]

_STEPS = ("centre_interet", "niveau")
_LEVELS = ("cap", "bac", "bac+2", "bac+3", "bac+5")
_MOST_TASTES = 6


def ask_ideas(decision: RunAction, context: AnswerContext) -> Outcome:
    """Ask the next question of the form, or show what the answers lead to."""
    form = context.tracker.form
    answers = dict(form.answers) if form else {}
    if form is not None:
        asked = _STEPS[form.step]
        answers[asked] = decision.argument(asked) or answers.get(asked) or ""
    for name in _STEPS:
        answers |= {name: value} if (value := decision.argument(name)) else {}
    for step, name in enumerate(_STEPS):
        if name not in answers:
            return _ask(step, answers, context)
    return _propose(answers, context)


def _ask(step: int, answers: dict[str, str], context: AnswerContext) -> Outcome:
    name = _STEPS[step]
    values = _tastes(context) if name == "centre_interet" else _LEVELS
    buttons = [
        Button.to(
            value.replace("+", " + ") if name == "niveau" else value, "aide_choix", {name: value}
        )
        for value in values
    ]
    buttons.append(Button.to(context.say("button_passer"), "aide_choix", {"passe": "oui"}))
    answer = Answer(
        kind=AnswerKind.FORM,
        intent="aide_choix",
        text=context.say(f"form_{name}"),
        buttons=tuple(buttons),
    )
    event = FormStepped(step=step, answers=tuple(sorted(answers.items())))
    return Outcome(answer=answer, events=(event,))


def _tastes(context: AnswerContext) -> tuple[str, ...]:
    """The tastes that split the catalogue best: those of the most jobs."""
    counts: Counter[str] = Counter()
    for taste, count in context.catalogue.interests.items():
        counts[taste[:1].lower() + taste[1:] if not taste.startswith("TV") else taste] += count
    return tuple(taste for taste, _ in counts.most_common(_MOST_TASTES))


def _propose(answers: dict[str, str], context: AnswerContext) -> Outcome:
    taste, level = answers.get("centre_interet"), answers.get("niveau")
    # An empty list helps nobody: loosen the level, then the taste.
    for criteria in (
        Criteria(niveau=level or None, centres_interet=(taste,) if taste else ()),
        Criteria(centres_interet=(taste,) if taste else ()),
        Criteria(),
    ):
        result = context.search.find(criteria)
        if result.metiers:
            break
    said = [value.replace("+", " + ") for value in (taste, level) if value]
    key = "form_result" if said else "form_result_any"
    intro = context.say(key, said=" ; ".join(said), count=result.exact)
    return list_of(
        context.fiches(result.metiers[:MOST_LISTED]),
        total=result.exact,
        intro=intro,
        intent="aide_choix",
        context=context,
    )
