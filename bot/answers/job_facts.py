"""The facts of a fiche as short values, to be read side by side; nothing of its text is altered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.answers.context import AnswerContext
from bot.answers.naming import both_genders
from bot.answers.quoting import lead, sentences
from bot.catalogue.fiche import Fiche, Section, StudyPath
from bot.catalogue.niveaux import niveau_rank

__all__ = ["FACTS", "MonthlyPay", "monthly_pay", "study_length"]

Fact = Callable[[Fiche, AnswerContext], tuple[str, ...]]
"""Reads the values of one field, in the order of the fiche; none when it does not tell."""

_WORDS = 30
# « 1801 euros », « 2 830 € », « entre 1 801 et 2 500 € »: what is paid, not the year.
_NUMBER = r"\d{1,3}(?:\s\d{3})+|\d{3,6}"
_AMOUNT = re.compile(rf"({_NUMBER})(?:,\d+)?(?:\s(?:et|à)\s(?:{_NUMBER}))?\s?(?:euros?\b|€)")
_MONTHLY = re.compile(r"\bmois\b|\bmensuel")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyPay:
    """What a job pays at first: `euros` gross a month, and the sentence that says it."""

    euros: int
    text: str


def monthly_pay(fiche: Fiche) -> MonthlyPay | None:
    """Return the first gross monthly pay that a fiche tells; None when it tells none.

    Pay by the week or by the job is no monthly pay: the two cannot be compared.
    """
    for text in _pay_sentences(fiche):
        amount = _AMOUNT.search(text)
        if amount is not None and "brut" in text and _MONTHLY.search(text):
            return MonthlyPay(euros=int("".join(amount[1].split())), text=text)
    return None


def study_length(fiche: Fiche) -> tuple[int, float] | None:
    """Return what orders jobs by length of studies: the level of entry, then the fewest years."""
    rank = niveau_rank(fiche.niveau_min) if fiche.niveau_min else None
    if rank is None:
        return None
    spans = (_span(path) for path in fiche.study_paths)
    return rank, min((span[0] for span in spans if span is not None), default=0.0)


def _pay_sentences(fiche: Fiche) -> list[str]:
    paragraphs = fiche.salary.paragraphs if fiche.salary is not None else ()
    lines = (line for paragraph in paragraphs for line in paragraph.splitlines())
    return [sentence.strip() for line in lines for sentence in sentences(line)]


def _pay(fiche: Fiche, _: AnswerContext) -> tuple[str, ...]:
    pay = monthly_pay(fiche)
    told = [pay.text] if pay is not None else _pay_sentences(fiche)
    return tuple(told[:1])


def _years(fiche: Fiche, context: AnswerContext) -> tuple[str, ...]:
    """One text for each entry of the studies that tells a length: « Après le bac : 2 à 5 ans »."""
    return tuple(text for path in fiche.study_paths if (text := _path_years(path, context)))


def _path_years(path: StudyPath, context: AnswerContext) -> str:
    span = _span(path)
    if span is None:
        return ""
    low, high = (f"{years:g}".replace(".", ",") for years in span)
    if low != high:
        years = context.say("study_years_range", low=low, high=high)
    else:
        years = context.say("study_year" if span[1] < 2 else "study_years", years=low)
    return context.say("study_entry", entry=path.entry, years=years) if path.entry else years


def _span(path: StudyPath) -> tuple[float, float] | None:
    """The fewest and the most years counted from the entry of a path."""
    counted = [d for d in path.durations if d.years_min is not None and d.after is None]
    lows = [d.years_min for d in counted if d.years_min is not None]
    highs = [d.years_max or d.years_min or 0.0 for d in counted]
    return (min(lows), max(highs)) if lows else None


def _studies(fiche: Fiche, context: AnswerContext) -> tuple[str, ...]:
    level = (fiche.niveau_min,) if fiche.niveau_min else ()
    return (*level, *_years(fiche, context), *(link.label for link in fiche.formations[:2]))


def _quote(pick: Callable[[Fiche], Section | None]) -> Fact:
    def quote(fiche: Fiche, _: AnswerContext) -> tuple[str, ...]:
        section = pick(fiche)
        paragraphs = section.paragraphs if section is not None else ()
        return (lead(paragraphs[0], _WORDS),) if paragraphs else ()

    return quote


FACTS: Mapping[str, Fact] = {
    "niveau_acces": lambda fiche, _: (fiche.niveau_min,) if fiche.niveau_min else (),
    "duree_etudes": _years,
    "formations": lambda fiche, _: tuple(link.label for link in fiche.formations),
    "statuts": lambda fiche, _: fiche.statuts,
    "salaire": _pay,
    "centres_interet": lambda fiche, _: fiche.centres_interet,
    "presentation": _quote(lambda fiche: fiche.summary or fiche.presentation),
    "etudes": _studies,
    "competences": _quote(lambda fiche: fiche.skills),
    "conditions_travail": _quote(lambda fiche: fiche.conditions),
    "debouches": _quote(lambda fiche: fiche.job_market),
    "appellations": lambda fiche, _: tuple(both_genders(name) for name in fiche.names()),
    "fiche": lambda fiche, _: (fiche.source.url,),
}
"""The fields by name: those of the questions about one job."""
