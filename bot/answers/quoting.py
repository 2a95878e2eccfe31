"""Cuts fiche text into sentences and lists, without altering a character of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.answers.context import AnswerContext
from bot.catalogue.fiche import Fiche
from bot.understanding.normalisation import stem

__all__ = ["bullets", "hint_sentences", "lead", "sentences"]

# A full stop, an ellipsis or a mark, then a space and a capital, a quote or a figure.
_BOUNDARY = re.compile(r"(?<=[.!?…])[  ]+(?=[A-ZÀ-ÖØ-ÞŒ«\"“0-9])")
_ABBREVIATION = re.compile(r"(?:\b(?:M|Mme|Dr|St|Ste|ex|cf|art|env|etc|n°))\.$")
_LEAD_WORDS = 60


def bullets(items: Iterable[str]) -> str:
    """Write a list, one item a line."""
    return "\n".join(f"- {item}" for item in items)


def sentences(text: str) -> tuple[str, ...]:
    """Cut a paragraph into its sentences; joined by spaces they are the paragraph again."""
    cut: list[str] = []
    for piece in _BOUNDARY.split(text):
        if cut and _ABBREVIATION.search(cut[-1]) and not cut[-1].endswith("etc."):
            cut[-1] = f"{cut[-1]} {piece}"
        elif piece.strip():
            cut.append(piece)
    return tuple(cut)


def lead(text: str, words: int = _LEAD_WORDS) -> str:
    """Return the first whole sentences of a text, about `words` words, one sentence at least."""
    kept: list[str] = []
    count = 0
    for sentence in sentences(text.split("\n\n")[0]):
        count += len(sentence.split())
        if kept and count > words:
            break
        kept.append(sentence)
    return " ".join(kept)


def hint_sentences(
    fiche: Fiche, classes: frozenset[str], context: AnswerContext
) -> tuple[str, ...]:
    """Return the sentences of the summary that speak of some word classes, most of it first."""
    if fiche.summary is None:
        return ()
    said = [
        (_spoken(sentence, classes, context), sentence)
        for paragraph in fiche.summary.paragraphs
        for sentence in sentences(paragraph)
    ]
    said.sort(key=lambda one: -one[0])  # stable: those that say as much stay in order
    return tuple(sentence for count, sentence in said if count)


def _spoken(sentence: str, classes: frozenset[str], context: AnswerContext) -> int:
    """How many times a sentence speaks of some word classes."""
    stems = [stem(word) for word in context.normaliser.normalise(sentence).words]
    return sum(match.value in classes for match in context.word_classes.find(stems))
