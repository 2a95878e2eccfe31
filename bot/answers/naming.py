"""Names jobs in plain French, with their full feminine and masculine forms.

The form that the person used comes first: « boulangère ou boulanger » to who says « boulangère ».
"""

from __future__ import annotations

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Appellation, Fiche
from bot.dialogue.events import Named
from bot.understanding.interpretation import Interpretation
from bot.understanding.normalisation import Normaliser

__all__ = ["both_genders", "genders_said", "of", "short_name"]

_VOWELS = "aeiouàâäéèêëîïôöùûüœ"
# Jobs in h- that do not elide (h aspiré): le hockeyeur, le harpiste.
_ASPIRATED = ("hand", "harp", "haut", "héros", "hock", "homard", "hot", "hus", "hack")


def both_genders(appellation: Appellation, *, feminine_first: bool = False) -> str:
    """Return « chargé ou chargée de post-production », or the one form of an epicene name."""
    masculine, feminine = appellation.masculine, appellation.feminine
    if not masculine or not feminine or masculine == feminine:
        return masculine or feminine or appellation.name
    first, second = (feminine, masculine) if feminine_first else (masculine, feminine)
    left, right = first.split(), second.split()
    shared = 0
    while shared < min(len(left), len(right)) - 1 and left[-1 - shared] == right[-1 - shared]:
        shared += 1
    if shared == 0:
        return f"{first} ou {second}"
    return " ".join([*left[: len(left) - shared], "ou", *right])


def genders_said(
    interpretation: Interpretation, catalogue: Catalogue, normaliser: Normaliser
) -> Named | None:
    """Return in which gender the jobs of an utterance are named, None when nothing tells it.

    A word of the feminine name alone (« boulangère ») tells it, unless the masculine is there too.
    """
    named: dict[str, bool] = {}
    for mention in interpretation.all("metier"):
        said = _words(normaliser, interpretation.text[mention.start : mention.end])
        for candidate in mention.candidates:
            title = catalogue[candidate.id].title
            feminine = _words(normaliser, title.feminine or "")
            masculine = _words(normaliser, title.masculine or "")
            if said & (masculine - feminine):
                named[candidate.id] = False
            elif said & (feminine - masculine):
                named[candidate.id] = True
    if not named:
        return None
    return Named(
        feminine=tuple(metier for metier, is_feminine in named.items() if is_feminine),
        masculine=tuple(metier for metier, is_feminine in named.items() if not is_feminine),
    )


def _words(normaliser: Normaliser, text: str) -> set[str]:
    return {token.text for token in normaliser.normalise(text).tokens}


def short_name(fiche: Fiche) -> str:
    """Return the name for a button: the fiche's own title."""
    return fiche.name


def of(name: str) -> str:
    """Return « de boulanger » or « d'avocat »."""
    lowered = name.lower()
    mute_h = lowered.startswith("h") and not lowered.startswith(_ASPIRATED)
    return f"d'{name}" if lowered[:1] in _VOWELS or mute_h else f"de {name}"
