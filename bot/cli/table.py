"""Aligned plain-text tables and French numbers for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["aligned", "percent", "rounded"]


def aligned(rows: Sequence[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Return one line per row: the first column to the left, the others to the right.

    Rows may have fewer cells than the longest one.
    """
    columns = max((len(row) for row in rows), default=0)
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(columns)]
    lines: list[str] = []
    for row in rows:
        cells = [
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines


def percent(share: float | None) -> str:
    """Write a share, 0..1, as a French percentage with one decimal; « – » for None."""
    return "–" if share is None else f"{rounded(share * 100)} %"


def rounded(number: float) -> str:
    """Write a number with one decimal, the French way."""
    return f"{number:.1f}".replace(".", ",")
