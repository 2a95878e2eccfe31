"""The ordered scale of levels of study, as the fiches and as people's words name them.

Order: sans diplôme, 3e, brevet < CAP, CAP + 1 an < bac < bac + 1 < … < bac + 9 et plus;
« autre formation » is no level.

Source: `spec/intents.md` (entity `niveau`) and the 16 values of « Niveau d'accès minimum ».
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LOWEST_RANK", "niveau_rank"]

LOWEST_RANK = 0
_CAP_RANK = 1
_BAC_RANK = 2

_NAMED = {
    "sans diplôme": LOWEST_RANK,
    "sans diplome": LOWEST_RANK,
    "3e": LOWEST_RANK,
    "brevet": LOWEST_RANK,
    "diplôme national du brevet": LOWEST_RANK,
    "cap": _CAP_RANK,
    "cap ou équivalent": _CAP_RANK,
    "cap + 1 an": _CAP_RANK,
    "cap ou équivalent + 1 an": _CAP_RANK,
    "bac": _BAC_RANK,
    "bac ou équivalent": _BAC_RANK,
}
_LAST_AFTER_BAC = 9  # the scale ends with « bac + 9 et plus », which bac + 10 belongs to
_AFTER_BAC = re.compile(r"bac ?\+ ?([1-9]|1[0-9])(?: et plus)?")


def niveau_rank(label: str) -> int | None:
    """Place a level on the scale: a higher rank is a higher level, equal ranks are one step.

    Args:
        label: a label of the fiches (« bac + 5 », « CAP ou équivalent », « 3E ») or a value
            of the entity `niveau` (`sans_diplome`, `cap`, `bac`, `bac+1` … `bac+10`).

    Returns:
        The rank from `LOWEST_RANK` up, or None when the label is no level
        (« autre formation ») or is not known.
    """
    name = " ".join(unicodedata.normalize("NFC", label).casefold().replace("_", " ").split())
    after_bac = _AFTER_BAC.fullmatch(name)
    if after_bac:
        return _BAC_RANK + min(int(after_bac[1]), _LAST_AFTER_BAC)
    return _NAMED.get(name)
