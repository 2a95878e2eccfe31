"""Hears distress: a detector of its own, tuned for recall, that speaks before every intent.

A missed call for help is worse than a number given for nothing, so a doubtful message counts
when no other intent is sure of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np

from bot.understanding.intent_classifier import (
    FeatureMatrix,
    IntentModel,
    linear_svm,
    train_model,
)
from bot.understanding.interpretation import IntentPrediction

__all__ = ["DISTRESS", "Alarm", "hears_distress", "train_detector"]

DISTRESS = "detresse"
# Margins of the detector. Above `_SURE` it is distress, whatever the intents say. Above `_LIKELY`
# it is, unless another intent has the confidence `_CERTAIN`; above `_DOUBT`, unless `_OTHER`.
# « hors_sujet » never speaks against it: that nothing else was understood is no sign of safety.
# Chosen for recall by five-fold cross-validation on the examples: 1,279 of 1,498 messages heard,
# and 792 of 13,059 other examples, most of them written to look alike (2026-11-26).
_SURE = 0.25
_LIKELY = 0.0
_CERTAIN = 0.9
_DOUBT = -0.2
_OTHER = 0.4
_OUT_OF_SCOPE = "hors_sujet"
# Above this, a gentle word is added to the answer: 3 of 515 public questions, 4 of the 19 messages
# of distress in tests/cases/safety that are not heard as such (2026-11-26).
_WORRY = -0.3
_OTHERS = "autre"
# Inverse regularisation of the support vector machine.
_PENALTY = 0.7
_DEAF = IntentModel(
    intents=(_OTHERS, DISTRESS),
    columns={},
    weights=np.zeros((0, 2), dtype=np.float32),
    bias=np.array([1, -1], dtype=np.float32),
    slope=1.0,
)


def train_detector(features: FeatureMatrix, intents: Sequence[str]) -> IntentModel:
    """Train on the features of all the examples and their intents, in the same order.

    Without an example of distress, or with nothing else, the detector never speaks.
    """
    labels = [DISTRESS if intent == DISTRESS else _OTHERS for intent in intents]
    if len(set(labels)) < 2:
        return _DEAF
    return train_model(features, labels, trainer=linear_svm(_PENALTY))


class Alarm(Enum):
    """What a message calls for."""

    NONE = "none"
    GENTLE = "gentle"
    """Nothing sure: the question is answered, and the numbers are added in a sentence."""
    DISTRESS = "distress"


def hears_distress(
    detector: IntentModel, features: Mapping[str, float], best: IntentPrediction
) -> Alarm:
    """Say whether an utterance is to be answered as distress, or with a gentle word.

    Args:
        detector: the model of `train_detector`.
        features: of the utterance.
        best: the likeliest intent according to the intent classifier.
    """
    if best.name == DISTRESS:
        return Alarm.DISTRESS
    if not any(name.startswith("w:") for name in features):
        return Alarm.NONE
    margins = detector.margins(features)
    margin = float(margins[detector.intents.index(DISTRESS)])
    against = 0.0 if best.name == _OUT_OF_SCOPE else best.confidence
    if (
        margin > _SURE
        or (margin > _LIKELY and against < _CERTAIN)
        or (margin > _DOUBT and against < _OTHER)
    ):
        return Alarm.DISTRESS
    return Alarm.GENTLE if margin > _WORRY else Alarm.NONE
