"""Names jobs in plain French, with their full feminine and masculine forms."""

from __future__ import annotations

from bot.catalogue.fiche import Appellation, Fiche

__all__ = ["both_genders", "of", "short_name"]

_VOWELS = "aeiouàâäéèêëîïôöùûüœ"
# Jobs in h- that do not elide (h aspiré): le hockeyeur, le harpiste.
_ASPIRATED = ("hand", "harp", "haut", "héros", "hock", "homard", "hot", "hus", "hack")


def both_genders(appellation: Appellation) -> str:
    """Return « chargé ou chargée de post-production », or the one form of an epicene name."""
    masculine, feminine = appellation.masculine, appellation.feminine
    if not masculine or not feminine or masculine == feminine:
        return masculine or feminine or appellation.name
    left, right = masculine.split(), feminine.split()
    shared = 0
    while shared < min(len(left), len(right)) - 1 and left[-1 - shared] == right[-1 - shared]:
        shared += 1
    if shared == 0:
        return f"{masculine} ou {feminine}"
    return " ".join([*left[: len(left) - shared], "ou", *right])


def short_name(fiche: Fiche) -> str:
    """Return the name for a button: the fiche's own title."""
    return fiche.name


def of(name: str) -> str:
    """Return « de boulanger » or « d'avocat »."""
    lowered = name.lower()
    mute_h = lowered.startswith("h") and not lowered.startswith(_ASPIRATED)
    return f"d'{name}" if lowered[:1] in _VOWELS or mute_h else f"de {name}"
