"""The intent classifier: training on a small set, and its file in the cache."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.features import FeatureExtractor
from bot.understanding.intent_classifier import (
    IntentModel,
    feature_matrix,
    load_model,
    save_model,
    train_model,
)
from bot.understanding.normalisation import Normaliser

NORMALISER = Normaliser()
EXAMPLES = {
    "salaire": [
        "combien gagne un METIER",
        "quel salaire pour un METIER",
        "ca gagne combien",
        "la paie",
    ],
    "etudes": [
        "quelles etudes pour etre METIER",
        "comment devenir METIER",
        "quelle ecole apres le bac",
    ],
    "salutation": ["bonjour", "salut", "bonsoir a tous", "coucou", "bonjour toi"],
}
EXTRACTOR = FeatureExtractor({"argent": ["salaire", "gagne", "paie"]}, NORMALISER)


def features(text: str) -> dict[str, float]:
    return EXTRACTOR.extract(text.split())


@cache
def model() -> IntentModel:
    rows = [(features(text), intent) for intent, texts in EXAMPLES.items() for text in texts]
    return train_model(feature_matrix([row for row, _ in rows]), [intent for _, intent in rows])


def best(text: str) -> str:
    return model().predict(features(text))[0].name


# Training and predicting


def test_its_own_examples_and_others_like_them() -> None:
    for intent, texts in EXAMPLES.items():
        assert {best(text) for text in texts} == {intent}
    assert best("un METIER gagne combien") == "salaire"
    assert best("bonjour bonjour") == "salutation"


def test_two_intents_are_enough() -> None:
    pair = {name: EXAMPLES[name] for name in ("salaire", "salutation")}
    rows = [(features(text), intent) for intent, texts in pair.items() for text in texts]
    small = train_model(feature_matrix([row for row, _ in rows]), [intent for _, intent in rows])
    for row, intent in rows:
        assert small.predict(row)[0].name == intent
        assert len(small.predict(row)) == 2


def test_training_is_deterministic() -> None:
    rows = [(features(text), intent) for intent, texts in EXAMPLES.items() for text in texts]
    again = train_model(feature_matrix([row for row, _ in rows]), [intent for _, intent in rows])
    assert again.intents == model().intents
    assert list(again.columns.items()) == list(model().columns.items())
    assert np.array_equal(again.weights, model().weights)


@given(st.lists(st.sampled_from(["combien", "METIER", "bonjour", "œ", "?", "zzz", "etudes"])))
def test_the_ranking_holds_every_intent_by_falling_probability(words: list[str]) -> None:
    ranking = model().predict(EXTRACTOR.extract(words))
    assert sorted(p.name for p in ranking) == sorted(EXAMPLES)
    confidences = [p.confidence for p in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=0.001)
    assert all(0 <= confidence <= 1 for confidence in confidences)


def test_features_that_training_never_saw() -> None:
    ranking = model().predict({"w:inconnu": 1.0})
    assert ranking == model().predict({})
    assert len(ranking) == len(EXAMPLES)


def test_no_word_at_all() -> None:
    assert all(value > 0 for value in EXTRACTOR.extract([]).values())
    assert model().predict(EXTRACTOR.extract([]))


@pytest.mark.parametrize(
    ("rows", "intents"),
    [
        ([], []),
        ([{"a": 1.0}], ["x"]),
        ([{"a": 1.0}, {"b": 1.0}], ["x", "x"]),
        ([{"a": 1.0}, {"b": 1.0}], ["x"]),
    ],
)
def test_too_little_to_learn_from(rows: list[dict[str, float]], intents: list[str]) -> None:
    with pytest.raises(ValueError, match="two intents"):
        train_model(feature_matrix(rows), intents)


def test_a_leaning_moves_one_intent_only() -> None:
    rows = [(features(text), intent) for intent, texts in EXAMPLES.items() for text in texts]
    leaning = train_model(
        feature_matrix([row for row, _ in rows]),
        [intent for _, intent in rows],
        leanings={"salaire": 0.5},
    )
    moved = leaning.bias - model().bias
    assert dict(zip(leaning.intents, moved.round(3).tolist(), strict=True)) == {
        intent: 0.5 if intent == "salaire" else 0.0 for intent in EXAMPLES
    }


# The file


def test_a_saved_model_is_the_same_model(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "model.npz"
    save_model(model(), path)
    loaded = load_model(path)
    assert loaded is not None
    assert loaded.intents == model().intents
    assert loaded.slope == model().slope
    assert dict(loaded.columns) == dict(model().columns)
    for text in ("combien", "devenir METIER", "zzz", ""):
        assert loaded.predict(features(text)) == model().predict(features(text))
    assert [item.name for item in path.parent.iterdir()] == ["model.npz"]


def test_saving_again_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"rien")
    save_model(model(), path)
    assert load_model(path) is not None


def test_no_file(tmp_path: Path) -> None:
    assert load_model(tmp_path / "absent.npz") is None
    assert load_model(tmp_path) is None


@pytest.mark.parametrize(
    "content", [b"", b"rien", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\0" * 500]
)
def test_a_file_that_is_no_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    assert load_model(path) is None


def test_a_file_cut_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    save_model(model(), path)
    whole = path.read_bytes()
    cuts = range(0, len(whole) - 1, max(1, len(whole) // 60))
    assert len(cuts) > 50
    for cut in cuts:
        path.write_bytes(whole[:cut])
        assert load_model(path) is None, cut


def test_a_file_with_a_damaged_byte(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    save_model(model(), path)
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        loaded = load_model(path)
        assert loaded is None or loaded.intents == model().intents, place


def test_arrays_that_are_no_model(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    for arrays in ({"a": np.zeros(3)}, {"header": np.zeros(3)}, {"header": np.array([{}])}):
        np.savez(path, **arrays)
        assert load_model(path) is None
