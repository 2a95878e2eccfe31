"""The fiches of `seeds/`: true to the facts that they are made from, whole, in words of our own.

The facts (names, identifiers, levels, diplomas, amounts) may be repeated; the sentences of
the real fiches may not. Both are read from the real data, and the comparison of words owes
nothing to the assistant's own reading of French.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.catalogue.fiche import Appellation, Fiche, Section
from bot.catalogue.loading import load_catalogue
from bot.catalogue.markdown_reader import read_markdown
from tests.catalogue.test_nothing_lost import lost
from tests.conftest import SEEDS, SHARED, require_shared

Facts = dict[str, Any]

FACTS = SHARED / "data" / "demo-facts" / "facts.yml"
GIVEN = "MET.7984"
"""The one seed that is a fiche of Onisep's, taken as it is."""

RUN = 8
"""This many words in a row, the same in two texts, are a copy."""

PROSE = (
    "presentation", "summary", "nature", "skills", "conditions", "salary", "job_market", "access",
)  # fmt: skip
REQUIRED = ("presentation", "summary", "nature", "skills", "conditions", "job_market")
SECTIONS = (
    "**Codes ROME:**", "## Présentation", "## En bref", "### Durée des études",
    "## Nature du travail", "## Compétences requises", "## Conditions de travail",
    "## Vie professionnelle", "## Salaire", "## Intégrer le marché du travail",
    "## Accès au métier", "**Niveau d'accès minimum:**", "## Formations recommandées",
    "**Statuts possibles:**", "## Centres d'intérêt",
)  # fmt: skip

_LENGTH = re.compile(
    r"(?P<low>\d+)(?:\s*(?:à|ou)\s*(?P<high>\d+))?\s*(?P<unit>ans?|mois|semaines?)\b"
    r"(?P<half>\s+et demi)?"
)
_UNITS = {"a": 1.0, "m": 1 / 12, "s": 1 / 52}
_NEUTRAL = re.compile(
    r"[·•‧∙⋅]"  # the median point, in the characters that pass for it
    r"|[^\W\d][/.(](?:e|es|s|x|ne|nes|le|fe|ve|se|te|ère|ières?|euses?|trices?|rices?|esses?)\b"
    r"|[^\W\d]-es?\b",
    re.IGNORECASE,
)


def read_facts() -> dict[str, Facts]:
    """The facts by identifier; none when the real data is absent."""
    if not FACTS.is_file():
        return {}
    return {entry["id"]: entry for entry in yaml.safe_load(FACTS.read_text("utf-8"))}


JOBS = read_facts()
every_job = pytest.mark.parametrize("job", JOBS)


def seed_path(job: str) -> Path:
    return SEEDS / f"{job}.md"


@cache
def seed(job: str) -> Fiche:
    return read_markdown(seed_path(job))


def words(text: str) -> list[str]:
    """The words of a text without case, accents or punctuation; an apostrophe parts two."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every series of `RUN` words of a text."""
    all_words = words(text)
    return zip(*(all_words[start:] for start in range(RUN)), strict=False)


def prose(fiche: Fiche) -> Iterator[str]:
    """The texts of a fiche that someone wrote, section by section."""
    for name in PROSE:
        section = getattr(fiche, name)
        if isinstance(section, Section):
            yield section.text
    for path in fiche.study_paths:
        yield path.text


def prose_runs(fiche: Fiche) -> set[tuple[str, ...]]:
    return {run for text in prose(fiche) for run in runs(text)}


def official_runs(facts: Facts) -> set[tuple[str, ...]]:
    """The series of words that lie inside the official name of a diploma."""
    names = [link["label"] for link in facts["formations"]]
    names += [path["diploma"] for path in facts["duree"]]
    return {run for name in names for run in runs(name)}


def own_runs(job: str) -> set[tuple[str, ...]]:
    return prose_runs(seed(job)) - official_runs(JOBS[job])


@pytest.fixture(scope="module")
def real_fiches(onisep: Path) -> dict[str, Fiche]:
    return {fiche.id: fiche for fiche in load_catalogue([onisep / "fiches-md"])}


def test_the_seeds_are_the_jobs_of_the_facts_and_the_given_fiche() -> None:
    require_shared("data/demo-facts")
    assert len(JOBS) == 60
    catalogue = load_catalogue([SEEDS])
    assert {fiche.id for fiche in catalogue} == JOBS.keys() | {GIVEN}
    assert {path.name for path in SEEDS.glob("*.md")} == {
        "LICENSE.md", *(seed_path(job).name for job in JOBS)
    }  # fmt: skip


@every_job
def test_the_facts_are_repeated_exactly(job: str) -> None:
    facts, fiche = JOBS[job], seed(job)
    assert fiche.id == job
    assert fiche.title == appellation(facts)
    assert fiche.other_names == tuple(map(appellation, facts["synonyms"]))
    assert fiche.rome_codes == tuple(facts["rome"])
    assert fiche.niveau_min == facts["niveau_acces"]
    assert [(link.id, link.label) for link in fiche.formations] == [
        (link["id"], link["label"]) for link in facts["formations"]
    ]
    assert fiche.statuts == tuple(facts["statuts"])
    assert fiche.centres_interet == tuple(facts["centres_interet"])


def appellation(names: Facts) -> Appellation:
    return Appellation(name=names["name"], feminine=names["feminine"], masculine=names["masculine"])


@every_job
def test_the_fiche_is_whole(job: str) -> None:
    fiche = seed(job)
    assert [name for name in REQUIRED if getattr(fiche, name) is None] == []
    assert bool(fiche.study_paths) == bool(JOBS[job]["duree"])
    assert (fiche.salary is not None) == (JOBS[job]["salaire_debutant"] is not None)


@every_job
def test_every_line_is_held_by_its_field(job: str) -> None:
    assert lost(seed_path(job).read_text("utf-8"), seed(job)) == []


@every_job
def test_the_sections_come_in_the_order_of_the_real_fiches(job: str) -> None:
    lines = [line.strip() for line in seed_path(job).read_text("utf-8").split("\n")]
    found = [name for line in lines for name in SECTIONS if _opens(line, name)]
    assert found == [name for name in SECTIONS if name in found]


def _opens(line: str, name: str) -> bool:
    return line.startswith(name) if name.startswith("**") else line == name


@every_job
def test_the_studies_last_what_the_facts_say(job: str) -> None:
    paths = {path.entry: path for path in seed(job).study_paths}
    assert list(paths) == list(dict.fromkeys(fact["entry"] for fact in JOBS[job]["duree"]))
    for fact in JOBS[job]["duree"]:
        read = {
            years
            for clause in paths[fact["entry"]].durations
            for years in (clause.years_min, clause.years_max)
            if years is not None
        }
        missing = [years for years in stated_years(fact["years"]) if not _is_among(years, read)]
        if missing and "de plus" in fact["years"]:  # read as counted from the entry level
            missing = [more for more in missing if not read & {years + more for years in read}]
        assert missing == [], (fact, read)


def stated_years(text: str | None) -> list[float]:
    """The lengths of « 5 ans (2 ans après le DCG), puis 18 mois »: those that are counted
    from the start, without what completes them."""
    counted = re.sub(r"\([^)]*\)", "", text or "").split("puis")[0]
    return [
        (int(number) + (0.5 if match["half"] else 0.0)) * _UNITS[match["unit"][0]]
        for match in _LENGTH.finditer(counted)
        for number in (match["low"], match["high"])
        if number
    ]


def _is_among(years: float, read: set[float]) -> bool:
    return any(abs(years - other) < 0.01 for other in read)


@every_job
def test_a_length_that_is_not_known_is_not_made_up(job: str) -> None:
    if any(fact["years"] for fact in JOBS[job]["duree"]):
        return
    lengths = [clause.years_min for path in seed(job).study_paths for clause in path.durations]
    assert set(lengths) <= {None}


@every_job
def test_the_salary_has_the_amounts_of_the_facts_and_a_date(job: str) -> None:
    section = seed(job).salary
    if section is None:
        return
    assert amounts(JOBS[job]["salaire_debutant"]) == amounts(section.text)
    assert "2025" in section.text


def amounts(text: str) -> set[str]:
    """The sums and numbers of hours of a text, without their spaces; years are no amounts."""
    joined = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", "", text)
    return set(re.findall(r"\d+(?:,\d+)?", joined)) - {"2025", "2024"}


@every_job
def test_no_sentence_comes_from_the_real_fiche(job: str, real_fiches: dict[str, Fiche]) -> None:
    common = own_runs(job) & prose_runs(real_fiches[job])
    assert [" ".join(run) for run in sorted(common)] == []


def test_no_sentence_comes_from_any_real_fiche(real_fiches: dict[str, Fiche]) -> None:
    assert len(real_fiches) == 893
    seeds_of: dict[tuple[str, ...], str] = {run: job for job in JOBS for run in own_runs(job)}
    copied = {
        f"{seeds_of[run]}, {fiche.id}: {' '.join(run)}"
        for fiche in real_fiches.values()
        for text in prose(fiche)
        for run in runs(text)
        if run in seeds_of
    }
    assert sorted(copied) == []


def test_the_values_of_closed_lists_are_those_of_the_real_fiches(
    real_fiches: dict[str, Fiche],
) -> None:
    known = list(real_fiches.values())
    for fiche in load_catalogue([SEEDS]):
        assert fiche.niveau_min in {real.niveau_min for real in known}, fiche.id
        assert set(fiche.statuts) <= {value for real in known for value in real.statuts}, fiche.id
        assert set(fiche.centres_interet) <= {
            value for real in known for value in real.centres_interet
        }, fiche.id


@every_job
def test_both_genders_are_written_in_full(job: str) -> None:
    found = [
        text[max(0, m.start() - 20) : m.end()]
        for text in prose(seed(job))
        for m in _NEUTRAL.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["un·e élève", "le chargé/e", "chargé(e)", "acteur/trice", "étudiant.e.s", "étudiant-e-s"],
)
def test_a_shortened_gender_is_seen(text: str) -> None:
    assert _NEUTRAL.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "le son et/ou l'image",
        "sauf-conduit",
        "Il joue. Elle danse.",
        "donne-le",
        "gérant ou gérante",
    ],
)
def test_a_full_gender_is_not_taken_for_a_short_one(text: str) -> None:
    assert not _NEUTRAL.search(text)


def test_a_copy_is_seen(real_fiches: dict[str, Fiche]) -> None:
    """The proof is worth what it would find: a real summary put in the place of ours."""
    for job, fiche in real_fiches.items():
        if job in JOBS:
            assert prose_runs(fiche) - official_runs(JOBS[job]), job
