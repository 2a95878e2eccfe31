"""Checks the examples: of a known intent, enough of them, and each of one intent only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.dialogue.intents import INTENTS, METIER_INTENTS
from bot.evaluation.checks.finding import Finding, error, notice, unknown_name
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.understanding.normalisation import fold, stem
from bot.understanding.training_data import Example

__all__ = ["check_examples", "enough_examples"]

_FEWEST = 80
_FEWEST_OF_FREQUENT = 200
# What most people come for: a question about a job, or a search.
_FREQUENT = frozenset({*METIER_INTENTS, "chercher_metiers", "metiers_apres_formation"})


def enough_examples(intent: str) -> int:
    """How many examples an intent needs: more when it is asked often."""
    return _FEWEST_OF_FREQUENT if intent in _FREQUENT else _FEWEST


def check_examples(folder: IntentsFolder) -> Iterator[Finding]:
    """Yield what is wrong in the examples, the contradictions last."""
    if not folder.examples:
        return  # whoever reads the folder says so
    yield from _unknown_intents(folder)
    yield from _too_few(folder)
    yield from _contradictions(folder)


def _unknown_intents(folder: IntentsFolder) -> Iterator[Finding]:
    for entry in folder.of("nlu"):
        if entry.kind == "intent" and entry.name not in INTENTS:
            yield unknown_name(
                "intent_unknown", entry.path, entry.line, name=entry.name, known=INTENTS
            )


def _too_few(folder: IntentsFolder) -> Iterator[Finding]:
    counts = Counter(example.intent for example in folder.examples)
    # An intent may be taught in several files: the place to add to is where most of it is.
    places = {e.name: e for e in sorted(folder.of("nlu"), key=lambda entry: len(entry.lines))}
    for intent in INTENTS:
        count, wanted = counts[intent], enough_examples(intent)
        if not count:
            yield error("intent_untaught", folder.path / "nlu", detail=intent)
        elif count < wanted:
            entry = places[intent]
            missing = f"{count} < {wanted}"
            yield notice("examples_few", entry.path, entry.line, field=intent, detail=missing)


def _contradictions(folder: IntentsFolder) -> Iterator[Finding]:
    """Yield the examples said twice, then those that the classifier cannot tell apart."""
    told: set[Example] = set()
    said = [_asked(folder.normaliser.normalise(e.text).words) for e in folder.examples]
    for first, again in _same(folder.examples, said):
        told.add(again)
        if first.intent != again.intent:
            detail = f"{first.intent} ({_place(first)})"
            yield error("example_twice", again.path, again.line, field=again.text, detail=detail)
    # In one intent, « pk pas » and « pourquoi pas » are two examples for who reads them.
    for first, again in _same(folder.examples, [(fold(e.text),) for e in folder.examples]):
        if first.intent == again.intent:
            place = _place(first)
            yield notice("example_repeated", again.path, again.line, field=again.text, detail=place)
    for first, again in _same(folder.examples, [_learnt(words) for words in folder.words]):
        if first.intent != again.intent and again not in told:
            detail = f"« {first.text} », {first.intent} ({_place(first)})"
            yield notice("example_alike", again.path, again.line, field=again.text, detail=detail)


def _same(
    examples: Sequence[Example], keys: Sequence[tuple[str, ...]]
) -> Iterator[tuple[Example, Example]]:
    """Yield the first example of each key, with the first of each other intent that has it.

    Within its intent, it comes with every other one. Examples without words are left out.
    """
    firsts: dict[tuple[str, ...], dict[str, Example]] = {}
    for example, key in zip(examples, keys, strict=True):
        known = firsts.setdefault(key, {})
        is_first = example.intent not in known
        known.setdefault(example.intent, example)
        first = next(iter(known.values())) if is_first else known[example.intent]
        if key and first is not example:
            yield first, example


def _learnt(words: Sequence[str]) -> tuple[str, ...]:
    """What the classifier sees: jobs and diplomas by their type, words without their endings."""
    return tuple(stem(word) if word.islower() else word for word in _asked(words))


def _asked(words: Sequence[str]) -> tuple[str, ...]:
    """The words without question marks, which people forget."""
    return tuple(word for word in words if word != "?")


def _place(example: Example) -> str:
    return f"{example.path.name}:{example.line}"
