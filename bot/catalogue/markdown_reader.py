"""Reads one fiche in the Markdown form made from the Onisep XML (`docs/catalogue.md`).

That form is not CommonMark: the headings inside a section are indented by twelve spaces
(CommonMark would see code), and their levels are inverted (`### Durée des études`
contains `## Après le bac`). So the file is cut on a closed list of section titles and
labels; any other `#` line is an inner heading of the section being read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.catalogue.fiche import (
    Appellation,
    Block,
    Fiche,
    FormationId,
    FormationLink,
    MetierId,
    Section,
    Source,
)
from bot.catalogue.fiche_parts import heading_key, study_paths
from bot.catalogue.source_file import decode_text, read_bytes
from bot.errors import CatalogueError, Problem

__all__ = ["METIER_ID", "fiche_source", "parse_markdown", "read_markdown"]

METIER_ID = re.compile(r"MET\.[0-9]{1,9}")

_SECTIONS = {
    "autres appellations": "other_names",
    "présentation": "presentation",
    "en bref": "summary",
    "durée des études": "study_paths",
    "nature du travail": "nature",
    "compétences requises": "skills",
    "conditions de travail": "conditions",
    # Holds nothing of its own in the real files: « Salaire » and the market follow it.
    "vie professionnelle": "job_market",
    "salaire": "salary",
    "intégrer le marché du travail": "job_market",
    "accès au métier": "access",
    "formations recommandées": "formations",
    "centres d'intérêt": "centres_interet",
}
_LIST_SECTIONS = frozenset({"other_names", "formations", "centres_interet"})
_LABELS = {
    "id": "id",
    "appellations": "genders",
    "codes rome": "rome_codes",
    "niveau d'accès minimum": "niveau_min",
    "statuts possibles": "statuts",
}
_SECTION_LEVEL = 2
_LONGEST_SECTION = max(map(len, _SECTIONS)) + 8  # some room for spaces and a colon
_STUDY_LEVEL = 3  # of « Durée des études », the one section whose level is not 2

_LABEL = re.compile(r"\*\*([^*:]{1,60}?)\s*(?::\s*\*\*|\*\*\s*:)\s*(.*)")
_FORMATION_ID = re.compile(r"\s*(FOR\.[0-9]+)\s*\)")
_GENDER = re.compile(r"(féminin|masculin)\s*:\s*(.*)", re.IGNORECASE)
_BREAK = re.compile(r"(<br\s*/?>|</?p>)", re.IGNORECASE)
_ROME_SEPARATOR = re.compile(r"[,;|\s]+")

_COMMENT_START, _COMMENT_END = "<!--", "-->"
_KEYWORDS = "SEARCH_KEYWORDS"


def read_markdown(path: Path) -> Fiche:
    """Read the fiche of one file.

    Raises:
        CatalogueError: the file cannot be read, is no UTF-8 text, or is no complete fiche.
    """
    return parse_markdown(decode_text(read_bytes(path), path), path)


def parse_markdown(text: str, path: Path) -> Fiche:
    """Read the fiche of a text; `path` only names the file in errors.

    Raises:
        CatalogueError: every problem of the text: no title, no identifier, a malformed or
            repeated identifier, a comment left open.
    """
    parts = _Parts(path)
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        parts.add(number, line)
    problems = parts.problems()
    if problems:
        raise CatalogueError(*problems)
    return _build(parts)


def fiche_source(metier: str) -> Source:
    """Say how the fiche of an identifier must be cited.

    Source: redirections of the Onisep site and licence of its open data
    (data-formats 3.2 and 3.9); the Markdown form carries no date.
    """
    return Source(
        url=f"https://www.onisep.fr/http/redirection/metier/slug/{metier}",
        dataset="Idéo-fiches métiers",
        licence="ODbL",
    )


class _Heading(str):
    """A line that is an inner heading of its section, without its hashes."""

    __slots__ = ()


class _Parts:
    """The lines of a fiche, gathered under the field that each belongs to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title: str | None = None
        self.ids: list[tuple[int, str]] = []
        self.lines: dict[str, list[str]] = {}
        self.keywords: list[str] = []
        # Text before any section introduces the job, as « Présentation » does.
        self._section = self._prose = "presentation"
        self._label: str | None = None
        self._field_lines = self.lines.setdefault(self._section, [])
        self._comment_line: int | None = None
        self._comment_has_keywords = False

    def add(self, number: int, line: str) -> None:
        """Take the next line, already stripped."""
        if self._comment_line is not None:
            self._add_comment(line)
        elif not line:
            self._field_lines.append(line)
        elif line[0] == "#":
            self._add_heading(line)
        elif line[0] == "*" and line.startswith("**"):
            self._add_label(number, line)
        elif line[0] == "<" and line.startswith(_COMMENT_START):
            self._comment_line = number
            self._comment_has_keywords = False
            self._add_comment(line.removeprefix(_COMMENT_START).strip())
        elif self._label or "<" in line:
            self._add_text(line)
        else:
            self._field_lines.append(line)

    def problems(self) -> list[Problem]:
        """Return what prevents these lines from being a fiche."""
        found = []
        if not self.title:
            found.append(Problem(path=self.path, key="title_missing", line=1, field="title"))
        if not self.ids:
            found.append(Problem(path=self.path, key="id_missing", field="ID"))
        for position, (line, value) in enumerate(self.ids):
            if not value:
                found.append(self._id_problem("id_missing", line, value))
            elif position:
                found.append(self._id_problem("id_repeated", line, value))
            elif not METIER_ID.fullmatch(value):
                found.append(self._id_problem("id_malformed", line, value))
        if self._comment_line is not None:
            found.append(Problem(path=self.path, key="comment_open", line=self._comment_line))
        return found

    def _id_problem(self, key: str, line: int, value: str) -> Problem:
        return Problem(path=self.path, key=key, line=line, field="ID", detail=value[:80])

    def _enter(self, section: str, *, label: str | None = None) -> None:
        """Go on with the lines of a section, or of a label met in that section."""
        self._section = section
        self._label = label
        if section not in _LIST_SECTIONS:
            self._prose = section
        self._field_lines = self.lines.setdefault(label or section, [])
        self._field_lines.append("")

    def _add_heading(self, line: str) -> None:
        title = line.lstrip("#")
        level = len(line) - len(title)
        if title and not title[0].isspace():
            self._add_text(line)  # « #1 » is no heading
            return
        title = title.strip()
        if level == 1 and self.title is None:
            self.title = title
            return
        field = _section_field(level, title)
        if field:
            self._enter(field)
        else:
            # In a list of diplomas, a heading that nothing here knows and its text must not
            # pass for diplomas. Synonyms are headings, of level 3.
            is_synonym = self._section == "other_names" and level > _SECTION_LEVEL
            self._enter("other_names" if is_synonym else self._prose)
            self._field_lines.append(_Heading(title))

    def _add_label(self, number: int, line: str) -> None:
        match = _LABEL.match(line)
        field = _find(_LABELS, match[1]) if match else None
        if match is None or field is None:
            self._add_text(line)
            return
        if field == "id":
            self.ids.append((number, match[2]))
            return
        self._enter(self._section, label=field)
        if match[2]:
            self._field_lines.append(match[2])

    def _add_text(self, line: str) -> None:
        if self._label and not line.startswith("- "):
            # A label governs its list only; what follows goes on with the section.
            self._enter(self._prose)
        for piece in _BREAK.split(line):
            # A tag left from the XML is not text: it is the break that it stood for.
            if not _BREAK.fullmatch(piece):
                self._field_lines.extend(filter(None, (piece.strip(),)))
            elif piece[1] not in "bB":
                self._field_lines.append("")

    def _add_comment(self, line: str) -> None:
        text, closed, rest = line.partition(_COMMENT_END)
        text = text.strip()
        if text.startswith(_KEYWORDS):
            self._comment_has_keywords = True
        elif self._comment_has_keywords and text.startswith("- "):
            self.keywords.append(text[2:].strip())
        if closed:
            self._comment_line = None
            if rest.strip():
                self._add_text(rest.strip())


def _build(parts: _Parts) -> Fiche:
    lines = parts.lines
    metier = MetierId(parts.ids[0][1])
    title, extra_names = _title(parts.title or "", lines.get("genders", []))
    return Fiche(
        id=metier,
        title=title,
        other_names=(*extra_names, *_other_names(lines.get("other_names", []))),
        rome_codes=_rome_codes(lines.get("rome_codes", [])),
        presentation=_section(lines.get("presentation", [])),
        summary=_section(lines.get("summary", [])),
        study_paths=tuple(study_paths(_blocks(lines.get("study_paths", [])))),
        nature=_section(lines.get("nature", [])),
        skills=_section(lines.get("skills", [])),
        conditions=_section(lines.get("conditions", [])),
        salary=_section(lines.get("salary", [])),
        job_market=_section(lines.get("job_market", [])),
        access=_section(lines.get("access", [])),
        niveau_min=" ".join(_items(lines.get("niveau_min", []))) or None,
        formations=tuple(map(_formation, _items(lines.get("formations", [])))),
        statuts=tuple(_items(lines.get("statuts", []))),
        centres_interet=tuple(_items(lines.get("centres_interet", []))),
        keywords=tuple(parts.keywords),
        source=fiche_source(metier),
    )


def _section_field(level: int, title: str) -> str | None:
    """Return the field that a heading opens, None for an inner heading."""
    if level == _STUDY_LEVEL and title[0:1] not in "Dd":
        return None  # nearly every inner heading: decided at once, this is the hot path
    field = _find(_SECTIONS, title) if len(title) <= _LONGEST_SECTION else None
    return field if level <= _SECTION_LEVEL or field == "study_paths" else None


def _find(table: dict[str, str], title: str) -> str | None:
    return table.get(title.casefold()) or table.get(heading_key(title))


def _items(lines: list[str]) -> Iterator[str]:
    """Yield the items of a list, without their dash; a line that has none is an item too."""
    for line in lines:
        item = line.removeprefix("- ").strip()
        if item and item != "-":
            yield item


def _blocks(lines: list[str]) -> Iterator[Block]:
    paragraph: list[str] = []
    for line in (*lines, ""):
        is_heading = isinstance(line, _Heading)
        if line and not is_heading:
            paragraph.append(line)
            continue
        if paragraph:
            yield Block(text="\n".join(paragraph))
            paragraph = []
        if is_heading and line:
            yield Block(text=str(line), heading=True)


def _section(lines: list[str]) -> Section | None:
    blocks = tuple(_blocks(lines))
    return Section(blocks=blocks) if blocks else None


def _title(name: str, gender_lines: list[str]) -> tuple[Appellation, tuple[Appellation, ...]]:
    """Return the title with its genders, and the names listed beside them, if any."""
    feminine, masculine, others = _genders(gender_lines)
    title = Appellation(name=name, feminine=feminine, masculine=masculine)
    return title, tuple(Appellation(name=other) for other in others)


def _genders(lines: list[str]) -> tuple[str | None, str | None, list[str]]:
    """Return the feminine, the masculine, and the items that are neither."""
    forms: dict[str, str] = {}
    others = []
    for item in _items(lines):
        match = _GENDER.match(item)
        if match is None:
            others.append(item)
        elif match[2]:
            forms.setdefault(match[1].casefold(), match[2].strip())
    return forms.get("féminin"), forms.get("masculin"), others


def _other_names(lines: list[str]) -> Iterator[Appellation]:
    """Yield the synonyms: each is a heading followed by the list of its genders."""
    name: str | None = None
    own: list[str] = []
    for line in (*lines, _Heading("")):
        if not isinstance(line, _Heading):
            own.append(line)
            continue
        feminine, masculine, others = _genders(own)
        if name or feminine or masculine:
            shown = name or masculine or feminine or ""
            yield Appellation(name=shown, feminine=feminine, masculine=masculine)
        yield from (Appellation(name=other) for other in others)
        name, own = str(line), []


def _rome_codes(lines: list[str]) -> tuple[str, ...]:
    codes = (code for item in _items(lines) for code in _ROME_SEPARATOR.split(item) if code)
    return tuple(dict.fromkeys(codes))


def _formation(item: str) -> FormationLink:
    """Cut the identifier off the end of a line; a label may hold parentheses of its own."""
    label, _, end = item.rpartition("(ID:")
    match = _FORMATION_ID.fullmatch(end)
    if match is None:
        return FormationLink(label=item)
    return FormationLink(label=label.rstrip(), id=FormationId(match[1]))
