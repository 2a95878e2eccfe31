"""Horizontal bars of shares, as an SVG picture that reads on a light or a dark page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

__all__ = ["bar_chart"]

_WIDTH, _LEFT, _RIGHT, _TOP, _BAR, _GAP = 640, 210, 60, 40, 16, 14
_STYLE = (
    "text{fill:#26313d;font:13px system-ui,sans-serif}.title{font-weight:bold}"
    ".a{fill:#1a5f7a}.b{fill:#8a5a00}.c{fill:#b04124}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}"
    ".a{fill:#6cc5e6}.b{fill:#e3b341}.c{fill:#ff8f70}}"
)
_CLASSES = "abc"


def bar_chart(
    groups: Sequence[tuple[str, Sequence[float]]], names: Sequence[str], *, title: str
) -> str:
    """Draw groups of three bars at most, one for each name; values are shares, 0..1."""
    height = _TOP + len(groups) * (len(names) * _BAR + _GAP) + 30
    body = "".join(_drawn(groups, len(names)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}"><title>{escape(title)}</title>'
        f'<style>{_STYLE}</style><text x="12" y="20" class="title">{escape(title)}</text>'
        f"{body}{''.join(_legend(names, height - 12))}</svg>\n"
    )


def _drawn(groups: Sequence[tuple[str, Sequence[float]]], bars: int) -> Iterator[str]:
    y = float(_TOP)
    for label, values in groups:
        middle = y + bars * _BAR / 2 + 4
        yield f'<text x="{_LEFT - 10}" y="{middle:g}" text-anchor="end">{escape(label)}</text>'
        for value, name in zip(values, _CLASSES, strict=False):
            width = value * (_WIDTH - _LEFT - _RIGHT)
            yield (
                f'<rect class="{name}" x="{_LEFT}" y="{y:g}" width="{width:.1f}" '
                f'height="{_BAR - 2}"/>'
            )
            yield f'<text x="{_LEFT + width + 6:.1f}" y="{y + 12:g}">{value:.2f}</text>'
            y += _BAR
        y += _GAP


def _legend(names: Sequence[str], y: float) -> Iterator[str]:
    x = float(_LEFT)
    for label, name in zip(names, _CLASSES, strict=False):
        yield f'<rect class="{name}" x="{x:g}" y="{y - 10:g}" width="12" height="12"/>'
        yield f'<text x="{x + 18:g}" y="{y:g}">{escape(label)}</text>'
        x += 26 + 8 * len(label)
