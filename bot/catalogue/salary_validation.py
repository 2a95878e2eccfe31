"""Checks what a fiche says of the salary: neither an amount nor a known wording, odd amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogue.fiche import Section
from bot.catalogue.finding import CatalogueFinding

__all__ = ["check_salary"]

_LEAST_PER_MONTH, _MOST_PER_MONTH = 500, 20_000
_MONTHS = 12

# What the 73 real salaries without a figure say (893 fiches, October 2025).
_KNOWN_WORDING = re.compile(
    r"\bsmic\b|variable|varie|selon|en fonction d|dépend|cachet|forfait|honoraire|commission"
    r"|barème|grille|convention|droits d['’]auteur|indemni|solde|bénévol|non renseigné",
    re.IGNORECASE,
)
_AMOUNT = r"(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+)"
# An amount, or two, and the period that they are for; without a period nothing is judged, for
# many are paid by the day or by the hour.
_PAID = re.compile(
    rf"(?<![\d.,])(?P<low>{_AMOUNT})(?:,\d+)?(?:\s*(?:et|à|ou|-|–|/)\s*(?P<high>{_AMOUNT})(?:,\d+)?)?"
    r"\s*(?:€|euros?\b)[^\d.;]{0,30}?(?P<period>par mois|/ ?mois|mensuel|par an\b|/ ?an\b|annuel)",
    re.IGNORECASE,
)


def check_salary(identifier: str, salary: Section) -> Iterator[CatalogueFinding]:
    """Yield what is odd: monthly amounts below 500 or above 20,000 euros, or nothing that tells.

    Yearly amounts are divided by 12; amounts by the hour, the day or the mission are not judged.
    """
    said = "\n".join(salary.paragraphs)
    if said and not re.search(r"\d", said) and not _KNOWN_WORDING.search(said):
        yield CatalogueFinding(id=identifier, kind="salary_unclear", field="salary", detail=said)
    for match in _PAID.finditer(said):
        yearly = "an" in match["period"].casefold().replace("mensuel", "")
        months = _MONTHS if yearly else 1
        amounts = [_euros(match[name]) / months for name in ("low", "high") if match[name]]
        if min(amounts) < _LEAST_PER_MONTH or max(amounts) > _MOST_PER_MONTH:
            yield CatalogueFinding(
                id=identifier, kind="salary_amount", field="salary", detail=match[0]
            )


def _euros(amount: str) -> int:
    return int(re.sub(r"\D", "", amount))
