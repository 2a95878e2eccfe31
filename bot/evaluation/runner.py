"""Plays an evaluation set through an assistant."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answers.answer import AnswerKind, Button
from bot.assistant import Turn
from bot.evaluation.played import PlayedQa, PlayedSafety, PlayedSearch, PlayedUtterance
from bot.evaluation.utterance_set import EvaluationSet, QaCase, SearchCase, Utterance
from bot.messages import UserMessage
from bot.understanding.interpretation import Interpretation

__all__ = ["PlayedSets", "Player", "Speaker", "play_sets"]

_MORE = "/suite"
# A list of criteria holds at most the catalogue: enough pages, and an end whatever comes.
_MOST_PAGES = 200


class Speaker(Protocol):
    """The part of an assistant that holds conversations."""

    def turn(self, message: UserMessage) -> Turn:
        """Answer a message, and tell how."""

    def forget(self, sender: str) -> bool:
        """Erase a conversation."""


class Player(Speaker, Protocol):
    """The part of an assistant that an evaluation uses."""

    def interpret(self, text: str) -> Interpretation:
        """Understand an utterance outside any conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedSets:
    """The cases of some sets, played, in the order of the sets."""

    utterances: tuple[PlayedUtterance, ...] = ()
    safety: tuple[PlayedSafety, ...] = ()
    search: tuple[PlayedSearch, ...] = ()
    qa: tuple[PlayedQa, ...] = ()


def play_sets(
    sets: Sequence[EvaluationSet],
    player: Player,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> PlayedSets:
    """Play every case, each search and question in a conversation of its own.

    Utterances and safety cases are interpreted without conversation. `clock` gives seconds.
    """
    return PlayedSets(
        utterances=tuple(
            _utterance(case, player, clock) for one in sets for case in one.utterances
        ),
        safety=tuple(
            PlayedSafety(case=case, heard=player.interpret(case.text))
            for one in sets
            for case in one.safety
        ),
        search=tuple(_search(case, player) for one in sets for case in one.search),
        qa=tuple(_qa(case, player) for one in sets for case in one.qa),
    )


def _utterance(case: Utterance, player: Player, clock: Callable[[], float]) -> PlayedUtterance:
    start = clock()
    heard = player.interpret(case.text)
    return PlayedUtterance(case=case, heard=heard, elapsed_ms=(clock() - start) * 1000)


def _search(case: SearchCase, speaker: Speaker) -> PlayedSearch:
    sender = f"search-{case.id}"
    turn = speaker.turn(UserMessage(sender=sender, text=case.text))
    answer = turn.answer
    is_list = answer.kind is AnswerKind.LIST
    shown = answer.metiers if is_list else ()
    found = shown
    if is_list and case.kind == "criteria" and answer.total is not None:
        found = _all_pages(sender, shown, answer.total, speaker)
    speaker.forget(sender)
    return PlayedSearch(
        case=case,
        heard=turn.interpretation,
        kind=answer.kind.value,
        shown=shown,
        total=(answer.total if answer.total is not None else len(shown)) if is_list else None,
        found=found,
    )


def _all_pages(
    sender: str, shown: tuple[str, ...], total: int, speaker: Speaker
) -> tuple[str, ...]:
    """Ask for the rest of a list until it is whole, or stops growing."""
    found = dict.fromkeys(shown)
    for _ in range(_MOST_PAGES):
        if len(found) >= total:
            break
        answer = speaker.turn(UserMessage(sender=sender, text=_MORE)).answer
        more = [metier for metier in answer.metiers if metier not in found]
        if answer.kind is not AnswerKind.LIST or not more:
            break
        found |= dict.fromkeys(more)
    return tuple(found)


def _qa(case: QaCase, speaker: Speaker) -> PlayedQa:
    sender = f"qa-{case.id}"
    opening = Button.to("", "presentation", {"metier": case.metier}).payload
    speaker.turn(UserMessage(sender=sender, text=opening))
    turn = speaker.turn(UserMessage(sender=sender, text=case.question))
    speaker.forget(sender)
    return PlayedQa(
        case=case,
        heard=turn.interpretation,
        kind=turn.answer.kind.value,
        intent=turn.answer.intent,
        quotes=tuple(quote.text for quote in turn.answer.quotes),
        missing=turn.answer.missing,
    )
