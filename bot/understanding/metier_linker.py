"""From a mention of a job to the fiche it names, to several it may name, or to none.

These are three different results: a whole title names its fiche even when longer names contain
it (« avocat »); a bare word shared by several fiches asks (« monteur »); a word that only looks
like a name is nothing at all. A name that no fiche has may be one of the ROME (« vitrier »).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.rome import RomeAppellation
from bot.understanding.alias_index import AliasIndex, AliasMatch
from bot.understanding.bare_word import BareWords, job_is_expected
from bot.understanding.gender_pairs import fold_tokens
from bot.understanding.interpretation import Candidate, EntityMention
from bot.understanding.metier_names import (
    first_surfaces,
    heads_of,
    metier_names,
    singular,
    written_names,
)
from bot.understanding.name_choice import LinkingSettings, NameChoice
from bot.understanding.name_index import STOP_WORDS, NameIndex, NameMatch, no_known_word
from bot.understanding.normalisation import NormalisedText, Normaliser, Token, stem
from bot.understanding.periphrases import Periphrases
from bot.understanding.rome_aliases import aliases_of

__all__ = ["LinkingSettings", "MetierLinker"]


# Slips of spelling are forgiven less in a name of the ROME: there are ten times as many.
_ALIAS_FLOOR = 0.8
_SUBJECTS = frozenset("je j' tu il elle on ils elles".split())


class MetierLinker:
    """Links mentions of jobs to the fiches of one catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        normaliser: Normaliser,
        aliases: Mapping[str, Sequence[str]] | None = None,
        appellations: Sequence[RomeAppellation] = (),
        common_words: Iterable[str] = (),
        someone: Iterable[str] = (),
        is_known_word: Callable[[str], bool] = no_known_word,
        settings: LinkingSettings | None = None,
    ) -> None:
        """Index the names of the catalogue.

        Args:
            catalogue: the fiches to find.
            normaliser: the same as for the utterances.
            aliases: everyday names by identifier (`intents/synonyms/metiers.yml`); those of
                jobs that this catalogue has not are ignored.
            appellations: names of the ROME, which lead to fiches by their codes.
            common_words: words that are names of jobs but mostly mean something else; alone they
                count only where a job is expected (`devenir cadre`, `métier de guide`).
            someone: words for anybody, told by what they do (`le mec qui soigne les animaux`).
            is_known_word: tells a French word, which is never taken for a misspelt name.
            settings: thresholds.
        """
        self._catalogue = catalogue
        self._normaliser = normaliser
        self._settings = settings or LinkingSettings()
        written = tuple(written_names(catalogue, aliases or {}))
        said = (form for forms in (aliases or {}).values() for form in forms)
        self._periphrases = Periphrases(someone, normaliser, told=said)
        names = metier_names(written, normaliser, self._periphrases)
        self._is_known_word = is_known_word
        self._index = NameIndex(names, is_known_word=is_known_word)
        self._heads = heads_of(names)
        self._choice = NameChoice(self._heads, self._settings)
        self._bare = BareWords(
            first_surfaces((name.form for name in written), normaliser),
            common_words=common_words,
            is_known_word=is_known_word,
        )
        self._aliases = AliasIndex(
            aliases_of(
                appellations,
                catalogue,
                names=names,
                normaliser=normaliser,
                is_known_word=is_known_word,
            ),
            telling=self._index.telling,
            is_known_word=is_known_word,
        )

    def link(self, text: NormalisedText) -> tuple[EntityMention, ...]:
        """Find the jobs that an utterance names, in reading order, never overlapping.

        Returns:
            Mentions with an `id`, or with several `candidates` (best first) and no `id`. One
            found by an appellation may have both: the job taken, then those that come near.
        """
        folded = fold_tokens(self._periphrases.read(text), ignored=STOP_WORDS)
        first: dict[str, EntityMention] = {}
        mentions = list(self._segment(folded, 0, len(folded.tokens)))
        return tuple(m for m in mentions if first.setdefault(m.id or str(m.start), m) is m)

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

    def holds(self, word: str) -> bool:
        """Whether a normalised word is part of the name of a job."""
        return self._index.has_word(stem(word))

    # What an utterance names

    def _segment(self, text: NormalisedText, start: int, end: int) -> Iterator[EntityMention]:
        """Find the most telling mention between two tokens, then those on each side of it."""
        tokens = text.tokens[start:end]
        part = NormalisedText(text.typed, tokens)
        names = [
            match
            for match in self._index.find(tokens, floor=self._settings.ask_floor)
            if self._is_plausible(match, tokens)
        ]
        aliases = [
            match
            for match in self._aliases.find(part)
            if self._is_plausible_alias(match, text.tokens, start + match.first)
        ]
        while names or aliases:
            found: list[NameMatch | AliasMatch] = [*names, *aliases]
            best = max(found, key=lambda match: match.information)
            mention = self._mention(best, names, part)
            if mention is not None:
                # The name chosen may lie elsewhere than the most telling one: cut by what is said.
                before = sum(token.end <= mention.start for token in tokens)
                after = sum(token.start < mention.end for token in tokens)
                yield from self._segment(text, start, start + before)
                yield mention
                yield from self._segment(text, start + after, end)
                return
            names = [name for name in names if not _overlap(name, best)]

    def _mention(
        self, best: NameMatch | AliasMatch, names: Sequence[NameMatch], part: NormalisedText
    ) -> EntityMention | None:
        if isinstance(best, NameMatch):
            return self._by_names(best, names, part)
        return self._by_own_names(best, names, part) or self._by_alias(best, part)

    def _by_own_names(
        self, alias: AliasMatch, names: Sequence[NameMatch], part: NormalisedText
    ) -> EntityMention | None:
        """Prefer the names of the fiches that say as many words, in part or whole."""
        own = [n for n in names if _overlap(n, alias) and n.spoken >= alias.spoken]
        if not own:
            return None
        return self._by_names(max(own, key=lambda name: name.information), names, part)

    # Which matches count

    def _is_plausible(self, match: NameMatch, tokens: Sequence[Token]) -> bool:
        if match.spoken == 1 and not self._is_plausible_word(match, tokens):
            return False
        if match.is_whole:
            # « je garde des chiens » tells what somebody does.
            is_verb = match.name.whole_only and _follows_subject(tokens, match.first)
            return match.score >= self._settings.floor and not is_verb
        if not match.has_head:
            return False
        return match.coverage >= self._settings.ask_floor

    def _is_plausible_word(self, match: NameMatch, tokens: Sequence[Token]) -> bool:
        """One word names a job only in a form that names are written in, and in its place."""
        if match.first != match.last:
            return True
        if not self._bare.is_in_place(tokens, match.first):
            return False
        head = match.name.stems[0]
        if not match.is_whole and len(self._heads.get(head, ())) < 2:
            return match.coverage >= self._settings.partial_floor
        return self._bare.is_written_so(tokens[match.first].text, head)

    def _is_plausible_alias(self, match: AliasMatch, tokens: Sequence[Token], place: int) -> bool:
        """An alias begins as it is written, and one of one French word is in its place."""
        if match.score < _ALIAS_FLOOR:
            return False
        word = tokens[place].text
        if not self._is_known_word(word):
            return True
        # « marine marchande » has the stems of « marin marchand », and names nobody.
        written = self._normaliser.lexicon_words(match.alias.form)
        is_so = singular(word) in map(singular, written)
        return is_so and (match.spoken > 1 or job_is_expected(tokens, place))

    # The mention that says so

    def _by_names(
        self, best: NameMatch, names: Sequence[NameMatch], text: NormalisedText
    ) -> EntityMention | None:
        choice = self._choice.choose(best, [name for name in names if _overlap(name, best)])
        if choice is None:
            return None
        candidates = tuple(
            self._candidate(match.name.key, match.score * match.name.weight)
            for match in choice.ranked
        )
        return _mention(choice.place, text, candidates, asks=choice.asks)

    def _by_alias(self, match: AliasMatch, text: NormalisedText) -> EntityMention:
        candidates = tuple(
            self._candidate(metier.id, match.score * metier.weight)
            for metier in match.alias.metiers[: self._settings.most_candidates]
        )
        return _mention(match, text, candidates, asks=match.alias.is_ambiguous)

    def _candidate(self, metier: str, score: float) -> Candidate:
        fiche = self._catalogue[metier]
        return Candidate(id=fiche.id, name=fiche.name, score=round(min(1.0, score), 3))


def _mention(
    match: NameMatch | AliasMatch,
    text: NormalisedText,
    candidates: tuple[Candidate, ...],
    *,
    asks: bool = False,
) -> EntityMention:
    """Make the mention of a match: that of its first candidate, or of none when it asks."""
    start, end = text.tokens[match.first].start, text.tokens[match.last].end
    return EntityMention(
        entity="metier",
        value=text.typed[start:end] if asks else candidates[0].name,
        start=start,
        end=end,
        score=candidates[0].score,
        id=None if asks else candidates[0].id,
        candidates=candidates,
    )


def _follows_subject(tokens: Sequence[Token], place: int) -> bool:
    return place > 0 and tokens[place - 1].text in _SUBJECTS


def _overlap(match: NameMatch | AliasMatch, other: NameMatch | AliasMatch) -> bool:
    return match.last >= other.first and match.first <= other.last
