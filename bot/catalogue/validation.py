"""Checks a catalogue that could be loaded, and collects every finding before anybody speaks.

What cannot be read at all is an error of the readers; here is what was read and looks wrong,
poor, or contradictory. Nothing is changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.conflict import Conflict
from bot.catalogue.fiche import Fiche
from bot.catalogue.finding import KINDS, CatalogueFinding
from bot.catalogue.formation import Formation, title_key
from bot.catalogue.niveaux import niveau_rank
from bot.catalogue.salary_validation import check_salary
from bot.catalogue.text_validation import Text, check_name, check_repeats, check_text

__all__ = ["check_catalogue"]

# What Onisep declares obligatory, beside the identifier and the name, without which nothing
# is read, and the genders and sectors, which are checked apart.
_OBLIGATORY = ("presentation", "summary", "niveau_min")
_SECTIONS = (
    "presentation", "summary", "nature", "skills", "conditions", "salary", "job_market", "access"
)  # fmt: skip
_FORMATION_SECTIONS = ("description", "access", "attendus", "further_studies")
_NO_NIVEAU = "autre formation"
_ROME = re.compile(r"[A-N][0-9]{4}")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
# « chargé/e », « décorateur/trice »: an ending after a slash; « actif/passif » is none.
_GENDER_SLASH = re.compile(
    r"\w/(?:e|ne|le|te|se|ve|fe|ère|ière|trice|rice|euse|esse|eure|ienne|enne|onne)s?(?!\w)"
)


def check_catalogue(
    catalogue: Catalogue, *, labels: Mapping[str, Collection[str]] | None = None
) -> tuple[CatalogueFinding, ...]:
    """Check everything that a catalogue holds.

    Args:
        catalogue: what was loaded.
        labels: the closed lists of `statuts`, `centres_interet` and `domaines`, case apart; a
            list that is not given is not checked against.

    Returns:
        The findings, the most serious kinds first, each kind in the order of the catalogue.
    """
    fiches = tuple(catalogue)
    told = tuple(fiche for fiche in fiches if _is_told(fiche))
    texts = [text for fiche in fiches for text in _texts(fiche, _SECTIONS)]
    formations = catalogue.formations.values()
    lists = {name: frozenset(map(str.casefold, some)) for name, some in (labels or {}).items()}
    found: list[CatalogueFinding] = []
    for fiche in fiches:
        found += _check_fiche(fiche, lists)
    found += _check_secteurs(told)
    found += _check_names(fiches)
    for text in texts:
        found += check_text(text)
    found += check_repeats(texts)
    for formation in formations:
        found += _check_formation(formation)
    found += _check_formation_links(catalogue)
    found += map(_finding_of, catalogue.contents.conflicts)
    order = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: order[finding.kind]))


def _is_told(fiche: Fiche) -> bool:
    return any(getattr(fiche, name) for name in _SECTIONS)


def _texts(record: Fiche | Formation, sections: Iterable[str]) -> Iterator[Text]:
    for name in sections:
        section = getattr(record, name)
        if section is not None:
            yield Text(id=record.id, field=name, section=section)


def _check_fiche(fiche: Fiche, lists: Mapping[str, Collection[str]]) -> Iterator[CatalogueFinding]:
    for names in fiche.names():
        field = "name" if names is fiche.title else "other_names"
        for form in names.forms():
            yield from check_name(fiche.id, field, form)
    yield from _check_codes_and_labels(fiche, lists)
    if fiche.salary is not None:
        yield from check_salary(fiche.id, fiche.salary)
    if not _is_told(fiche):
        yield CatalogueFinding(id=fiche.id, kind="name_only")
        return
    for name in _OBLIGATORY:
        if not getattr(fiche, name):
            yield CatalogueFinding(id=fiche.id, kind="field_missing", field=name)
    yield from _check_genders(fiche)
    yield from _check_studies(fiche)


def _check_codes_and_labels(
    fiche: Fiche, lists: Mapping[str, Collection[str]]
) -> Iterator[CatalogueFinding]:
    def finding(kind: str, field: str, detail: str) -> CatalogueFinding:
        return CatalogueFinding(id=fiche.id, kind=kind, field=field, detail=detail)

    niveau = fiche.niveau_min
    if niveau and niveau_rank(niveau) is None and niveau.casefold() != _NO_NIVEAU:
        yield finding("niveau_unknown", "niveau_min", niveau)
    for name, values in (
        ("statuts", fiche.statuts),
        ("centres_interet", fiche.centres_interet),
        ("domaines", [d for pair in fiche.domaines for d in (pair.domaine, pair.sous_domaine)]),
    ):
        for value in values:
            if name in lists and value and value.casefold() not in lists[name]:
                yield finding("label_unknown", name, value)
    for code in fiche.rome_codes:
        if not _ROME.fullmatch(code):
            yield finding("rome_malformed", "rome_codes", code)
    for page in fiche.web_sources:
        if not _WEB.fullmatch(page.url):
            yield finding("web_source", "web_sources", page.url)


def _check_genders(fiche: Fiche) -> Iterator[CatalogueFinding]:
    for name in ("feminine", "masculine"):
        form = getattr(fiche.title, name)
        if not form:
            yield CatalogueFinding(id=fiche.id, kind="gender_missing", field=name)
        elif _GENDER_SLASH.search(form):
            yield CatalogueFinding(id=fiche.id, kind="gender_slash", field=name, detail=form)


def _check_studies(fiche: Fiche) -> Iterator[CatalogueFinding]:
    if not fiche.study_paths:
        yield CatalogueFinding(id=fiche.id, kind="studies_missing", field="study_paths")
    for path in fiche.study_paths:
        if all(duration.years_min is None for duration in path.durations):
            yield CatalogueFinding(
                id=fiche.id, kind="duration_unread", field="study_paths", detail=path.text
            )


def _check_secteurs(told: Collection[Fiche]) -> Iterator[CatalogueFinding]:
    """Yield the fiches without sector; one finding for all where most have none.

    Sectors are obligatory in the Idéo-fiches XML; the Markdown form leaves them out.
    """
    without = [fiche for fiche in told if not fiche.secteurs]
    if len(without) * 2 > len(told):
        yield CatalogueFinding(
            id="", kind="secteurs_rare", field="secteurs", detail=f"{len(without)} / {len(told)}"
        )
        return
    for fiche in without:
        yield CatalogueFinding(id=fiche.id, kind="secteur_missing", field="secteurs")


def _check_names(fiches: Iterable[Fiche]) -> Iterator[CatalogueFinding]:
    """Yield the titles that two jobs have, and the other names that lead to several jobs."""
    titles: dict[str, str] = {}
    owners: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for fiche in fiches:
        for form in dict.fromkeys(map(title_key, fiche.title.forms())):
            first = titles.setdefault(form, fiche.id)
            if first != fiche.id:
                yield CatalogueFinding(id=fiche.id, kind="name_twice", field="name", detail=first)
                break
    for fiche in fiches:
        for names in fiche.other_names:
            owners[title_key(names.name)].setdefault(fiche.id, names.name)
    for key, ids in owners.items():
        sharers = dict.fromkeys((*((titles[key],) if key in titles else ()), *ids))
        for identifier, name in ids.items():
            others = ", ".join(other for other in sharers if other != identifier)
            if others:
                yield CatalogueFinding(
                    id=identifier, kind="name_shared", field="other_names",
                    detail=f"{name} ({others})",
                )  # fmt: skip


def _check_formation(formation: Formation) -> Iterator[CatalogueFinding]:
    """Yield what damages the texts of a formation; how much it tells is not judged."""
    yield from check_name(formation.id, "label", formation.label)
    for text in _texts(formation, _FORMATION_SECTIONS):
        yield from check_name(text.id, text.field, text.section.text)


def _check_formation_links(catalogue: Catalogue) -> Iterator[CatalogueFinding]:
    """Yield the recommended formations that no source describes, when sources of them are read."""
    if not catalogue.formations:
        if any(fiche.formations for fiche in catalogue):
            yield CatalogueFinding(id="", kind="formations_not_loaded", field="formations")
        return
    for fiche in catalogue:
        for link in fiche.formations:
            if link.id is not None and link.id not in catalogue.formations:
                yield CatalogueFinding(
                    id=fiche.id, kind="formation_unknown", field="formations",
                    detail=f"{link.label} ({link.id})",
                )  # fmt: skip


def _finding_of(conflict: Conflict) -> CatalogueFinding:
    kept, other = (
        f"{value} ({file})" if file else value
        for value, file in (
            (conflict.kept, conflict.kept_file),
            (conflict.other, conflict.other_file),
        )
    )
    # Without anything kept, it is what no reader could place.
    return CatalogueFinding(
        id=conflict.id,
        kind="conflict" if conflict.kept else "unplaced",
        field=conflict.field,
        detail=f"{kept} / {other}" if conflict.kept else other,
    )
