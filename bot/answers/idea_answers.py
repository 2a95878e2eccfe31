"""The answers given to the form: read from what was said, added to the others, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.answers.idea_table import REFUSED, Answers, IdeaTable
from bot.catalogue.surroundings import SURROUNDINGS
from bot.dialogue.decision import RunAction
from bot.understanding.normalisation import fold

__all__ = ["heard", "liked", "merged", "without"]

_LABELS = frozenset({"centre_interet", "domaine"})
_LIKES = re.compile(r"\b(?<!pas )(?:aime|adore|kiffe|passionne)\w*\b(?! pas\b)[^.?!]{0,40}$")
# An answer in words of its own (`intents/synonyms/envies.yml`): the question that it answers.
_ENVIES: Mapping[str, tuple[str, str]] = {
    **{value: (name, value) for name, values in SURROUNDINGS.items() for value in values},
    "etudes_courtes": ("niveau", "bac"),
    "etudes_moyennes": ("niveau", "bac+2"),
    "etudes_de_trois_ans": ("niveau", "bac+3"),
    "etudes_longues": ("niveau", "bac+5"),
}


def heard(decision: RunAction, table: IdeaTable) -> Answers:
    """Return the answers that a decision carries; what no fiche could match is none."""
    return tuple(dict.fromkeys(pair for pair in _pairs(decision) if table.knows(*pair)))


def liked(decision: RunAction, table: IdeaTable) -> Answers:
    """Return the tastes said as such: « je sais pas quoi faire, mais j'aime les animaux ».

    What else is said before the first question tells a life, and is no answer: « mes enfants sont
    grands », « après le bac ».
    """
    said = (
        ("centre_interet", mention.value)
        for mention in decision.mentions
        if mention.entity == "centre_interet"
        and _LIKES.search(fold(decision.text[: mention.start]))
    )
    return tuple(dict.fromkeys(pair for pair in said if table.knows(*pair)))


def _pairs(decision: RunAction) -> Iterator[tuple[str, str]]:
    for name, value in decision.arguments:
        if name == "envie" and value in _ENVIES:
            yield _ENVIES[value]
        elif name in (*_LABELS, "niveau", "statut", REFUSED):
            yield name, value


def merged(answers: Answers, said: Answers, *, corrects: bool) -> Answers:
    """Add answers to the former ones.

    Tastes and fields add up, and each may be refused; any other answer replaces the former one to
    its question. `corrects`: the last taste, or field, gives way as well.
    """
    for question, value in said:
        kept = answers
        if question in _LABELS and corrects:
            kept = _without_last(kept, question)
        gone = {(question, ""), (REFUSED, value)}
        if question == REFUSED:
            gone = {(label, value) for label in _LABELS}
        elif question not in _LABELS:
            kept = without(kept, question)
        answers = (*(pair for pair in kept if pair not in (*gone, (question, value))),
                   (question, value))  # fmt: skip
        corrects = corrects and question not in _LABELS
    return answers


def without(answers: Answers, question: str) -> Answers:
    """Take back every answer to a question."""
    return tuple(pair for pair in answers if pair[0] != question)


def _without_last(answers: Answers, question: str) -> Answers:
    places = [n for n, (name, value) in enumerate(answers) if name == question and value]
    return tuple(pair for n, pair in enumerate(answers) if n not in places[-1:])
