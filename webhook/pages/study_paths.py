"""The studies of a fiche as lanes to draw: one for each length that it states, by entry level."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answers.wording import Wording
from bot.catalogue.fiche import Fiche, StudyDuration, StudyPath

__all__ = ["Lane", "Track", "shortened", "study_tracks", "years_said"]

# « 2 ans pour préparer le », « Bac + 5 : »: the length is told beside, the diploma is what follows.
_LEAD = re.compile(
    r"(?:ou |et |soit |puis |de )?(?:en )?(?:de )?"
    r"(?:[\d,.]+ (?:à|ou) )?[\w,.]+ (?:ans?|années?|mois|semaines?)(?: d['’]études?)?"
    r"(?: après (?:le|un) bac(?: ?\+ ?\d)?)? ?(?:\([^()]*\) ?)?,? ?"
    r"(?:(?:pour|afin d[e'’]) ?(?:préparer|obtenir|passer|décrocher|suivre|acquérir) "
    r"|pour (?=(?:l['’]|l[ae]s? |une? |des |du )))"
    r"(?:l['’]|l[ae]s? |une? |des |du )?",
    re.IGNORECASE,
)
_LEVEL_LEAD = re.compile(r"(?:à )?bac ?\+ ?\d{1,2} ?: ", re.IGNORECASE)
_AFTER_BAC = re.compile(r"bac ?\+ ?(\d{1,2})")
_FROM_BAC = re.compile(r"après le bac", re.IGNORECASE)
_WEEKS, _MONTHS = 52, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One length of studies: years `low` to `high` from `start`, counted from the entry.

    `start` is 0 but where the fiche says a level to reach first (« après un bac + 2 », from the
    bac: 2). `after` is that level in the words of the fiche; `is_placed` is false when it has no
    place on the scale (« concours »). `diploma` is the fiche's own text from the diploma on, `text`
    its whole clause.
    """

    start: float
    low: float
    high: float
    after: str | None
    is_placed: bool
    diploma: str
    text: str

    @property
    def end(self) -> float:
        """Where the lane ends, in years from the entry."""
        return self.start + self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The lanes from one entry level; `entry` is the heading of the fiche, or None."""

    entry: str | None
    lanes: tuple[Lane, ...]


def study_tracks(fiche: Fiche) -> tuple[Track, ...]:
    """Return the lengths that a fiche states, by entry level; empty when it states none."""
    tracks = (
        Track(
            entry=path.entry,
            lanes=tuple(
                _lane(path, duration, duration.years_min)
                for duration in path.durations
                if duration.years_min is not None
            ),
        )
        for path in fiche.study_paths
    )
    return tuple(track for track in tracks if track.lanes)


def _lane(path: StudyPath, duration: StudyDuration, low: float) -> Lane:
    start = _years_before(path, duration.after)
    text = duration.text.strip().rstrip(" ;")
    return Lane(
        start=start or 0.0,
        low=low,
        high=max(low, duration.years_max or low),
        after=duration.after,
        is_placed=start is not None,
        diploma=_diploma(text),
        text=text,
    )


def _years_before(path: StudyPath, after: str | None) -> float | None:
    """How many years from the entry to a level; None when the scale does not tell."""
    if after is None:
        return 0.0
    if not _FROM_BAC.match(path.entry or ""):
        return None
    level = " ".join(after.split())
    found = _AFTER_BAC.fullmatch(level)
    return float(found[1]) if found else (0.0 if level == "bac" else None)


def _diploma(text: str) -> str:
    """Leave out the length that opens a clause: what follows names the diploma."""
    spaced = text.replace("\u00a0", " ")  # as long as the text: positions are the same
    lead = _LEAD.match(spaced) or _LEVEL_LEAD.match(spaced)
    return text[lead.end() :] if lead and lead.end() < len(text) else text


def shortened(text: str, most: int) -> str:
    """Cut a text at a word, to `most` characters; « … » says that it is cut."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rpartition(' ')[0] or text[: most - 1]}…".replace(",…", "…")


def years_said(low: float, high: float, wording: Wording) -> str:
    """Say a length: « 2 ans », « 2 à 3 ans », « 6 mois », « 1 an et 6 mois »."""
    if low == high:
        return _length(low, wording)
    if low == int(low) and high == int(high):
        return wording.say("pages_years_range", low=int(low), high=int(high))
    return wording.say("pages_length_range", low=_length(low, wording), high=_length(high, wording))


def _length(years: float, wording: Wording) -> str:
    whole, rest = divmod(years, 1)
    months = rest * _MONTHS
    parts = [_counted("year", whole, wording)] if whole else []
    if not whole and abs(months - round(months)) > 0.1:
        return _counted("week", round(years * _WEEKS), wording)
    if round(months):
        parts.append(_counted("month", round(months), wording))
    return wording.say("enumeration", first=parts[0], last=parts[1]) if len(parts) > 1 else parts[0]


def _counted(unit: str, count: float, wording: Wording) -> str:
    key = f"pages_{unit}" if count < 2 else f"pages_{unit}s"
    return wording.say(key, count=int(count))
