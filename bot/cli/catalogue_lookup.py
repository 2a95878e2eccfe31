"""Finds what a person names on the command line: a job, a formation, a label; or what is close."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import FormationId
from bot.understanding.normalisation import fold

__all__ = ["Ways", "close_labels", "close_records", "find_labels", "find_records", "record_name"]

_ID = re.compile(r"(MET|FOR)[._ ]?([0-9]{1,9})", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_CLOSE_ENOUGH = 75
_MOST_CLOSE = 5

Ways = Mapping[str, Sequence[str]]
"""Labels, each with other ways of saying it."""


def find_records(asked: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the identifiers that a text may name, in the order of the catalogue.

    An identifier names itself, in any case. A name is looked for among the titles of jobs, then
    their other names, then the names of formations; case, accents and punctuation apart. Several
    identifiers mean that the name is ambiguous, none that it is not known.
    """
    match = _ID.fullmatch(asked.strip())
    if match:
        identifier = f"{match[1].upper()}.{match[2]}"
        known = identifier in catalogue or FormationId(identifier) in catalogue.formation_labels
        return (identifier,) if known else ()
    key = _key(asked)
    for names in (_titles(catalogue), _other_names(catalogue), _formation_names(catalogue)):
        found = tuple(dict.fromkeys(identifier for name, identifier in names if _key(name) == key))
        if found and key:
            return found
    return ()


def close_records(asked: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the identifiers whose names are written nearly so, best first, five at most."""
    names = [*_titles(catalogue), *_other_names(catalogue), *_formation_names(catalogue)]
    return _closest(asked, names)


def record_name(identifier: str, catalogue: Catalogue) -> str:
    """Return the name of a job or formation, an empty text when it is not known."""
    fiche = catalogue.get(identifier)
    if fiche is not None:
        return fiche.name
    return catalogue.formation_labels.get(FormationId(identifier), "")


def find_labels(asked: str, ways: Ways) -> tuple[str, ...]:
    """Return the label that a text is, or else the labels that it is another way of saying."""
    key = _key(asked)
    own = tuple(label for label in ways if _key(label) == key)
    return own or tuple(label for label, said in ways.items() if key in map(_key, said))


def close_labels(asked: str, ways: Ways) -> tuple[str, ...]:
    """Return the labels that are written nearly so, or said so, best first, five at most."""
    return _closest(asked, [(way, label) for label, said in ways.items() for way in (label, *said)])


def _closest(asked: str, named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    pairs = [(_key(name), value) for name, value in named]
    found = process.extract(
        _key(asked), [name for name, _ in pairs],
        scorer=fuzz.WRatio, limit=4 * _MOST_CLOSE, score_cutoff=_CLOSE_ENOUGH,
    )  # fmt: skip
    return tuple(dict.fromkeys(pairs[place][1] for _, _, place in found))[:_MOST_CLOSE]


def _titles(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    return ((form, fiche.id) for fiche in catalogue for form in fiche.title.forms())


def _other_names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    return (
        (form, fiche.id)
        for fiche in catalogue
        for names in fiche.other_names
        for form in names.forms()
    )


def _formation_names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    return ((label, identifier) for identifier, label in catalogue.formation_labels.items())


def _key(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
