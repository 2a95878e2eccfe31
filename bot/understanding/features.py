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
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
        known = counts.get
        for names, weight in self._weighted(words):
            for name in names:
                counts[name] = known(name, 0.0) + weight
        return counts

    def _weighted(self, words: Sequence[str]) -> Iterator[tuple[Iterable[str], float]]:
        """Yield the names of the features, those of one weight together."""
        stems = [stem(word) if word.islower() else word for word in words]
        yield [f"w:{root}" for root in stems], 1.0
        yield [f"b:{a} {b}" for a, b in itertools.pairwise(["<", *stems, ">"])], 1.2
        heavy = [root for root in stems if root not in _LIGHT]
        yield [f"s:{a} {b}" for a, b in itertools.pairwise(heavy)], 1.0
        for word in words:
            if word.islower() and word not in _LIGHT:
                yield _letter_groups(word), 0.25
        classes = dict.fromkeys(match.value for match in self.classes.find(stems))
        yield [f"c:{name}" for name in classes], 1.2
        if words and _INFINITIVE.fullmatch(words[0]):
            yield ["n:infinitive"], 1.0
        jobs = min(2, sum(word == "METIER" for word in words))
        yield [f"n:metier{jobs}"], 0.6
        yield [f"n:length{_length_band(len(words))}"], 0.4


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
