"""Reads how long the studies last, from the prose of « Durée des études ».

A study paragraph is a row of sentences such as « 2 ans pour préparer le BTS … ; 3 ans
pour le BUT … ». It is cut into clauses, one per stated duration; put end to end, the
clauses are the paragraph again. A duration that only completes another (« éventuellement
complété par une licence professionnelle (1 an) ») stays inside its clause: it is not
counted from the entry level of the path, and must not be read as a shorter way in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.catalogue.fiche import StudyDuration

__all__ = ["LONGEST_TEXT", "read_durations"]

LONGEST_TEXT = 10_000
"""Three times the longest real text. The work grows with the square of the length."""

_WORDS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
    "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12,
}  # fmt: skip
_YEARS_BY_UNIT = (("semaine", 1 / 52), ("semestre", 0.5), ("mois", 1 / 12), ("an", 1.0))

_NUMBER = r"(?:\d{1,2}(?:[.,]\d)?|" + "|".join(_WORDS) + r")"
_UNIT = r"(?:ans?|années?|mois|semestres?|semaines?)(?![\w-])"
_DURATION = re.compile(
    rf"(?<![\w+/-])(?<!\d[.,])(?:(?P<low>{_NUMBER})\s*(?:(?P<unit_low>{_UNIT})\s*à|à|ou|et|[-–/])\s*)?"
    rf"(?P<high>{_NUMBER})\s*(?P<unit>{_UNIT})(?P<half>\s+et\s+demie?\b)?",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\bbac\s*\+\s*(?P<low>\d{1,2})"
    r"(?:\s*(?:/|à|ou|,)\s*(?:\+\s*)?(?P<high>\d{1,2})(?![\w+/]| ?ans))?",
    re.IGNORECASE,
)
_OLDEST_STUDIES = 13  # above, « 18 ans » is an age: the longest studies last 12 years

# Lengths that are not of studies: a career, a contract, an experience asked for, a part.
_NOT_STUDY_BEFORE = re.compile(
    r"(?:\bcontrat de|\bces|\bdepuis|\bvalable|\bl['’]âge de|\bpour une durée de"
    r"|\bengager(?: pour)?|\bdisposent[\w ]* de|\bmoins d(?:e|['’])|\bdont|\bâgée?s? de"
    r"|\bdès|\btou(?:te)?s les|\bcadre de)\s*$",
    re.IGNORECASE,
)
_NOT_STUDY_AFTER = re.compile(
    r"\s*(?:\(?au (?:minimum|moins)\)?|minimum)?\s*"
    r"(?:d['’](?:expérience|exercice|activité|internat|ancienneté)"
    r"|de (?:pratique|stage|service|contrat|métier|carrière|navigation)|suivante"
    r"|dans l['’]armée|en moyenne après|après la fin)",
    re.IGNORECASE,
)

# What comes between two durations when the second only completes the first.
_THEN = re.compile(
    r"\b(?:complét|suivie?s?\b|suivre\b|puis\b|avant d|ensuite\b|prolong|poursui|s['’]ajoutent)",
    re.IGNORECASE,
)
# A sentence that goes on with the path of the one before.
_GOES_ON = re.compile(
    r"\b(?:complét|suivie?s? (?:d|par)|prolong|puis\b|en fin de \d)", re.IGNORECASE
)
_STARTS_CLAUSE = re.compile(
    r"(?P<start>(?:,|\bou\b|\bet\b|\bvoire\b|\+|:|\bsoit\b|\bmais\b)\s*"
    r"(?:(?:,|ou|et|voire|encore|bien|soit|en|de|du|à|environ|entre|il faut compter"
    r"|jusqu['’]à)\s+)*)$",
    re.IGNORECASE,
)
_COMPLETION_ONLY = re.compile(r"\s*(?:d['’]études?\s+)?(?:de plus|supplémentaires?)\b")

_SEGMENT_END = re.compile(
    r"\n+\s*|;+\s*|(?<=[.…!?])\s+(?=[«\"]?\s*(?:[A-ZÀ-ÖØ-Þ]|\d))|(?<=[^\d\W]\.)(?=\d+ ans)"
)
_CLOSING = re.compile(r"\)[\s,]*")
_SEMICOLON = re.compile(";")
_PARENTHESIS = re.compile(r"[()\n]")

_DIPLOMA = (
    r"bac\s*\+\s*\d(?:/\d)?|bac(?:calauréat)?(?: pro(?:fessionnel)?\b| techno\w*| général)?"
    r"|master(?: ?[12])?|licence|diplôme d['’]ingénieur|[A-Z]{2,}\d?\b"
)
_AFTER = re.compile(rf"\b[Aa]près\s+(?:(?:un|une|le|la|leur|l['’])\s*)?(?P<level>(?-i:{_DIPLOMA}))")
_EXAM = re.compile(r"\b(?:concours|lauréats?|admis|examen)\b", re.IGNORECASE)
_TRAINING = re.compile(
    r"\b(?:formation|scolarité)[^.;()]{0,60}$|\b(?:suivre|suivent|suit)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_COMES_FIRST = re.compile(r"\baprès (?:un |le )?$", re.IGNORECASE)
# « accessible avec un bac + 2 » is what a course asks for, not how long it lasts.
_ASKED_FOR = re.compile(r"\b(?:accessible|accès|admission|ouverte?s?)\b", re.IGNORECASE)
_COLON = re.compile(r"\s*:")
_EXAM_LEVEL = "concours"  # what comes first when no diploma does, as the fiches call it
_BEFORE_BAC = re.compile(r"\b(?:3\s?e|troisième)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Length:
    """A length found in the text, in years, at `start`..`end`."""

    start: int
    end: int
    low: float
    high: float
    in_parentheses: bool = False
    is_level: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    """A clause `start`..`end` and the length that it states, if any."""

    start: int
    end: int
    length: _Length | None = None


def read_durations(text: str, *, entry: str | None = None) -> tuple[StudyDuration, ...]:
    """Cut a study paragraph into clauses, one per stated duration.

    Args:
        text: the text of one study path; above `LONGEST_TEXT` code points it is one clause
            without a length.
        entry: the heading of the path; « Bac + 5 » is 5 years of study when the path
            starts at the bac (or at no stated level), and is not read after the 3e.

    Returns:
        The clauses in order; the concatenation of their texts is `text`. Sentences that
        state no length form clauses of their own, whose years are None. Empty when the
        text is.
    """
    if len(text) > LONGEST_TEXT:
        return (StudyDuration(text=text, years_min=None, years_max=None),)
    clauses: list[_Clause] = []
    parentheses = _parentheses(text)
    for start, end in _segments(text, parentheses):
        lengths = _lengths(text, start, end, parentheses, _bac_level(entry))
        _add_segment(clauses, text, list(_cut(text, start, end, lengths)))
    _take_entry_length(clauses, text, entry)
    durations: list[StudyDuration] = []
    for clause in clauses:
        durations.append(_duration(text, clause, durations))
    return tuple(durations)


def _take_entry_length(clauses: list[_Clause], text: str, entry: str | None) -> None:
    """Give the first clause the length that its heading states: « Après le bac en 7 ans »."""
    stated = _DURATION.search(entry or "")
    if stated is None or not clauses:
        return
    first = clauses[0]
    if first.length is None or _GOES_ON.search(text, first.start, first.length.start):
        length = _in_years(stated, in_parentheses=False)
        clauses[0] = replace(first, length=replace(length, start=first.start, end=first.start))


def _parentheses(text: str) -> list[tuple[int, int]]:
    """Return the spans of outermost parentheses; one left open or closed alone is ignored."""
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for match in _PARENTHESIS.finditer(text):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == "\n":
            opened.clear()
        elif opened:
            start = opened.pop()
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, match.end()))
    return spans


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _segments(text: str, parentheses: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the sentences and the parts between semicolons, separators at their end."""
    start = 0
    for match in _SEGMENT_END.finditer(text):
        if match.end() > start and not _inside(match.start(), parentheses):
            yield start, match.end()
            start = match.end()
    if start < len(text):
        yield start, len(text)


def _bac_level(entry: str | None) -> int | None:
    """Return the level of the entry in years after the bac, None when it is below the bac."""
    if entry is None:
        return 0
    if _BEFORE_BAC.search(entry):
        return None
    level = _LEVEL.search(entry)
    return int(level["low"]) if level else 0


def _lengths(
    text: str, start: int, end: int, parentheses: list[tuple[int, int]], bac_level: int | None
) -> list[_Length]:
    """Return the lengths stated in a segment: those in years, else its levels after the bac."""
    found = [
        _in_years(match, in_parentheses=_inside(match.start(), parentheses))
        for match in _DURATION.finditer(text, start, end)
        if _is_study(text, match)
    ]
    if found or bac_level is None:
        return found
    levels = [
        match
        for match in _LEVEL.finditer(text, start, end)
        if int(match["low"]) > bac_level
        and not _inside(match.start(), parentheses)
        and not _COMES_FIRST.search(text, max(0, match.start() - 12), match.start())
        and not _ASKED_FOR.search(text, start, match.start())
    ]
    return _merge_levels(text, levels, bac_level)


def _is_study(text: str, match: re.Match[str]) -> bool:
    if _number(match["high"]) > _OLDEST_STUDIES and match["unit"].lower().startswith("an"):
        return False
    before = text[max(0, match.start() - 30) : match.start()]
    return not (_NOT_STUDY_BEFORE.search(before) or _NOT_STUDY_AFTER.match(text, match.end()))


def _in_years(match: re.Match[str], *, in_parentheses: bool) -> _Length:
    unit = match["unit"]
    half = 0.5 if match["half"] else 0.0
    high = (_number(match["high"]) + half) * _unit_years(unit)
    low = _number(match["low"]) * _unit_years(match["unit_low"] or unit) if match["low"] else high
    return _Length(
        start=match.start(),
        end=match.end(),
        low=round(min(low, high), 2),
        high=round(max(low, high), 2),
        in_parentheses=in_parentheses,
    )


def _merge_levels(text: str, levels: list[re.Match[str]], bac_level: int) -> list[_Length]:
    """Read « De bac + 2 (…) à bac + 3 » as one length, « Bac + 2 : … Bac + 3 : … » as two."""
    merged: list[_Length] = []
    for match in levels:
        level = _after_bac(match, bac_level)
        if merged and not _COLON.match(text, match.end()):
            last = merged.pop()
            low, high = min(last.low, level.low), max(last.high, level.high)
            level = _Length(start=last.start, end=last.end, low=low, high=high, is_level=True)
        merged.append(level)
    return merged


def _after_bac(match: re.Match[str], bac_level: int) -> _Length:
    low = int(match["low"])
    high = int(match["high"] or low)
    return _Length(
        start=match.start(),
        end=match.end(),
        low=float(min(low, high) - bac_level),
        high=float(max(low, high) - bac_level),
        is_level=True,
    )


def _number(text: str) -> float:
    word = text.casefold()
    return float(_WORDS[word]) if word in _WORDS else float(word.replace(",", "."))


def _unit_years(unit: str) -> float:
    word = unit.casefold()
    return next(years for name, years in _YEARS_BY_UNIT if word.startswith(name))


def _cut(text: str, start: int, end: int, lengths: list[_Length]) -> Iterator[_Clause]:
    """Yield the clauses of one segment: each starts at a length that completes no other."""
    if not lengths:
        yield _Clause(start=start, end=end)
        return
    stated = [length for length in lengths if not length.in_parentheses] or lengths
    current = stated[0]
    for length in stated[1:]:
        cut = _cut_position(text, current, length)
        if cut is not None:
            yield _Clause(start=start, end=cut, length=current)
            start, current = cut, length
    yield _Clause(start=start, end=end, length=current)


def _cut_position(text: str, current: _Length, following: _Length) -> int | None:
    """Return where the clause of the following length starts, None if it starts none."""
    between = text[current.end : following.start]
    if _THEN.search(between):
        return None
    if following.in_parentheses:
        closing = _CLOSING.search(between)
        return current.end + closing.end() if closing else None
    if following.is_level:
        return following.start
    match = _STARTS_CLAUSE.search(between)
    if match is None:
        return None
    # Punctuation closes the clause before, a word opens the next one.
    start = current.end + match.start("start")
    return start + 1 if text[start] in ",:" else start


def _add_segment(clauses: list[_Clause], text: str, added: list[_Clause]) -> None:
    """Append the clauses of a segment, after joining to its owner a first one that has one."""
    owner = _owner(text, clauses, added[0])
    if owner is not None:
        joined = added.pop(0)
        # « …, complété par un CS (en 1 an), un BP (en 2 ans) »: one list, one completion.
        while joined.length and added and added[0].length and added[0].length.in_parentheses:
            joined = added.pop(0)
        clauses[owner:] = [replace(clauses[owner], end=joined.end)]
    clauses.extend(added)


def _owner(text: str, clauses: list[_Clause], clause: _Clause) -> int | None:
    """Return the position of the clause that a new one goes on with, None if it stands alone."""
    if not clauses:
        return None
    last = clauses[-1]
    is_list = text[: clause.start].rstrip().endswith(";")
    length = clause.length
    if length is None:
        return len(clauses) - 1 if last.length is None or is_list else None
    if _GOES_ON.search(text, clause.start, length.start):
        with_length = (i for i in reversed(range(len(clauses))) if clauses[i].length)
        return next(with_length, None)
    # « 3 ans pour le BUT ; une licence professionnelle (1 an) » lists what takes 3 years.
    is_listed = (
        is_list
        and length.in_parentheses
        and last.length is not None
        and not last.length.in_parentheses
        and _level_before(text, clause, length) is None
    )
    return len(clauses) - 1 if is_listed else None


def _duration(text: str, clause: _Clause, previous: list[StudyDuration]) -> StudyDuration:
    written = text[clause.start : clause.end]
    length = clause.length
    if length is None:
        return StudyDuration(text=written, years_min=None, years_max=None)
    low, high = length.low, length.high
    if _COMPLETION_ONLY.match(text, length.end):
        # « 1 an de plus »: counted, like every length, from the entry level of the path.
        base = next((d for d in reversed(previous) if d.years_min is not None), None)
        low += base.years_min or 0 if base else 0
        high += base.years_max or 0 if base else 0
    return StudyDuration(
        text=written, years_min=low, years_max=high, after=_level_before(text, clause, length)
    )


def _level_before(text: str, clause: _Clause, length: _Length) -> str | None:
    """Return the level that the clause says must come before its length."""
    if length.is_level:
        return None
    stop = clause.end
    for boundary in (_DURATION, _THEN, _SEMICOLON):
        match = boundary.search(text, length.end, stop)
        stop = match.start() if match else stop
    found = _AFTER.search(text, length.end, stop) or _AFTER.search(text, clause.start, length.start)
    if found:
        return found["level"]
    is_training = _TRAINING.search(text[clause.start : length.start])
    return _EXAM_LEVEL if is_training and _EXAM.search(text, 0, length.start) else None
