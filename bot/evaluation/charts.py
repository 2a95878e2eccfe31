"""Pictures of the evaluation report, as inline SVG: no script, no library, no file beside.

The words on a picture are given by the template; here are only shapes and numbers. The colours
are those of the page (`templates/report.css`), light or dark.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from html import escape

from bot.evaluation.scoring import CalibrationBin, IntentScores

__all__ = ["confidence_histogram", "confusion_matrix", "reliability_diagram"]

_CELL = 20
_MARGIN = 165
_SIDE = 300
_MOST_TICKS = 6
_LEFT, _TOP, _BOTTOM = 54, 14, 46
_INK, _GRID, _RIGHT, _WRONG = "var(--ink)", "var(--line)", "var(--right)", "var(--wrong)"


def confusion_matrix(scores: IntentScores, *, title: str, expected: str, understood: str) -> str:
    """Draw expected intents by row, understood ones by column.

    A cell is the stronger the larger its share of the row; the diagonal has its own colour.
    """
    names = [score.intent for score in scores.per_intent]
    rows = {score.intent: score.expected for score in scores.per_intent}
    counts = {(s.intent, s.intent): s.right for s in scores.per_intent if s.right}
    counts |= {(c.expected, c.understood): c.count for c in scores.confusions}
    side = _CELL * len(names)
    parts = [_matrix_grid(names, side)]
    for index, name in enumerate(names):
        middle = _MARGIN + index * _CELL + _CELL / 2
        parts.append(_text(_MARGIN - 6, middle + 4, name, anchor="end"))
        parts.append(
            f'<text transform="translate({middle + 4:g} {_MARGIN - 6}) rotate(-60)" '
            f'fill="{_INK}">{escape(name)}</text>'
        )
    place = {name: index for index, name in enumerate(names)}
    for (gold, found), count in counts.items():
        share = count / rows[gold] if rows[gold] else 0.0
        parts.append(_cell(place[found], place[gold], count, share, f"{gold} → {found}"))
    parts.append(_text(_MARGIN - 6, 14, f"{expected} ↓", anchor="end", weight="bold"))
    parts.append(_text(_MARGIN + side, 14, f"{understood} →", anchor="end", weight="bold"))
    # The slanted names of the last columns need some room to the right.
    return _svg(_MARGIN + side + 90, _MARGIN + side + 6, title, parts, font_px=11)


def reliability_diagram(
    bins: Sequence[CalibrationBin], *, title: str, x_label: str, y_label: str
) -> str:
    """Draw the accuracy of each bin of confidence, and the diagonal of a perfect one."""
    parts = _axes(x_label, y_label, [(tick / 5, _decimal(tick / 5)) for tick in range(6)])
    for one in bins:
        if one.accuracy is None or one.confidence is None:
            continue
        hint = f"{_decimal(one.confidence, 2)} → {_decimal(one.accuracy, 2)} ({one.count})"
        parts.append(_bar(one.low, one.high, one.accuracy, hint))
        x, y = _x(one.confidence), _y(one.accuracy)
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="3.5" fill="{_WRONG}"/>')
    parts.append(
        f'<line x1="{_x(0):g}" y1="{_y(0):g}" x2="{_x(1):g}" y2="{_y(1):g}" '
        f'stroke="{_INK}" stroke-dasharray="5 4"/>'
    )
    return _plot(title, parts)


def confidence_histogram(
    bins: Sequence[CalibrationBin], *, title: str, x_label: str, y_label: str
) -> str:
    """Draw how many utterances are in each bin of confidence."""
    most = max((one.count for one in bins), default=0) or 1
    step = next(s for s in _round_steps() if s * _MOST_TICKS >= most)
    ticks = [(count / most, str(count)) for count in range(0, most + 1, step)]
    parts = _axes(x_label, y_label, ticks)
    for one in bins:
        if one.count:
            parts.append(_bar(one.low, one.high, one.count / most, str(one.count)))
            middle = (_x(one.low) + _x(one.high)) / 2
            parts.append(_text(middle, _y(one.count / most) - 3, str(one.count), anchor="middle"))
    return _plot(title, parts)


def _round_steps() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50…"""
    for power in itertools.count():
        for first in (1, 2, 5):
            yield first * 10**power


def _matrix_grid(names: Sequence[str], side: int) -> str:
    lines = [
        f"M{_MARGIN + i * _CELL} {_MARGIN}v{side}M{_MARGIN} {_MARGIN + i * _CELL}h{side}"
        for i in range(len(names) + 1)
    ]
    return f'<path d="{"".join(lines)}" stroke="{_GRID}" fill="none"/>'


def _cell(column: int, row: int, count: int, share: float, name: str) -> str:
    x, y = _MARGIN + column * _CELL, _MARGIN + row * _CELL
    # A single confusion among many utterances must still be seen.
    strength = 0.15 + 0.85 * share
    colour = _RIGHT if column == row else _WRONG
    ink = "var(--on-strong)" if strength > 0.7 else _INK
    return (
        f"<g><title>{escape(name)} : {count}</title>"
        f'<rect x="{x + 0.5:g}" y="{y + 0.5:g}" width="{_CELL - 1}" height="{_CELL - 1}" '
        f'fill="{colour}" fill-opacity="{strength:.2f}"/>'
        f'<text x="{x + _CELL / 2:g}" y="{y + _CELL / 2 + 4:g}" text-anchor="middle" '
        f'fill="{ink}">{count}</text></g>'
    )


def _axes(x_label: str, y_label: str, y_ticks: Sequence[tuple[float, str]]) -> list[str]:
    parts: list[str] = []
    for share, label in y_ticks:
        parts.append(f'<path d="M{_x(0):g} {_y(share):g}h{_SIDE}" stroke="{_GRID}"/>')
        parts.append(_text(_x(0) - 6, _y(share) + 4, label, anchor="end"))
    parts += [
        _text(_x(tick / 5), _y(0) + 16, _decimal(tick / 5), anchor="middle") for tick in range(6)
    ]
    parts.append(_text(_x(0.5), _y(0) + 36, x_label, anchor="middle"))
    parts.append(
        f'<text transform="translate(14 {_y(0.5):g}) rotate(-90)" text-anchor="middle" '
        f'fill="{_INK}">{escape(y_label)}</text>'
    )
    return parts


def _bar(low: float, high: float, height: float, hint: str) -> str:
    return (
        f"<g><title>{escape(hint)}</title>"
        f'<rect x="{_x(low) + 1:g}" y="{_y(height):g}" width="{_x(high) - _x(low) - 2:g}" '
        f'height="{_y(0) - _y(height):g}" fill="{_RIGHT}" fill-opacity="0.7"/></g>'
    )


def _plot(title: str, parts: Sequence[str]) -> str:
    return _svg(_LEFT + _SIDE + 16, _TOP + _SIDE + _BOTTOM, title, parts, font_px=12)


def _svg(width: int, height: int, title: str, parts: Sequence[str], *, font_px: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="system-ui, sans-serif" '
        f'font-size="{font_px}"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, *, anchor: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{_INK}">{escape(text)}</text>'
    )


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE


def _decimal(number: float, digits: int = 1) -> str:
    return f"{number:.{digits}f}".replace(".", ",")
