"""Finds jobs by criteria (level, status, interest, field) and by words of their fiches.

Free words go to an SQLite full-text index (FTS5, BM25, accents folded) over the fiches; criteria
are exact. A job that meets all the criteria comes before those that the words alone bring.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Fiche, MetierId
from bot.catalogue.niveaux import niveau_rank

__all__ = ["Criteria", "Search", "SearchResult"]

# A word of the title weighs more than one of the text (order of the columns of the index).
_RANKED = (
    "SELECT metier FROM fiche WHERE fiche MATCH ? "
    "ORDER BY bm25(fiche, 0.0, 12.0, 5.0, 4.0, 2.0, 0.8) LIMIT ?"
)
_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What the jobs must be. `words`: normalised free words; empty values ask for nothing.

    `niveau`: a level of the contract (`bac+2`); `niveau_rule`: `max` keeps the jobs open from
    that level or below, `equal` those of that level only.
    """

    niveau: str | None = None
    niveau_rule: str = "max"
    statuts: tuple[str, ...] = ()
    centres_interet: tuple[str, ...] = ()
    domaines: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def has_labels(self) -> bool:
        """Whether anything but free words is asked."""
        return bool(self.niveau or self.statuts or self.centres_interet or self.domaines)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The jobs found, best first; `exact` of them meet every criterion, the rest come near."""

    metiers: tuple[MetierId, ...]
    exact: int


class Search:
    """Searches one catalogue; safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Prepare the search; the full-text index is built at the first search by words."""
        self._catalogue = catalogue
        self._lock = threading.Lock()
        # There is a text about these jobs: a name in a table alone leads nowhere.
        self._told = [_Labels.of(fiche) for fiche in catalogue if _is_told(fiche)]
        self._index: sqlite3.Connection | None = None

    def find(self, criteria: Criteria) -> SearchResult:
        """Return the jobs that meet the criteria, ranked by the free words when there are some."""
        kept = self._meeting(criteria)
        if not kept and criteria.centres_interet and criteria.domaines:
            # A taste and a field said by the same word (« les langues ») need not both hold.
            tastes = self._meeting(replace(criteria, domaines=()))
            fields = self._meeting(replace(criteria, centres_interet=()))
            kept = list(dict.fromkeys((*tastes, *fields)))
        if not criteria.words:
            return SearchResult(metiers=tuple(kept), exact=len(kept))
        ranked = self.by_words(criteria.words)
        if not criteria.has_labels:
            return SearchResult(metiers=ranked, exact=len(ranked))
        allowed = set(kept)
        both = [metier for metier in ranked if metier in allowed]
        seen = set(both)
        rest = [metier for metier in kept if metier not in seen]
        return SearchResult(metiers=(*both, *rest), exact=len(both) or len(kept))

    def close(self) -> None:
        """Release the full-text index, which is then built again if it is needed."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _meeting(self, criteria: Criteria) -> list[MetierId]:
        wanted = _Wanted.of(criteria)
        return [labels.metier for labels in self._told if wanted.holds(labels)]

    def by_words(self, words: Sequence[str]) -> tuple[MetierId, ...]:
        """Rank the jobs whose fiche holds some of the words (normalised), best first."""
        query = " OR ".join(_term(word) for word in dict.fromkeys(words) if word.isalnum())
        if not query:
            return ()
        with self._lock:
            index = self._index or self._build()
            rows = index.execute(
                _RANKED,
                (query, _MOST),
            ).fetchall()
        return tuple(MetierId(row[0]) for row in rows)

    def _build(self) -> sqlite3.Connection:
        index = sqlite3.connect(":memory:", check_same_thread=False)
        index.execute(
            "CREATE VIRTUAL TABLE fiche USING fts5(metier UNINDEXED, names, presentation, summary,"
            " labels, text, tokenize='unicode61 remove_diacritics 2')"
        )
        index.executemany(
            "INSERT INTO fiche VALUES (?, ?, ?, ?, ?, ?)",
            map(_row, filter(_is_told, self._catalogue)),
        )
        self._index = index
        return index


def _term(word: str) -> str:
    """Match a word and its inflexions: « chevaux » and « cheval » share their first letters."""
    if len(word) <= 4:
        return f'"{word}"'
    return f'"{word[: max(4, len(word) - 2)]}"*'


def _row(fiche: Fiche) -> tuple[str, ...]:
    names = " ".join(form for appellation in fiche.names() for form in appellation.forms())
    labels = [*fiche.centres_interet, *(f"{d.domaine} {d.sous_domaine}" for d in fiche.domaines)]
    long = (fiche.nature, fiche.skills, fiche.conditions, fiche.job_market)
    return (
        fiche.id,
        names,
        fiche.presentation.text if fiche.presentation else "",
        fiche.summary.text if fiche.summary else "",
        " ".join(labels),
        " ".join(section.text for section in long if section),
    )


def _is_told(fiche: Fiche) -> bool:
    return fiche.presentation is not None or fiche.summary is not None


def _folded(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(label.casefold() for label in labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    """The labels of a job, ready to be compared."""

    metier: MetierId
    niveau: int | None
    statuts: frozenset[str]
    centres_interet: frozenset[str]
    domaines: frozenset[str]

    @staticmethod
    def of(fiche: Fiche) -> _Labels:
        domaines = [d.domaine for d in fiche.domaines]
        domaines += [d.sous_domaine for d in fiche.domaines if d.sous_domaine]
        return _Labels(
            metier=fiche.id,
            niveau=niveau_rank(fiche.niveau_min) if fiche.niveau_min else None,
            statuts=_folded(fiche.statuts),
            centres_interet=_folded(fiche.centres_interet),
            domaines=_folded(domaines),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Criteria, ready to be compared; an empty set asks for nothing."""

    asks_niveau: bool
    niveau: int | None
    is_exact: bool
    statuts: frozenset[str]
    centres_interet: frozenset[str]
    domaines: frozenset[str]

    @staticmethod
    def of(criteria: Criteria) -> _Wanted:
        return _Wanted(
            asks_niveau=criteria.niveau is not None,
            niveau=niveau_rank(criteria.niveau) if criteria.niveau else None,
            is_exact=criteria.niveau_rule == "equal",
            statuts=_folded(criteria.statuts),
            centres_interet=_folded(criteria.centres_interet),
            domaines=_folded(criteria.domaines),
        )

    def holds(self, labels: _Labels) -> bool:
        """Whether a job meets all the criteria (of each kind, one label at least)."""
        return (
            (not self.statuts or bool(self.statuts & labels.statuts))
            and (not self.centres_interet or bool(self.centres_interet & labels.centres_interet))
            and (not self.domaines or bool(self.domaines & labels.domaines))
            and (not self.asks_niveau or self._holds_niveau(labels.niveau))
        )

    def _holds_niveau(self, own: int | None) -> bool:
        if own is None or self.niveau is None:
            return False
        return own == self.niveau if self.is_exact else own <= self.niveau
