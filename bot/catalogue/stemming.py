"""Brings together the inflexions of French words, for full-text search."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

__all__ = ["stems"]

_WORD = re.compile(r"[^\W_]+")
# « le son » is a noun (an article never stands before a possessive): it joins « sonore », and is
# told from « son métier ».
_SOUND = re.compile(r"\b(le|du|au)\s+son\b")
# Plurals that Snowball leaves as they are: « photos », « menus », « jeux ».
_PLURAL = re.compile(r"(?<=..[aeiou])[sx]$")
# A stemmer keeps a state while it works: each thread has its own.
_local = threading.local()


def stems(text: str) -> list[str]:
    """Return the stems of the words of a text, in order: `les chevaux` gives `le cheval`.

    Accents and ligatures are folded first, so that a word typed without them has the same stem.
    Source of the algorithm: Snowball, French.
    """
    letters = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    folded = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return [_stem(word) for word in _WORD.findall(_SOUND.sub(r"\1 sonore", folded))]


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("french")
    return _PLURAL.sub("", stemmer.stemWord(word))
