"""A job told by what is done there is one name, whoever is said to do it.

« le mec qui répare les ascenseurs », « ceux qui réparent… », « le métier où on répare… » are all
read as « celui qui répare les ascenseurs », the only form written in `synonyms/metiers.yml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from bot.understanding.normalisation import NormalisedText, Normaliser

__all__ = ["Periphrases"]

_SOMEONE, _WHO, _EMPTY = "celui", "qui", "en"
_PRONOUNS = frozenset(["celui", "celle", "ceux", "celles", "quelqu'"])
# « sage-femme qui… » is no woman who does something: a noun for anybody follows one of these.
_DETERMINERS = frozenset(
    "a au aux ce ces cet cette comme d' de des deux du en est et l' la le les mon nos ou par pour "
    "que quel quelle quels quelles qu' sont un une vos".split()
)
# What may stand between « qui » and its verb.
_CLITICS = frozenset("en l' la le les leur lui m' me n' ne nous s' se t' te vous y".split())
_SUBJECTS = frozenset(["on", "tu", "vous", "l'"])
_IRREGULAR = {"ont": "a", "sont": "est", "font": "fait", "vont": "va"}
# The likeness of two forms of one verb, the ending of the plural taken away.
_LIKE = 0.6
_SINGULAR_ENT = frozenset(["vient", "tient", "devient", "sent", "ment", "souvent", "vraiment"])


class Periphrases:
    """Brings the ways of saying « celui qui … » together, word for word."""

    def __init__(
        self, someone: Iterable[str], normaliser: Normaliser, *, told: Iterable[str] = ()
    ) -> None:
        """Prepare the words.

        Args:
            someone: the words for anybody, or for a job (`intents/lookup/someone.yml`).
            normaliser: the same as for the utterances.
            told: names of jobs, of which those told by what is done give their verbs.
        """
        self._heads = {normaliser.lexicon_words(word) for word in someone}
        self._longest = max(map(len, self._heads), default=0)
        self._verbs: set[str] = set()
        for name in told:
            words = normaliser.lexicon_words(name)
            place = _verb_after(words, 2)
            if words[:2] == (_SOMEONE, _WHO) and place is not None:
                self._verbs.add(words[place])

    def read(self, text: NormalisedText) -> NormalisedText:
        """Return the utterance with as many tokens, each in its place."""
        told = zip(text.tokens, self.read_words(text.words), strict=True)
        return NormalisedText(text.typed, tuple(replace(token, text=word) for token, word in told))

    def read_words(self, words: Sequence[str]) -> list[str]:
        """Return as many words; the same ones when nobody is told by what they do."""
        told = list(words)
        for place, word in enumerate(words):
            if word not in {_WHO, "ou"}:
                continue
            length = self._head_before(words, place)
            is_where = word != _WHO
            if not length or (is_where and not set(words[place + 1 : place + 2]) & _SUBJECTS):
                continue
            told[place - length : place] = [_EMPTY] * (length - 1) + [_SOMEONE]
            if is_where:
                told[place : place + 2] = [_WHO, _EMPTY]
            self._say_in_singular(told, place + 1)
        return told

    def _head_before(self, words: Sequence[str], place: int) -> int:
        """Return how many words before a place are somebody; 0 for none."""
        for length in range(min(self._longest, place), 0, -1):
            head = tuple(words[place - length : place])
            if head not in self._heads:
                continue
            before = words[place - length - 1] if place > length else None
            if head[0] in _PRONOUNS or before is None or before in _DETERMINERS:
                return length
        return 0

    def _say_in_singular(self, words: list[str], place: int) -> None:
        verb_place = _verb_after(words, place)
        if verb_place is None:
            return
        verb = words[verb_place]
        if verb in _IRREGULAR:
            words[verb_place] = _IRREGULAR[verb]
        elif len(verb) > 4 and verb.endswith("ent") and verb not in _SINGULAR_ENT:
            words[verb_place] = self._singular(verb)

    def _singular(self, verb: str) -> str:
        """« soignent » is « soigne »; « écrivent », the verb of some name that is nearest to it."""
        regular = verb[:-2]
        if regular in self._verbs:
            return regular
        near = [known for known in self._verbs if known[:3] == verb[:3]]
        likeness = {known: OSA.normalized_similarity(known, verb[:-3]) for known in near}
        best = max(sorted(likeness), key=likeness.__getitem__, default=regular)
        return best if likeness.get(best, 0.0) >= _LIKE else regular


def _verb_after(words: Sequence[str], place: int) -> int | None:
    while place < len(words) and words[place] in _CLITICS:
        place += 1
    return place if place < len(words) else None
