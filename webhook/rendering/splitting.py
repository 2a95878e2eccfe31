"""Cuts a text too long for a platform into messages, never inside a link or a bold name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

__all__ = ["split"]

# What is never cut, if it fits by itself: a link, words in bold, a word; each with its spaces.
_ATOM = re.compile(r"(?:\[[^\[\]\n]+\]\([^\s()]+\)|\*\*\S(?:[^\n]*?\S)?\*\*|\S)\S*\s*|\s+")
# Where a text is best cut, best first: between paragraphs, lines, sentences.
_CUTS = (re.compile(r"\n\s*\n\s*\Z"), re.compile(r"\n\s*\Z"), re.compile(r"[.!?…]\s+\Z"))


def split(text: str, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """Cut a text into parts that fit; their words are those of the text, in order.

    Args:
        text: light Markdown.
        fits: whether a part is short enough once written; one character always must be.

    Returns:
        The parts, without blanks around them; none for a blank text.
    """
    parts: list[str] = []
    atoms = list(_atoms(text.strip(), fits))
    while atoms:
        count = _most(atoms, fits)
        if count < len(atoms):
            count = _best_cut(atoms[:count])
        parts.append("".join(atoms[:count]).strip())
        atoms = atoms[count:]
    return tuple(part for part in parts if part)


def _atoms(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    for match in _ATOM.finditer(text):
        atom = match[0]
        while not fits(atom.strip()):
            # A word, a link longer than a whole message: nothing better than to break it.
            count = _most(atom, fits)
            yield atom[:count]
            atom = atom[count:]
        yield atom


def _most(pieces: Sequence[str], fits: Callable[[str], bool]) -> int:
    """The number of first pieces that fit together, one at least."""
    low, high = 1, len(pieces)
    while low < high:
        middle = (low + high + 1) // 2
        if fits("".join(pieces[:middle]).strip()):
            low = middle
        else:
            high = middle - 1
    return low


def _best_cut(atoms: Sequence[str]) -> int:
    for cut in _CUTS:
        for count in range(len(atoms), 0, -1):
            if cut.search(atoms[count - 1]):
                return count
    return len(atoms)
