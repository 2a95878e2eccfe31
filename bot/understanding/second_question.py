"""Hears a second question in one utterance: « c'est quoi les études et ça paie combien ? »."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.understanding.interpretation import IntentPrediction

__all__ = ["second_question"]

_SEPARATORS = frozenset({"?", ".", ",", ";", "!", "et", "puis"})
# Half an utterance has few words: below this, what it asks is a guess.
_SURE = 0.6


def second_question(
    words: Sequence[str],
    asked: str,
    *,
    predict: Callable[[Sequence[str]], IntentPrediction],
    askable: frozenset[str],
) -> str | None:
    """Return an intent that a part of the utterance asks beside the one that was heard.

    Args:
        words: normalised, entities replaced by their type.
        asked: the intent of the whole.
        predict: tells the intent of some words.
        askable: the intents that can be asked of one job.

    Returns:
        None unless two parts are surely about two of the askable intents, one of them `asked`.
    """
    if asked not in askable:
        return None
    parts = [part for part in _parts(words) if any(word.islower() for word in part)]
    if len(parts) < 2:
        return None
    heard = [p.name for p in map(predict, parts) if p.name in askable and p.confidence >= _SURE]
    others = [intent for intent in heard if intent != asked]
    return others[0] if others and asked in heard else None


def _parts(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    for word in (*words, "?"):
        if word not in _SEPARATORS:
            part.append(word)
        elif part:
            yield tuple(part)
            part = []
