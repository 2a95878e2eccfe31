"""Tells that an utterance is not in French, by its small words or its alphabet.

It names no language: the answer is the same for all, in simple French.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

__all__ = ["OtherLanguage"]

# An utterance is foreign by as many of its small words, making up this share of all its words.
_FEWEST = 2
_SHARE = 0.4


class OtherLanguage:
    """Knows the small words of other languages (`intents/lookup/other_languages.yml`)."""

    def __init__(self, words: Iterable[str]) -> None:
        """Keep the words, as normalised."""
        self._words = frozenset(words)

    def heard(self, text: str, words: Sequence[str]) -> bool:
        """Whether an utterance, as typed and as normalised words, is in another language."""
        letters = [letter for letter in text if letter.isalpha()]
        if letters and not any("LATIN" in unicodedata.name(letter, "") for letter in letters):
            return True
        said = [word for word in words if word[:1].isalpha()]
        foreign = sum(word in self._words for word in said)
        return foreign >= _FEWEST and foreign >= _SHARE * len(said)
