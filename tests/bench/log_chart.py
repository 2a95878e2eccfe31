"""Lines over two logarithmic axes, as an SVG picture that reads on a light or a dark page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Line", "log_chart"]

_WIDTH, _HEIGHT = 560, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 130, 40, 56
_STYLE = (
    "text{fill:#26313d;font:13px system-ui,sans-serif}.grid{stroke:#d0d7de}"
    ".a{stroke:#1a5f7a}.b{stroke:#8a5a00}.c{stroke:#b04124}"
    ".title{font-weight:bold}.line{fill:none;stroke-width:2.5}circle{stroke-width:2.5;fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}"
    ".a{stroke:#6cc5e6}.b{stroke:#e3b341}.c{stroke:#ff8f70}}"
)
_CLASSES = "abc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A named line; its points are above zero, from left to right."""

    name: str
    points: tuple[tuple[float, float], ...]


def log_chart(lines: Sequence[Line], *, title: str, x_label: str, y_label: str) -> str:
    """Draw three lines at most; the axes end on powers of ten."""
    xs = _Axis.around([x for line in lines for x, _ in line.points], _LEFT, _WIDTH - _RIGHT)
    ys = _Axis.around([y for line in lines for _, y in line.points], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        *_grid(xs, ys),
        f'<text x="{_LEFT}" y="20" class="title">{escape(title)}</text>',
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:g}" y="{_HEIGHT - 12}" '
        f'text-anchor="middle">{escape(x_label)}</text>',
        f'<text transform="translate(18 {(_TOP + _HEIGHT - _BOTTOM) / 2:g}) rotate(-90)" '
        f'text-anchor="middle">{escape(y_label)}</text>',
    ]
    for line, name in zip(lines, _CLASSES, strict=False):
        parts += _drawn(line, name, xs, ys)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style>{''.join(parts)}</svg>\n"
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """Powers of ten `low` to `high`, drawn from `start` to `end`."""

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def around(cls, values: Sequence[float], start: float, end: float) -> _Axis:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), start, end)

    def place(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def _grid(xs: _Axis, ys: _Axis) -> Iterator[str]:
    for value in xs.ticks:
        x = xs.place(value)
        yield f'<path class="grid" d="M{x:g} {ys.start:g}V{ys.end:g}"/>'
        yield f'<text x="{x:g}" y="{ys.start + 20:g}" text-anchor="middle">{_number(value)}</text>'
    for value in ys.ticks:
        y = ys.place(value)
        yield f'<path class="grid" d="M{xs.start:g} {y:g}H{xs.end:g}"/>'
        yield f'<text x="{xs.start - 8:g}" y="{y + 4:g}" text-anchor="end">{_number(value)}</text>'


def _drawn(line: Line, name: str, xs: _Axis, ys: _Axis) -> Iterator[str]:
    places = [(xs.place(x), ys.place(y)) for x, y in line.points]
    yield f'<path class="line {name}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>'
    for (x, y), (size, value) in zip(places, line.points, strict=True):
        hint = f"{line.name}, {_number(size)} : {_number(value)}"
        yield f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
        yield f"<title>{escape(hint)}</title></circle>"
    x, y = places[-1]
    yield f'<text x="{x + 10:.1f}" y="{y + 4:.1f}">{escape(line.name)}</text>'


def _number(value: float) -> str:
    """Write a number as in French: « 100 000 », « 0,1 »."""
    text = f"{value:,.0f}" if value >= 10 else f"{value:.3g}"
    return text.replace(",", "\u202f").replace(".", ",")
