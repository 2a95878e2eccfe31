"""The examples of `intents/`: enough of them, of one intent each, learnt, and nobody else's."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

from bot.assistant import Assistant
from bot.dialogue.intents import INTENTS as NAMES
from bot.rasa_yaml import read_entries, yaml_files
from bot.understanding.building import example_words
from bot.understanding.normalisation import fold
from bot.understanding.training_data import read_examples
from tests.conftest import INTENTS, require_shared

REQUIRED_ACCURACY = 0.97
FEWEST_EXAMPLES = 80
# What everybody says in the same words (« la suite », « on repart de zéro ») is nobody's.
LONGEST_COMMON_SAYING = 4


def key(text: str) -> str:
    """A text without case, accents or punctuation; emoji are kept, they are all some say."""
    return " ".join(re.findall(r"[a-z0-9]+|[\U0001f000-\U0001ffff\u2600-\u27bf]", fold(text)))


def test_every_intent_of_the_contract_has_enough_examples() -> None:
    counts = Counter(example.intent for example in read_examples(INTENTS))
    assert set(counts) == set(NAMES)
    assert {name: n for name, n in counts.items() if n < FEWEST_EXAMPLES} == {}


def test_no_example_is_under_two_intents() -> None:
    intents: dict[str, set[str]] = defaultdict(set)
    for example in read_examples(INTENTS):
        intents[key(example.text)].add(example.intent)
    intents.pop("", None)
    assert len(intents) > 3000
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


def test_every_intent_of_a_pattern_is_in_the_contract(seed_assistant: Assistant) -> None:
    patterns = seed_assistant.interpreter.patterns
    assert patterns
    assert {pattern.intent for pattern in patterns} <= set(NAMES)


def test_the_examples_find_their_own_intent(seed_assistant: Assistant) -> None:
    interpreter = seed_assistant.interpreter
    examples = read_examples(INTENTS)
    wrong: list[str] = []
    for example in examples:
        (words, *_) = example_words(example, interpreter.normaliser, interpreter.levels)
        (best, *_) = interpreter.model.predict(interpreter.features.extract(words))
        if best.name != example.intent:
            wrong.append(f"{example.path.name}:{example.line} {best.name}: {example.text}")
    print(*wrong, sep="\n")
    assert len(examples) > 3000
    assert 1 - len(wrong) / len(examples) >= REQUIRED_ACCURACY, "\n".join(wrong[:40])


def utterances() -> list[tuple[str, str]]:
    """The utterances that measure the assistant: identifier, text."""
    folder = require_shared("data/eval")
    own = Path(__file__).parents[1] / "cases" / "utterances"
    rows = [
        json.loads(line)
        for path in (folder / "dev.jsonl", folder / "safety-dev.jsonl", own / "adults.jsonl")
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    return [(row["id"], row["text"]) for row in rows]


def written_lines() -> dict[str, Path]:
    """Every line of the lists of `intents/`, annotations taken out, and its file."""
    lines = {
        key(re.sub(r"\[([^\]]+)\]\([a-z_]+\)", r"\1", line.text)): path
        for folder in ("nlu", "lookup", "synonyms", "rules")
        for path in yaml_files(INTENTS / folder)
        for entry in read_entries(path)
        for line in entry.lines
    }
    lines.pop("", None)
    return lines


def test_no_utterance_that_measures_us_is_in_the_training_data() -> None:
    spec = key((require_shared("spec") / "intents.md").read_text("utf-8"))
    lines, measured = written_lines(), utterances()
    assert len(lines) > 3000
    assert len(measured) > 500
    copied = [
        f"{lines[said].name}: {name} {text}"
        for name, text in measured
        if (said := key(text)) in lines
        and len(said.split()) > LONGEST_COMMON_SAYING
        and said not in spec  # its own examples are given to teach
    ]
    assert copied == []
