"""From a mention of a job to the fiche it names, to several it may name, or to none.

These are three different results: a whole title names its fiche even when longer names contain
it (« avocat »); a bare word shared by several fiches asks (« monteur »); a word that only looks
like a name is nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue.catalogue import Catalogue
from bot.understanding.interpretation import Candidate, EntityMention
from bot.understanding.name_index import (
    IndexedName,
    NameIndex,
    NameMatch,
    content_words,
    no_known_word,
)
from bot.understanding.normalisation import NormalisedText, Normaliser, Token, stem

__all__ = ["LinkingSettings", "MetierLinker"]


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


# Only these may be said in part (« pilote »); an alias is said whole or not at all.
_PARTIAL_KINDS = frozenset({"title", "synonym"})
_KIND_WEIGHTS = {"title": 1.0, "synonym": 0.99, "alias": 0.985, "appellation": 0.9}


class MetierLinker:
    """Links mentions of jobs to the fiches of one catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        normaliser: Normaliser,
        aliases: Mapping[str, Sequence[str]] | None = None,
        common_words: Iterable[str] = (),
        is_known_word: Callable[[str], bool] = no_known_word,
        settings: LinkingSettings | None = None,
    ) -> None:
        """Index the names of the catalogue.

        Args:
            catalogue: the fiches to find.
            normaliser: the same as for the utterances.
            aliases: everyday names by identifier (`intents/synonyms/metiers.yml`); those of
                jobs that this catalogue has not are ignored.
            common_words: words that are names of jobs but mostly mean something else; alone they
                count only where a job is expected (`devenir cadre`, `métier de guide`).
            is_known_word: tells a French word, which is never taken for a misspelt name.
            settings: thresholds.
        """
        self._catalogue = catalogue
        self._settings = settings or LinkingSettings()
        self._common = {content_words([word])[0] for word in common_words if content_words([word])}
        names = list(_names(catalogue, normaliser, aliases or {}))
        self._is_known_word = is_known_word
        self._index = NameIndex(names, is_known_word=is_known_word)
        self._heads: dict[str, set[str]] = {}
        for name in names:
            if name.kind in _PARTIAL_KINDS:
                self._heads.setdefault(name.stems[0], set()).add(name.key)
        # The first words, as written, behind each stem: « médecine » has the stem of « médecin ».
        self._surfaces: dict[str, set[str]] = {}
        for form in {form for _, form, _ in _forms(catalogue, aliases or {})}:
            for written in normaliser.lexicon_words(form)[:1]:
                self._surfaces.setdefault(stem(written), set()).add(_singular(written))

    def link(self, text: NormalisedText) -> tuple[EntityMention, ...]:
        """Find the jobs that an utterance names, in reading order, never overlapping.

        Returns:
            Mentions with an `id`, or with several `candidates` (best first) and no `id`.
        """
        mentions = list(self._segment(text, 0, len(text.tokens)))
        first: dict[str, EntityMention] = {}
        return tuple(m for m in mentions if first.setdefault(m.id or str(m.start), m) is m)

    def _segment(self, text: NormalisedText, start: int, end: int) -> Iterator[EntityMention]:
        """Find the most telling mention between two tokens, then those on each side of it."""
        tokens = text.tokens[start:end]
        matches = [
            match
            for match in self._index.find(tokens, floor=self._settings.ask_floor)
            if self._is_plausible(match, tokens)
        ]
        while matches:
            best = max(matches, key=_information)
            part = NormalisedText(text.typed, tokens)
            mention = self._decide(best, matches, part)
            if mention is not None:
                # The name chosen may lie elsewhere than the most telling one: cut by what is said.
                before = sum(token.end <= mention.start for token in tokens)
                after = sum(token.start < mention.end for token in tokens)
                yield from self._segment(text, start, start + before)
                yield mention
                yield from self._segment(text, start + after, end)
                return
            matches = [m for m in matches if m.last < best.first or m.first > best.last]

    def by_id(self, metier: str) -> EntityMention:
        """Return the mention that a button carries; without `id` when the fiche is not there."""
        fiche = self._catalogue.get(metier)
        if fiche is None:
            return EntityMention(entity="metier_inconnu", value=metier, start=0, end=0, score=0.0)
        candidate = Candidate(id=fiche.id, name=fiche.name, score=1.0)
        return EntityMention(
            entity="metier",
            value=fiche.name,
            start=0,
            end=0,
            score=1.0,
            id=fiche.id,
            candidates=(candidate,),
        )

    def is_known(self, word: str) -> bool:
        """Whether a normalised word is French, or part of the name of a job."""
        return self._is_known_word(word) or self._index.has_word(stem(word))

    def _is_plausible(self, match: NameMatch, tokens: Sequence[Token]) -> bool:
        if match.spoken == 1 and not self._is_plausible_word(match, tokens):
            return False
        if match.is_whole:
            return match.score >= self._settings.floor
        if not match.has_head:
            return False
        return match.coverage >= self._settings.ask_floor

    def _is_plausible_word(self, match: NameMatch, tokens: Sequence[Token]) -> bool:
        """One word names a job only in a form that names are written in, and in its place."""
        if match.first != match.last:
            return True
        word = tokens[match.first].text
        root = stem(word)
        if root in self._common and not _job_is_expected(tokens, match.first):
            return False
        if not match.is_whole and len(self._heads.get(match.name.stems[0], ())) < 2:
            return match.coverage >= self._settings.partial_floor
        if root != match.name.stems[0] or not self._is_known_word(word):
            return True  # misspelt: the spelling proves nothing
        return _singular(word) in self._surfaces.get(root, ())

    def _decide(
        self, best: NameMatch, matches: Sequence[NameMatch], text: NormalisedText
    ) -> EntityMention | None:
        rivals = [m for m in matches if m.last >= best.first and m.first <= best.last]
        rivals.sort(key=lambda m: (-_information(m), -m.name.weight))
        whole = [m for m in rivals if m.is_whole and _information(m) >= 0.85 * _information(best)]
        if whole:
            return self._decide_whole(best, whole, rivals, text)
        return self._decide_partial(best, rivals, text)

    def _decide_whole(
        self,
        best: NameMatch,
        whole: Sequence[NameMatch],
        rivals: Sequence[NameMatch],
        text: NormalisedText,
    ) -> EntityMention:
        top = max(match.score for match in whole)
        near = [match for match in whole if match.score >= top - 0.04]
        titles = _distinct(match for match in near if match.name.kind == "title")
        if len(titles) == 1:
            return self._resolved(titles[0], text)
        named = titles or _distinct(near)
        word = named[0].name.stems
        shared = named[0].name.kind == "synonym" and len(word) == 1
        shared = shared and len(self._heads.get(word[0], set()) - {named[0].name.key}) >= 2
        if len(named) == 1 and not shared:
            return self._resolved(named[0], text)
        rest = _distinct([*named, *sorted(rivals, key=lambda m: -m.score)])
        return self._ambiguous(best, rest, text)

    def _decide_partial(
        self, best: NameMatch, rivals: Sequence[NameMatch], text: NormalisedText
    ) -> EntityMention | None:
        settings = self._settings
        said = max(match.spoken for match in rivals)
        ranked = _distinct(sorted(rivals, key=lambda m: (-m.score, -m.name.weight)))
        first = ranked[0]
        second = ranked[1].score if len(ranked) > 1 else 0.0
        if first.score >= settings.partial_floor and first.score - second >= settings.margin:
            return self._resolved(first, text)
        headed = [match for match in ranked if match.has_head and match.spoken == said]
        if len(headed) == 1 and (said >= 2 or len(self._heads[headed[0].name.stems[0]]) == 1):
            return self._resolved(headed[0], text)
        return self._ambiguous(best, headed, text) if len(headed) > 1 else None

    def _resolved(self, match: NameMatch, text: NormalisedText) -> EntityMention:
        candidate = self._candidate(match)
        return EntityMention(
            entity="metier",
            value=candidate.name,
            start=text.tokens[match.first].start,
            end=text.tokens[match.last].end,
            score=candidate.score,
            id=candidate.id,
            candidates=(candidate,),
        )

    def _ambiguous(
        self, best: NameMatch, ranked: Sequence[NameMatch], text: NormalisedText
    ) -> EntityMention:
        start, end = text.tokens[best.first].start, text.tokens[best.last].end
        candidates = tuple(self._candidate(m) for m in ranked[: self._settings.most_candidates])
        return EntityMention(
            entity="metier",
            value=text.typed[start:end],
            start=start,
            end=end,
            score=candidates[0].score,
            candidates=candidates,
        )

    def _candidate(self, match: NameMatch) -> Candidate:
        fiche = self._catalogue[match.name.key]
        score = round(min(1.0, match.score * match.name.weight), 3)
        return Candidate(id=fiche.id, name=fiche.name, score=score)


def _forms(
    catalogue: Catalogue, aliases: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield each written form of each job: identifier, form, kind."""
    for fiche in catalogue:
        for form in fiche.title.forms():
            yield fiche.id, form, "title"
        for other in fiche.other_names:
            for form in other.forms():
                yield fiche.id, form, "synonym"
    for metier, words in aliases.items():
        if metier in catalogue:
            for form in words:
                yield metier, form, "alias"


def _names(
    catalogue: Catalogue, normaliser: Normaliser, aliases: Mapping[str, Sequence[str]]
) -> Iterator[IndexedName]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for key, form, kind in _forms(catalogue, aliases):
        stems = content_words(normaliser.lexicon_words(form))
        if stems and (key, stems) not in seen:
            seen.add((key, stems))
            yield IndexedName(
                key=key,
                form=form,
                stems=stems,
                kind=kind,
                weight=_KIND_WEIGHTS[kind],
                whole_only=kind not in _PARTIAL_KINDS,
            )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _information(match: NameMatch) -> float:
    """How much of the utterance a match explains, times how well it explains it."""
    return match.spoken_weight * match.score * match.name.weight


def _distinct(matches: Iterable[NameMatch]) -> list[NameMatch]:
    seen: set[str] = set()
    kept = []
    for match in matches:
        if match.name.key not in seen:
            seen.add(match.name.key)
            kept.append(match)
    return kept


_JOB_EXPECTED = frozenset(
    "etre devenir deviens devient metier profession job travail comme".split()
)


def _job_is_expected(tokens: Sequence[Token], place: int) -> bool:
    before = [token.text for token in tokens[max(0, place - 3) : place]]
    if place == 0 or len(tokens) <= 2 or any(word in _JOB_EXPECTED for word in before):
        return True
    return before[-1:] in (["un"], ["une"], ["d'"]) and len(tokens) <= 7
