"""Makes an answer short first: whole sentences and whole lines of a list, never part of one."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.quoting import sentences

__all__ = ["SHORT", "shorten"]

# Words of an answer before « en savoir plus ».
SHORT = 60


def shorten(text: str, words: int = SHORT, *, of_each: bool = False) -> tuple[str, bool]:
    """Return the first pieces of a text within a number of words, and whether any is left out.

    A piece is a sentence. The first one is kept whatever its length; headings are all kept, for
    they sum up what is left out; with `of_each`, so is the first piece under each.
    """
    pieces = tuple(_pieces(text))
    room = words - sum(len(piece.split()) for _, piece in pieces if _announces(piece))
    kept: list[str] = []
    is_cut, has_text, is_first = False, False, False
    for glue, piece in pieces:
        announces = _announces(piece)
        if not announces:
            room -= len(piece.split())
            is_cut = is_cut or (has_text and room < 0)
            has_text = True
        if announces or not is_cut or is_first:
            kept.append(glue + piece)
        is_first = of_each and announces
    return "".join(kept).strip(), len(kept) < len(pieces)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text into pieces, each with what joins it to the one before."""
    for paragraph in text.split("\n\n"):
        glue = "\n\n"
        for line in paragraph.split("\n"):
            for sentence in sentences(line):
                yield glue, sentence
                glue = " "
            glue = "\n"


def _announces(piece: str) -> bool:
    return piece.endswith(":") or piece.startswith("**")
