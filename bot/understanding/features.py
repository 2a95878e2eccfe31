"""The features of an utterance for the intent classifier.

Jobs, diplomas and levels are replaced by their type before, so that an example about bakers
teaches something about notaries. Three families: words and pairs of words, groups of letters
(typos), and word classes of `intents/lookup/` (the notions that different people word
differently).
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.understanding.label_matcher import PhraseTable
from bot.understanding.normalisation import Normaliser, stem

__all__ = ["FeatureExtractor"]

_LIGHT = frozenset("l' d' de du des le la les un une en et a au aux ce".split())

# « laver le linge », « déterrer des os »: who begins so says what they would like to do.
_INFINITIVE = re.compile(r"[a-z]{2,}(?:er|ir|oir|dre|tre|ire|vre)")


class FeatureExtractor:
    """Turns the words of a delexicalised utterance into counted features.

    `classes` finds the word classes in stems; the answers use it too.
    """

    def __init__(self, word_classes: Mapping[str, Sequence[str]], normaliser: Normaliser) -> None:
        """Prepare the word classes."""
        self.classes = PhraseTable(word_classes, normaliser)

    def extract(self, words: Sequence[str]) -> dict[str, float]:
        """Count the features of the words (placeholders such as `METIER` are words)."""
        counts: dict[str, float] = {}
        for feature, weight in self._weighted(words):
            counts[feature] = counts.get(feature, 0.0) + weight
        return counts

    def _weighted(self, words: Sequence[str]) -> Iterator[tuple[str, float]]:
        stems = [stem(word) if word.islower() else word for word in words]
        for root in stems:
            yield f"w:{root}", 1.0
        padded = ["<", *stems, ">"]
        for a, b in itertools.pairwise(padded):
            yield f"b:{a} {b}", 1.2
        heavy = [root for root in stems if root not in _LIGHT]
        for a, b in itertools.pairwise(heavy):
            yield f"s:{a} {b}", 1.0
        for word in words:
            if word.islower() and word not in _LIGHT:
                for group in _letter_groups(word):
                    yield group, 0.25
        for name in dict.fromkeys(match.value for match in self.classes.find(stems)):
            yield f"c:{name}", 1.2
        if words and _INFINITIVE.fullmatch(words[0]):
            yield "n:infinitive", 1.0
        jobs = min(2, sum(word == "METIER" for word in words))
        yield f"n:metier{jobs}", 0.6
        yield f"n:length{_length_band(len(words))}", 0.4


@functools.lru_cache(maxsize=4096)
def _letter_groups(word: str) -> tuple[str, ...]:
    padded = f"<{word}>"
    return tuple(
        f"l:{padded[start : start + size]}"
        for size in (3, 4)
        for start in range(len(padded) - size + 1)
    )


def _length_band(count: int) -> str:
    for limit in (1, 2, 4, 7, 12, 20):
        if count <= limit:
            return str(limit)
    return "long"
