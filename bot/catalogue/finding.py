"""What a check of the catalogue finds, and how serious each kind of finding is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["KINDS", "CatalogueFinding", "Severity"]


class Severity(StrEnum):
    """How serious a finding is, the most serious first."""

    ERROR = "error"
    """People would read damaged or missing text."""
    WARNING = "warning"
    """An answer may be wrong, or a search may miss the job: somebody should look."""
    NOTE = "note"
    """Good to know; often the source is so."""


KINDS = {
    "field_missing": Severity.ERROR,
    "mojibake": Severity.ERROR,
    "html": Severity.ERROR,
    "gender_missing": Severity.WARNING,
    "gender_slash": Severity.WARNING,
    "name_twice": Severity.WARNING,
    "niveau_unknown": Severity.WARNING,
    "label_unknown": Severity.WARNING,
    "secteur_missing": Severity.WARNING,
    "rome_malformed": Severity.WARNING,
    "salary_unclear": Severity.WARNING,
    "salary_amount": Severity.WARNING,
    "text_short": Severity.WARNING,
    "text_twice": Severity.WARNING,
    "web_source": Severity.WARNING,
    "unplaced": Severity.WARNING,
    "conflict": Severity.NOTE,
    "name_shared": Severity.NOTE,
    "heading_empty": Severity.NOTE,
    "paragraph_twice": Severity.NOTE,
    "studies_missing": Severity.NOTE,
    "duration_unread": Severity.NOTE,
    "formation_unknown": Severity.NOTE,
    "name_only": Severity.NOTE,
    "secteurs_rare": Severity.NOTE,
    "formations_not_loaded": Severity.NOTE,
}
"""Every kind of finding, in the order in which they are told.

Its sentences are `finding_<kind>` and `finding_<kind>_remedy` in
`intents/responses/catalogue.yml`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFinding:
    """One thing found in the record `id`; `id` is empty when it is about the whole catalogue.

    `kind` is one of `KINDS`, `field` the field of the fiche or formation (empty for the whole
    of it), `detail` what was found there, in the words of the source.
    """

    id: str
    kind: str
    field: str = ""
    detail: str = ""

    @property
    def severity(self) -> Severity:
        """How serious it is."""
        return KINDS[self.kind]
