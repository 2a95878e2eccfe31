"""From the name of a diploma to its canonical name and its identifier, where fiches know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.catalogue.catalogue import Catalogue
from bot.understanding.formation_sigles import sigle_names
from bot.understanding.interpretation import Candidate, EntityMention
from bot.understanding.name_index import (
    IndexedName,
    NameIndex,
    NameMatch,
    content_words,
    no_known_word,
)
from bot.understanding.normalisation import NormalisedText, Normaliser

__all__ = ["FormationLinker"]

# The words that begin the name of a diploma. A diploma is only recognised from one of them on (or
# from a whole alias of intents/synonyms/formations.yml): elsewhere the same words name a field.
_TYPES = frozenset(
    "bac bachelor bep bm bma bp bpjeps bt bts btsa btm but cap capa cpge cqp cs de deas deap dees "
    "dejeps desjeps deug deust dma dnmade dnsep dscg dut dcg fcil ifsi licence master mastere mc "
    "meef mention pass prepa staps tp titre".split()
)
_ARTICLES = frozenset(["un", "une", "le", "la", "l'", "en", "du"])
_LINKING_WORDS = frozenset(["en", "de", "d'", "du", "des", "la", "le", "les", "l'"])
_FLOOR = 0.62
_UNKNOWN = 0.5
_SHORTEST = 4  # letters of a word that may name a diploma


class FormationLinker:
    """Finds the diplomas that an utterance names."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        aliases: Mapping[str, Sequence[str]],
        normaliser: Normaliser,
        after: Iterable[str] = (),
    ) -> None:
        """Index the diplomas of the catalogue and the abbreviations of `intents/`.

        Args:
            catalogue: its diplomas, described or recommended.
            aliases: the everyday names of diplomas (`intents/synonyms/formations.yml`).
            normaliser: the same as for the utterances.
            after: words that may follow a bare type of diploma without naming one.
        """
        self._after = frozenset(word for way in after for word in normaliser.lexicon_words(way))
        self._labels: dict[str, str] = {str(k): v for k, v in catalogue.formation_labels.items()}
        by_label = {label: formation for formation, label in self._labels.items()}
        names = [
            IndexedName(key=key, form=label, stems=_stems(normaliser, label), kind="title")
            for key, label in self._labels.items()
        ]
        self._aliases: dict[tuple[str, ...], tuple[str, str | None]] = {}
        for label, ways in aliases.items():
            for way in (label, *ways):
                words = normaliser.lexicon_words(way)
                if words[:1] and words[0] in _ARTICLES:
                    continue  # the diploma is what follows the article
                self._aliases.setdefault(tuple(words), (label, by_label.get(label)))
        for way, named in sigle_names(catalogue.formations.values()).items():
            self._aliases.setdefault(tuple(normaliser.lexicon_words(way)), named)
        self._longest = max((len(words) for words in self._aliases), default=0)
        self._index = NameIndex(names, is_known_word=no_known_word)

    def by_id(self, formation: str) -> EntityMention:
        """Return the mention that a button carries: an identifier, or a plain name."""
        known = self._labels.get(formation)
        return EntityMention(
            entity="formation",
            value=known or formation,
            start=0,
            end=0,
            score=1.0,
            id=formation if known else None,
        )

    def bare_type(self, text: NormalisedText) -> tuple[EntityMention, ...]:
        """Find a type of diploma alone (« un BUT », « la licence »), for a question about it.

        With a name that no diploma has (« BTS astrologie »), the mention is what was typed: a
        diploma that the catalogue has not must be said so, not be taken for another.
        """
        for place, token in enumerate(text.tokens):
            for word in (token.text, token.text.upper()):
                if word in _LEVEL_ONLY:
                    last = self._last_of_name(text, place)
                    end = text.tokens[last].end
                    if last == place:
                        return (_mention(text, place, place, word, None, 1.0),)
                    typed = text.typed[token.start : end]
                    unknown = _mention(text, place, last, typed, None, _UNKNOWN)
                    return (replace(unknown, entity="formation_inconnue"),)
        return ()

    def _last_of_name(self, text: NormalisedText, place: int) -> int:
        """Return the place of the last word of the name that follows a type, the type's if none."""
        last = place
        for n in range(place + 1, len(text.tokens)):
            word = text.tokens[n].text
            if word in _LINKING_WORDS and last == n - 1:
                continue
            if len(word) < _SHORTEST or not word.isalpha() or word in self._after:
                break
            last = n
        return last

    def link(self, text: NormalisedText) -> tuple[EntityMention, ...]:
        """Find the diplomas named, in reading order, never overlapping."""
        tokens = text.tokens
        mentions: list[EntityMention] = []
        place = 0
        while place < len(tokens):
            found = self._whole_alias(text, place) or self._typed_name(text, place)
            if found is None:
                place += 1
                continue
            mention, place = found
            mentions.append(mention)
        return tuple(mentions)

    def _whole_alias(self, text: NormalisedText, place: int) -> tuple[EntityMention, int] | None:
        words = text.words
        for length in range(min(self._longest, len(words) - place), 0, -1):
            known = self._aliases.get(words[place : place + length])
            if known is not None and (length > 1 or known[0] not in _LEVEL_ONLY):
                label, formation = known
                longer = self._typed_name(text, place)
                if longer is not None and longer[1] > place + length:
                    return longer
                last = place + length - 1
                return _mention(text, place, last, label, formation, 1.0), last + 1
        return None

    def _typed_name(self, text: NormalisedText, place: int) -> tuple[EntityMention, int] | None:
        tokens = text.tokens
        if tokens[place].text not in _TYPES:
            return None
        window = tokens[place : place + 14]
        best: NameMatch | None = None
        for match in self._index.find(window, floor=_FLOOR):
            starts = match.first == 0 and match.has_head and match.spoken >= 2
            if starts and match.score >= _FLOOR and (best is None or _rank(match) > _rank(best)):
                best = match
        if best is None:
            return None
        last = place + best.last
        label = self._labels[best.name.key]
        return _mention(text, place, last, label, best.name.key, best.score), last + 1


# A bare type of diploma is a level (`level_parser`), not a diploma, unless it is asked about.
_LEVEL_ONLY = frozenset({"bac", "CAP", "BTS", "BUT", "licence", "master", "bac pro"})


def _stems(normaliser: Normaliser, label: str) -> tuple[str, ...]:
    return content_words(normaliser.lexicon_words(label))


def _rank(match: NameMatch) -> tuple[float, float]:
    return (match.spoken_weight * match.score, match.score)


def _mention(
    text: NormalisedText, first: int, last: int, label: str, formation: str | None, score: float
) -> EntityMention:
    return EntityMention(
        entity="formation",
        value=label,
        start=text.tokens[first].start,
        end=text.tokens[last].end,
        score=round(min(1.0, score), 3),
        id=formation,
        candidates=(Candidate(id=formation, name=label, score=1.0),) if formation else (),
    )
