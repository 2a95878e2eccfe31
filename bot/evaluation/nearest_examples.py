"""The examples of `intents/` that are nearest to an utterance, as the classifier sees them.

The classifier is linear and has no neighbours; these show an editor what it has learnt from, and
where to look when it learnt wrong.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from bot.understanding.building import example_words
from bot.understanding.interpreter import Interpreter
from bot.understanding.normalisation import fold, stem
from bot.understanding.training_data import Example

__all__ = ["NearestExamples", "Neighbour"]

# Examples that share the rarest words with an utterance: among them the nearest are looked for.
_CANDIDATES = 200
# Words of the examples that an unknown word may stand for, and their least likeness (0..100).
_SPELLINGS, _ALIKE = 3, 75
# Below this likeness two texts share letters only.
_FLOOR = 0.2
_WORD = re.compile(r"[A-Z]{3,}|[a-z0-9]+")
_PLACEHOLDERS = {"metier": " METIER ", "formation": " FORMATION ", "niveau": " NIVEAU "}
_Features = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An example and its likeness to an utterance, 0..1: the cosine of their features."""

    example: Example
    likeness: float


class NearestExamples:
    """Finds the examples nearest to an utterance."""

    def __init__(self, examples: Sequence[Example], interpreter: Interpreter) -> None:
        """Index the examples by their words.

        Args:
            examples: those that the model of the interpreter was trained on.
            interpreter: its features are compared.
        """
        self._examples, self._interpreter = tuple(examples), interpreter
        self._features: dict[int, tuple[_Features, ...]] = {}
        self._with: defaultdict[str, list[int]] = defaultdict(list)
        words = [_rough_words(example) for example in self._examples]
        for index, known in enumerate(words):
            for word in known:
                self._with[word].append(index)
        count = len(words)
        self._rarity = {word: math.log(1 + count / len(w)) for word, w in self._with.items()}
        self._length = [math.sqrt(sum(map(self._rarity.__getitem__, known))) for known in words]

    def of(self, words: Sequence[str], *, limit: int = 3) -> tuple[Neighbour, ...]:
        """Return the nearest examples, the nearest first; none to an utterance without words.

        Args:
            words: those of an interpretation, jobs and diplomas replaced by their type.
            limit: the most examples returned.
        """
        features = self._interpreter.features.extract(words)
        if not words or not features:
            return ()
        near = [
            (max(_cosine(features, other) for other in self._features_of(index)), -index)
            for index in self._candidates(words)
        ]
        return tuple(
            Neighbour(example=self._examples[-index], likeness=likeness)
            for likeness, index in heapq.nlargest(limit, near)
            if likeness >= _FLOOR
        )

    def _candidates(self, words: Sequence[str]) -> list[int]:
        shared: defaultdict[int, float] = defaultdict(float)
        for near in sorted({near for word in words for near in self._known(word)}):
            for index in self._with[near]:
                shared[index] += self._rarity[near]
        return heapq.nlargest(
            _CANDIDATES, shared, key=lambda index: (shared[index] / self._length[index], -index)
        )

    def _known(self, word: str) -> list[str]:
        """Return the stem of a word, or of those that it may be a misspelling of."""
        root = stem(word) if word.islower() else word
        if root in self._with:
            return [root]
        found = process.extract(root, self._with.keys(), limit=_SPELLINGS, score_cutoff=_ALIKE)
        return [str(near) for near, _, _ in found]

    def _features_of(self, index: int) -> tuple[_Features, ...]:
        known = self._features.get(index)
        if known is None:
            reader = self._interpreter
            ways = example_words(self._examples[index], reader.normaliser, reader.levels)
            known = self._features[index] = tuple(reader.features.extract(way) for way in ways)
        return known


def _rough_words(example: Example) -> frozenset[str]:
    """The words of an example, quickly: without its abbreviations and levels."""
    text, end = "", 0
    for span in example.entities:
        text += fold(example.text[end : span.start]) + _PLACEHOLDERS.get(span.entity, " ")
        end = span.end
    found = _WORD.findall(text + fold(example.text[end:]))
    return frozenset(stem(word) if word.islower() else word for word in found)


def _cosine(one: _Features, other: _Features) -> float:
    """Compare features as the classifier weighs them, damped by their square root."""
    shared = sum(math.sqrt(value * other[name]) for name, value in one.items() if name in other)
    return shared / math.sqrt(sum(one.values()) * sum(other.values()))
