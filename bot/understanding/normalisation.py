"""From typed text to tokens that compare well, each with its place in the typed text.

Case, accents, apostrophes, elision, inclusive forms and SMS spellings are folded away here,
once, so that no later component needs to know them. Nothing of the typed text is lost:
`start` and `end` of a token cut it, half-open, in code points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["NormalisedText", "Normaliser", "Token", "fold", "phonetic_key", "stem"]

_SPECIAL = {"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"}
_SPECIAL |= dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("·•‧∙", "·")

# Inclusive suffixes as people and Onisep write them: chargé·e, chargé(e), animateurs·rices.
# After a full stop only the unmistakable ones count: « fini.le » is a missing space.
_SUFFIX = (
    "trices?|rices?|euses?|eresses?|esses?|ieres?|iers?|eres?|ennes?|iennes?|onnes?|elles?"
    "|nes?|ves?|ives?|fes?|les?|tes?|ses?|ices?|es?|s"
)
_SAFE_SUFFIX = "trices?|rices?|euses?|ieres?|eres?|nes?|es?"
_INCLUSIVE = re.compile(
    rf"(?P<base>[a-z]{{3,}})(?:·(?:{_SUFFIX})(?:·s)?|\((?:{_SUFFIX})\)s?|/-?(?:{_SUFFIX})(?:/s)?"
    rf"|\.(?:{_SAFE_SUFFIX})(?:\.s)?|-(?:e|ne|trice|euse)-s)(?![a-z])"
)
_WORD = re.compile(
    r"(?P<elision>(?:jusqu|lorsqu|puisqu|quelqu|qu|[cdjlmnst])'(?=[a-z0-9]))"
    r"|(?P<word>aujourd'hui|[^\W\d_]+|\d+(?:[.,]\d+)?|[+?]"
    # Emoji and arrows are answers too: « 👍 », « ➡️ ».
    r"|[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff])"
)
_TOKEN = re.compile(f"{_INCLUSIVE.pattern}|{_WORD.pattern}")
_REPEATED = re.compile(r"([a-z])\1{2,}")


@dataclass(frozen=True, slots=True)
class Token:
    """A normalised word; `start`/`end` cut the typed text (several tokens may share a cut)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """The typed text and its tokens, in reading order."""

    typed: str
    tokens: tuple[Token, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The normalised words alone."""
        return tuple(token.text for token in self.tokens)


class _FoldedChars(dict[int, str]):
    """The folded form of each character met, by its code point, as `str.translate` wants it."""

    def __missing__(self, code: int) -> str:
        """Fold a character that was not met before."""
        folded = _fold_char(chr(code))
        if len(self) < _KEPT_CHARS:
            self[code] = folded
        return folded


def _fold_char(char: str) -> str:
    lowered = char.lower()
    if lowered in _SPECIAL:
        return _SPECIAL[lowered]
    # Decomposed before it is lowered: the capitals of « 𝐍𝐎𝐓𝐀𝐈𝐑𝐄 » have no lower case of their own.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).lower())
    return "".join(_SPECIAL.get(c, c) for c in decomposed if not unicodedata.combining(c))


_KEPT_CHARS = 4096
_FOLDED = _FoldedChars()


def fold(text: str) -> str:
    """Return the text without case, accents or typographic variants; lengths may change."""
    return text.translate(_FOLDED)


def _fold_with_map(text: str) -> tuple[str, Sequence[int]]:
    """Fold the text; the sequence gives, for each folded character, its index in the typed text."""
    folded = fold(text)
    lengths = () if text.isascii() else tuple(len(_FOLDED[ord(char)]) for char in text)
    if all(length == 1 for length in lengths):
        return folded, range(len(folded))
    return folded, [index for index, length in enumerate(lengths) for _ in range(length)]


class Normaliser:
    """Normalises utterances with a table of SMS spellings (`intents/synonyms/sms.yml`)."""

    def __init__(self, sms: Mapping[str, str] | None = None) -> None:
        """Prepare the table; a spelling that stands in its standard form is ignored."""
        self._lexicon: dict[str, tuple[str, ...]] = {}
        self._standard: dict[tuple[str, ...], tuple[str, ...]] = {}
        for short, full in (sms or {}).items():
            written, words = _words(fold(short)), _words(fold(full))
            if written and f" {' '.join(written)} " not in f" {' '.join(words)} ":
                self._standard[written] = words
        # How many words the spellings have that start with a word: the longest are tried first.
        lengths: dict[str, set[int]] = {}
        for written in self._standard:
            lengths.setdefault(written[0], set()).add(len(written))
        self._lengths = {word: sorted(known, reverse=True) for word, known in lengths.items()}

    def lexicon_words(self, phrase: str) -> tuple[str, ...]:
        """Return the words of a phrase of `intents/`, remembered: several parts ask for them."""
        words = self._lexicon.get(phrase)
        if words is None:
            words = self._lexicon[phrase] = self.normalise(phrase).words
        return words

    def normalise(self, text: str) -> NormalisedText:
        """Cut the typed text into normalised tokens; a text without a word gives none."""
        folded, origin = _fold_with_map(text)
        written = _written_words(folded)
        tokens: list[Token] = []
        place = 0
        while place < len(written):
            length, words = self._spelling(written, place)
            start = origin[written[place][1]]
            end = origin[written[place + length - 1][2] - 1] + 1
            tokens += [Token(word, start, end) for word in words]
            place += length
        return NormalisedText(text, tuple(tokens))

    def _spelling(
        self, written: Sequence[tuple[str, int, int]], place: int
    ) -> tuple[int, tuple[str, ...]]:
        """Return how many of the words stand for which standard ones."""
        first = written[place][0]
        for length in self._lengths.get(first, ()):
            short = tuple(word for word, _, _ in written[place : place + length])
            words = self._standard.get(short)
            if words is not None:
                return len(short), words
        return 1, (first,)


def _written_words(folded: str) -> list[tuple[str, int, int]]:
    """Cut the words of a folded text, each with its place there; « supeeer » is « super »."""
    stretched = _REPEATED.search(folded) is not None
    words: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(folded):
        word = match["base"] or match[0]
        words.append((_REPEATED.sub(r"\1", word) if stretched else word, *match.span()))
    return words


def _words(folded: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in _written_words(folded))


_PLURAL_AUX = re.compile(r"(?<=[a-z]{3})aux$")
_GENDERED = (
    (re.compile(r"(?<=[a-z]{2})trice$"), "teur"),
    (re.compile(r"(?<=[a-z]{2})euse$"), "eur"),
    (re.compile(r"(?<=[a-z]{2})ive$"), "if"),
)
_DOUBLE = re.compile(r"([a-z])\1")


def _masculine_singular(word: str) -> str:
    word = _PLURAL_AUX.sub("al", word)
    if word[-1] in "sx" and not word.endswith("ss"):
        word = word[:-1]
    for pattern, replacement in _GENDERED:
        word, count = pattern.subn(replacement, word)
        if count:
            break
    return word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Bring the genders and numbers of a normalised word together.

    Not a linguist's stem: only the endings by which names of jobs vary are folded
    (`monteuses` and `monteur`, `directrice` and `directeur`, `chargée` and `charge`).
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    word = _masculine_singular(word)
    bare = word.rstrip("e")
    return _DOUBLE.sub(r"\1", bare if len(bare) >= 3 else word)


# French spelling to sound, coarse: enough to bring « chofagiste » to « chauffagiste ».
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"iere?$|ie$", "i"),
        (r"er$|ez$|e+$", ""),
        (r"ph", "f"),
        (r"eaux$|aux$|eau|au", "o"),
        (r"qu|q|ck|ch(?=[rlnt])|c(?![eihy])|k", "k"),
        (r"sch|sh|ch", "S"),
        (r"g(?=[eiy])e?|j|(?<=[nr])g$", "J"),
        (r"gu(?=[eiy])", "g"),
        (r"sc(?=[eiy])|c(?=[eiy])|ss|z", "s"),
        (r"t(?=ion)", "s"),
        (r"(?:ain|ein|aim|in|im|yn|ym)(?![aeiouyhnm])", "1"),
        (r"(?:an|am|en|em)(?![aeiouyhnm])", "2"),
        (r"(?:on|om)(?![aeiouyhnm])", "3"),
        (r"oeu|eu|oe", "4"),
        (r"ai|ei|ay|ey|et$", "e"),
        (r"ou|ow", "u"),
        (r"y", "i"),
        (r"h", ""),
        (r"(?<=..)[tdxs]$", ""),
        (r"ill|ll|il$", "i"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=65536)
def phonetic_key(word: str) -> str:
    """Return a coarse key of how a normalised French word sounds; equal keys may be one word."""
    if len(word) > 3:
        word = _masculine_singular(word)
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word
