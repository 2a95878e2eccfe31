"""What `intents/` teaches: examples by intent, word classes, synonyms, patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IntentsError, Problem
from bot.rasa_yaml import Entry, read_entries, yaml_files

__all__ = ["Example", "ExampleEntity", "Lexicon", "Pattern", "read_examples", "read_lexicon"]

_ANNOTATION = re.compile(r"\[([^\]]+)\]\(([a-z_]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleEntity:
    """A span of an example annotated as `[text](entity)`; half-open, in code points."""

    entity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One training utterance, its annotations taken out of the text."""

    intent: str
    text: str
    entities: tuple[ExampleEntity, ...]
    path: Path
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression over normalised words that decides for an intent."""

    intent: str
    regex: re.Pattern[str]
    path: Path
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Words of `intents/` other than examples.

    `word_classes`: class name to its words. `synonyms`: file stem (`metiers`, `sms`, …) to
    canonical value to the ways of saying it. `patterns`: in the order of the files.
    """

    word_classes: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, Mapping[str, tuple[str, ...]]]
    patterns: tuple[Pattern, ...]


def read_examples(intents: Path) -> tuple[Example, ...]:
    """Read every example of `intents/nlu/`, in the order of the files.

    Raises:
        IntentsError: a file is wrong, or the folder holds no example.
    """
    examples = tuple(
        _example(entry, text=line.text, line=line.line)
        for entry in _all_entries(intents / "nlu")
        if entry.kind == "intent"
        for line in entry.lines
    )
    if not examples:
        raise IntentsError(Problem(path=intents / "nlu", key="no_examples"))
    return examples


def read_lexicon(intents: Path) -> Lexicon:
    """Read the word classes, synonyms and patterns of `intents/`.

    Raises:
        IntentsError: a file is wrong or a pattern is not a regular expression.
    """
    classes: dict[str, tuple[str, ...]] = {}
    for entry in _all_entries(intents / "lookup"):
        words = tuple(line.text for line in entry.lines)
        classes[entry.name] = classes.get(entry.name, ()) + words
    synonyms: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in yaml_files(intents / "synonyms"):
        table = synonyms.setdefault(path.stem, {})
        for entry in read_entries(path):
            words = tuple(line.text for line in entry.lines)
            table[entry.name] = table.get(entry.name, ()) + words
    return Lexicon(
        word_classes=classes, synonyms=synonyms, patterns=tuple(_patterns(intents / "rules"))
    )


def _all_entries(folder: Path) -> Iterator[Entry]:
    for path in yaml_files(folder):
        yield from read_entries(path)


def _example(entry: Entry, *, text: str, line: int) -> Example:
    plain: list[str] = []
    entities: list[ExampleEntity] = []
    position = length = 0
    for match in _ANNOTATION.finditer(text):
        before = text[position : match.start()]
        plain += [before, match[1]]
        length += len(before)
        end = length + len(match[1])
        entities.append(ExampleEntity(entity=match[2], start=length, end=end))
        length = end
        position = match.end()
    plain.append(text[position:])
    return Example(
        intent=entry.name,
        text="".join(plain),
        entities=tuple(entities),
        path=entry.path,
        line=line,
    )


def _patterns(folder: Path) -> Iterator[Pattern]:
    for entry in _all_entries(folder):
        for line in entry.lines:
            try:
                regex = re.compile(line.text)
            except re.error as error:
                raise IntentsError(
                    Problem(path=entry.path, key="bad_pattern", line=line.line, detail=str(error))
                ) from error
            yield Pattern(intent=entry.name, regex=regex, path=entry.path, line=line.line)
