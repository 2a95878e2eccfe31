"""Draws the studies of a job as an SVG: a lane for each length, years along the axis.

Widths are parts of the picture's, heights and texts are in `em`: the picture reflows with its
place and grows with the reader's letters, so it stays readable at 320 px. Colours come from
`static/study_chart.css`, which the page links and the picture alone carries.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import wrap
from xml.sax.saxutils import escape

from bot.answers.wording import Wording
from webhook.pages.study_paths import Lane, Track, shortened, years_said

__all__ = ["draw"]

_LINE = 1.35  # heights, in em
_BAR = 0.7
_GAP = 1.2
_AXIS = 0.9
_LETTERS = 36  # of a line of 320 px
_MOST_LINES = 2
_SAID_LETTERS = 110

_em = partial("{:.4g}em".format)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Whole years from 0 to `years`, over the width."""

    years: int

    def at(self, years: float) -> str:
        return f"{years / self.years * 100:.4g}%"


def draw(tracks: Sequence[Track], title: str, wording: Wording, *, style: str = "") -> str:
    """Return the SVG of some lanes.

    Args:
        tracks: what `study_tracks` returns, one at least.
        title: what the picture is about.
        wording: the sentences of `intents/`.
        style: a style sheet that the picture carries; without one, the page has it.
    """
    scale = _Scale(
        years=max(1, math.ceil(max(lane.end for track in tracks for lane in track.lanes)))
    )
    parts: list[str] = []
    top = 0.0
    for track in tracks:
        drawn, top = _track(track, scale, top, wording)
        parts += drawn
    said = " ".join(_sentence(track, wording) for track in tracks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="studies" role="img" '
        f'aria-labelledby="studies-title" aria-describedby="studies-desc" '
        f'width="100%" height="{_em(top)}">'
        f'<title id="studies-title">{escape(title)}</title>'
        f'<desc id="studies-desc">{escape(said)}</desc>'
        + (f"<style>{style}</style>" if style else "")
        + _year_marks(scale)
        + "".join(parts)
        + "</svg>"
    )


def _year_marks(scale: _Scale) -> str:
    """The cuts between years, which each lane uses on its bar."""
    lines = (
        f'<line x1="{scale.at(year)}" x2="{scale.at(year)}" y2="{_em(_BAR)}"/>'
        for year in range(1, scale.years)
    )
    return f'<defs><g id="studies-years">{"".join(lines)}</g></defs>'


def _track(track: Track, scale: _Scale, top: float, wording: Wording) -> tuple[list[str], float]:
    """Draw one entry level from `top`; return its elements and where it ends, in em."""
    parts: list[str] = []
    if track.entry:
        top += _LINE
        parts.append(_text(track.entry, "0", top - 0.25, "entry"))
    for lane in track.lanes:
        drawn, top = _lane(lane, scale, top, wording)
        parts += drawn
    ticks = "".join(
        _text(
            years_said(year, year, wording) if year == scale.years else str(year),
            scale.at(year),
            top + 0.7,
            "last" if year == scale.years else "tick",
        )
        for year in range(scale.years + 1)
    )
    return [*parts, f'<g class="axis">{ticks}</g>'], top + _AXIS + _GAP


def _lane(lane: Lane, scale: _Scale, top: float, wording: Wording) -> tuple[list[str], float]:
    length = _length(lane, wording)
    lines = wrap(f"{length} · {lane.diploma}", _LETTERS, max_lines=_MOST_LINES, placeholder="…")
    parts: list[str] = []
    for number, line in enumerate(lines):
        top += _LINE
        bold, rest = (length, line.removeprefix(length)) if not number else ("", line)
        content = (
            f"<tspan>{escape(bold)}</tspan>{escape(rest)}"
            if bold and rest != line
            else escape(line)
        )
        parts.append(f'<text y="{_em(top - 0.25)}">{content}</text>')
    y = top + 0.1
    bars = [*_bars(lane, scale, y), f'<use href="#studies-years" y="{_em(y)}"/>']
    return [f'<g class="lane">{"".join(parts + bars)}</g>'], top + 0.1 + _BAR + 0.45


def _bars(lane: Lane, scale: _Scale, y: float) -> Iterator[str]:
    """Yield what comes before, the years that are certain, those that depend on the diploma."""
    for kind, start, years in (
        ("rail", 0, scale.years),
        ("before", 0, lane.start),
        ("sure" if lane.is_placed else "apart", lane.start, lane.low),
        ("more", lane.start + lane.low, lane.high - lane.low),
    ):
        if years > 0:
            yield (
                f'<rect class="{kind}" x="{scale.at(start)}" y="{_em(y)}" '
                f'width="{scale.at(years)}" height="{_em(_BAR)}"/>'
            )


def _text(text: str, x: str, y: float, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{_em(y)}">{escape(text)}</text>'


def _length(lane: Lane, wording: Wording) -> str:
    years = years_said(lane.low, lane.high, wording)
    if lane.after is None:
        return years
    return wording.say("pages_years_after", years=years, level=" ".join(lane.after.split()))


def _sentence(track: Track, wording: Wording) -> str:
    """Tell a track in words: what a reader who does not see the picture is told."""
    told = [
        wording.say(
            "pages_chart_lane",
            years=_length(lane, wording),
            diploma=shortened(lane.diploma.rstrip(" ."), _SAID_LETTERS),
        )
        for lane in track.lanes
    ]
    key = "pages_chart_track" if track.entry else "pages_chart_track_without_entry"
    return wording.say(key, entry=track.entry, lanes=" ; ".join(told))
