"""Makes an answer short first: whole sentences and whole lines of a list, never part of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers.quoting import sentences

__all__ = ["SHORT", "shorten"]

# Words of an answer before « en savoir plus ».
SHORT = 60


def shorten(
    text: str, words: int = SHORT, *, unless: int = 0, of_each: bool = False
) -> tuple[str, bool]:
    """Return the first pieces of a text within a number of words, and whether any is left out.

    A piece is a sentence. The first one is kept whatever its length; headings are all kept, for
    they sum up what is left out; with `of_each`, so is the first piece under each. A text of at
    most `unless` words is left whole: to ask for the rest would cost more than to read it.
    """
    pieces = tuple(_pieces(text))
    lengths = [_words(piece) for _, piece in pieces]
    if sum(lengths) <= unless:
        return text, False
    kept = _always_kept(pieces, of_each=of_each)
    room = words - sum(lengths[index] for index in kept)
    for index, length in enumerate(lengths):
        if index in kept:
            continue
        room -= length
        if room < 0:
            break
        kept.add(index)
    short = "".join(glue + piece for at, (glue, piece) in enumerate(pieces) if at in kept)
    return short.strip(), len(kept) < len(pieces)


def _always_kept(pieces: Sequence[tuple[str, str]], *, of_each: bool) -> set[int]:
    """The headings, the first piece of text and, with `of_each`, the first under each heading."""
    headings = {index for index, (_, piece) in enumerate(pieces) if _announces(piece)}
    firsts = [
        index
        for index in range(len(pieces))
        if index not in headings and (index == 0 or index - 1 in headings)
    ]
    return headings | set(firsts if of_each else firsts[:1])


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text into pieces, each with what joins it to the one before."""
    for paragraph in text.split("\n\n"):
        glue = "\n\n"
        for line in paragraph.split("\n"):
            for sentence in sentences(line):
                yield glue, sentence
                glue = " "
            glue = "\n"


def _words(piece: str) -> int:
    """Count words, and neither dashes nor other marks that stand alone."""
    return sum(any(character.isalnum() for character in word) for word in piece.split())


def _announces(piece: str) -> bool:
    return piece.endswith(":") or piece.startswith("**")
