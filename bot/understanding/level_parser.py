"""Reads levels of study: « bac + 2 », « sans le bac », « après un CAP », « master »."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.understanding.interpretation import EntityMention
from bot.understanding.label_matcher import LabelMatcher
from bot.understanding.normalisation import NormalisedText, Normaliser

__all__ = ["LevelParser"]

_NUMBERS = {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8}
_BAC_PLUS = re.compile(r"\bbac (?:\+|plus) (\d{1,2}|" + "|".join(_NUMBERS) + r")\b")

_BEFORE_BUT = frozenset({"un", "en", "bac"})
_OF_SOMETHING = frozenset({"en", "eme", "e", "d'", "de"})


class LevelParser:
    """Finds levels of study; diploma names come from `intents/synonyms/niveaux.yml`."""

    def __init__(self, labels: Mapping[str, Sequence[str]], normaliser: Normaliser) -> None:
        """Prepare the words of each level (`cap`, `bac`, `bac+2`, …)."""
        self._labels = LabelMatcher("niveau", labels, normaliser)
        ways = (normaliser.lexicon_words(way) for group in labels.values() for way in group)
        self._words = frozenset(words[0] for words in ways if len(words) == 1)

    def parse(self, text: NormalisedText, stems: Sequence[str]) -> tuple[EntityMention, ...]:
        """Return the levels said, in reading order; the first is the one that counts."""
        numbered = tuple(self._numbered(text))
        named = (
            mention
            for mention in self._labels.match(text, stems)
            if not any(mention.start < n.end and n.start < mention.end for n in numbered)
            and self._is_level(mention, text)
        )
        return tuple(sorted((*numbered, *named), key=lambda mention: mention.start))

    def _is_level(self, mention: EntityMention, text: NormalisedText) -> bool:
        """Tell levels from the words that look like them.

        « le CAPES » has the stem of a CAP, « dans quel but » the word of a BUT, and « niveau 5
        en anglais » is no level of study.
        """
        places = [n for n, t in enumerate(text.tokens) if mention.start <= t.start < mention.end]
        first, last = places[0], places[-1]
        after = text.words[last + 1] if last + 1 < len(text.words) else ""
        if first == last:
            word = text.words[first]
            if word == "but":
                return self._is_diploma(mention, text, first)
            return word in self._words or word.removesuffix("s") in self._words
        return not (text.words[last].isdigit() and after in _OF_SOMETHING)

    @staticmethod
    def _is_diploma(mention: EntityMention, text: NormalisedText, place: int) -> bool:
        """A BUT is written in capitals, or follows an indefinite article or « après »."""
        typed = text.typed[mention.start : mention.end]
        before = text.words[max(0, place - 2) : place]
        return (typed.isupper() and not text.typed.isupper()) or (
            bool(before) and (before[-1] in _BEFORE_BUT or "apres" in before)
        )

    @staticmethod
    def _numbered(text: NormalisedText) -> list[EntityMention]:
        # Offsets of words in the joined text, to come back from a regex to tokens.
        joined = " ".join(text.words)
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        offset = 0
        for index, word in enumerate(text.words):
            starts[offset] = index
            ends[offset + len(word)] = index
            offset += len(word) + 1
        mentions = []
        for match in _BAC_PLUS.finditer(joined):
            years = _NUMBERS.get(match[1]) or int(match[1])
            if 1 <= years <= 12:
                mentions.append(
                    EntityMention(
                        entity="niveau",
                        value=f"bac+{min(years, 10)}",
                        start=text.tokens[starts[match.start()]].start,
                        end=text.tokens[ends[match.end()]].end,
                        score=1.0,
                    )
                )
        return mentions
