"""Checks the links from `intents/` to the catalogue: identifiers of jobs, labels, diplomas."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from bot.catalogue.catalogue import Catalogue
from bot.evaluation.checks.finding import Finding, error, notice
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.rasa_yaml import Entry

__all__ = ["check_ids", "check_links"]

_METIER_ID = re.compile(r"MET\.[0-9]+")
# Where more than this share of the jobs is absent, the catalogue is a small one, chosen on purpose:
# what it lacks is counted, not listed.
_MOST_ABSENT = 0.1


def check_ids(folder: IntentsFolder) -> Iterator[Finding]:
    """Yield the identifiers that no job can have."""
    for entry in folder.table("metiers"):
        if not _METIER_ID.fullmatch(entry.name):
            yield error("metier_id", entry.path, entry.line, detail=entry.name)


def check_links(folder: IntentsFolder, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what `intents/` names and the catalogue has not: no fault of either by itself."""
    jobs = folder.table("metiers")
    unknown = [job for job in jobs if job.name not in catalogue]
    if len(unknown) > _MOST_ABSENT * len(jobs):
        counted = f"{len(unknown)} / {len(jobs)}"
        yield notice("links_absent", jobs[0].path, jobs[0].line, detail=counted)
        return
    absent = list(unknown)
    for table, names in _labels(catalogue).items():
        absent += [group for group in folder.table(table) if group.name.casefold() not in names]
    for entry in absent:
        yield notice("link_absent", entry.path, entry.line, detail=entry.name)
    yield from _diplomas(folder, catalogue)


def _diplomas(folder: IntentsFolder, catalogue: Catalogue) -> Iterator[Finding]:
    """Count the diplomas that no fiche names: they exist, and may be asked about all the same."""
    names = {label.casefold() for label in catalogue.formation_labels.values()}
    groups = folder.table("formations")
    absent = [g for g in groups if g.name.casefold() not in names and not _is_generic(g)]
    if absent:
        first, counted = absent[0], f"{len(absent)} / {len(groups)}"
        yield notice("diplomas_absent", first.path, first.line, field=first.name, detail=counted)


def _is_generic(entry: Entry) -> bool:
    """Whether the line says that no diploma bears this name, on purpose (`formations.yml`)."""
    lines = entry.path.read_text(encoding="utf-8").splitlines()
    return "# generic" in lines[entry.line - 1]


def _labels(catalogue: Catalogue) -> Mapping[str, Collection[str]]:
    """The labels that the groups of each table are named after, without case."""
    fiches = tuple(catalogue)
    domaines = [pair for fiche in fiches for pair in fiche.domaines]
    labels = {
        "statuts": (label for fiche in fiches for label in fiche.statuts),
        "centres_interet": (label for fiche in fiches for label in fiche.centres_interet),
        "domaines": (name for d in domaines for name in (d.domaine, d.sous_domaine) if name),
    }
    return {table: {name.casefold() for name in names} for table, names in labels.items()}
