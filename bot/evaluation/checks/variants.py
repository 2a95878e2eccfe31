"""Says examples otherwise, abbreviated or misspelt, and tells those that change their intent."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from bot.evaluation.checks.finding import Finding, notice
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.understanding.interpreter import Interpreter
from bot.understanding.normalisation import fold
from bot.understanding.training_data import Example

__all__ = ["Abbreviations", "check_variants", "variants_of"]

# Examples of each intent that are said otherwise, spread evenly over all of them.
_SAMPLE = 8
# Letters of a word in which a slip leaves something to recognise.
_SHORTEST = 5
_WORD = re.compile(r"[^\W\d_]+")


def check_variants(folder: IntentsFolder, interpreter: Interpreter) -> Iterator[Finding]:
    """Yield the variants of a sample that change the intent, then how many of how many, by kind.

    An example that is not understood as its own intent is left out: it is not the variant's fault.
    """
    said, changed = Counter[str](), Counter[str]()
    abbreviations = Abbreviations(folder.lexicon.synonyms.get("sms", {}))
    for example in _sample(folder.examples):
        if interpreter.interpret(example.text).intent.name != example.intent:
            continue
        for kind, text in variants_of(example.text, abbreviations):
            said[kind] += 1
            found = interpreter.interpret(text).intent.name
            if found != example.intent:
                changed[kind] += 1
                detail = f"{example.intent} → {found}"
                yield notice("variant", example.path, example.line, field=text, detail=detail)
    for kind, times in said.items():
        counted = f"{changed[kind]} / {times}"
        yield notice(f"variants_{kind}", folder.path / "nlu", detail=counted)


class Abbreviations:
    """A table of abbreviations, read both ways."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        """Take the abbreviations by the words that they stand for; case and accents apart."""
        self._shorts = {fold(full): tuple(map(fold, shorts)) for full, shorts in table.items()}
        self._fulls = {short: full for full, shorts in self._shorts.items() for short in shorts}
        self._any_full, self._any_short = _any_of(self._shorts), _any_of(self._fulls)

    def shorten(self, text: str) -> str:
        """Abbreviate all that can be, each time by another abbreviation."""
        turns = count(len(text))
        return self._any_full.sub(lambda m: _in_turn(self._shorts[m[0]], next(turns)), text)

    def expand(self, text: str) -> str:
        """Write abbreviations in full."""
        return self._any_short.sub(lambda match: self._fulls[match[0]], text)


def variants_of(text: str, abbreviations: Abbreviations) -> Iterator[tuple[str, str]]:
    """Yield the ways to say a text that differ from it, each after its kind.

    The kinds: `short` (abbreviated), `full` (no abbreviation), `accents` (dropped), `doubled` (a
    letter of the longest word), `swapped` (two neighbouring letters of it), where they apply.
    """
    folded = fold(text)
    for kind, said in (
        ("short", abbreviations.shorten(folded)), ("full", abbreviations.expand(folded))
    ):  # fmt: skip
        if said != folded:
            yield kind, said
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    if plain != text:
        yield "accents", plain
    word = max(_WORD.finditer(text), key=lambda match: len(match[0]), default=None)
    if word is None or len(word[0]) < _SHORTEST:
        return
    middle = word.start() + len(word[0]) // 2
    left, right = text[middle - 1], text[middle]
    yield "doubled", text[:middle] + left + text[middle:]
    if left != right:
        yield "swapped", text[: middle - 1] + right + left + text[middle + 1 :]


def _sample(examples: Sequence[Example]) -> Iterator[Example]:
    by_intent: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example)
    for group in by_intent.values():
        step = max(1, len(group) // _SAMPLE)
        yield from group[::step][:_SAMPLE]


def _in_turn(choices: Sequence[str], turn: int) -> str:
    return choices[turn % len(choices)]


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Match any of some phrases as whole words, the longest first; none of none."""
    longest_first = sorted(filter(None, phrases), key=len, reverse=True)
    any_phrase = "|".join(map(re.escape, longest_first)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{any_phrase})(?!['\w])")
