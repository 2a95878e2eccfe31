"""Why an utterance was understood so: nearest examples, what weighed, and how it is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.answers.wording import Wording, read_wording
from bot.assistant import Assistant
from bot.evaluation.case_outcome import explained, outcomes_of
from bot.evaluation.explanation import Explainer, Explanation, Weight
from bot.evaluation.nearest_examples import NearestExamples
from bot.evaluation.reason_words import reason_lines
from bot.evaluation.runner import PlayedSets
from bot.understanding.interpretation import Interpretation
from bot.understanding.normalisation import fold
from bot.understanding.training_data import Example, read_examples
from tests.conftest import INTENTS
from tests.evaluation.checks.folder import written
from tests.evaluation.fake_assistant import heard, played

EXAMPLES = """nlu:
- intent: salaire
  examples: |
    - combien gagne un [juge](metier)
    - on est bien payé ?
- intent: statuts
  examples: |
    - un [juge](metier) est-il fonctionnaire
- intent: suite
  examples: |
    - …
"""


@pytest.fixture(scope="module")
def explainer(seed_assistant: Assistant) -> Explainer:
    return Explainer(seed_assistant.interpreter, INTENTS)


@pytest.fixture(scope="module")
def words() -> Wording:
    return read_wording(INTENTS)


@pytest.fixture
def few(tmp_path: Path) -> tuple[Example, ...]:
    """Four examples, one of them without a word."""
    written(tmp_path, "nlu/zz.yml", EXAMPLES)
    return read_examples(tmp_path)


def explanation(explainer: Explainer, heard: Interpretation, **options: str) -> Explanation:
    found = explainer.explain(heard, **options)
    assert found is not None
    return found


def test_jobs_are_alike_whatever_they_are(
    few: tuple[Example, ...], seed_assistant: Assistant
) -> None:
    nearest = NearestExamples(few, seed_assistant.interpreter)
    near = nearest.of(("combien", "gagne", "un", "METIER"))
    assert near[0].example.line == 4
    assert near[0].likeness == pytest.approx(1.0)
    assert [one.likeness for one in near] == sorted((n.likeness for n in near), reverse=True)
    assert len(nearest.of(("combien", "gagne", "un", "METIER"), limit=1)) == 1


def test_a_misspelt_word_still_finds_its_examples(
    few: tuple[Example, ...], seed_assistant: Assistant
) -> None:
    near = NearestExamples(few, seed_assistant.interpreter).of(("fonctionaire",))
    assert [one.example.intent for one in near] == ["statuts"]


@pytest.mark.parametrize("said", [(), ("xylophone",)])
def test_what_no_example_is_near(
    few: tuple[Example, ...], seed_assistant: Assistant, said: tuple[str, ...]
) -> None:
    assert NearestExamples(few, seed_assistant.interpreter).of(said) == ()


def test_every_example_is_nearest_to_itself(seed_assistant: Assistant) -> None:
    # « oooooo » is heard as one letter, which resembles nothing; « mci », as « merci », resembles
    # the examples that write it so, of which a sample may hold none.
    written = [one for one in read_examples(INTENTS) if _is_heard_as_written(one, seed_assistant)]
    examples = written[::200]
    assert len(examples) > 60
    nearest = NearestExamples(examples, seed_assistant.interpreter)
    for example in examples:
        (first,) = nearest.of(seed_assistant.interpret(example.text).words, limit=1)
        assert first.example == example


def _is_heard_as_written(example: Example, assistant: Assistant) -> bool:
    written = set(re.findall(r"[a-z]{3,}", fold(example.text)))
    return bool(written & set(assistant.interpreter.normaliser.normalise(example.text).words))


def test_what_weighed_for_an_intent(explainer: Explainer, seed_assistant: Assistant) -> None:
    why = explanation(
        explainer, seed_assistant.interpret("ça paye combien"), expected="duree_etudes"
    )
    assert why.against == "duree_etudes"
    assert ("class", "remuneration") in {(one.kind, one.text) for one in why.weights}
    weights = [one.weight for one in why.weights]
    assert weights == sorted(weights, reverse=True) and weights[-1] > 0
    assert {one.kind for one in why.weights} <= {
        "word", "words", "start", "end", "class", "metier", "length", "infinitive", "shape",
    }  # fmt: skip


def test_a_right_intent_is_compared_with_the_next(
    explainer: Explainer, seed_assistant: Assistant
) -> None:
    said = seed_assistant.interpret("ça paye combien")
    why = explanation(explainer, said, expected="salaire")
    assert why.against == said.ranking[1].name == explanation(explainer, said).against


def test_distress_has_a_margin(explainer: Explainer, seed_assistant: Assistant) -> None:
    grave = explanation(explainer, seed_assistant.interpret("je veux mourir")).distress
    light = explanation(explainer, seed_assistant.interpret("bonjour")).distress
    assert grave > 0 > light


@pytest.mark.parametrize("text", ["", '/etudes{"metier": "MET.7984"}'])
def test_what_has_no_words_is_not_explained(
    explainer: Explainer, seed_assistant: Assistant, text: str
) -> None:
    assert explainer.explain(seed_assistant.interpret(text)) is None


def test_only_what_is_wrong_is_explained(explainer: Explainer, seed_assistant: Assistant) -> None:
    sets = PlayedSets(utterances=(played("aide", "aide"), played("aide", "fiche")))
    right, wrong = explained(outcomes_of(sets), explainer)
    assert right.why is None
    assert wrong.intent == "aide"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ça paye combien", "Décidé par : le classifieur, d'après les exemples"),
        ("le code ROME", "Décidé par : le motif patterns.yml:"),
        ("je n'en peux plus de vivre", "Décidé par : le détecteur de détresse"),
        ("j'ai envie de mourir", "Décidé par : le motif detresse.yml:"),
        ("xq zz", "Décidé par : aucun mot connu"),
        ("/aide", "Décidé par : le bouton pressé"),
        ("what is the salary of a nurse", "Décidé par : une autre langue que le français"),
        ("ça paye combien", "A pesé pour salaire, contre "),
        ("ça paye combien", "Détresse : marge −"),
        ("j'ai envie de mourir", "les numéros d'urgence sont donnés"),
        ("bonjour", "Exemple proche à 100 % : salutation, « bonjour » (salutation.yml:"),
    ],
)
def test_the_reasons_in_french(
    explainer: Explainer, seed_assistant: Assistant, words: Wording, text: str, line: str
) -> None:
    said = seed_assistant.interpret(text)
    lines = reason_lines(said, explainer.explain(said), words)
    assert any(line in one for one in lines), lines


def test_every_kind_of_weight_has_its_words(words: Wording) -> None:
    kinds = ("word", "words", "start", "end", "class", "metier", "length", "infinitive", "shape")
    for kind in kinds:
        why = Explanation(
            against="aide", weights=(Weight(kind=kind, text="x", weight=0.5),), neighbours=(),
            distress=-0.31,
        )  # fmt: skip
        weighed, distress = reason_lines(heard("fiche"), why, words)[1:]
        assert weighed.startswith("A pesé pour fiche, contre aide : ")
        assert weighed.endswith(" +0,50")
        assert distress == "Détresse : marge −0,31, aucune alerte"
