"""Which questions, about which jobs, have their answer checked by dialogues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.answers.answer import AnswerKind
from bot.assistant import Turn
from bot.dialogue.intents import METIER_INTENTS
from bot.evaluation.dialogue_file import Expectation
from bot.evaluation.dialogue_player import PlayedDialogue

__all__ = ["checked_questions"]


def checked_questions(played: Iterable[PlayedDialogue]) -> Counter[tuple[str, str]]:
    """Count the answers checked, by job id and question (an intent about jobs).

    An answer is checked when its turn expects something and gets it. One about several jobs
    counts for each; a choice offered, or a job not understood, is no answer.
    """
    return Counter(question for one in played for question in _questions(one))


def _questions(played: PlayedDialogue) -> Iterator[tuple[str, str]]:
    wrong = {failure.number for failure in played.failures}
    for number, (turn, said) in enumerate(
        zip(played.dialogue.turns, played.said, strict=False), start=1
    ):
        if number not in wrong and turn.expect != Expectation():
            yield from ((metier, said.answer.intent) for metier in _metiers(said))


def _metiers(said: Turn) -> tuple[str, ...]:
    answer = said.answer
    if answer.intent not in METIER_INTENTS:
        return ()
    match answer.kind:
        case AnswerKind.ANSWER:
            return answer.metiers
        case AnswerKind.LIST:  # its jobs are those shown, not the one asked about
            return (said.tracker.metier,) if said.tracker.metier else ()
        case _:
            return ()
