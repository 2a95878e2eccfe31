"""Finds canonical labels (statut, domaine, centre d'intérêt, niveau, sujet…) said in other words.

The words come from `intents/synonyms/`: each canonical value with the ways people say it. They
are compared stem by stem, so that gender, number, case and accents do not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.understanding.interpretation import EntityMention
from bot.understanding.normalisation import NormalisedText, Normaliser, stem

__all__ = ["LabelMatcher", "PhraseMatch", "PhraseTable"]


# The score of a label that another way of saying it names.
_OTHER_WORDS = 0.9
# Two ways of saying one label, with one word between them at most, are one mention.
_NEXT = 2
_ARTICLES = frozenset(["le", "la", "les", "l'", "un", "une", "des", "de", "du", "d'"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseMatch:
    """A phrase found at the tokens first..last, inclusive."""

    value: str
    first: int
    last: int


class PhraseTable:
    """Phrases by value, found by their stems; the longest phrase at a place wins."""

    def __init__(
        self,
        phrases: Mapping[str, Sequence[str]],
        normaliser: Normaliser,
        *,
        keeps_articles: bool = True,
    ) -> None:
        """Prepare the phrases; a phrase without a word is ignored.

        Without their first article, « le droit » leaves « le droit public » to the longer phrase.
        """
        self._values: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for value, ways in phrases.items():
            for way in ways:
                stems = tuple(stem(word) for word in normaliser.lexicon_words(way))
                while not keeps_articles and len(stems) > 1 and stems[0] in _ARTICLES:
                    stems = stems[1:]
                if stems and value not in self._values[stems]:
                    self._values[stems].append(value)
        # How long the phrases are that start with a stem: the longest are tried first.
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase in tuple(self._values):
            lengths[phrase[0]].add(len(phrase))
        self._lengths = {first: sorted(known, reverse=True) for first, known in lengths.items()}

    def find(self, stems: Sequence[str]) -> list[PhraseMatch]:
        """Return the phrases said, in reading order; several values may share one place."""
        found: list[PhraseMatch] = []
        place = 0
        while place < len(stems):
            step = 1
            for length in self._lengths.get(stems[place], ()):
                last = place + length - 1
                values = self._values.get(tuple(stems[place : last + 1]))
                if values is not None and last < len(stems):
                    found += [PhraseMatch(value=v, first=place, last=last) for v in values]
                    step = length
                    break
            place += step
        return found


class LabelMatcher:
    """Finds the mentions of one kind of entity."""

    def __init__(
        self, entity: str, labels: Mapping[str, Sequence[str]], normaliser: Normaliser
    ) -> None:
        """Prepare the labels; each label is also a way of saying itself."""
        self._entity = entity
        self._own_words = {
            label: frozenset(stem(word) for word in normaliser.lexicon_words(label))
            for label in labels
        }
        ways = {label: (label, *ways) for label, ways in labels.items()}
        self._ways = {
            label: frozenset(_without_article(normaliser.lexicon_words(way)) for way in group)
            for label, group in ways.items()
        }
        self._table = PhraseTable(
            ways,
            normaliser,
            # « le un » is a place, « un » an article; « l'autre » points back, « d'autre » not.
            keeps_articles=entity in ("ordinal", "renvoi", "questionnaire"),
        )

    def match(self, text: NormalisedText, stems: Sequence[str]) -> tuple[EntityMention, ...]:
        """Return the labels said, in reading order, each once.

        The score is 1 for a label said in its own words, less for another way of saying it. Where
        two labels have the same stems, the one that is so written wins: « la culture » is not
        the « cultures » of the fields.
        """
        mentions: dict[str, EntityMention] = {}
        lasts: dict[str, int] = {}
        for found in self._written(self._table.find(stems), text.words):
            own, said = self._own_words[found.value], stems[found.first : found.last + 1]
            before = mentions.get(found.value)
            if before is None:
                mentions[found.value] = EntityMention(
                    entity=self._entity,
                    value=found.value,
                    start=text.tokens[found.first].start,
                    end=text.tokens[found.last].end,
                    score=1.0 if own.issuperset(said) else _OTHER_WORDS,
                )
            elif found.first - lasts[found.value] <= _NEXT:  # « papier et carton » is one label
                mentions[found.value] = replace(before, end=text.tokens[found.last].end)
            lasts[found.value] = found.last
        return tuple(mentions.values())

    def _written(
        self, matches: Sequence[PhraseMatch], words: Sequence[str]
    ) -> Iterator[PhraseMatch]:
        """Yield the matches, without those whose place another one has letter for letter."""
        written = {
            match: _without_article(words[match.first : match.last + 1]) in self._ways[match.value]
            for match in matches
        }
        exact = {(match.first, match.last) for match in matches if written[match]}
        for match in matches:
            if written[match] or (match.first, match.last) not in exact:
                yield match


def _without_article(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)
