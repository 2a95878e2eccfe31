"""A job or a formation as lines of the terminal: its fields in the order of the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.answers.wording import Wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Domaine, Fiche, FormationId, FormationLink, Section, Source
from bot.catalogue.formation import Formation
from bot.catalogue.statistics import FICHE_FIELDS
from bot.cli.text_layout import Screen, french_date, wrapped

__all__ = ["RecordPrinter"]

_FORMATION_FACTS = (
    "sigle", "type_label", "duree", "niveau_sortie", "niveau_certification", "code_rncp",
    "code_scolarite", "tutelle", "link",
)  # fmt: skip
_FORMATION_SECTIONS = ("description", "access", "attendus", "further_studies")


class RecordPrinter:
    """Writes the records of one catalogue for one screen."""

    def __init__(self, catalogue: Catalogue, words: Wording, screen: Screen) -> None:
        """Take what names the other records, the labels, and where lines go."""
        self._catalogue = catalogue
        self._words = words
        self._screen = screen

    def lines(self, identifier: str) -> list[str]:
        """Return the lines of a job, or of a formation, described or only recommended."""
        fiche = self._catalogue.get(identifier)
        if fiche is not None:
            return [*self._fiche(fiche), *self._conflicts(identifier)]
        known = FormationId(identifier)
        formation = self._catalogue.formations.get(known)
        title = self._title(self._catalogue.formation_labels[known], identifier)
        body = (
            self._formation(formation)
            if formation
            else ["", *self._wrap(self._words.say("show_undescribed"))]
        )
        tail = [
            *self._conflicts(identifier),
            *(self._source(formation.source) if formation else ()),
        ]
        return [*title, *body, *self._recommended_by(known), *tail]

    def _fiche(self, fiche: Fiche) -> Iterator[str]:
        yield from self._title(fiche.name, fiche.id)
        for name in FICHE_FIELDS:
            holder = fiche.title if name in ("feminine", "masculine") else fiche
            yield from self._field(name, getattr(holder, name), self._items(fiche, name))
        yield from self._source(fiche.source)

    def _formation(self, formation: Formation) -> Iterator[str]:
        for name in (*_FORMATION_FACTS, *_FORMATION_SECTIONS):
            yield from self._field(name, getattr(formation, name), ())
        yield from self._list(
            "further_formations",
            (
                f"{_named(following.label, following.id)}"
                + (f", {following.condition}" if following.condition else "")
                for following in formation.further_formations
            ),
        )
        yield from self._list("domaines", map(_domaine, formation.domaines))
        yield from self._list("sous_domaines", formation.sous_domaines)
        yield from self._list("metiers", (_named(one.label, one.id) for one in formation.metiers))

    def _recommended_by(self, formation: FormationId) -> list[str]:
        names = [
            _named(fiche.name, fiche.id)
            for fiche in self._catalogue
            if any(link.id == formation for link in fiche.formations)
        ]
        return self._list("recommended_by", names)

    def _conflicts(self, identifier: str) -> list[str]:
        return self._list(
            "conflicts",
            (
                self._words.say(
                    "show_conflict", field=self._label(one.field), kept=one.kept, other=one.other
                )
                for one in self._catalogue.contents.conflicts
                if one.id == identifier
            ),
        )

    def _field(self, name: str, value: object, items: Iterable[str]) -> list[str]:
        if not value:
            return []
        label = self._label(name)
        if isinstance(value, str):
            return self._wrap(self._words.say("show_fact", label=label, value=value))
        if isinstance(value, Section):
            return ["", self._screen.style.strong(label), *self._section(value)]
        return self._list(name, items)

    def _section(self, section: Section) -> Iterator[str]:
        for place, block in enumerate(section.blocks):
            if place and (block.heading or not section.blocks[place - 1].heading):
                yield ""
            lines = self._wrap(block.text)
            yield from map(self._screen.style.accent, lines) if block.heading else lines

    def _items(self, fiche: Fiche, name: str) -> Iterator[str]:
        match name:
            case "study_paths":
                for path in fiche.study_paths:
                    yield (
                        self._words.say("show_fact", label=path.entry, value=path.text)
                        if path.entry
                        else path.text
                    )
            case "formations":
                yield from map(self._formation_link, fiche.formations)
            case "domaines":
                yield from map(_domaine, fiche.domaines)
            case "other_names":
                yield from (" / ".join(names.forms()) for names in fiche.other_names)
            case "related":
                for metier in fiche.related:
                    known = self._catalogue.get(metier)
                    yield _named(known.name, metier) if known else metier
            case "web_sources":
                for page in fiche.web_sources:
                    yield f"{page.label} {page.url}".strip()
            case "rome_codes" | "statuts" | "centres_interet" | "secteurs" | "keywords":
                yield from getattr(fiche, name)

    def _formation_link(self, link: FormationLink) -> str:
        """Name a formation, with its level and duration when a source describes it."""
        described = self._catalogue.formations.get(link.id) if link.id else None
        facts = (described.niveau_sortie, described.duree) if described else ()
        return ", ".join((_named(link.label, link.id), *filter(None, facts)))

    def _title(self, name: str, identifier: str) -> list[str]:
        return [self._screen.style.strong(self._screen.style.text(name)), identifier]

    def _list(self, name: str, items: Iterable[str]) -> list[str]:
        """Return a titled list; nothing for an empty one."""
        lines = [line for item in items for line in self._item(item)]
        return ["", self._screen.style.strong(self._label(name)), *lines] if lines else []

    def _item(self, text: str) -> list[str]:
        first, *rest = self._wrap(text, indent="  ") or [""]
        return [f"- {first[2:]}", *rest]

    def _source(self, source: Source) -> list[str]:
        edition = (
            self._words.say("stats_edition", date=french_date(source.date))
            if source.date
            else self._words.say("stats_no_edition")
        )
        cited = self._words.say(
            "stats_source_detail",
            dataset=source.dataset, edition=edition, licence=source.licence,
        )  # fmt: skip
        return ["", *map(self._screen.style.faint, (*self._wrap(cited), source.url))]

    def _wrap(self, text: str, *, indent: str = "") -> list[str]:
        # Control characters of a source must not reach the terminal.
        return wrapped(self._screen.style.text(text), self._screen.width, indent=indent)

    def _label(self, name: str) -> str:
        key = f"label_field_{name}"
        return self._words.say(key) if key in self._words else name


def _named(label: str, identifier: str | None) -> str:
    return f"{label} ({identifier})" if identifier else label


def _domaine(domaine: Domaine) -> str:
    return " / ".join(filter(None, (domaine.domaine, domaine.sous_domaine)))
