"""The form that helps to find an idea: six questions at most, then jobs and why these ones.

Each answer narrows the jobs, and the next question is the one that should narrow them most
(`idea_questions`). What is answered stays in the conversation, and is gone with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.answers.idea_questions import MOST_ASKED, MOST_OFFERED, Question, next_question, question
from bot.answers.idea_ranking import ranked, reason, said_level, spoken
from bot.answers.idea_table import QUESTIONS, REFUSED, Answers
from bot.answers.job_search import list_of, nothing_found
from bot.catalogue.criteria import Criteria
from bot.catalogue.surroundings import SURROUNDINGS
from bot.dialogue.decision import RunAction
from bot.dialogue.events import FormStepped
from bot.dialogue.tracker import Form

__all__ = ["ask_ideas", "with_return"]

# How long one would study, said in other words than a level.
_STUDIES = {"etudes_courtes": "bac", "etudes_moyennes": "bac+2", "etudes_longues": "bac+5"}
_SEVERAL = frozenset({"centre_interet", "domaine", REFUSED})


def ask_ideas(decision: RunAction, context: AnswerContext) -> Outcome:
    """Hear an answer or a wish (`questionnaire`), then ask the next question or show the jobs."""
    form = _form(context)
    wishes = decision.all("questionnaire")
    said = tuple(_answers(decision, context))
    if form is None or (form.status in ("stopped", "done") and not wishes):
        return _next(Form(asked="", answers=said), context.say("form_intro"), context)
    if not wishes and not said and form.status == "left":
        wishes = ("reprendre",)
    for wish in wishes:
        if wish in QUESTIONS:
            return _ask_again(replace(form, asked=wish), context)
        if wish in _WISHES:
            return _WISHES[wish](form, context)
    answers = _merged(form.answers, said, corrects="corriger" in wishes)
    return _next(replace(form, answers=answers), _noted(form, said, answers, context), context)
