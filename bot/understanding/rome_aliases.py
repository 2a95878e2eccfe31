"""The names that the ROME gives to the jobs of a catalogue, worked out once, when it is loaded.

An appellation that is already a name of a fiche is left out, and so is one that fits none: a
ROME title counts when it fits the work of a fiche, otherwise the job is unknown. A single word
must prove more: « mineur » or « doublure » are names of jobs that mostly mean something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.rome import RomeAppellation
from bot.understanding.alias_ranking import (
    AliasRanking,
    AliasSettings,
    CodedName,
    RankedMetier,
    Stems,
)
from bot.understanding.gender_pairs import fold_pairs
from bot.understanding.name_index import IndexedName, content_words, no_known_word
from bot.understanding.normalisation import Normaliser

__all__ = ["RomeAlias", "aliases_of"]

_SHORTEST_BARE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RomeAlias:
    """A name of the ROME: its label, one way of saying it as stems, and the fiches it may name.

    `metiers` come best first, five at most; `is_ambiguous` when the first is hardly better
    than the second, and the person must be asked.
    """

    form: str
    stems: Stems
    metiers: tuple[RankedMetier, ...]
    is_ambiguous: bool = False


def aliases_of(
    appellations: Sequence[RomeAppellation],
    catalogue: Catalogue,
    *,
    names: Sequence[IndexedName],
    normaliser: Normaliser,
    is_known_word: Callable[[str], bool] = no_known_word,
    settings: AliasSettings | None = None,
) -> tuple[RomeAlias, ...]:
    """Give each appellation the fiches that it names.

    Args:
        appellations: in any order; of those said with the same words the best fitting counts.
        catalogue: the fiches.
        names: the names that the catalogue already answers to, `key` being the identifier.
        normaliser: the same as for the utterances.
        is_known_word: tells a word of running French, which alone may mean something else.
        settings: weights and thresholds.

    Returns:
        The aliases, those of the best fitting appellations first; none is a name of `names`.
    """
    if not appellations:
        return ()
    settings = settings or AliasSettings()
    labels = _Labels(normaliser)
    by_code = sorted(appellations, key=lambda one: one.rome_codes[::-1])
    said = [(one, labels.ways_of_saying(one)) for one in by_code]
    coded = [CodedName(codes=one.rome_codes, stems=ways[0]) for one, ways in said]
    ranking = AliasRanking(coded, catalogue, names=names, settings=settings)
    taken = {name.stems for name in names}
    found: list[RomeAlias] = []
    for (appellation, ways), name in zip(said, coded, strict=True):
        new = [stems for stems in ways if stems and stems not in taken]
        metiers = ranking.rank(name) if new else ()
        if metiers:
            is_ambiguous = ranking.is_close(metiers)
            found += (
                RomeAlias(
                    form=appellation.label,
                    stems=stems,
                    metiers=metiers,
                    is_ambiguous=is_ambiguous,
                )
                for stems in new
            )
    told = [alias for alias in found if labels.are_telling(alias, settings, is_known_word)]
    told.sort(key=lambda alias: -alias.metiers[0].weight)
    aliases: dict[Stems, RomeAlias] = {}
    for alias in told:
        aliases.setdefault(alias.stems, alias)
    return tuple(aliases.values())


class _Labels:
    """Brings labels to stems; each word of the ROME, which comes back often, is read once."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._words: dict[str, Stems] = {}

    def ways_of_saying(self, appellation: RomeAppellation) -> tuple[Stems, ...]:
        """Return the stems of a label, and of its genders when they have not the same stems."""
        whole = self._read(appellation.label)
        folded = fold_pairs(whole)
        genders = [g for g in (appellation.masculine, appellation.feminine) if g is not None]
        if folded != whole or not genders:
            return (folded,)
        # « maître / maîtresse d'hôtel »: no stem is said twice.
        return tuple(dict.fromkeys((*map(fold_pairs, map(self._read, genders)), folded)))

    def are_telling(
        self, alias: RomeAlias, settings: AliasSettings, is_known_word: Callable[[str], bool]
    ) -> bool:
        """Whether the words of an alias tell enough for it to be found in any utterance."""
        if len(alias.stems) > 1:
            return True
        best = alias.metiers[0]
        if len(alias.stems[0]) < _SHORTEST_BARE or best.weight < settings.bare_floor:
            return False
        return best.in_title or not any(map(is_known_word, self._normalise(alias.form)))

    def _read(self, label: str) -> Stems:
        stems: list[str] = []
        for word in label.split():
            known = self._words.get(word)
            if known is None:
                known = self._words[word] = content_words(self._normalise(word))
            stems += known
        return tuple(stems)

    def _normalise(self, text: str) -> tuple[str, ...]:
        return self._normaliser.normalise(text).words
