"""Whether one word alone names a job: « boulanger » does, « médecine » or « cadre » may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.understanding.metier_names import singular
from bot.understanding.name_index import content_words
from bot.understanding.normalisation import Token, stem

__all__ = ["BareWords", "job_is_expected"]

_JOB_EXPECTED = frozenset(
    "etre devenir deviens devient metier profession job travail comme".split()
)
_ARTICLES = (["un"], ["une"], ["d'"])
_SHORT_QUESTION = 7


class BareWords:
    """Judges words said alone by the forms that names are written in and by their place."""

    def __init__(
        self,
        surfaces: Mapping[str, frozenset[str]],
        *,
        common_words: Iterable[str],
        is_known_word: Callable[[str], bool],
    ) -> None:
        """Prepare.

        Args:
            surfaces: the first words of names, as written, by stem.
            common_words: words that are names of jobs but mostly mean something else.
            is_known_word: tells a French word.
        """
        self._surfaces = surfaces
        self._common = {word for words in common_words for word in content_words([words])}
        self._is_known_word = is_known_word

    def is_in_place(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether the word is not a common one, or stands where a job is expected."""
        common = stem(tokens[place].text) in self._common
        return not common or job_is_expected(tokens, place)

    def is_written_so(self, word: str, name: str) -> bool:
        """Whether names that begin with the stem `name` are written like a word typed for it."""
        root = stem(word)
        if root != name or not self._is_known_word(word):
            return True  # misspelt: the spelling proves nothing
        return singular(word) in self._surfaces.get(root, ())


def job_is_expected(tokens: Sequence[Token], place: int) -> bool:
    """Whether the word at a place would name a job: « devenir … », « un … ? », or first."""
    before = [token.text for token in tokens[max(0, place - 3) : place]]
    if place == 0 or len(tokens) <= 2 or any(word in _JOB_EXPECTED for word in before):
        return True
    return before[-1:] in _ARTICLES and len(tokens) <= _SHORT_QUESTION
