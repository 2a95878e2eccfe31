"""Reads a fiche for questions: its sentences, each with its words and what they are about."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.quoting import sentences
from bot.catalogue.fiche import Fiche
from bot.catalogue.stemming import stems
from bot.understanding.notions import NotionTable

__all__ = ["FicheSentences", "Sentence", "read_sentences"]

_FIELDS = (
    "summary",
    "nature",
    "skills",
    "conditions",
    "salary",
    "job_market",
    "access",
    "presentation",
)
# A fiche takes 2 ms to read; those that people ask about at one time are few.
_REMEMBERED = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a fiche, unaltered, and what it says.

    `index`: its place among the sentences of the fiche; `field`: its section; `length`: in words;
    `notions`: how many ways of saying each notion it holds.
    """

    index: int
    text: str
    field: str
    length: int
    stems: frozenset[str]
    notions: Mapping[str, int]

    @property
    def counts(self) -> bool:
        """Whether the sentence holds a number written in digits."""
        return any(character.isdecimal() for character in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheSentences:
    """The sentences of one fiche, each text once, and how many hold each stem and notion."""

    sentences: tuple[Sentence, ...]
    stem_counts: Mapping[str, int]
    notion_counts: Mapping[str, int]

    def rarity_of_stem(self, stem: str) -> float:
        """How few sentences hold a stem that one of them holds: 0 when all do, 1 for one."""
        return self._rarity(self.stem_counts[stem])

    def rarity_of_notion(self, notion: str) -> float:
        """How few sentences hold a notion that one of them holds: 0 when all do, 1 for one."""
        return self._rarity(self.notion_counts[notion])

    def _rarity(self, count: int) -> float:
        # By the length of the fiche, so that short ones answer as readily as long ones.
        total = len(self.sentences)
        return 1.0 - math.log(count) / math.log(total) if total > 1 else 1.0


@lru_cache(_REMEMBERED)
def read_sentences(fiche: Fiche, notions: NotionTable) -> FicheSentences:
    """Read the sentences of a fiche; the last ones are remembered."""
    found = tuple(_sentences(fiche, notions))
    return FicheSentences(
        sentences=found,
        stem_counts=Counter(stem for sentence in found for stem in sentence.stems),
        notion_counts=Counter(notion for sentence in found for notion in sentence.notions),
    )


def _sentences(fiche: Fiche, notions: NotionTable) -> Iterator[Sentence]:
    # The summary is often copied from the sections: a text is quoted once.
    texts: dict[str, str] = {}
    for field in _FIELDS:
        section = getattr(fiche, field)
        for paragraph in section.paragraphs if section is not None else ():
            for text in sentences(paragraph):
                texts.setdefault(text, field)
    for index, (text, field) in enumerate(texts.items()):
        words = stems(text)
        yield Sentence(
            index=index,
            text=text,
            field=field,
            length=len(words),
            stems=frozenset(words),
            notions=_ways(words, notions),
        )


def _ways(words: list[str], notions: NotionTable) -> dict[str, int]:
    ways: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for match in notions.every(words):
        for notion in match.notions:
            ways[notion].add(tuple(words[match.first : match.last + 1]))
    return {notion: len(said) for notion, said in ways.items()}
