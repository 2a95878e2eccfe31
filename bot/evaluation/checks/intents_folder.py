"""`intents/`, read once for all the checks, with the lines that Rasa's format hides.

A file that cannot be read is a finding of its own; the others are checked all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import FileError, Problem
from bot.rasa_yaml import Entry, read_entries, yaml_files
from bot.understanding.building import example_words, normaliser_from
from bot.understanding.level_parser import LevelParser
from bot.understanding.normalisation import Normaliser
from bot.understanding.training_data import Example, Lexicon, read_examples, read_lexicon

__all__ = ["KINDS", "IntentsFolder", "read_folder"]

# What the entries of each folder are: the kind of Rasa's format.
KINDS = {"nlu": "intent", "lookup": "lookup", "synonyms": "synonym", "rules": "regex"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentsFolder:
    """What was read of `intents/`.

    `entries` are those of the four folders of `KINDS`, in the order of the files. `examples`
    and `lexicon` are empty when a file that they come from is wrong. `words` are those of each
    example, in the same order, as patterns and classifier see them (`example_words`).
    """

    path: Path
    entries: tuple[Entry, ...]
    examples: tuple[Example, ...]
    words: tuple[tuple[str, ...], ...]
    lexicon: Lexicon
    normaliser: Normaliser
    levels: LevelParser

    def of(self, folder: str) -> Iterator[Entry]:
        """Yield the entries of one folder, such as `lookup`."""
        return (entry for entry in self.entries if entry.path.parent.name == folder)

    def table(self, name: str) -> tuple[Entry, ...]:
        """Return the groups of a table of synonyms, such as `metiers`."""
        return tuple(entry for entry in self.of("synonyms") if entry.path.stem == name)


def read_folder(intents: Path) -> tuple[IntentsFolder, tuple[Problem, ...]]:
    """Read `intents/`, and return what is wrong in its files too, each problem once."""
    problems: list[Problem] = []
    entries: list[Entry] = []
    if not intents.is_dir():
        problems.append(Problem(path=intents, key="path_missing"))
    for folder in KINDS:
        for path in yaml_files(intents / folder):
            try:
                entries += read_entries(path)
            except FileError as error:
                problems += error.problems
    lexicon = Lexicon(word_classes={}, synonyms={}, patterns=())
    examples: tuple[Example, ...] = ()
    try:
        lexicon = read_lexicon(intents)
    except FileError as error:
        problems += error.problems
    try:
        examples = read_examples(intents)
    except FileError as error:
        problems += error.problems
    normaliser = normaliser_from(lexicon)
    levels = LevelParser(lexicon.synonyms.get("niveaux", {}), normaliser)
    read = IntentsFolder(
        path=intents,
        entries=tuple(entries),
        examples=examples,
        words=tuple(example_words(example, normaliser, levels)[0] for example in examples),
        lexicon=lexicon,
        normaliser=normaliser,
        levels=levels,
    )
    return read, tuple(dict.fromkeys(problems))
