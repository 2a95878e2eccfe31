"""The words of French: one that is spelt right is never taken for a misspelt name of a job.

They come from the word list of pyspellchecker (140,000 words and forms met in film subtitles).
Unpacking it takes a fifth of a second: the folded words are kept in the cache.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path

from bot.understanding.normalisation import fold

__all__ = ["french_words"]

_log = logging.getLogger(__name__)
_PACKAGE = "pyspellchecker"


def french_words(cache: Path | None) -> frozenset[str]:
    """Return the words of French, folded as `normalisation.fold` does.

    Args:
        cache: the folder where they are kept between two starts; None to unpack them anew.
    """
    if cache is None:
        return frozenset(_unpacked())
    path = cache / f"french-{version(_PACKAGE)}.txt"
    try:
        return frozenset(path.read_text(encoding="utf-8").split("\n"))
    except (OSError, UnicodeDecodeError):
        words = _unpacked()
    temporary = path.with_suffix(f".{id(words)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text("\n".join(words), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        # An unwritable cache costs the unpacking at each start; it stops nobody.
        _log.warning("words.not_cached path=%s reason=%s", path, error.strerror)
    return frozenset(words)


def _unpacked() -> list[str]:
    from spellchecker import SpellChecker

    spelt = SpellChecker(language="fr").word_frequency.words()
    return sorted(set(fold("\n".join(spelt)).split("\n")))
