"""A closed list of stems, and which of them a typed word may be: spelt right, by ear or by slip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from bot.understanding.normalisation import phonetic_key, stem

__all__ = ["Vocabulary", "no_known_word"]

_SHORTEST = 4
_MOST = 6


def no_known_word(word: str) -> bool:  # noqa: ARG001 - the signature of `is_known_word`
    """Know no word: every word may be a misspelt name."""
    return False


class Vocabulary:
    """The words that some names are written with."""

    def __init__(self, stems: Iterable[str], *, is_known_word: Callable[[str], bool]) -> None:
        """Index the stems; `is_known_word` tells a French word, which is never a typo."""
        self._stems = frozenset(stems)
        self._is_known_word = is_known_word
        self._by_sound = _group(self._stems, phonetic_key)
        self._by_shape = _group(self._stems, lambda word: word[:1] + str(len(word)))
        self.similar = lru_cache(maxsize=65536)(self._find_similar)

    def __contains__(self, word: object) -> bool:
        return word in self._stems

    def _find_similar(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the stems that a typed word may be, with a similarity in 0..1, best first."""
        root = stem(word)
        if root in self._stems:
            return ((root, 1.0),)
        if len(root) < _SHORTEST or not root.isalpha() or self._is_known_word(word):
            return ()
        if word[0] in "dl" and word[1] in "aeiouh" and stem(word[1:]) in self._stems:
            return ((stem(word[1:]), 0.98),)
        found = {other: 0.95 for other in self._by_sound.get(phonetic_key(word), ())
                 if _sounds_alike(word, root, other)}  # fmt: skip
        allowed = 1 if len(root) < 8 else 2
        for length in range(len(root) - allowed, len(root) + allowed + 1):
            alike = self._by_shape.get(root[0] + str(length), ())
            near = extract_iter(root, alike, scorer=OSA.distance, score_cutoff=allowed)
            for other, distance, _ in near:
                if len(other) >= _SHORTEST and other not in found:
                    found[other] = 1.0 - distance / max(len(root), len(other), 6) * 1.2
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_MOST])


def _sounds_alike(word: str, root: str, other: str) -> bool:
    """A short sound is that of many words; a long one still needs some letters in common."""
    return len(phonetic_key(word)) >= 3 and OSA.normalized_similarity(root, other) >= 0.5


def _group(words: Iterable[str], key: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        groups[key(word)].append(word)
    return {name: tuple(members) for name, members in groups.items()}
