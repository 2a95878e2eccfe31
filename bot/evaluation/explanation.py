"""Why an utterance was understood so: what weighed, which examples are near, how worrying it is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.nearest_examples import NearestExamples, Neighbour
from bot.understanding.distress_detector import DISTRESS
from bot.understanding.intent_classifier import IntentModel
from bot.understanding.interpretation import Interpretation
from bot.understanding.interpreter import Interpreter
from bot.understanding.normalisation import stem
from bot.understanding.training_data import read_examples

__all__ = ["Explainer", "Explanation", "Weight"]

_MOST_WEIGHTS = 5
_SHAPES = ("metier", "length", "infinitive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What spoke for an intent over another one; `weight`, above 0, is its part of the lead.

    `kind` says what `text` is: a `word`, neighbouring `words`, the word at the `start` or `end`, a
    word `class`, the number of jobs (`metier`), a `length` in words, another `shape`; it is empty
    for an utterance that starts with an `infinitive`.
    """

    kind: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an utterance was understood so.

    `weights`: what spoke most for its intent, against the intent `against`, the heaviest first.
    `neighbours`: the nearest examples, the nearest first. `distress`: the margin of the detector
    of distress; the higher, the more worrying (`bot.understanding.distress_detector`).
    """

    against: str
    weights: tuple[Weight, ...]
    neighbours: tuple[Neighbour, ...]
    distress: float


class Explainer:
    """Explains what an interpreter understood; reads the examples the first time that it does."""

    def __init__(self, interpreter: Interpreter, intents: Path) -> None:
        """Take what understood, and the folder of the examples that it learnt from."""
        self._interpreter, self._intents = interpreter, intents
        self._nearest: NearestExamples | None = None

    def explain(self, heard: Interpretation, *, expected: str = "") -> Explanation | None:
        """Explain an interpretation; None when there were no words, or a button was pressed.

        Args:
            heard: what was understood.
            expected: the intent that it should have, compared with the one that it got; when
                that is right, or not given, the second likeliest is.

        Raises:
            IntentsError: the examples cannot be read.
        """
        if not heard.words:
            return None
        if self._nearest is None:
            self._nearest = NearestExamples(read_examples(self._intents), self._interpreter)
        model, detector = self._interpreter.model, self._interpreter.detector
        features = self._interpreter.features.extract(heard.words)
        won = heard.intent.name
        others = (expected, *(prediction.name for prediction in heard.ranking))
        against = next((name for name in others if name in model.intents and name != won), "")
        worry = detector.margins(features)[detector.intents.index(DISTRESS)]
        return Explanation(
            against=against,
            weights=tuple(_weights(model, features, heard.words, won, against)),
            neighbours=self._nearest.of(heard.words),
            distress=float(worry),
        )


def _weights(
    model: IntentModel, features: Mapping[str, float], words: Sequence[str], won: str, against: str
) -> Iterator[Weight]:
    """Yield what spoke most for an intent against another one."""
    if won not in model.intents or against not in model.intents:
        return
    lead = (
        model.weights[:, model.intents.index(won)] - model.weights[:, model.intents.index(against)]
    )
    norm = math.sqrt(sum(features.values()))
    parts: defaultdict[tuple[str, str], float] = defaultdict(float)
    for name, value in features.items():
        row = model.columns.get(name)
        if row is not None:
            parts[_part(name, words)] += float(lead[row]) * math.sqrt(value) / norm
    heaviest = sorted(parts.items(), key=lambda item: -item[1])[:_MOST_WEIGHTS]
    for (kind, text), weight in heaviest:
        if weight > 0:
            yield Weight(kind=kind, text=text, weight=weight)


def _part(feature: str, words: Sequence[str]) -> tuple[str, str]:
    """Say what a feature is of (`bot.understanding.features`); letters count with their word."""
    family, _, text = feature.partition(":")
    if family == "l":
        return "word", next((word for word in words if text in f"<{word}>"), text)
    if family == "n":
        shapes = ((shape, text[len(shape) :]) for shape in _SHAPES if text.startswith(shape))
        return next(shapes, ("shape", text))
    if family == "c":
        return "class", text
    stems = {stem(word) if word.islower() else word: word for word in reversed(words)}
    said = [stems.get(root, "") for root in text.split() if root not in ("<", ">")]
    kind = "start" if text.startswith("< ") else "end" if text.endswith(" >") else "words"
    return "word" if family == "w" else kind, " ".join(said)
