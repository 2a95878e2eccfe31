"""Which job the names found at one place mean: one, several to ask about, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.name_index import NameMatch

__all__ = ["Choice", "LinkingSettings", "NameChoice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingSettings:
    """Thresholds of the linker, all in 0..1; set by hand, seen right on the development set.

    `floor`: the least score of a name said whole. `partial_floor`: of a name said in part.
    `margin`: how far ahead the best partial name must be to be taken without asking.
    `ask_floor`: the least coverage of a name that is worth proposing.
    """

    floor: float = 0.72
    partial_floor: float = 0.6
    margin: float = 0.1
    ask_floor: float = 0.2
    most_candidates: int = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """The names chosen, best first and one per job; `place` is the match that says where.

    `asks`: the person must be asked which is meant.
    """

    place: NameMatch
    ranked: tuple[NameMatch, ...]
    asks: bool


class NameChoice:
    """Chooses between names that overlap."""

    def __init__(self, heads: Mapping[str, frozenset[str]], settings: LinkingSettings) -> None:
        """Prepare; `heads` gives the jobs whose names begin with each stem."""
        self._heads = heads
        self._settings = settings

    def choose(self, best: NameMatch, rivals: Sequence[NameMatch]) -> Choice | None:
        """Choose between the most telling match and those that overlap it, itself included."""
        rivals = sorted(rivals, key=lambda m: (-m.information, -m.name.weight))
        whole = [m for m in rivals if m.is_whole and m.information >= 0.85 * best.information]
        if whole:
            return self._choose_whole(best, whole, rivals)
        return self._choose_partial(best, rivals)

    def _choose_whole(
        self, best: NameMatch, whole: Sequence[NameMatch], rivals: Sequence[NameMatch]
    ) -> Choice:
        top = max(match.score for match in whole)
        near = [match for match in whole if match.score >= top - 0.04]
        titles = _distinct(match for match in near if match.name.kind == "title")
        if len(titles) == 1:
            return _taken(titles[0])
        named = titles or _distinct(near)
        word = named[0].name.stems
        shared = named[0].name.kind == "synonym" and len(word) == 1
        shared = shared and self._is_head_of_others(word[0], named[0].name.key)
        if len(named) == 1 and not shared:
            return _taken(named[0])
        as_much = [match for match in rivals if match.spoken >= named[0].spoken]
        others = sorted(as_much, key=lambda m: (m.name.kind != "title", -m.score))
        return self._asked(best, _distinct([*named, *others]))

    def _is_head_of_others(self, word: str, metier: str) -> bool:
        """Whether a word begins the names of two jobs besides one."""
        metiers = self._heads.get(word, frozenset())
        return len(metiers) - (metier in metiers) >= 2

    def _choose_partial(self, best: NameMatch, rivals: Sequence[NameMatch]) -> Choice | None:
        settings = self._settings
        said = max(match.spoken for match in rivals)
        ranked = _distinct(sorted(rivals, key=lambda m: (-m.score, -m.name.weight)))
        first = ranked[0]
        second = ranked[1].score if len(ranked) > 1 else 0.0
        if first.score >= settings.partial_floor and first.score - second >= settings.margin:
            return _taken(first)
        headed = [match for match in ranked if match.has_head and match.spoken == said]
        if len(headed) == 1 and (said >= 2 or len(self._heads[headed[0].name.stems[0]]) == 1):
            return _taken(headed[0])
        return self._asked(best, headed) if len(headed) > 1 else None

    def _asked(self, best: NameMatch, ranked: Sequence[NameMatch]) -> Choice:
        return Choice(best, tuple(ranked[: self._settings.most_candidates]), asks=True)


def _taken(match: NameMatch) -> Choice:
    return Choice(match, (match,), asks=False)


def _distinct(matches: Iterable[NameMatch]) -> list[NameMatch]:
    seen: set[str] = set()
    kept = []
    for match in matches:
        if match.name.key not in seen:
            seen.add(match.name.key)
            kept.append(match)
    return kept
