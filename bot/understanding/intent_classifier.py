"""The statistical intent classifier: a linear model over the features of an utterance.

scikit-learn trains it; at answering time only its table of weights is needed, so that neither
the import nor the memory of scikit-learn is paid by `balise ask` or by a server whose model is
already in the cache.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.understanding.interpretation import IntentPrediction

__all__ = [
    "FeatureMatrix",
    "IntentModel",
    "Trainer",
    "feature_matrix",
    "linear_svm",
    "load_model",
    "save_model",
    "train_model",
]

_FORMAT = 1
# What NumPy raises on a file that is empty, cut, damaged, or no archive of arrays.
_UNREADABLE = (
    OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, NotImplementedError,
)  # fmt: skip
# Inverse regularisation of the support vector machine and slope of its confidences. Both were
# picked by hand among a few values on the development set (docs/understanding.md), so that the
# accuracy and calibration measured on that set are on the kind side.
_PENALTY = 1.0
_SLOPE = 5.5


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentModel:
    """A trained linear model.

    `weights`: (features, intents) float32; `bias`: (intents,) float32; `columns`: feature name
    to row of `weights`; `slope`: turns the margins into probabilities (softmax).
    """

    intents: tuple[str, ...]
    columns: Mapping[str, int]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    slope: float

    def margins(self, features: Mapping[str, float]) -> npt.NDArray[np.float32]:
        """Return the margin of each intent, in the order of `intents`."""
        columns = self.columns
        known = [(columns[name], value) for name, value in features.items() if name in columns]
        if not known:
            return self.bias.copy()
        index, values = zip(*known, strict=True)
        # The values are damped by their square root, so that their norm is the root of the sum.
        damped = np.sqrt(np.array(values, dtype=np.float32))
        norm = math.sqrt(sum(features.values()))
        result: npt.NDArray[np.float32] = damped @ self.weights[list(index)] / norm + self.bias
        return result

    def predict(self, features: Mapping[str, float]) -> tuple[IntentPrediction, ...]:
        """Rank every intent by falling probability; equal ones keep the order of `intents`."""
        scores = self.margins(features) * self.slope
        exponentials = np.exp(scores - np.max(scores))
        probabilities = exponentials / exponentials.sum()
        order = np.argsort(-probabilities, kind="stable")
        return tuple(
            IntentPrediction(name=self.intents[i], confidence=round(float(probabilities[i]), 4))
            for i in order
        )


class Trainer(Protocol):
    """A linear classifier of scikit-learn."""

    coef_: npt.NDArray[np.float64]
    intercept_: npt.NDArray[np.float64]
    classes_: npt.NDArray[np.str_]

    def fit(self, x: object, y: Sequence[str]) -> object:
        """Learn from a sparse matrix and the intents of its rows."""


def linear_svm(penalty: float = _PENALTY) -> Trainer:
    """Return the classifier that the comparison of docs/understanding.md kept."""
    from sklearn.svm import LinearSVC

    # A finer tolerance takes half as long again, for the same accuracy.
    trainer: Trainer = LinearSVC(C=penalty, class_weight="balanced", random_state=0, tol=0.1)
    return trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureMatrix:
    """The features of examples, as several models may learn from them.

    `columns`: feature name to column; `rows`: a sparse matrix of SciPy, (examples, features), each
    row of length 1.
    """

    columns: Mapping[str, int]
    rows: Any


def feature_matrix(features: Sequence[Mapping[str, float]]) -> FeatureMatrix:
    """Turn the features of examples into a matrix, in the same order."""
    from scipy.sparse import csr_matrix

    # A feature seen once teaches one example by heart, and doubles the size of the model.
    counts = Counter(itertools.chain.from_iterable(features))
    repeated = (name for name, count in counts.items() if count > 1)
    columns = {name: index for index, name in enumerate(repeated)}
    indices: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in features:
        kept = [name for name in row if name in columns]
        indices += [columns[name] for name in kept]
        values += [row[name] for name in kept]
        ends.append(len(indices))
    # The values are damped by their square root, so that their norm is the root of the sum.
    norms = np.sqrt([sum(row.values()) for row in features])
    data = np.sqrt(values) / np.repeat(norms, np.diff(ends))
    rows = csr_matrix((data, indices, ends), shape=(len(features), len(columns)))
    return FeatureMatrix(columns=columns, rows=rows)


def train_model(
    features: FeatureMatrix,
    intents: Sequence[str],
    *,
    trainer: Trainer | None = None,
    slope: float = _SLOPE,
    leanings: Mapping[str, float] | None = None,
) -> IntentModel:
    """Train on the features of the examples and their intents, in the same order.

    Args:
        features: of the examples.
        intents: one by example.
        trainer: learns the weights.
        slope: of the confidences.
        leanings: what is added to the margin of an intent, by its name: positive, it is preferred
            when in doubt.

    Raises:
        ValueError: the two sequences differ in length or hold fewer than two intents.
    """
    if features.rows.shape[0] != len(intents) or len(set(intents)) < 2:
        raise ValueError("needs as many feature sets as intents, and two intents at least")
    classifier = trainer or linear_svm()
    classifier.fit(features.rows, list(intents))
    weights, bias = classifier.coef_, classifier.intercept_
    if len(weights) == 1:  # between two intents, scikit-learn gives the margin of the second only
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    names = tuple(str(name) for name in classifier.classes_)
    leaning = [(leanings or {}).get(name, 0.0) for name in names]
    return IntentModel(
        intents=names,
        columns=features.columns,
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        bias=np.asarray(bias + np.array(leaning), dtype=np.float32),
        slope=slope,
    )


def save_model(model: IntentModel, path: Path) -> None:
    """Write the model at once: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{id(model)}.tmp")
    header = {"format": _FORMAT, "intents": model.intents, "slope": model.slope}
    with temporary.open("wb") as stream:
        np.savez(
            stream,
            header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
            columns=np.frombuffer("\n".join(model.columns).encode(), dtype=np.uint8),
            weights=model.weights,
            bias=model.bias,
        )
    temporary.replace(path)


def load_model(path: Path) -> IntentModel | None:
    """Read a model; None when there is none, or when it cannot be read (it is then retrained)."""
    try:
        # Opened here: of a damaged archive, NumPy leaves its own file open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            header = json.loads(bytes(stored["header"]))
            if header["format"] != _FORMAT:
                return None
            names = bytes(stored["columns"]).decode().split("\n")
            return IntentModel(
                intents=tuple(header["intents"]),
                columns={name: index for index, name in enumerate(names)},
                weights=stored["weights"],
                bias=stored["bias"],
                slope=float(header["slope"]),
            )
    except _UNREADABLE:
        return None
