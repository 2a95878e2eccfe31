"""Fits the weights of `bot/answers/sentence_ranking.py` on the development questions.

    python -m tests.answers.fit_question_weights

Each question is a choice between the sentences of its fiche and silence: a conditional
logistic regression, the gold sentences together being the right choice. Silence is chosen where
nothing reaches a threshold, taken where the three shares (gold first, gold among three, silence
rightly kept) are furthest above what is aimed at. Printed: the shares by cross-validation, fiche by fiche, with
all the features and without each, then the weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.answers.sentence_ranking import FEATURES, features, silence_features
from bot.catalogue.loading import load_catalogue
from bot.understanding.building import normaliser_from, notions_from
from bot.understanding.training_data import read_lexicon
from tests.answers.question_cases import Asked, read_cases
from tests.conftest import INTENTS, SHARED

_PENALTY = 0.02
_FOLDS = 6
# The second is asked a little more than is aimed at: the thesaurus grew with these questions.
_AIMED = np.array([0.50, 0.75, 0.65])
_COVERAGE = FEATURES.index("coverage")

Floats = NDArray[np.float64]
# The weights of the features, then the base and the weights of silence.
Model = tuple[Floats, Floats]
# The features of the sentences, which of them answer, the features of silence after a 1.
Row = tuple[Floats, NDArray[np.bool_], Floats]


def rows_of(asked: Sequence[Asked]) -> list[Row]:
    """Return what is measured of each question."""
    return [
        (
            np.array([features(a.question, s, a.fiche) for s in a.fiche.sentences]),
            np.array([s.text in a.answers for s in a.fiche.sentences]),
            np.array([1.0, *silence_features(a.question, a.fiche)]),
        )
        for a in asked
    ]


def fit(rows: Sequence[Row], kept: Sequence[int]) -> Model:
    """Return the weights of the kept features and those of silence."""
    spread = np.concatenate([row[0][:, kept] for row in rows]).std(0) + 1e-6
    scaled = [(row[0][:, kept] / spread, row[1], row[2]) for row in rows]
    size = len(kept)
    quiet = len(rows[0][2])

    def loss(model: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(model)
        for values, gold, silence in scaled:
            scores = np.append(values @ model[:size], silence @ model[size:])
            right = np.append(gold, not gold.any())
            powers = np.exp(scores - np.max(scores))
            chosen = powers / powers.sum()
            wanted = np.where(right, powers, 0) / powers[right].sum()
            total -= float(np.log(chosen[right].sum()))
            slope[:size] += values.T @ (chosen - wanted)[:-1]
            slope[size:] += (chosen - wanted)[-1] * silence
        weights = model[:size]
        slope = slope / len(rows)
        slope[:size] += 2 * _PENALTY * weights
        return total / len(rows) + _PENALTY * float(weights @ weights), slope

    found = minimize(loss, np.zeros(size + quiet), jac=True, method="L-BFGS-B").x
    return found[:size] / spread, found[size:]


def outcomes(rows: Sequence[Row], kept: Sequence[int], model: Model) -> list[tuple[float, int]]:
    """Return how far the best sentence is above silence, and the place of the first gold one.

    The place is -1 when no sentence answers, 99 when none that answers is ranked.
    """
    weights, silence_weights = model
    found = []
    for values, gold, silence in rows:
        ranked = values[:, _COVERAGE] > 0
        scores = np.where(ranked, values[:, kept] @ weights, -np.inf)
        order = np.argsort(-scores, kind="stable")
        places = np.flatnonzero(gold[order] & ranked[order])
        place = -1 if not gold.any() else int(places[0]) if len(places) else 99
        asks = silence[1:3].sum() > 0
        margin = float(scores[order[0]] - silence @ silence_weights) if asks else -np.inf
        found.append((margin, place))
    return found


def shares(found: Sequence[tuple[float, int]], threshold: float) -> Floats:
    """Return the shares: gold first, gold among three, silence kept where nothing answers."""
    margins, places = np.array([f[0] for f in found]), np.array([f[1] for f in found])
    said, told = margins > threshold, places >= 0
    return np.array(
        [
            (said & (places == 0))[told].mean(),
            (said & told & (places < 3))[told].mean(),
            (~said)[~told].mean(),
        ]
    )


def best_threshold(found: Sequence[tuple[float, int]]) -> float:
    """Return the threshold at which the worst of the three shares is the best."""
    candidates = sorted({margin for margin, _ in found if np.isfinite(margin)})
    return max(candidates, key=lambda t: float((shares(found, t) / _AIMED).min()))


def cross_validated(
    asked: Sequence[Asked], rows: Sequence[Row], kept: Sequence[int]
) -> list[tuple[float, int]]:
    """Return the outcomes of each question by weights fitted on other fiches."""
    fiches = sorted({a.metier for a in asked})
    folds = [fiches.index(a.metier) % _FOLDS for a in asked]
    found: list[tuple[float, int]] = [(0.0, 0)] * len(rows)
    for fold in range(_FOLDS):
        model = fit([r for r, f in zip(rows, folds, strict=True) if f != fold], kept)
        for number, row in enumerate(rows):
            if folds[number] == fold:
                found[number] = outcomes([row], kept, model)[0]
    return found


def _print_shares(name: str, found: Sequence[tuple[float, int]]) -> None:
    first, three, missing = shares(found, best_threshold(found))
    print(f"{name:20} first {first:.3f}  three {three:.3f}  silence {missing:.3f}")


def main() -> None:
    lexicon = read_lexicon(INTENTS)
    catalogue = load_catalogue([SHARED / "data" / "onisep" / "fiches-md"])
    asked = read_cases("dev", catalogue, normaliser_from(lexicon), notions_from(lexicon))
    rows = rows_of(asked)
    every = list(range(len(FEATURES)))
    _print_shares("all", cross_validated(asked, rows, every))
    groups = [[name] for name in FEATURES[:6]] + [["notions", "ways"], list(FEATURES[6:])]
    for group in groups:
        kept = [number for number in every if FEATURES[number] not in group]
        _print_shares(f"without {'+'.join(group[:2])}", cross_validated(asked, rows, kept))
    weights, silence = fit(rows, every)
    threshold = best_threshold(cross_validated(asked, rows, every))
    print("_WEIGHTS =", tuple(round(float(weight), 2) for weight in weights))
    print("_SILENCE_BASE =", round(float(silence[0]) + threshold, 2))
    print("_SILENCE_WEIGHTS =", tuple(round(float(weight), 2) for weight in silence[1:]))


if __name__ == "__main__":
    main()
