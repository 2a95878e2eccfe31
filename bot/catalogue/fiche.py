"""A job fiche as typed values: one field per heading, an absent field is `None`.

Nothing of a fiche's text is altered: every `text` below is the source's own, with only
the indentation and the end-of-line spaces removed, and the `<br/>` and `<p>` that the
source left in place turned into the breaks that they stand for. The headings of the Markdown
form are documented in `docs/catalogue.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NewType

__all__ = [
    "Appellation",
    "Block",
    "Domaine",
    "Fiche",
    "FormationId",
    "FormationLink",
    "MetierId",
    "Section",
    "Source",
    "StudyDuration",
    "StudyPath",
    "WebSource",
]

MetierId = NewType("MetierId", str)
"""`MET.` and a number, as Onisep writes it: `MET.7984`."""

FormationId = NewType("FormationId", str)
"""`FOR.` and a number: `FOR.5707`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appellation:
    """One name of a job: as titled (`chargé/e de …`) and its two genders when given."""

    name: str
    feminine: str | None = None
    masculine: str | None = None

    def forms(self) -> Iterator[str]:
        """Yield the distinct written forms, title first."""
        seen: set[str] = set()
        for form in (self.name, self.masculine, self.feminine):
            if form and form not in seen:
                seen.add(form)
                yield form


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph (`heading` false) or an inner heading (`heading` true) of a section."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The text under one heading of the fiche, in reading order; never empty."""

    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """All blocks, separated by a blank line."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs without the inner headings."""
        return tuple(block.text for block in self.blocks if not block.heading)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDuration:
    """How long one path of studies takes.

    `years_min` and `years_max` are years of study counted from the entry level of the
    path (equal when one number is given; 0.5 for six months). `after` is the level that
    the text says must come first (« 3 ans après un bac + 2 » gives `bac + 2`), or `concours`
    for a training that follows an exam, else None; with an `after`, the years are counted
    from that level. `text` is the clause, unaltered, with the space and the semicolon that
    end it: the clauses of a path, put end to end, are its text. `years_min` is None when
    the clause states no readable length.
    """

    text: str
    years_min: float | None
    years_max: float | None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPath:
    """The studies from one entry level: `entry` is the heading (« Après le bac ») or None."""

    entry: str | None
    text: str
    durations: tuple[StudyDuration, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationLink:
    """A diploma that the fiche recommends; `id` is None where the source gives none."""

    label: str
    id: FormationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domaine:
    """A field of activity at its two levels: `santé` / `paramédical`."""

    domaine: str
    sous_domaine: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSource:
    """A page of another body that the fiche points to: `label` says what it is, or is empty."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fiche comes from, as it must be cited.

    `url` is the page of the fiche at Onisep, `dataset` the name of the data set,
    `date` its edition (ISO 8601) when known, `licence` its licence.
    """

    url: str
    dataset: str
    licence: str
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """One job. Tuples are empty, and other fields None, when the source has not the field."""

    id: MetierId
    title: Appellation
    other_names: tuple[Appellation, ...] = ()
    rome_codes: tuple[str, ...] = ()
    presentation: Section | None = None
    summary: Section | None = None
    study_paths: tuple[StudyPath, ...] = ()
    nature: Section | None = None
    skills: Section | None = None
    conditions: Section | None = None
    salary: Section | None = None
    job_market: Section | None = None
    access: Section | None = None
    niveau_min: str | None = None
    formations: tuple[FormationLink, ...] = ()
    statuts: tuple[str, ...] = ()
    centres_interet: tuple[str, ...] = ()
    domaines: tuple[Domaine, ...] = ()
    secteurs: tuple[str, ...] = ()
    related: tuple[MetierId, ...] = ()
    web_sources: tuple[WebSource, ...] = ()
    keywords: tuple[str, ...] = ()
    source: Source

    @property
    def name(self) -> str:
        """The title of the fiche, as Onisep writes it."""
        return self.title.name

    @property
    def is_told(self) -> bool:
        """Whether a text says what the job is: a name in a table alone leads nowhere."""
        return self.presentation is not None or self.summary is not None

    def names(self) -> Iterator[Appellation]:
        """Yield the title, then the other names, in the order of the source."""
        yield self.title
        yield from self.other_names
