"""Finds the aliases of the ROME in an utterance: said whole, in order, without a word between.

Thousands of appellations are near to everyday phrases. Unlike the names of the fiches they are
never said in part, and only slips of spelling are forgiven.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.understanding.name_index import STOP_WORDS
from bot.understanding.normalisation import NormalisedText
from bot.understanding.rome_aliases import RomeAlias
from bot.understanding.vocabulary import Vocabulary

__all__ = ["AliasIndex", "AliasMatch"]

# The words that a name may hold between those that tell something; another one parts two names.
_LINKS = frozenset("a à au aux avec d' dans de des du en et l' la le les ou par pour sur".split())
_COORDINATORS = frozenset(["et", "ou"])
_PUNCTUATION = re.compile(r"[,;:.!?\n]")
# What parts two names in an utterance, and may be inside the one of the ROME.
_PARTED = re.compile(r"\b(?:et|ou)\b|,", re.IGNORECASE)


# A name of the fiche's own that tells as much comes first.
_WEIGHT = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasMatch:
    """An alias said by the tokens first..last, inclusive.

    `score` in 0..1 lowers for slips of spelling; `spoken_weight`: how much its words tell
    together, on the scale of the names of the fiches.
    """

    alias: RomeAlias
    first: int
    last: int
    score: float
    spoken_weight: float

    @property
    def spoken(self) -> int:
        """How many words of the alias were said: all of them."""
        return len(self.alias.stems)

    @property
    def information(self) -> float:
        """How much of the utterance the alias explains, times how well it explains it."""
        return self.spoken_weight * self.score * _WEIGHT


@dataclass(slots=True)
class _Node:
    """Where the aliases that begin with the same stems part."""

    next: dict[str, _Node] = field(default_factory=dict)
    alias: RomeAlias | None = None


@dataclass(frozen=True, slots=True)
class _Path:
    """Some words of an utterance read along the tree: the last one, the likeness of each.

    `is_parted`: something stands between two of them that mostly parts two names.
    """

    node: _Node
    last: int
    likeness: tuple[float, ...] = ()
    is_parted: bool = False


class AliasIndex:
    """An index over the ways of saying aliases."""

    def __init__(
        self,
        aliases: Iterable[RomeAlias],
        *,
        telling: Callable[[str], float],
        is_known_word: Callable[[str], bool],
    ) -> None:
        """Index the aliases.

        Args:
            aliases: those to find, each way of saying once.
            telling: how much a stem tells, as in the index of the names of the fiches.
            is_known_word: tells a French word, which is never a typo.
        """
        self._root = _Node()
        self._telling = telling
        stems: set[str] = set()
        for alias in aliases:
            node = self._root
            for stem in alias.stems:
                node = node.next.setdefault(stem, _Node())
            node.alias = alias
            stems.update(alias.stems)
        self._vocabulary = Vocabulary(stems, is_known_word=is_known_word)

    def find(self, text: NormalisedText) -> list[AliasMatch]:
        """Return every alias said in an utterance, those inside longer ones as well."""
        words = [_Word.of(text, place, self._vocabulary) for place in range(len(text.tokens))]
        return [match for first in range(len(words)) for match in self._from(first, words)]

    def _from(self, first: int, words: Sequence[_Word]) -> Iterator[AliasMatch]:
        paths = [_Path(self._root, first)] if words[first].similar else []
        for place in range(first, len(words)):
            word = words[place]
            if not paths or word.parts_sentences:
                return
            if word.parts_names and place > first:
                paths = [replace(path, is_parted=True) for path in paths]
            if word.similar is not None:
                paths = [longer for path in paths for longer in _longer(path, place, word.similar)]
                yield from filter(None, (self._match(path, first) for path in paths))

    def _match(self, path: _Path, first: int) -> AliasMatch | None:
        alias = path.node.alias
        # « pâtissier et chocolatier » are two jobs, « pâtissier chocolatier » one.
        if alias is None or (path.is_parted and _PARTED.search(alias.form) is None):
            return None
        return AliasMatch(
            alias=alias,
            first=first,
            last=path.last,
            score=sum(path.likeness) / len(path.likeness),
            spoken_weight=sum(map(self._telling, alias.stems)),
        )


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of an utterance.

    `similar`: the stems that it may be; None for a word that names do without.
    `parts_sentences`: no name goes on through it; `parts_names`: mostly none does.
    """

    similar: tuple[tuple[str, float], ...] | None
    parts_sentences: bool
    parts_names: bool

    @classmethod
    def of(cls, text: NormalisedText, place: int, vocabulary: Vocabulary) -> _Word:
        """Read the word at a place."""
        token = text.tokens[place]
        before = text.tokens[place - 1].end if place else token.start
        is_small = token.text in STOP_WORDS
        return cls(
            similar=None if is_small else vocabulary.similar(token.text),
            parts_sentences=is_small and token.text not in _LINKS,
            parts_names=token.text in _COORDINATORS
            or _PUNCTUATION.search(text.typed, before, token.start) is not None,
        )


def _longer(path: _Path, place: int, similar: Iterable[tuple[str, float]]) -> Iterator[_Path]:
    for stem, likeness in similar:
        node = path.node.next.get(stem)
        if node is not None:
            yield _Path(node, place, (*path.likeness, likeness), path.is_parted)
