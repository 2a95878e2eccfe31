"""Reads « Idéo-fiches métiers », the XML export of Onisep that the Markdown fiches come from.

Two structures are in use. Until 2024, a synonym is plain text and the short texts are in
`formats_courts`; since 2025, a synonym has its genders and there is one `format_court`.
An entry of a list has its `id` and `libelle` as elements or as attributes. All of these are
read without asking which structure a file has, for exports mix them.

A fiche has the same values through Markdown and through XML, where both hold the field.
What is not read on purpose is listed in `IGNORED`; text anywhere else is an error.

Source: https://opendata.onisep.fr, data set 5fe0808a2da6f (`docs/catalogue.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from bot.catalogue.conflict import Conflict
from bot.catalogue.fiche import (
    Appellation,
    Block,
    Fiche,
    FormationId,
    FormationLink,
    MetierId,
    Section,
    WebSource,
)
from bot.catalogue.fiche_parts import edition_of, heading_key, study_paths
from bot.catalogue.html_blocks import read_blocks
from bot.catalogue.markdown_reader import METIER_ID, fiche_source
from bot.catalogue.xml_records import Element, read_records
from bot.catalogue.xml_schema import NEW, Schema, unread_finding, unread_text
from bot.errors import CatalogueError, Problem

__all__ = ["IGNORED", "RECORD", "ROOT", "parse_ideo_xml"]

ROOT, RECORD = "metiers", "metier"

_NAMES = ("nom_metier", "libelle_feminin", "libelle_masculin")
_SECTIONS = (
    "accroche_metier", "nature_travail", "competences", "condition_travail",
    "vie_professionnelle", "acces_metier",
)  # fmt: skip
_SYNONYM = "synonymes/synonyme"
_ROME = "romesV3/romeV3"
_SHORT_TEXT = "formats_courts/format_court"
_STATUT = "statuts/statut"
_RELATED = "metiers_associes/metier_associe"
_NIVEAU = "niveau_acces_min"
_FORMATION = "formations_min_requise/formation_min_requise"
_SECTEUR = "secteurs_activite/secteur_activite"
_CENTRE = "centres_interet/centre_interet"
_WEB_SOURCE = "sources_numeriques/source"
# An entry of these has an identifier and a label, as elements or attributes.
_LABELLED = (_STATUT, _RELATED, _NIVEAU, _FORMATION, _SECTEUR, _CENTRE)

IGNORED: Mapping[str, str] = MappingProxyType(
    {
        "publications": "printed guides",
        "secteurs_activite/metier_transverse": "whether several sectors have the job",
        f"{_SHORT_TEXT}/libelle": "the title again",
        **{f"{entry}/id_ideo1": "a number of the former data base" for entry in _LABELLED},
    }
)
"""What is not read on purpose: the path of an element in a record, and why.

Known and not kept either: the identifiers of the statuts, niveaux, secteurs and centres
d'intérêt, and the label of a related job, which is the title of its fiche; an entry of a list
without a label (a related job without an identifier, a web source without an address); in
`formats_courts`, the text « Fiche metier (Documentation) » where « Dico des métiers » is.
"""

_SCHEMA = Schema(
    read=frozenset(
        {
            "identifiant", *_NAMES, *_SECTIONS, "format_court", _ROME,
            _SYNONYM, *(f"{_SYNONYM}/{name}" for name in _NAMES),
            f"{_SHORT_TEXT}/type", f"{_SHORT_TEXT}/descriptif",
            *_LABELLED,
            *(f"{entry}/{name}" for entry in _LABELLED for name in ("id", "libelle")),
            *(f"{entry}/@{name}" for entry in _LABELLED for name in ("id", "libelle")),
            _WEB_SOURCE, f"{_WEB_SOURCE}/valeur", f"{_WEB_SOURCE}/commentaire",
        }
    ),
    several=frozenset(
        {_SYNONYM, _ROME, _SHORT_TEXT, *_LABELLED, _WEB_SOURCE} - {_NIVEAU}
    ),
    ignored=IGNORED,
)  # fmt: skip

_WITH_STUDIES = "dico des métiers"
_PRESENTATION = "accroche_metier"
_STUDIES_TITLE = "durée des études"
_CAREER_TITLES = {"salaire": "salary", "intégrer le marché du travail": "job_market"}

_FORMATION_ID = re.compile(r"FOR\.[0-9]+")
_ROME_SEPARATOR = re.compile(r"[,;|\s]+")
_CAPITAL_ONLY = re.compile(r"[^\W\d_][a-zà-öø-ÿ]")
_EDITION = re.compile(r"onisep_ideo_fiches_metiers_(\d\d)(\d\d)(\d{4})(?!\d)", re.IGNORECASE)


def parse_ideo_xml(stream: BinaryIO, path: Path) -> Iterator[Fiche | Conflict]:
    """Yield the fiches of an export one by one, in its order, and what was not read of them.

    A fiche given says nothing of the rest of the file; two fiches may have one identifier.

    Args:
        stream: the bytes of the XML file.
        path: what errors name; the name of a published export holds its date
            (`Onisep_Ideo_Fiches_Metiers_21102025.xml`), which its fiches then cite.

    Raises:
        CatalogueError: what `read_records` refuses, or every problem of one record: no
            identifier, no name, an identifier of a job that is not of the form MET.1, an
            element said twice. An element that we do not know is a finding, not an error:
            Onisep adds some, and a whole catalogue is not refused for one.
    """
    edition = edition_of(path, _EDITION)
    for record in read_records(stream, path, root=ROOT, record=RECORD):
        unread = list(unread_text(record, _SCHEMA, path))
        unknown = [problem for problem in unread if problem.key == NEW]
        problems = [*_missing(record, path), *(p for p in unread if p.key != NEW)]
        if problems:
            raise CatalogueError(*problems)
        fiche = _fiche(record)
        yield replace(fiche, source=replace(fiche.source, date=edition))
        for problem in unknown:
            yield unread_finding(fiche.id, problem)


def _missing(record: Element, path: Path) -> Iterator[Problem]:
    """Yield what a record lacks to be a fiche, and its identifiers that cannot be one."""
    for tag in ("identifiant", "nom_metier"):
        element = record.child(tag)
        if element is None or element.value is None:
            line = (element or record).line
            yield Problem(path=path, key="xml_field_missing", line=line, field=tag)
    places = [(record.child("identifiant"), _value(record, "identifiant"))]
    places += [(entry, _part(entry, "id")) for entry in _entries(record, _RELATED)]
    for element, found in places:
        if element and found and not METIER_ID.fullmatch(found):
            line, tag, detail = element.line, element.tag, found[:80]
            yield Problem(path=path, key="xml_id_malformed", line=line, field=tag, detail=detail)


def _fiche(record: Element) -> Fiche:
    metier = MetierId(_value(record, "identifiant") or "")
    presentation, short_text = _short_texts(record)
    summary, studies = _cut_studies(short_text)
    career = _cut_career(_blocks(record.child("vie_professionnelle")))
    return Fiche(
        id=metier,
        title=_appellation(record),
        other_names=tuple(filter(_has_name, map(_appellation, _entries(record, _SYNONYM)))),
        rome_codes=_rome_codes(record),
        presentation=_section(presentation),
        summary=_section(summary),
        study_paths=tuple(study_paths(studies)),
        nature=_section(_blocks(record.child("nature_travail"))),
        skills=_section(_blocks(record.child("competences"))),
        conditions=_section(_blocks(record.child("condition_travail"))),
        salary=_section(career["salary"]),
        job_market=_section(career["job_market"]),
        access=_section(_blocks(record.child("acces_metier"))),
        niveau_min=next(map(_lower_first, _labels(record, _NIVEAU)), None),
        formations=tuple(_formations(record)),
        statuts=_labels(record, _STATUT),
        centres_interet=_labels(record, _CENTRE),
        secteurs=_labels(record, _SECTEUR),
        related=_related(record),
        web_sources=tuple(_web_sources(record)),
        source=fiche_source(metier),
    )


def _entries(record: Element, place: str) -> Iterator[Element]:
    """Yield the elements at a path of one or two names."""
    container, _, entry = place.rpartition("/")
    for parent in record.every(container) if container else (record,):
        yield from parent.every(entry)


def _value(element: Element, tag: str) -> str | None:
    child = element.child(tag)
    return child.value if child else None


def _part(entry: Element, name: str) -> str | None:
    """Return the `id` or `libelle` of an entry, an element or an attribute."""
    attribute = entry.attributes.get(name, "").strip()
    return _value(entry, name) or (attribute if attribute not in ("", "null") else None)


def _labels(record: Element, place: str) -> tuple[str, ...]:
    labels = (_part(entry, "libelle") or entry.value for entry in _entries(record, place))
    return tuple(filter(None, labels))


def _appellation(element: Element) -> Appellation:
    """Return a name and its genders; a synonym may be its text only, or its genders only."""
    name, feminine, masculine = (_value(element, tag) for tag in _NAMES)
    shown = name or masculine or feminine or element.value or ""
    return Appellation(name=shown, feminine=feminine, masculine=masculine)


def _has_name(appellation: Appellation) -> bool:
    return bool(appellation.name)


def _rome_codes(record: Element) -> tuple[str, ...]:
    values = (entry.value or "" for entry in _entries(record, _ROME))
    codes = (code for value in values for code in _ROME_SEPARATOR.split(value) if code)
    return tuple(dict.fromkeys(codes))


def _lower_first(label: str) -> str:
    """Write « Bac + 5 » as « bac + 5 », as exports do since 2025; « CAP » stays."""
    return label[0].lower() + label[1:] if _CAPITAL_ONLY.match(label) else label


def _formations(record: Element) -> Iterator[FormationLink]:
    for entry in _entries(record, _FORMATION):
        label = _part(entry, "libelle") or entry.value
        identifier = _part(entry, "id") or ""
        known = FormationId(identifier) if _FORMATION_ID.fullmatch(identifier) else None
        if label:
            yield FormationLink(label=label, id=known)


def _related(record: Element) -> tuple[MetierId, ...]:
    found = (_part(entry, "id") for entry in _entries(record, _RELATED))
    return tuple(dict.fromkeys(MetierId(metier) for metier in found if metier))


def _web_sources(record: Element) -> Iterator[WebSource]:
    for entry in _entries(record, _WEB_SOURCE):
        url = _value(entry, "valeur") or entry.value
        if url:
            yield WebSource(url=url, label=_value(entry, "commentaire") or "")


def _blocks(element: Element | None) -> tuple[Block, ...]:
    return read_blocks(element.text) if element and element.value else ()


def _section(blocks: Sequence[Block]) -> Section | None:
    return Section(blocks=tuple(blocks)) if blocks else None


def _short_texts(record: Element) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return the presentation, and the text that « En bref » and the studies come from."""
    typed: dict[str, tuple[Block, ...]] = {}
    for entry in _entries(record, _SHORT_TEXT):
        typed.setdefault(
            heading_key(_value(entry, "type") or ""), _blocks(entry.child("descriptif"))
        )
    presentation = typed.pop(_PRESENTATION, ())
    best = typed.get(_WITH_STUDIES) or next(filter(None, typed.values()), ())
    return (
        _blocks(record.child("accroche_metier")) or presentation,
        _blocks(record.child("format_court")) or best,
    )


def _cut_studies(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Cut the short text at its heading « Durée des études », which is left out."""
    for place, block in enumerate(blocks):
        if block.heading and heading_key(block.text) == _STUDIES_TITLE:
            return blocks[:place], blocks[place + 1 :]
    return blocks, ()


def _cut_career(blocks: tuple[Block, ...]) -> Mapping[str, Sequence[Block]]:
    """Sort the blocks of « Vie professionnelle » under its two titles, which are left out."""
    career: dict[str, list[Block]] = {"salary": [], "job_market": []}
    field = "job_market"
    for block in blocks:
        title = _CAREER_TITLES.get(heading_key(block.text)) if block.heading else None
        if title:
            field = title
        else:
            career[field].append(block)
    return career
