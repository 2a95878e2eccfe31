"""Answers a free question with the sentences of the fiche that hold the answer.

The sentences of one fiche are ranked by the words they share with the question, by stem and
weighted by their rarity in the fiche, and by the notions they share (`intents/lookup/`). When
nothing comes near, the answer says that the fiche does not tell.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.answer import Answer, AnswerKind, Quote
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import follow_ups
from bot.answers.naming import both_genders, of
from bot.answers.quoting import sentences
from bot.catalogue.fiche import Fiche
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun
from bot.understanding.normalisation import fold, stem

__all__ = ["answer_question"]

_MOST = 3
_WORD = re.compile(r"[^\W\d_]+")
_FLOOR = 1.6
_EMPTY = frozenset(
    "METIER FORMATION NIVEAU est ce que qu' il elle on ils elles ça ca c' se s' a y en un une des "
    "de d' du le la l' les et ou ? aussi faut doit peut peuvent fait faire font quoi quel quelle "
    "quels quelles comment dans avec pour par sur au aux leur son sa ses meme tout tous toute "
    "toutes metier travail travaille ne n' pas plus etre avoir sont ont si non vraiment souvent "
    "toujours genre juste donc alors je tu vous nous lui j' t'".split()
)
_FIELDS = (
    "summary",
    "nature",
    "skills",
    "conditions",
    "salary",
    "job_market",
    "access",
    "presentation",
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    index: int
    text: str
    field: str
    stems: frozenset[str]
    classes: frozenset[str]


def answer_question(decision: RunAction, context: AnswerContext) -> Outcome:
    """Quote the best sentences (three at most), the first in the text."""
    fiche = context.fiches(decision.metiers)[-1]
    known = list(_sentences(fiche, context))
    chosen = decision.argument("sentences")
    if chosen is not None:
        wanted = [int(index) for index in chosen.split(",") if index.isdecimal()]
        best = [s for index in wanted for s in known if s.index == index]
    else:
        best = _rank(decision.words, known, context)
    quotes = tuple(Quote(text=s.text, field=s.field) for s in best)
    name = of(both_genders(fiche.title))
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
    # The sentences shown are remembered by number, so that « répète » needs no word of the person.
    shown = (("sentences", ",".join(str(s.index) for s in best)),)
    run = ActionRun(action="question_fiche", metiers=(fiche.id,), arguments=shown)
    return Outcome(answer=answer, events=(run,))


def _sentences(fiche: Fiche, context: AnswerContext) -> Iterator[_Sentence]:
    index = 0
    for field in _FIELDS:
        section = getattr(fiche, field)
        for paragraph in section.paragraphs if section is not None else ():
            for text in sentences(paragraph):
                stems = [_root(word) for word in _WORD.findall(text)]
                yield _Sentence(
                    index=index,
                    text=text,
                    field=field,
                    stems=frozenset(stems),
                    classes=frozenset(m.value for m in context.word_classes.find(stems)),
                )
                index += 1


@lru_cache(maxsize=65536)
def _root(word: str) -> str:
    """The stem of a word of a fiche: the vocabulary is small, each word is folded once."""
    return stem(fold(word))


def _rank(
    words: Sequence[str], known: Sequence[_Sentence], context: AnswerContext
) -> list[_Sentence]:
    asked = {stem(word) for word in words if word not in _EMPTY and len(word) > 2}
    classes = {m.value for m in context.word_classes.find([stem(word) for word in words])}
    if not asked and not classes:
        return []
    counts = Counter(root for sentence in known for root in sentence.stems)
    class_counts = Counter(name for sentence in known for name in sentence.classes)
    total = len(known) + 1

    def score(sentence: _Sentence) -> float:
        shared = sum(math.log(total / counts[root]) for root in asked & sentence.stems)
        near = sum(
            math.log(total / counts[other]) * 0.6
            for root in asked - sentence.stems
            if len(root) >= 5
            for other in [next((s for s in sentence.stems if s[:5] == root[:5]), "")]
            if other
        )
        notions = sum(math.log(total / class_counts[name]) for name in classes & sentence.classes)
        length = 1.0 + 0.01 * len(sentence.stems)
        return (shared + near + 0.5 * notions) / length

    ranked = sorted(((score(s), -s.index, s) for s in known), key=lambda item: (-item[0], -item[1]))
    return [s for value, _, s in ranked[:_MOST] if value >= _FLOOR]
