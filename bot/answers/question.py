"""Answers a free question with the sentences of the fiche that hold the answer, unaltered.

When none of them really answers, the answer says that the fiche does not tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.answer import Answer, AnswerKind, Quote
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import follow_ups
from bot.answers.naming import of
from bot.answers.sentence_ranking import notions_of, question_about, rank, read_question
from bot.answers.sentence_reading import Sentence, read_sentences
from bot.catalogue.fiche import Fiche
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun

__all__ = ["answer_question", "best_sentences"]

# The question about one job that each section answers.
_ASKED = {
    "skills": "competences",
    "conditions": "conditions_travail",
    "salary": "salaire",
    "job_market": "debouches",
    "access": "etudes",
}


def answer_question(decision: RunAction, context: AnswerContext) -> Outcome:
    """Quote the best sentences (three at most), the first in the text."""
    fiche = context.fiches(decision.metiers)[-1]
    best = best_sentences(decision, fiche, context)
    quotes = tuple(Quote(text=s.text, field=s.field) for s in best)
    name = of(context.name(fiche))
    text = (
        context.say("question_answer", of_name=name, quote=quotes[0].text)
        if quotes
        else context.say("question_missing", of_name=name, url=fiche.source.url)
    )
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent="question_fiche",
        text=f"{text}\n\n{context.source_line(fiche)}",
        buttons=follow_ups(fiche, "question_fiche", context),
        metiers=(fiche.id,),
        fields=tuple(dict.fromkeys(quote.field for quote in quotes)),
        missing=() if quotes else ("question_fiche",),
        sources=(cite(fiche),),
        quotes=quotes,
    )
    return Outcome(answer=answer, events=(_run(decision, fiche, best, context),))


def _run(
    decision: RunAction, fiche: Fiche, best: Sequence[Sentence], context: AnswerContext
) -> ActionRun:
    """Remember the answer without a word of the person.

    The sentences shown are known by their numbers, for « répète ». « et pour X ? » asks of another
    job about the same notions, or the field that answered when the question says no notion.
    """
    notions = decision.argument("notions") or ",".join(
        notions_of(read_question(_words(decision, fiche, context), context.notions))
    )
    shown = ("sentences", ",".join(str(sentence.index) for sentence in best))
    field = _ASKED.get(best[0].field, "presentation") if best else "presentation"
    return ActionRun(
        action="question_fiche",
        metiers=(fiche.id,),
        arguments=(shown, ("notions", notions)) if notions else (shown,),
        repeats=None if notions else field,
    )


def best_sentences(
    decision: RunAction, fiche: Fiche, context: AnswerContext
) -> tuple[Sentence, ...]:
    """Return the sentences of a fiche that answer, best first, or those remembered."""
    read = read_sentences(fiche, context.notions)
    chosen = decision.argument("sentences")
    if chosen is not None:
        numbers = [int(index) for index in chosen.split(",") if index.isdecimal()]
        return tuple(read.sentences[n] for n in numbers if n < len(read.sentences))
    notions = decision.argument("notions")
    if notions is not None:
        return rank(question_about(notions.split(",")), read)
    return rank(read_question(_words(decision, fiche, context), context.notions), read)


def _words(decision: RunAction, fiche: Fiche, context: AnswerContext) -> Sequence[str]:
    """The words of the question without the name of its job; those of another job are asked."""
    if not decision.text:
        return decision.words
    named = [
        mention
        for mention in decision.mentions
        if mention.entity == "metier" and mention.id == fiche.id
    ]
    return [
        token.text
        for token in context.normaliser.normalise(decision.text).tokens
        if not any(token.start < name.end and name.start < token.end for name in named)
    ]
