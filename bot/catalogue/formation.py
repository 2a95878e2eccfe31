"""A formation (a course and its diploma) as typed values: an absent field is `None`.

Onisep describes a formation in two data sets: the « fiches formations » have its texts, the
table « formations initiales » its level and its codes. Both have the identifier `FOR.n`, by
which they are merged (`formation_merging`). Texts are those of the source, unaltered; facts
that the sources spell in several ways (`bac+5`, `Bac + 5`) get one spelling, here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.catalogue.fiche import Domaine, FormationId, MetierId, Section, Source

__all__ = [
    "FICHES_DATASET",
    "FORMATION_ID",
    "MOST_PROBLEMS",
    "TABLE_DATASET",
    "Formation",
    "FormationMetier",
    "FormationOrigin",
    "FurtherFormation",
    "certification_of_code",
    "formation_source",
    "present",
    "read_certification",
    "read_niveau",
    "read_type",
    "rncp_of_link",
    "title_key",
    "with_metier_ids",
]

FICHES_DATASET = "Idéo-fiches formations"
TABLE_DATASET = "Idéo-formations initiales en France"

FORMATION_ID = re.compile(r"FOR\.[0-9]{1,9}")

MOST_PROBLEMS = 100
"""A file of many records is given up at this many problems: it is not what it was taken for."""

_ABSENT = frozenset({"", "non renseigné", "non renseignée", "null"})
_AFTER_BAC = re.compile(r"bac\s*\+\s*([0-9]{1,2})\b\s*", re.IGNORECASE)
_BAC = re.compile(r"Bac\b")
_CERTIFICATION = re.compile(r"niveau\s+([0-9])\b.*", re.IGNORECASE | re.DOTALL)
# The old scale of diplomas, V to I, as a figure. The labels « niveau … » that stand beside
# it in the table were compared over 4,456 formations: 13 differ.
_CERTIFICATION_CODES = {
    "0": "non inscrit au RNCP",
    "5": "niveau 3",
    "4": "niveau 4",
    "3": "niveau 5",
    "2": "niveau 6",
    "1": "niveau 7",
}
# « (CS (ex MC)) » is a sigle, « (après concours) » is none: its first word has two capitals.
_SIGLE = re.compile(r"(?=\w*[A-ZÀ-Ý]\w*[A-ZÀ-Ý]).+", re.DOTALL)
_RNCP_LINK = re.compile(r"https?://www\.francecompetences\.fr/recherche/rncp/([0-9]{1,9})/?")


class FormationOrigin(StrEnum):
    """Which form of the data a formation was read from; it decides what wins in a merge."""

    MERGED = "merged"
    """The outcome of a merge; one that is kept in an index wins as a whole."""
    TABLE = "table"
    FICHE_XML = "fiche_xml"
    FICHE_MARKDOWN = "fiche_markdown"
    RELAYED_TABLE = "relayed_table"
    """A table that another project made from Onisep's, with names and levels of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationMetier:
    """A job that a formation leads to; `id` is None where the source gives the title only."""

    label: str
    id: MetierId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherFormation:
    """A formation that may follow; `condition` is the source's (« … conditionnelle »)."""

    label: str
    id: FormationId | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formation:
    """One formation. Tuples are empty, and other fields None, when the source has not the field.

    `label` holds the type (« BTS management commercial opérationnel »), `sigle` is that of
    the formation (« MCO »), `type_label` and `type_sigle` name its type (« brevet de
    technicien supérieur (BTS) », « BTS »). `duree` is as written (« 2 ans »).
    `niveau_sortie` and `niveau_certification` are in one spelling (« bac + 2 », « niveau 5 »,
    « non inscrit au RNCP »). `sous_domaines` are those that a source gives without their
    domaine. `link` is the source's own (a register, a syllabus), `url` the page at Onisep.
    `file` is the name of the file that it was read from, for findings.
    """

    id: FormationId
    label: str
    sigle: str | None = None
    type_label: str | None = None
    type_sigle: str | None = None
    duree: str | None = None
    niveau_sortie: str | None = None
    niveau_certification: str | None = None
    code_rncp: str | None = None
    code_scolarite: str | None = None
    tutelle: str | None = None
    description: Section | None = None
    access: Section | None = None
    attendus: Section | None = None
    further_studies: Section | None = None
    further_formations: tuple[FurtherFormation, ...] = ()
    metiers: tuple[FormationMetier, ...] = ()
    domaines: tuple[Domaine, ...] = ()
    sous_domaines: tuple[str, ...] = ()
    link: str | None = None
    origin: FormationOrigin
    source: Source
    file: str = ""

    @property
    def name(self) -> str:
        """The label, as a fiche has a name."""
        return self.label

    @property
    def url(self) -> str:
        """The page of the formation at Onisep."""
        return _onisep_page(self.id)


def formation_source(formation: str, *, dataset: str, date: str | None = None) -> Source:
    """Say how a formation must be cited (redirections of the Onisep site, data-formats 3.9)."""
    return Source(url=_onisep_page(formation), dataset=dataset, licence="ODbL", date=date)


def _onisep_page(formation: str) -> str:
    return f"https://www.onisep.fr/http/redirection/formation/slug/{formation}"


def present(value: str | None) -> str | None:
    """Return a value without the spaces around it, None when it says that there is none."""
    text = (value or "").strip()
    return None if " ".join(text.casefold().split()) in _ABSENT else text


def read_niveau(value: str | None) -> str | None:
    """Give a level its one spelling: « bac+5 » and « Bac + 5 » are `bac + 5`."""
    text = present(value)
    if text is None:
        return None
    text = " ".join(text.split())
    after_bac = _AFTER_BAC.match(text)
    if after_bac:
        return f"bac + {int(after_bac[1])} {text[after_bac.end() :]}".rstrip()
    return _BAC.sub("bac", text, count=1) if _BAC.match(text) else text


def read_certification(value: str | None) -> str | None:
    """Give a level of certification its one spelling: « niveau 7 (bac + 5) » is `niveau 7`."""
    text = present(value)
    match = _CERTIFICATION.fullmatch(text) if text else None
    return f"niveau {match[1]}" if match else text


def certification_of_code(value: str | None) -> str | None:
    """Read the column `niveau_de_certification`: 5 to 1 for `niveau 3` to 7, 0 for none.

    The figures are those of the old scale, not of the label: « 5 » is `niveau 3`.
    """
    text = present(value)
    return _CERTIFICATION_CODES.get(text, read_certification(text)) if text else None


def read_type(label: str | None, sigle: str | None = None) -> tuple[str | None, str | None]:
    """Return the label of a type with its sigle in parentheses, and that sigle.

    Sources write « brevet de technicien supérieur (BTS) » in one column or in two, and
    « CAP (CAP) » where the label is the sigle already.
    """
    text, given = present(label), present(sigle)
    if text is None:
        return given, given
    before, written = _cut_parentheses(text)
    if given is None and _SIGLE.fullmatch(written):
        given = written
    name = before if written == given else text
    return (name if given in (None, name) else f"{name} ({given})"), given


def _cut_parentheses(text: str) -> tuple[str, str]:
    """Return a text before the parentheses that end it, and what they hold, inner ones included."""
    depth = 0
    for position in range(len(text) - 1, -1, -1) if text.endswith(")") else ():
        depth += {")": 1, "(": -1}.get(text[position], 0)
        if position and depth == 0:
            return text[:position].rstrip(), text[position + 1 : -1].strip()
    return text, ""


def rncp_of_link(link: str | None) -> str | None:
    """Return the code of a link that is a page of the register: « …/recherche/rncp/39159/ »."""
    match = _RNCP_LINK.fullmatch(link or "")
    return match[1] if match else None


def title_key(title: str) -> str:
    """Fold what varies in the writing of one title: case, spaces, apostrophe."""
    text = unicodedata.normalize("NFC", title).replace("\u2019", "'")
    return " ".join(text.casefold().split())


def with_metier_ids(formation: Formation, by_title: Mapping[str, MetierId]) -> Formation:
    """Give the jobs of a formation the identifiers that it lacks, by exact title.

    Args:
        formation: it may list jobs by title only, as the Markdown fiches do.
        by_title: identifiers by `title_key` of the titles and other names of the jobs. A
            title of two jobs must not be in it.

    Returns:
        The formation itself when nothing was found.
    """
    metiers = tuple(
        metier if metier.id else replace(metier, id=by_title.get(title_key(metier.label)))
        for metier in formation.metiers
    )
    return formation if metiers == formation.metiers else replace(formation, metiers=metiers)
