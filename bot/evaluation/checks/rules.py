"""Checks the patterns of `intents/rules/`: of a known intent, useful, and stealing nothing.

The first pattern that matches decides, in the order of the files, whatever the examples teach.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.dialogue.intents import INTENTS
from bot.evaluation.checks.finding import Finding, error, notice, unknown_name
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.understanding.distress_detector import DISTRESS
from bot.understanding.training_data import Example, Pattern

__all__ = ["check_rules"]


def check_rules(folder: IntentsFolder) -> Iterator[Finding]:
    """Yield what is wrong in the patterns, by pattern, then by example."""
    caught = {
        example: tuple(p for p in folder.lexicon.patterns if p.regex.search(" ".join(words)))
        for example, words in zip(folder.examples, folder.words, strict=True)
    }
    yield from _patterns(folder.lexicon.patterns, caught)
    for example, patterns in caught.items():
        yield from _stolen(example, patterns)


def _patterns(
    patterns: Sequence[Pattern], caught: Mapping[Example, Sequence[Pattern]]
) -> Iterator[Finding]:
    useful = {pattern for patterns in caught.values() for pattern in patterns}
    for pattern in patterns:
        path, line = pattern.path, pattern.line
        if pattern.intent not in INTENTS:
            yield unknown_name("rule_intent", path, line, name=pattern.intent, known=INTENTS)
        elif caught and pattern not in useful:
            text = pattern.regex.pattern
            yield notice("rule_unmatched", path, line, field=pattern.intent, detail=text)


def _stolen(example: Example, patterns: Sequence[Pattern]) -> Iterator[Finding]:
    if not patterns or patterns[0].intent == example.intent:
        return
    thief = patterns[0]
    path, line, text = example.path, example.line, example.text
    own = next((pattern for pattern in patterns if pattern.intent == example.intent), None)
    if own is not None:
        places = f"{_place(thief)}, {_place(own)}"
        yield error("rule_steals", path, line, field=text, detail=places)
    elif example.intent != DISTRESS:  # its detector is heard before the patterns of others
        yield notice("rule_overreaches", path, line, field=text, detail=_place(thief))


def _place(pattern: Pattern) -> str:
    return f"{pattern.intent} ({pattern.path.name}:{pattern.line})"
