"""`python -m tests.bench.ablation FILE...`: what each part of understanding is worth.

Each variant takes one part away, is trained anew and reads the same utterances; the table gives
its accuracy on each file, the time and memory that it takes. Words are found once, by the whole
assistant on the real catalogue: what is compared is how an intent is chosen from them.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.catalogue.index_file import write_index
from bot.catalogue.loading import load_catalogue, read_sources
from bot.evaluation.utterance_set import Utterance, read_set
from bot.settings import packaged_folder
from bot.understanding.building import (
    LEANINGS,
    build_interpreter,
    example_words,
    feature_classes,
)
from bot.understanding.features import FeatureExtractor
from bot.understanding.intent_classifier import IntentModel, Trainer, feature_matrix, train_model
from bot.understanding.interpreter import Interpreter
from bot.understanding.level_parser import LevelParser
from bot.understanding.normalisation import Normaliser
from bot.understanding.training_data import Lexicon, read_examples, read_lexicon
from tests.conftest import SHARED

INTENTS = packaged_folder("intents")
Words = Callable[[str], Sequence[str]]


class NaiveBayes:
    """Complement naive Bayes, shown as the linear classifier that it is."""

    coef_: npt.NDArray[np.float64]
    intercept_: npt.NDArray[np.float64]
    classes_: npt.NDArray[np.str_]

    def fit(self, x: object, y: Sequence[str]) -> object:
        """Learn from a sparse matrix and the intents of its rows."""
        from sklearn.naive_bayes import ComplementNB

        learnt = ComplementNB(alpha=0.3).fit(x, y)
        self.coef_ = np.asarray(learnt.feature_log_prob_)
        self.intercept_ = np.zeros(len(learnt.classes_))
        self.classes_ = learnt.classes_
        return self


def logistic_regression() -> Trainer:
    """Return a logistic regression learnt by stochastic gradient descent."""
    from sklearn.linear_model import SGDClassifier

    trainer: Trainer = SGDClassifier(
        loss="log_loss", alpha=3e-6, max_iter=8, tol=None, average=True, random_state=0
    )
    return trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A way of choosing the intent: its name, its interpreter, how it reads words."""

    name: str
    interpreter: Interpreter
    words: Words
    trained_s: float


class Laboratory:
    """Makes the variants out of the assistant's own interpreter."""

    def __init__(self, interpreter: Interpreter, lexicon: Lexicon) -> None:
        """Keep the interpreter that the variants differ from."""
        self._whole = interpreter
        self._lexicon = lexicon
        self._examples = read_examples(INTENTS)

    def variants(self) -> Sequence[Variant]:
        """Train every variant."""
        whole = self._whole
        none = replace(whole.model, weights=whole.model.weights * 0, bias=whole.model.bias * 0)
        deaf = replace(whole.detector, weights=whole.detector.weights * 0 - 1)
        out_of_scope = np.array([i == "hors_sujet" for i in none.intents], dtype=np.float32)
        return (
            self._trained("everything (linear SVM)"),
            self._trained("logistic regression (SGD)", trainer=logistic_regression()),
            self._trained("complement naive Bayes", trainer=NaiveBayes()),
            Variant(
                name="rules only",
                interpreter=replace(whole, model=replace(none, bias=out_of_scope), detector=deaf),
                words=self._delexicalised,
                trained_s=0.0,
            ),
            self._trained(
                "classifier only", interpreter=replace(whole, patterns=(), detector=deaf)
            ),
            self._trained("without the push to hors_sujet", leanings={}),
            self._trained("without delexicalising", words=self._as_typed),
            self._trained("without SMS normalisation", normaliser=Normaliser({})),
            self._trained("without word classes", features=FeatureExtractor({}, whole.normaliser)),
            self._trained("words alone", keeps=("w:",)),
        )

    def _delexicalised(self, text: str) -> Sequence[str]:
        return self._whole.interpret(text).words

    def _as_typed(self, text: str) -> Sequence[str]:
        return [token.text for token in self._whole.normaliser.normalise(text).tokens]

    def _trained(
        self,
        name: str,
        *,
        interpreter: Interpreter | None = None,
        trainer: Trainer | None = None,
        words: Words | None = None,
        normaliser: Normaliser | None = None,
        features: FeatureExtractor | None = None,
        leanings: dict[str, float] = LEANINGS,
        keeps: tuple[str, ...] = (),
    ) -> Variant:
        start = time.perf_counter()
        changed = interpreter or self._whole
        if normaliser is not None:
            changed = replace(changed, normaliser=normaliser)
            classes = feature_classes(self._lexicon)
            changed = replace(changed, features=FeatureExtractor(classes, normaliser))
        if features is not None:
            changed = replace(changed, features=features)
        if keeps:
            changed = replace(changed, features=_Narrowed(changed.features, keeps))
        model = self._train(changed, trainer, leanings, as_typed=words is not None)
        changed = replace(changed, model=model)
        read = words or (lambda text: changed.interpret(text).words)
        return Variant(
            name=name, interpreter=changed, words=read, trained_s=time.perf_counter() - start
        )

    def _train(
        self,
        changed: Interpreter,
        trainer: Trainer | None,
        leanings: dict[str, float],
        *,
        as_typed: bool,
    ) -> IntentModel:
        levels = LevelParser(self._lexicon.synonyms.get("niveaux", {}), changed.normaliser)
        rows, labels = [], []
        for example in self._examples:
            ways = example_words(example, changed.normaliser, levels)
            if as_typed:
                ways = (tuple(t.text for t in changed.normaliser.normalise(example.text).tokens),)
            for words in ways:
                rows.append(changed.features.extract(words))
                labels.append(example.intent)
        return train_model(feature_matrix(rows), labels, trainer=trainer, leanings=leanings)


class _Narrowed(FeatureExtractor):
    """Some families of features only."""

    def __init__(self, whole: FeatureExtractor, families: tuple[str, ...]) -> None:
        self.classes = whole.classes
        self._whole = whole
        self._families = families

    def extract(self, words: Sequence[str]) -> dict[str, float]:
        found = self._whole.extract(words)
        return {name: value for name, value in found.items() if name.startswith(self._families)}


def main(paths: Sequence[str]) -> int:
    """Print the table for the files of utterances, return the exit status."""
    onisep = SHARED / "data" / "onisep"
    if not paths or not onisep.is_dir():
        print(f"{__doc__}\nneeds files of utterances and {onisep}", file=sys.stderr)
        return 2
    sets = [(Path(path).stem, read_set(Path(path)).utterances) for path in paths]
    lexicon = read_lexicon(INTENTS)
    with tempfile.TemporaryDirectory(prefix="balise-ablation-") as folder:
        index = Path(folder) / "catalogue.sqlite"
        write_index(read_sources([onisep / "fiches-md", onisep / "metiers.json"]), index)
        catalogue = load_catalogue((index,))
        whole = build_interpreter(INTENTS, catalogue, cache=None, lexicon=lexicon)
        names = " | ".join(f"{name} ({len(cases)})" for name, cases in sets)
        print(f"| variant | {names} | choosing, p50 | training | weights |")
        print("|---" * (len(sets) + 4) + "|")
        for variant in Laboratory(whole, lexicon).variants():
            print(_row(variant, [cases for _, cases in sets]), flush=True)
    return 0


def _row(variant: Variant, sets: Sequence[Sequence[Utterance]]) -> str:
    shares, times = [], []
    for cases in sets:
        right = 0
        for case in cases:
            words = variant.words(case.text)
            start = time.perf_counter()
            ranking, _, _ = variant.interpreter.rank(words)
            times.append(time.perf_counter() - start)
            right += ranking[0].name in (case.intent, *case.accept)
        shares.append(f"{right / len(cases):.3f}")
    size = variant.interpreter.model.weights.nbytes / 2**20
    training = f"{variant.trained_s:.1f} s" if variant.trained_s else "–"
    speed = f"{statistics.median(times) * 1000:.2f} ms"
    return f"| {variant.name} | {' | '.join(shares)} | {speed} | {training} | {size:.0f} MB |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
