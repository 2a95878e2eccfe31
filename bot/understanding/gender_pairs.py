"""A job said in both genders, « conducteur / conductrice de grue », is one name said twice.

The ROME, the Onisep and our own answers write so. The two genders of a word have one stem: a
run of stems said twice in a row is folded into one, and so compares with a name of one gender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.understanding.normalisation import NormalisedText, stem

__all__ = ["fold_pairs", "fold_tokens"]

_LONGEST_RUN = 6
# What may stand between the two genders; « avocat et avocate d'affaires » are two jobs.
_BETWEEN = re.compile(r"\s*(?:/|\(|-|–|\bou\b(?:\s+une?\b)?)?\s*", re.IGNORECASE)


def fold_pairs(stems: Sequence[str]) -> tuple[str, ...]:
    """Return the stems of a name without the runs that only say the other gender."""
    left = list(stems)
    for start, length in reversed(tuple(_doubled(stems))):
        del left[start + length : start + 2 * length]
    return tuple(left)


def fold_tokens(text: NormalisedText, *, ignored: frozenset[str]) -> NormalisedText:
    """Fold the runs of an utterance; a token that is left covers both genders.

    Args:
        text: the utterance; it is returned as it is when nothing is said twice.
        ignored: words that names do without (« de », « la »).
    """
    tokens = list(text.tokens)
    said = [place for place, token in enumerate(tokens) if token.text not in ignored]
    dropped: set[int] = set()
    for start, length in _doubled([stem(tokens[place].text) for place in said]):
        one, other = said[start : start + length], said[start + length : start + 2 * length]
        last, end = one[-1], other[-1]
        if [tokens[place].text for place in one] == [tokens[place].text for place in other]:
            continue  # « architecte / architecte d'intérieur » shows no gender
        if _BETWEEN.fullmatch(text.typed, tokens[last].end, tokens[other[0]].start) is None:
            continue
        dropped.update(range(last + 1, end + 1))
        tokens[last] = replace(tokens[last], end=tokens[end].end)
    if not dropped:
        return text
    kept = (token for place, token in enumerate(tokens) if place not in dropped)
    return NormalisedText(text.typed, tuple(kept))


def _doubled(stems: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the start and the length of each run that comes again at once, never overlapping."""
    if len(set(stems)) == len(stems):
        return
    place = 0
    while place < len(stems) - 1:
        longest = min(_LONGEST_RUN, (len(stems) - place) // 2)
        for length in range(1, longest + 1):
            middle = place + length
            if stems[place] != stems[middle]:
                continue  # the rest needs no look
            if stems[place:middle] == stems[middle : middle + length]:
                yield place, length
                place += 2 * length - 1
                break
        place += 1
