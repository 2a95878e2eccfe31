"""Proof, on the real sample of the Idéo-fiches export, that each word is held by its field.

The proof does not use the reader: it takes the words of each element with another XML parser
and bares them of their tags, and compares them, in order, with those of the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.catalogue.fiche import Fiche, Section
from bot.catalogue.ideo_xml_reader import IGNORED, parse_ideo_xml


@pytest.fixture
def sample(onisep: Path) -> Path:
    return onisep / "ideo-fiches-metiers.sample.xml"


def parse(path: Path) -> list[Fiche]:
    with path.open("rb") as stream:
        return [item for item in parse_ideo_xml(stream, path) if isinstance(item, Fiche)]


PROSE = {
    "accroche_metier": ("presentation",),
    "format_court": ("summary", "study_paths"),
    "nature_travail": ("nature",),
    "competences": ("skills",),
    "condition_travail": ("conditions",),
    "vie_professionnelle": ("salary", "job_market"),
    "acces_metier": ("access",),
}
LISTS = {
    "statuts": "statuts",
    "centres_interet": "centres_interet",
    "secteurs_activite": "secteurs",
    "niveau_acces_min": "niveau_min",
}
TITLES = re.compile(r"<h\d>(?:Durée des études|Salaire|Intégrer le marché du travail)</h\d>")


def expected_words(metier: ElementTree.Element) -> dict[str, list[str]]:
    """The words of each element of a record, in order, without the tags."""
    found: dict[str, list[str]] = {}
    for child in metier:
        if child.tag in PROSE:
            found[child.tag] = _visible(child.text or "")
        elif child.tag == "formats_courts":
            (dico,) = (text for text in child if text.findtext("type") == "Dico des métiers")
            found["format_court"] = _visible(dico.findtext("descriptif") or "")
        elif child.tag in LISTS:
            attributes = [entry.get("libelle", "") for entry in child]
            found[child.tag] = [*attributes, *(e.text or "" for e in child.iter("libelle"))]
        elif child.tag not in IGNORED:
            skipped = {"libelle"} if child.tag == "metiers_associes" else set()
            found[child.tag] = [e.text or "" for e in child.iter() if e.tag not in skipped]
    return {tag: _words(texts) for tag, texts in found.items() if _words(texts)}


def _visible(html: str) -> list[str]:
    return [unescape(re.sub(r"<[^>]*>", " ", TITLES.sub(" ", html)))]


def _words(texts: Iterable[str]) -> list[str]:
    return " ".join(texts).split()


def held_words(fiche: Fiche) -> dict[str, list[str]]:
    """The words of the fields that hold each element."""
    held = {tag: [_prose(getattr(fiche, name)) for name in names] for tag, names in PROSE.items()}
    held |= {tag: _texts(getattr(fiche, name)) for tag, name in LISTS.items()}
    held |= {
        "identifiant": [fiche.id],
        "nom_metier": [fiche.title.name],
        "libelle_feminin": [fiche.title.feminine or ""],
        "libelle_masculin": [fiche.title.masculine or ""],
        "synonymes": [
            form or "" for n in fiche.other_names for form in (n.name, n.feminine, n.masculine)
        ],
        "romesV3": list(fiche.rome_codes),
        "formations_min_requise": [f"{link.id} {link.label}" for link in fiche.formations],
        "metiers_associes": list(fiche.related),
        "sources_numeriques": [f"{page.url} {page.label}" for page in fiche.web_sources],
    }
    return {tag: _words(texts) for tag, texts in held.items() if _words(texts)}


def _texts(value: str | tuple[str, ...] | None) -> list[str]:
    return list(value) if isinstance(value, tuple) else [value or ""]


def _prose(value: Any) -> str:
    if isinstance(value, Section):
        return re.sub("^- ", "", value.text, flags=re.MULTILINE)
    return " ".join(f"{path.entry or ''} {path.text}" for path in value or ())


def lost(metier: ElementTree.Element, fiche: Fiche) -> set[str]:
    """The elements whose words are not, or not in order, those of their fields."""
    expected, held = expected_words(metier), held_words(fiche)
    different = {tag for tag in expected | held if expected.get(tag) != held.get(tag)}
    niveau = [" ".join(words.get("niveau_acces_min", ())) for words in (expected, held)]
    return different - {"niveau_acces_min"} if niveau[0].lower() == niveau[1].lower() else different


def test_every_word_of_the_real_sample_is_held(sample: Path) -> None:
    metiers = list(ElementTree.parse(sample).getroot())
    fiches = parse(sample)
    assert len(metiers) == len(fiches) == 3
    for metier, fiche in zip(metiers, fiches, strict=True):
        assert lost(metier, fiche) == set()


def test_the_proof_sees_a_lost_field_and_a_moved_one(sample: Path) -> None:
    metier = ElementTree.parse(sample).getroot()[1]
    fiche = parse(sample)[1]
    kept = [field.name for field in fields(Fiche) if getattr(fiche, field.name)]
    assert len(kept) > 15
    for name in set(kept) - {"id", "title", "source"}:
        is_list = isinstance(getattr(fiche, name), tuple)
        without: dict[str, Any] = {name: () if is_list else None}
        assert lost(metier, replace(fiche, **without)), name
    assert lost(metier, replace(fiche, skills=fiche.nature, nature=fiche.skills))
