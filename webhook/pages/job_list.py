"""The page at `/metiers`: jobs by words and by criteria, counted, a page at a time."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.answers.context import AnswerContext
from bot.answers.naming import both_genders
from bot.answers.quoting import lead
from bot.assistant import Assistant
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.criteria import Criteria
from bot.catalogue.fiche import Fiche, MetierId
from bot.catalogue.niveaux import niveau_rank
from bot.dialogue.tracker import Tracker
from webhook.problems import Refused

__all__ = ["Query", "add_routes", "ways_in"]

_PER_PAGE = 20
_LONGEST = 200
_LEAD_WORDS = 40
_SURE = 0.9  # of a mention: below, the words look like a name and may not be one
_WORD = re.compile(r"\w+")
# The values of levels by rank, as addresses have them.
_NIVEAUX = ("sans_diplome", "cap", "bac", *(f"bac+{years}" for years in range(1, 9)), "bac+9")

Values = Callable[[Fiche], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What an address asks for: words, one value of each facet, a page from 1."""

    words: str = ""
    domaine: str = ""
    niveau: str = ""
    lower: bool = False
    interet: str = ""
    statut: str = ""
    page: int = 1

    @property
    def criteria(self) -> Criteria:
        """The criteria of the search."""
        return Criteria(
            niveau=self.niveau or None,
            niveau_rule="max" if self.lower else "equal",
            statuts=(self.statut,) if self.statut else (),
            centres_interet=(self.interet,) if self.interet else (),
            domaines=(self.domaine,) if self.domaine else (),
        )

    def address(self, **changes: object) -> str:
        """The address of this query with some changes; any change but `page` begins at page 1."""
        changed = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        values = {
            "q": changed.words,
            "domaine": changed.domaine,
            "niveau": changed.niveau,
            "jusque": "1" if changed.lower and changed.niveau else "",
            "interet": changed.interet,
            "statut": changed.statut,
            "page": str(changed.page) if changed.page > 1 else "",
        }
        written = urlencode({name: value for name, value in values.items() if value})
        return f"/metiers?{written}" if written else "/metiers"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facet:
    """A criterion and its values: each with what people read and how many jobs have it."""

    name: str
    chosen: str
    options: tuple[tuple[str, str, int], ...]


def add_routes(pages: Blueprint, assistant: Assistant) -> None:
    """Add `/metiers` to the pages."""

    @pages.get("/metiers", strict_slashes=False)
    def jobs() -> AnyResponse:
        query = _read(request.args)
        if len(query.words) > _LONGEST:
            note = assistant.wording.say("pages_long_search", most=_LONGEST)
            page = _render(replace(query, words=query.words[:_LONGEST]), assistant, note=note)
            return make_response(page, HTTPStatus.BAD_REQUEST)
        if any(not value for value in request.args.values()):
            return redirect(query.address(page=query.page))
        return make_response(_render(query, assistant))


def ways_in(catalogue: Catalogue) -> tuple[tuple[str, int, str], ...]:
    """The fields of activity, or the interests where fiches tell no field, to choose jobs by.

    Each has its name, how many jobs have it, and the address of their list.
    """
    told = [fiche for fiche in catalogue if fiche.is_told]
    for facet in ("domaine", "interet"):
        counts = Counter(value for fiche in told for value in _VALUES[facet](fiche))
        if counts:
            return tuple(
                (value, counts[value], Query(**{facet: value}).address())  # type: ignore[arg-type]
                for value in sorted(counts, key=_alphabetical)
            )
    return ()


def _read(args: MultiDict[str, str]) -> Query:
    page = args.get("page") or "1"
    if not (page.isascii() and page.isdigit() and 1 <= len(page) <= 4 and int(page)):
        raise Refused("no_such_page", HTTPStatus.NOT_FOUND)
    return Query(
        words=" ".join(args.get("q", "").split()),
        lower=bool(args.get("jusque")),
        page=int(page),
        **{
            name: args.get(name, "").strip()[:_LONGEST]
            for name in ("domaine", "niveau", "interet", "statut")
        },
    )


def _render(query: Query, assistant: Assistant, *, note: str = "") -> str:
    context = assistant.context(Tracker())
    ranked = _ranked(query.words, assistant) if not note else ()
    found = _kept(ranked, query.criteria, context)
    last = max(1, -(-len(found) // _PER_PAGE))
    if query.page > last:
        raise Refused("no_such_page", HTTPStatus.NOT_FOUND)
    shown = found[(query.page - 1) * _PER_PAGE : query.page * _PER_PAGE]
    facets = _facets(query, ranked, context)
    return render_template(
        "jobs.html",
        query=query,
        note=note,
        total=len(found),
        results=[_result(fiche) for fiche in context.fiches(shown)],
        facets=facets,
        chosen=[
            (facet.name, _label_of(facet), query.address(**{facet.name: ""}))
            for facet in facets.values()
            if facet.chosen
        ],
        last=last,
        numbers=_numbers(query.page, last),
        longest=_LONGEST,
        first_place=(query.page - 1) * _PER_PAGE + 1,
    )


def _ranked(words: str, assistant: Assistant) -> tuple[MetierId, ...]:
    """The jobs that answer the words, best first; without words, all, in alphabetical order."""
    context = assistant.context(Tracker())
    if words:
        # What is searched is often the name of a job, or a part of it.
        named = (*_linked(words, assistant), *_holding(words, context.catalogue))
        says = context.search.says_something(words)
        answering = context.search.find(Criteria(), words).answering if says else ()
        told = (f.id for f in context.fiches((*named, *answering)) if f.is_told)
        return tuple(dict.fromkeys(told))
    fiches = (fiche for fiche in context.catalogue if fiche.is_told)
    return tuple(
        fiche.id for fiche in sorted(fiches, key=lambda f: _alphabetical(both_genders(f.title)))
    )


def _linked(words: str, assistant: Assistant) -> Iterator[MetierId]:
    """Yield the jobs that the words name, in any of their forms."""
    for mention in assistant.interpret(words).entities:
        if mention.entity == "metier" and mention.score >= _SURE:
            yield from (MetierId(candidate.id) for candidate in mention.candidates)


def _holding(words: str, catalogue: Catalogue) -> Iterator[MetierId]:
    """Yield the jobs whose title has, for each word, one that begins so."""
    starts = [f" {word}" for word in _WORD.findall(_alphabetical(words))]
    for fiche in catalogue:
        title = " ".join(_WORD.findall(_alphabetical(both_genders(fiche.title))))
        if starts and all(start in f" {title}" for start in starts):
            yield fiche.id


def _kept(
    ranked: tuple[MetierId, ...], criteria: Criteria, context: AnswerContext
) -> tuple[MetierId, ...]:
    if not criteria:
        return ranked
    meeting = frozenset(context.search.meeting(criteria).metiers)
    return tuple(metier for metier in ranked if metier in meeting)


def _facets(
    query: Query, ranked: tuple[MetierId, ...], context: AnswerContext
) -> Mapping[str, _Facet]:
    """Count the values of each criterion among the jobs that meet the others."""
    counted = {
        name: _facet(name, values, query, ranked, context) for name, values in _VALUES.items()
    }
    return {name: facet for name, facet in counted.items() if facet.options}


def _facet(
    name: str, values: Values, query: Query, ranked: tuple[MetierId, ...], context: AnswerContext
) -> _Facet:
    chosen: str = getattr(query, name)
    others = replace(query, **{name: ""}).criteria  # type: ignore[arg-type]
    fiches = context.fiches(_kept(ranked, others, context))
    counts = Counter(value for fiche in fiches for value in values(fiche))
    if chosen and chosen not in counts:
        # In another case, of a finer field, or unknown: it stays chosen, so that it can be seen.
        same = (value for value in counts if value.casefold() == chosen.casefold())
        chosen = next(same, chosen)
        counts.setdefault(chosen, 0)
    order = _NIVEAUX.index if name == "niveau" else _alphabetical
    known = sorted((value for value in counts if name != "niveau" or value in _NIVEAUX), key=order)
    return _Facet(
        name=name,
        chosen=chosen,
        options=tuple((value, _spoken(name, value, context), counts[value]) for value in known),
    )


def _label_of(facet: _Facet) -> str:
    return next((label for value, label, _ in facet.options if value == facet.chosen), facet.chosen)


def _spoken(name: str, value: str, context: AnswerContext) -> str:
    if name != "niveau":
        return value
    own = f"pages_niveau_{value}"
    return context.say(own) if own in context.wording else value.replace("+", " + ")


def _domaines(fiche: Fiche) -> frozenset[str]:
    return frozenset(domaine.domaine for domaine in fiche.domaines)


def _niveau(fiche: Fiche) -> tuple[str, ...]:
    rank = niveau_rank(fiche.niveau_min) if fiche.niveau_min else None
    return () if rank is None else (_NIVEAUX[rank],)


_VALUES: Mapping[str, Values] = {
    "domaine": _domaines,
    "niveau": _niveau,
    "interet": lambda fiche: fiche.centres_interet,
    "statut": lambda fiche: fiche.statuts,
}


def _result(fiche: Fiche) -> Mapping[str, object]:
    section = fiche.presentation or fiche.summary
    text = section.paragraphs[0] if section is not None and section.paragraphs else ""
    return {
        "id": fiche.id,
        "name": both_genders(fiche.title),
        "niveau": fiche.niveau_min,
        "text": lead(text, _LEAD_WORDS),
    }


def _numbers(page: int, last: int) -> list[int | None]:
    """The pages to link: the ends and the neighbours; None stands for those left out."""
    kept = sorted({1, last, *range(max(1, page - 1), min(last, page + 1) + 1)})
    numbers: list[int | None] = []
    for number in kept:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def _alphabetical(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace(
        "œ", "oe"
    )
