"""Reads one formation in the Markdown form made from the Onisep XML (`docs/catalogue.md`).

The form is that of the job fiches, with its indented headings, and three traps of its own:
the identifier is in the file name only (`FOR.10000_tp_tailleur_de_pierre.md`), a list item is
a lone dash whose text comes two lines below, and an inner heading may repeat the title of its
section (`### Accès` under `## Accès`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot.catalogue.fiche import Block, FormationId, MetierId, Section
from bot.catalogue.fiche_parts import heading_key
from bot.catalogue.formation import (
    FICHES_DATASET,
    FORMATION_ID,
    Formation,
    FormationMetier,
    FormationOrigin,
    formation_source,
    present,
    read_certification,
    read_niveau,
    read_type,
    rncp_of_link,
)
from bot.catalogue.markdown_reader import METIER_ID
from bot.catalogue.source_file import decode_text
from bot.errors import CatalogueError, Problem

__all__ = ["is_formation_markdown", "parse_formation_markdown"]

_SECTIONS = {
    "informations générales": "facts",
    "description": "description",
    "accès": "access",
    "attendus": "attendus",
    "poursuite d'études": "further_studies",
    "poursuites d'études": "further_studies",
    "métiers associés": "metiers",
}
# Titles that no job fiche has: « Accès » and « Description » could be inner headings there.
_OWN_TITLES = frozenset({"informations générales", "métiers associés", "poursuite d'études"})
_LABELS = {
    "id": "id",
    "code scolarité": "code_scolarite",
    "code rncp": "code_rncp",
    "sigle": "sigle",
    "durée": "duree",
    "niveau d'études": "niveau_sortie",
    "niveau de sortie": "niveau_sortie",
    "niveau de certification": "niveau_certification",
    "type": "type",
    "tutelle": "tutelle",
    "lien": "link",
}
_SECTION_LEVEL = 2

_HEADING = re.compile(r"(#{1,6})(?:\s+(.*))?")
_LABEL = re.compile(r"\*\*([^*:]{1,60}+)(?::\s*\*\*|\*\*\s*:)\s*(.*)")
_LINK = re.compile(r"\[[^\]]*\]\((\S+)\)")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARAGRAPH_BREAK = re.compile(r"</?p>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
_FILE_ID = re.compile(rf"({FORMATION_ID.pattern})(?![0-9])")
_ID_END = re.compile(rf"\s*({METIER_ID.pattern})\s*\)")
_JOB_ID_LINE = re.compile(r"\*\*\s*ID\s*:?\s*\*\*\s*:?\s*MET\.")


def is_formation_markdown(head: bytes) -> bool:
    """Say whether a file that starts so is a formation: a heading of its own, no job identifier."""
    text = head.decode("utf-8", errors="replace")
    if _JOB_ID_LINE.search(text):
        return False
    headings = (_HEADING.fullmatch(line.strip()) for line in text.split("\n") if "##" in line)
    return any(
        len(heading[1]) == _SECTION_LEVEL and heading_key(heading[2] or "") in _OWN_TITLES
        for heading in headings
        if heading
    )


def parse_formation_markdown(stream: BinaryIO, path: Path) -> Iterator[Formation]:
    """Read the one formation of a file; `path` gives the identifier when no line does.

    Raises:
        CatalogueError: not UTF-8 text, or every problem of the text: no title, no identifier
            in a line « **ID:** » nor at the start of the file name, a malformed one, a
            comment left open.
    """
    parts = _Parts(path)
    text = decode_text(stream.read(), path)
    for number, line in enumerate(_uncommented(text, parts).split("\n"), start=1):
        parts.add(number, line.strip())
    problems = parts.problems + list(parts.missing())
    if problems:
        raise CatalogueError(*problems)
    yield _build(parts)


def _uncommented(text: str, parts: _Parts) -> str:
    """Return the text without its comments, each line at its number."""

    def blank(comment: re.Match[str]) -> str:
        if not comment[1]:
            line = text.count("\n", 0, comment.start()) + 1
            parts.problems.append(Problem(path=parts.path, key="comment_open", line=line))
        return "\n" * comment[0].count("\n")

    return _COMMENT.sub(blank, text)


class _Heading(str):
    """A line that is an inner heading of its section, without its hashes."""

    __slots__ = ()


class _Parts:
    """The lines of a formation, gathered under the field that each belongs to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title: str | None = None
        self.facts: dict[str, str] = {}
        self.lines: dict[str, list[str]] = {}
        self.problems: list[Problem] = []
        named = _FILE_ID.match(path.name)
        # A line of the file is surer than its name, which anyone may change.
        self.id = named[1] if named else ""
        self._has_id_line = False
        self._section = "facts"

    def add(self, number: int, line: str) -> None:
        """Take the next line, already stripped."""
        heading = _HEADING.fullmatch(line) if line.startswith("#") else None
        if heading:
            self._add_heading(len(heading[1]), heading[2] or "")
        elif self._section != "facts" or not self._add_fact(number, line):
            self._add_text(line)

    def missing(self) -> Iterator[Problem]:
        """Yield what a formation must have and these lines have not."""
        if not self.title:
            yield Problem(path=self.path, key="formation_title_missing", line=1, field="title")
        if not self.id:
            yield Problem(path=self.path, key="formation_id_missing", field="ID")

    def _add_heading(self, level: int, title: str) -> None:
        field = _SECTIONS.get(heading_key(title))
        if level == 1 and self.title is None:
            self.title = title
        elif field and level <= _SECTION_LEVEL:
            self._section = field
            self._add_text("")
        else:
            # A heading that nothing here knows, and its text, must not pass for jobs.
            if self._section == "metiers":
                self._section = "description"
            self._add_text(_Heading(title))

    def _add_fact(self, number: int, line: str) -> bool:
        """Keep the value of a label; say whether the line is held so."""
        match = _LABEL.fullmatch(line)
        field = _LABELS.get(heading_key(match[1])) if match else None
        if match is None or field is None:
            return False
        if field == "id":
            self._add_id(number, match[2])
            return True
        value = present(match[2])
        return value is None or self.facts.setdefault(field, value) == value

    def _add_id(self, number: int, value: str) -> None:
        malformed = not FORMATION_ID.fullmatch(value)
        if malformed or self._has_id_line:
            key = "formation_id_malformed" if malformed else "id_repeated"
            self.problems.append(
                Problem(path=self.path, key=key, line=number, field="ID", detail=value[:80])
            )
        self.id = value or self.id
        self._has_id_line = True

    def _add_text(self, line: str) -> None:
        # Text before any section describes the formation.
        section = "description" if self._section == "facts" else self._section
        lines = self.lines.setdefault(section, [])
        if isinstance(line, _Heading) or "<" not in line:
            lines.append(line)
        else:
            # A tag left from the XML is not text: it is the break that it stood for.
            broken = _PARAGRAPH_BREAK.sub("\n\n", _LINE_BREAK.sub("\n", line))
            lines.extend(map(str.strip, broken.split("\n")))


def _build(parts: _Parts) -> Formation:
    facts = parts.facts
    formation = FormationId(parts.id)
    type_label, type_sigle = read_type(facts.get("type"))
    link = _link(facts.get("link"))
    return Formation(
        id=formation,
        label=parts.title or "",
        sigle=facts.get("sigle"),
        type_label=type_label,
        type_sigle=type_sigle,
        duree=facts.get("duree"),
        niveau_sortie=read_niveau(facts.get("niveau_sortie")),
        niveau_certification=read_certification(facts.get("niveau_certification")),
        code_rncp=facts.get("code_rncp") or rncp_of_link(link),
        code_scolarite=facts.get("code_scolarite"),
        tutelle=facts.get("tutelle"),
        description=_section(parts.lines.get("description", [])),
        access=_section(parts.lines.get("access", [])),
        attendus=_section(parts.lines.get("attendus", [])),
        further_studies=_section(parts.lines.get("further_studies", [])),
        metiers=tuple(_metiers(parts.lines.get("metiers", []))),
        link=link,
        origin=FormationOrigin.FICHE_MARKDOWN,
        source=formation_source(formation, dataset=FICHES_DATASET),
        file=parts.path.name,
    )


def _link(value: str | None) -> str | None:
    """Return the address of `[address](address)`, or the value when it is written alone."""
    match = _LINK.fullmatch(value) if value else None
    return match[1] if match else value


def _section(lines: list[str]) -> Section | None:
    blocks = tuple(_blocks(lines))
    return Section(blocks=blocks) if blocks else None


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Yield the paragraphs and headings; a list is one paragraph, a line for each item."""
    paragraph: list[str] = []
    is_ended = False
    for line in (*_items(lines), _Heading("")):
        is_heading = isinstance(line, _Heading)
        goes_on = not is_ended or (_is_item(line) and _is_item(paragraph[-1]))
        if paragraph and (is_heading or (line and not goes_on)):
            yield Block(text="\n".join(paragraph))
            paragraph = []
        if line and is_heading:
            yield Block(text=str(line), heading=True)
        elif line:
            paragraph.append(line)
        is_ended = bool(paragraph) and not line


def _is_item(line: str) -> bool:
    return line.startswith("- ")


def _items(lines: list[str]) -> Iterator[str]:
    """Yield the lines, each lone dash joined to the text below that it announces."""
    dash = ""
    for line in lines:
        if line == "-":
            dash = "- "
            yield ""
        elif line and not isinstance(line, _Heading):
            yield dash + line
            dash = ""
        elif not dash or line:
            yield line
            dash = ""


def _metiers(lines: list[str]) -> Iterator[FormationMetier]:
    """Yield the jobs of the list; a line that has no dash is a job too."""
    for line in lines:
        item = line.removeprefix("- ").strip()
        label, _, end = item.rpartition("(ID:")
        match = _ID_END.fullmatch(end) if label else None
        if match:
            yield FormationMetier(label=label.rstrip(), id=MetierId(match[1]))
        elif item and item != "-":
            yield FormationMetier(label=item)
