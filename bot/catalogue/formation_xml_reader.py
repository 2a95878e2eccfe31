"""Reads « Idéo-fiches formations », the XML export of Onisep that the Markdown comes from.

No whole export was at hand: the elements are those that public programs read or show, from
2022 to 2026 (names, nesting, an example of most values). So an element that nothing here
knows is passed over rather than refused; but text is never lost inside one that is read.

Known and not read: the halves of the label (`libelle_generique`, `libelle_specifique`,
`type_option`), the codes of the former scales (`niv_code`, `nsf_discipline`, `nsf_fonction`),
`nature_certificat`, `element_enseignement`, the years of the sessions, the dates of the record,
the printed guides, `sources_numeriques`, and the synonyms of the jobs.

Source: https://opendata.onisep.fr, data set 5fe07a9ecc960 (`docs/catalogue.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot.catalogue.fiche import FormationId, MetierId, Section
from bot.catalogue.fiche_parts import edition_of
from bot.catalogue.formation import (
    FICHES_DATASET,
    FORMATION_ID,
    MOST_PROBLEMS,
    Formation,
    FormationMetier,
    FormationOrigin,
    FurtherFormation,
    formation_source,
    present,
    read_certification,
    read_niveau,
    read_type,
    rncp_of_link,
)
from bot.catalogue.html_blocks import read_blocks
from bot.catalogue.markdown_reader import METIER_ID
from bot.catalogue.xml_records import Element, read_records
from bot.errors import CatalogueError, Problem

__all__ = ["is_formation_xml", "parse_formation_xml"]

_ROOT, _RECORD = "formations", "formation"
_ID, _LABEL = "identifiant", "libelle_complet"
_DESCRIPTION, _ACCESS = "descriptif_format_court", "descriptif_acces"
_ATTENDUS, _FURTHER_STUDIES = "attendus", "descriptif_poursuite_etudes"

# What may stand before the root; atomic, so that no comment is read twice.
_ROOT_TAG = re.compile(
    rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+<formations(?=[\s/>])",
    re.DOTALL,
)
_QUOTES = "\"'\u201c\u201d«» \u00a0"
_EDITION = re.compile(r"ideo_fiches_formations_(\d\d)(\d\d)(\d{4})(?!\d)", re.IGNORECASE)


def is_formation_xml(head: bytes) -> bool:
    """Say whether a file that starts so is an export of formations, by its root."""
    return _ROOT_TAG.match(head) is not None


def parse_formation_xml(stream: BinaryIO, path: Path) -> Iterator[Formation]:
    """Yield the formations of an export one by one, in its order.

    Args:
        stream: the bytes of the XML file.
        path: what errors name; the name of a published export holds its date
            (`Onisep_Ideo_Fiches_Formations_21102025.xml`), which its formations then cite.

    Raises:
        CatalogueError: what `read_records` refuses; or, once the other formations were given,
            the records without an identifier or a label, and the texts in which an element
            that is no CDATA would lose its words (`MOST_PROBLEMS` of them at most).
    """
    edition = edition_of(path, _EDITION)
    problems: list[Problem] = []
    for record in read_records(stream, path, root=_ROOT, record=_RECORD):
        found = list(_problems(record, path))
        if found:
            problems += found
        else:
            yield _formation(record, path, edition)
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise CatalogueError(*problems)


def _problems(record: Element, path: Path) -> Iterator[Problem]:
    for tag in (_ID, _LABEL):
        if _value(record, tag) is None:
            yield Problem(path=path, key="xml_field_missing", line=record.line, field=tag)
    formation = _value(record, _ID)
    if formation and not FORMATION_ID.fullmatch(formation):
        detail = formation[:80]
        yield Problem(
            path=path, key="formation_id_malformed", line=record.line, field=_ID, detail=detail
        )
    for tag in (_DESCRIPTION, _ACCESS, _ATTENDUS, _FURTHER_STUDIES):
        for inner in (child for text in record.every(tag) for child in text.children):
            if holder := inner.first_with_value():
                yield Problem(
                    path=path,
                    key="xml_element_unknown",
                    line=holder.line,
                    field=holder.tag,
                    detail=(holder.value or "")[:80],
                )


def _formation(record: Element, path: Path, edition: str | None) -> Formation:
    formation = FormationId(_value(record, _ID) or "")
    type_label, type_sigle = _type(record)
    link = _value(record, "url")
    source = formation_source(formation, dataset=FICHES_DATASET, date=edition)
    return Formation(
        id=formation,
        label=_value(record, _LABEL) or "",
        sigle=_value(record, "sigle"),
        type_label=type_label,
        type_sigle=type_sigle,
        duree=_duree(record),
        niveau_sortie=read_niveau(_niveau(record)),
        niveau_certification=read_certification(_value(record, "niveau_certification")),
        code_rncp=rncp_of_link(link),
        code_scolarite=_value(record, "code_scolarite"),
        tutelle=_value(record, "sous_tutelle"),
        description=_section(record, _DESCRIPTION),
        access=_section(record, _ACCESS),
        attendus=_section(record, _ATTENDUS),
        further_studies=_section(record, _FURTHER_STUDIES),
        further_formations=tuple(_further_formations(record)),
        metiers=tuple(_metiers(record)),
        sous_domaines=_sous_domaines(record),
        link=link,
        origin=FormationOrigin.FICHE_XML,
        source=source,
        file=path.name,
    )


def _value(element: Element, tag: str) -> str | None:
    """Return the value of the first element of that name that has one."""
    return next(filter(None, (present(child.value) for child in element.every(tag))), None)


def _part(entry: Element, name: str) -> str | None:
    """Return the `id` or the label of an entry, an element or an attribute."""
    return _value(entry, name) or present(entry.attributes.get(name))


def _entries(record: Element, container: str, entry: str) -> Iterator[Element]:
    for parent in record.every(container):
        yield from parent.every(entry)


def _type(record: Element) -> tuple[str | None, str | None]:
    """Read the type; its `type_formation_libelle_court` (« GECOM ») is a code, not a sigle."""
    container = record.child("type_Formation")
    if container is None:
        return None, None
    return read_type(
        _value(container, "type_formation_libelle"), _value(container, "type_formation_sigle")
    )


def _duree(record: Element) -> str | None:
    """Return the duration without the quotes that exports put around it."""
    return present((_value(record, "duree_formation") or "").strip(_QUOTES))


def _niveau(record: Element) -> str | None:
    element = record.child("niveau_etudes")
    return (_part(element, "libelle") or element.value) if element else None


def _section(record: Element, tag: str) -> Section | None:
    blocks = tuple(
        block for text in record.every(tag) if text.value for block in read_blocks(text.text)
    )
    return Section(blocks=blocks) if blocks else None


def _metiers(record: Element) -> Iterator[FormationMetier]:
    for entry in _entries(record, "metiers_formation", "metier"):
        given = _part(entry, "id") or ""
        metier = MetierId(given) if METIER_ID.fullmatch(given) else None
        label = _part(entry, "nom_metier") or _part(entry, "libelle") or entry.value or given
        if label:
            yield FormationMetier(label=label, id=metier)


def _further_formations(record: Element) -> Iterator[FurtherFormation]:
    for group in _entries(record, "poursuites_etudes", "poursuite_etudes"):
        condition = _value(group, "type_Poursuite")
        for entry in group.every("formation_poursuite_Etudes"):
            given = _part(entry, "id") or ""
            formation = FormationId(given) if FORMATION_ID.fullmatch(given) else None
            if label := entry.value or _part(entry, "libelle"):
                yield FurtherFormation(label=label, id=formation, condition=condition)


def _sous_domaines(record: Element) -> tuple[str, ...]:
    entries = [*_entries(record, "sous_domaines_web", "sous_domaine_web")]
    entries += record.every("sous_domaine_web")
    labels = (_part(entry, "libelle") or entry.value for entry in entries)
    return tuple(dict.fromkeys(filter(None, labels)))
