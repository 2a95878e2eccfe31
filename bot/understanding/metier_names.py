"""The names by which the jobs of a catalogue are found, and what their first words are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.catalogue.catalogue import Catalogue
from bot.understanding.gender_pairs import fold_pairs
from bot.understanding.name_index import IndexedName, content_words
from bot.understanding.normalisation import Normaliser, fold, stem
from bot.understanding.periphrases import Periphrases

__all__ = ["WrittenName", "first_surfaces", "heads_of", "metier_names", "singular", "written_names"]

# Only these may be said in part (« pilote »); an alias is said whole or not at all.
_PARTIAL_KINDS = frozenset({"title", "synonym"})
_KIND_WEIGHTS = {"title": 1.0, "synonym": 0.99, "alias": 0.985}
_BRACKETED = re.compile(r"(.*\S)\s+\(([^()]*)\)")
_SIGLE = re.compile(r"[A-ZÀ-Ý][A-Za-zÀ-ÿ]{0,4}[A-ZÀ-Ý]")
_OR = re.compile(r"\bou\b", re.IGNORECASE)


class WrittenName(NamedTuple):
    """A written form of the name of a job; `kind`: title, synonym, or alias (an everyday name)."""

    metier: str
    form: str
    kind: str


def written_names(
    catalogue: Catalogue, aliases: Mapping[str, Sequence[str]]
) -> Iterator[WrittenName]:
    """Yield every form of every name; `aliases` of jobs that the catalogue has not are ignored."""
    for fiche in catalogue:
        for form in fiche.title.forms():
            yield from (WrittenName(fiche.id, said, "title") for said in _as_said(form))
        for other in fiche.other_names:
            for form in other.forms():
                yield from (WrittenName(fiche.id, said, "synonym") for said in _as_said(form))
    for metier, words in aliases.items():
        if metier in catalogue:
            for form in words:
                yield WrittenName(metier, form, "alias")


def _as_said(form: str) -> Iterator[str]:
    """Yield a name as written, then without the brackets that say a sigle twice.

    « responsable RSE (responsabilité sociétale des entreprises) » is said « responsable RSE »; in
    « acheteur (mode) » the brackets tell which one.
    """
    yield form
    bracketed = _BRACKETED.fullmatch(form)
    if bracketed and (_SIGLE.fullmatch(bracketed[2]) or _spells(bracketed[2], bracketed[1])):
        yield bracketed[1]


def _spells(words: str, name: str) -> bool:
    """Whether the words begin with the letters of the sigle that ends a name."""
    sigle = name.rpartition(" ")[2]
    if _SIGLE.fullmatch(sigle) is None:
        return False
    initials = iter(word[0] for word in re.findall(r"[^\W\d_]+", fold(words)))
    return all(letter in initials for letter in fold(sigle))


def metier_names(
    written: Iterable[WrittenName], normaliser: Normaliser, periphrases: Periphrases | None = None
) -> tuple[IndexedName, ...]:
    """Return the names to index: forms that have the same stems are one name of a job."""
    names: dict[tuple[str, tuple[str, ...]], IndexedName] = {}
    words = _WordReader(normaliser)
    for metier, form, kind in written:
        said = tuple(words.each(form))
        if periphrases is not None and kind not in _PARTIAL_KINDS:
            said = tuple(periphrases.read_words(said))
        stems = fold_pairs(content_words(said))
        if stems and (metier, stems) not in names:
            names[metier, stems] = IndexedName(
                key=metier,
                form=form,
                stems=stems,
                kind=kind,
                weight=_KIND_WEIGHTS[kind],
                whole_only=kind not in _PARTIAL_KINDS,
                has_or=_OR.search(form) is not None,
            )
    return tuple(names.values())


def heads_of(names: Iterable[IndexedName]) -> Mapping[str, frozenset[str]]:
    """Return the jobs whose names begin with each stem (« monteur »: those of all monteurs)."""
    heads: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if not name.whole_only:
            heads[name.stems[0]].add(name.key)
    return {first: frozenset(metiers) for first, metiers in heads.items()}


def first_surfaces(forms: Iterable[str], normaliser: Normaliser) -> Mapping[str, frozenset[str]]:
    """Return the first words of names as written, by stem: « médecine » has that of médecin."""
    surfaces: dict[str, set[str]] = defaultdict(set)
    words = _WordReader(normaliser)
    for form in set(forms):
        first = next(words.each(form), None)
        if first is not None:
            surfaces[stem(first)].add(singular(first))
    return {first: frozenset(written) for first, written in surfaces.items()}


class _WordReader:
    """Normalises names piece by piece: their words come back in thousands of them."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._known: dict[str, tuple[str, ...]] = {}

    def each(self, form: str) -> Iterator[str]:
        """Yield the normalised words of a name; none holds a space."""
        for piece in form.split():
            known = self._known.get(piece)
            if known is None:
                known = self._known[piece] = self._normaliser.normalise(piece).words
            yield from known


def singular(word: str) -> str:
    """Return a normalised word without the mark of the plural."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word
