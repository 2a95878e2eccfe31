"""The short names that sigles make of formations: « BTS MCO », « BUT GEA », « licence LLCER »."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import takewhile

from bot.catalogue.formation import Formation

__all__ = ["sigle_names"]

# Where the part that variants of one formation share ends: « BUT … parcours … ».
_VARIANT_WORDS = frozenset(
    {"parcours", "option", "options", "spécialité", "enseignement", "mention", "dominante"}
)


def sigle_names(formations: Iterable[Formation]) -> dict[str, tuple[str, str | None]]:
    """Return, by « type and sigle », the name and the identifier of what it stands for.

    A sigle that several variants share stands for the name that they have in common, without
    identifier; when they have none, the sigle says nothing and is left out.
    """
    groups: defaultdict[str, list[Formation]] = defaultdict(list)
    for formation in formations:
        if formation.sigle:
            kind = formation.label.split()[0]
            groups[f"{kind} {formation.sigle}"].append(formation)
    names: dict[str, tuple[str, str | None]] = {}
    for way, group in groups.items():
        if len(group) == 1:
            names[way] = (group[0].label, group[0].id)
        elif shared := _shared_name([formation.label for formation in group]):
            names[way] = (shared, None)
    return names


def _shared_name(labels: list[str]) -> str | None:
    """Return the words that labels begin with, two at least, up to where variants begin."""
    columns = zip(*(label.split() for label in labels), strict=False)
    words = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
    while words and words[-1].strip(",:").casefold() in _VARIANT_WORDS:
        words = words[:-1]
    return " ".join(words).rstrip(",: ") if len(words) > 1 else None
