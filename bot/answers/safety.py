"""What is said to somebody who may be in distress: the numbers, before or after anything else."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.answer import Answer, AnswerKind
from bot.answers.context import AnswerContext, Outcome
from bot.answers.small_talk import kept
from bot.answers.wording import Wording
from bot.dialogue.decision import RunAction

__all__ = ["safety", "with_gentle_word"]


def safety(decision: RunAction, context: AnswerContext) -> Outcome:
    """Give the emergency numbers, fixed text, before and instead of anything else."""
    answer = Answer(kind=AnswerKind.SAFETY, intent="detresse", text=context.say("detresse"))
    return Outcome(answer=answer, events=kept(context))


def with_gentle_word(outcome: Outcome, wording: Wording) -> Outcome:
    """Add the numbers in one sentence, when words come near distress: no alarm, but a hand."""
    text = f"{outcome.answer.text}\n\n{wording.say('gentle_word')}"
    return replace(outcome, answer=replace(outcome.answer, text=text))
