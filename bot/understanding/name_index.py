"""Finds the names of a closed list inside an utterance, however they are written.

The list (names of jobs, or of diplomas) is indexed by the stems of its words; an utterance is
matched word by word against that vocabulary (exactly, by sound, or within a few letters), and
only names that share a word are ever scored: the whole list is never scanned.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.understanding.crowded_head import CrowdedHead
from bot.understanding.normalisation import Token, stem
from bot.understanding.vocabulary import Vocabulary, no_known_word

__all__ = [
    "STOP_WORDS",
    "IndexedName",
    "NameIndex",
    "NameMatch",
    "content_words",
    "no_known_word",
]

STOP_WORDS = frozenset(
    "a à au aux avec c' ce ces cet cette d' dans de des du e en es est et la le les l' leur lui "
    "ma mes mon n' ne ou par pour qu' que qui s' sa se ses sur ta tes ton t' j' m' un "
    "une + ?".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedName:
    """A written form of a name.

    `weight` (0..1) ranks the kinds of names between themselves; a `whole_only` name counts only
    when every word of it is said; a name that `has_or` is itself written with an « ou ».
    """

    key: str
    form: str
    stems: tuple[str, ...]
    kind: str
    weight: float = 1.0
    whole_only: bool = False
    has_or: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMatch:
    """A name found in an utterance.

    `first`/`last`: the tokens it spans, inclusive. `coverage`: the share (0..1) of the name that
    was said, weighted by how much each word tells; `score` lowers it for typos, gaps and order.
    `spoken`: how many words of the name were said, `spoken_weight`: how much they tell together;
    `has_head`: whether its first word was.
    """

    name: IndexedName
    first: int
    last: int
    coverage: float
    score: float
    spoken: int
    spoken_weight: float
    has_head: bool

    @property
    def is_whole(self) -> bool:
        """Whether every word of the name was said."""
        return self.spoken == len(self.name.stems)

    @property
    def information(self) -> float:
        """How much of the utterance the match explains, times how well it explains it."""
        return self.spoken_weight * self.score * self.name.weight


def content_words(words: Iterable[str]) -> tuple[str, ...]:
    """Stem the words that tell something, in order."""
    return tuple(stem(word) for word in words if word not in STOP_WORDS)


# Names kept when only their first word is said, the best covered first; five are ever shown.
_MOST_BARE = 40
# A word that begins more names than this is a crowd: no word of the real catalogue is.
_CROWD = 400


@dataclass(frozen=True, slots=True)
class _Hit:
    """A word of the utterance (its tokens first..last) taken for a word of the vocabulary.

    `order` counts the words that tell something; `position` goes further after each « ou ».
    """

    stem: str
    similarity: float
    first: int
    last: int
    order: int
    position: int


class _Crowd:
    """The names looked up by one word: those that begin with it, and a few that hold it."""

    def __init__(self, indices: Sequence[int], names: Sequence[IndexedName]) -> None:
        self._headed = [index for index in indices if not names[index].whole_only]
        self._whole = [index for index in indices if names[index].whole_only]
        stems = [names[index].stems for index in self._headed]
        self._head = CrowdedHead(stems, most_bare=_MOST_BARE)

    def near(self, said: Collection[str]) -> Sequence[int]:
        return [*(self._headed[place] for place in self._head.near(said)), *self._whole]


class NameIndex:
    """An index over the written forms of a list of names."""

    def __init__(
        self, names: Iterable[IndexedName], *, is_known_word: Callable[[str], bool]
    ) -> None:
        """Index the names; `is_known_word` tells a French word, which is never a typo."""
        self._names = tuple(name for name in names if name.stems)
        counts = Counter(word for name in self._names for word in name.stems)
        self._weights = {word: self._idf(count) for word, count in counts.items()}
        self._totals = [sum(self._weights[w] for w in name.stems) for name in self._names]
        # A name is looked up by one word only: the first for a name that may be said in part
        # (it must be said then), the rarest for one that counts only whole.
        self._by_key: dict[str, list[int]] = defaultdict(list)
        for index, name in enumerate(self._names):
            key = min(name.stems, key=counts.__getitem__) if name.whole_only else name.stems[0]
            self._by_key[key].append(index)
        for indices in self._by_key.values():
            indices.sort(key=self._totals.__getitem__)  # the shortest names are the best covered
        self._crowds = {
            word: _Crowd(indices, self._names)
            for word, indices in self._by_key.items()
            if len(indices) > _CROWD
        }
        self._compounds = _compounds(self._names)
        self._similar = Vocabulary(self._weights, is_known_word=is_known_word).similar

    @property
    def names(self) -> tuple[IndexedName, ...]:
        """Every indexed form."""
        return self._names

    def has_word(self, word: str) -> bool:
        """Whether a stem is in the vocabulary of the names."""
        return word in self._weights

    def telling(self, word: str) -> float:
        """Return how much a stem tells: 1 for one that every name has, more for a rare one."""
        return self._weights.get(word) or self._idf(1)

    def find(self, tokens: Sequence[Token], *, floor: float = 0.0) -> list[NameMatch]:
        """Return the names said whole, and those whose first words were, unordered.

        Args:
            tokens: the normalised utterance, or a part of it.
            floor: the least coverage (0..1) of a name said in part.
        """
        by_stem: dict[str, list[_Hit]] = defaultdict(list)
        for hit in self._hits(tokens):
            by_stem[hit.stem].append(hit)
        matches = []
        for word in by_stem:
            bare = 0
            for index in self._looked_up(word, by_stem):
                stems = self._names[index].stems
                places = [place for place, other in enumerate(stems) if other in by_stem]
                bare += len(places) == 1 < len(stems)
                if len(places) == 1 < len(stems) and bare > _MOST_BARE:
                    continue  # « ingénieur » alone: nobody is shown two hundred names
                if self._may_match(index, places, floor):
                    found = [(hit, place) for place in places for hit in by_stem[stems[place]]]
                    matches.append(self._best_match(index, found))
        return matches

    def _looked_up(self, word: str, said: Collection[str]) -> Sequence[int]:
        crowd = self._crowds.get(word)
        return self._by_key.get(word, ()) if crowd is None else crowd.near(said)

    def _may_match(self, index: int, places: Sequence[int], floor: float) -> bool:
        name = self._names[index]
        if len(places) == len(name.stems):
            return True
        if name.whole_only:
            return False
        said = sum(self._weights[name.stems[place]] for place in places)
        return said / self._totals[index] >= floor

    def _idf(self, count: int) -> float:
        return 1.0 + math.log(max(1, len(self._names)) / count)

    def _hits(self, tokens: Sequence[Token]) -> list[_Hit]:
        said = [
            (place, token.text)
            for place, token in enumerate(tokens)
            if token.text not in STOP_WORDS
        ]
        # « pâtissière ou chocolatière » names two jobs: no name may reach across an « ou ».
        barriers = [place for place, token in enumerate(tokens) if token.text == "ou"]
        hits: list[_Hit] = []
        for index, (place, word) in enumerate(said):
            position = index + 3 * sum(barrier < place for barrier in barriers)
            found = [(s, sim, place) for s, sim in self._similar(word)]
            found += [(part, 0.97, place) for part in self._compounds.get(stem(word), ())]
            if index + 1 < len(said):
                found += self._glued(word, place, *said[index + 1])
            hits += [_Hit(s, sim, place, last, index, position) for s, sim, last in found]
        return hits

    def _glued(
        self, word: str, place: int, next_place: int, next_word: str
    ) -> list[tuple[str, float, int]]:
        """« ergo thérapeute » for a vocabulary that holds « ergothérapeute »."""
        joined = stem(word + next_word)
        if next_place != place + 1 or len(joined) < 7:
            return []
        similar = self._similar(word + next_word)
        return [(s, sim * 0.97, next_place) for s, sim in similar if sim >= 0.9]

    def _best_match(self, index: int, found: list[tuple[_Hit, int]]) -> NameMatch:
        name, total = self._names[index], self._totals[index]
        if len(found) == 1:
            # The head of many names (« ingénieur »), said once: nothing to arrange.
            hit, place = found[0]
            said = self._weights[name.stems[place]]
            return NameMatch(
                name=name,
                first=hit.first,
                last=hit.last,
                coverage=said / total,
                score=said * hit.similarity / total,
                spoken=1,
                spoken_weight=said,
                has_head=place == 0,
            )
        if name.has_or:  # « responsable d'équipe ou de projet »: this « ou » parts nothing
            found = [(replace(hit, position=hit.order), place) for hit, place in found]
        matches = [self._score(name, total, cluster) for cluster in _clusters(found)]
        return max(matches, key=lambda match: match.score)

    def _score(self, name: IndexedName, total: float, cluster: list[tuple[_Hit, int]]) -> NameMatch:
        weights = self._weights
        by_place = _assign(cluster, {hit.stem: weights[hit.stem] for hit, _ in cluster})
        said = sum(weights[name.stems[p]] for p in by_place)
        likeness = sum(weights[name.stems[p]] * hit.similarity for p, hit in by_place.items())
        places = sorted(by_place)
        positions = [by_place[p].position for p in places]
        disorder = sum(1 for a, b in itertools.pairwise(positions) if b < a)
        span = max(positions) - min(positions) + 1
        gaps = max(0, span - len(set(positions)))
        score = likeness / total - 0.04 * gaps - 0.03 * disorder
        return NameMatch(
            name=name,
            first=min(hit.first for hit in by_place.values()),
            last=max(hit.last for hit in by_place.values()),
            coverage=said / total,
            score=max(0.0, score),
            spoken=len(by_place),
            spoken_weight=said,
            has_head=0 in by_place,
        )


def _assign(cluster: list[tuple[_Hit, int]], weights: Mapping[str, float]) -> dict[int, _Hit]:
    """Give each place of a name one word of the utterance, as close together as said."""
    if len(cluster) == 1:
        return {cluster[0][1]: cluster[0][0]}
    anchor, anchor_place = max(cluster, key=lambda item: weights[item[0].stem] * item[0].similarity)

    def closeness(item: tuple[_Hit, int]) -> tuple[float, int]:
        hit, place = item
        return (-hit.similarity, abs(hit.position - anchor.position - (place - anchor_place)))

    by_place = {anchor_place: anchor}
    used = {(anchor.position, anchor.stem)}
    for hit, place in sorted(cluster, key=closeness):
        if place not in by_place and (hit.position, hit.stem) not in used:
            by_place[place] = hit
            used.add((hit.position, hit.stem))
    return by_place


def _clusters(found: list[tuple[_Hit, int]]) -> list[list[tuple[_Hit, int]]]:
    """Cut the hits of one name where more than one foreign word separates them."""
    if len(found) == 1:
        return [found]
    ordered = sorted(found, key=lambda item: item[0].position)
    clusters = [[ordered[0]]]
    for previous, item in itertools.pairwise(ordered):
        if item[0].position - previous[0].position <= 2:
            clusters[-1].append(item)
        else:
            clusters.append([item])
    return clusters


def _compounds(names: Iterable[IndexedName]) -> Mapping[str, tuple[str, str]]:
    """« postproduction » for a name that says « post-production »."""
    pairs = dict.fromkeys(pair for name in names for pair in itertools.pairwise(name.stems))
    table: dict[str, tuple[str, str]] = {}
    for a, b in pairs:
        if len(a) + len(b) >= 7:
            table.setdefault(stem(a + b), (a, b))
    return table
