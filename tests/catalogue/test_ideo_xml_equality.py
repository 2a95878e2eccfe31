"""One job is one fiche through Markdown and through both structures of the Idéo-fiches export.

The whole export is not with the real data; its Markdown conversion is. So each real Markdown
fiche is written back as the record that it came from, in the structure of 2022 and in that
of 2025: `as_record` does it line by line and uses no reader.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from io import BytesIO
from pathlib import Path

import pytest

from bot.catalogue.fiche import Appellation, Fiche, MetierId, WebSource
from bot.catalogue.ideo_xml_reader import parse_ideo_xml
from bot.catalogue.markdown_reader import parse_markdown, read_markdown

CASES = Path(__file__).parent / "cases"


def parse(export: bytes) -> list[Fiche]:
    read = parse_ideo_xml(BytesIO(export), Path("export.xml"))
    return [item for item in read if isinstance(item, Fiche)]


@pytest.mark.parametrize("name", ["variant_2022", "variant_2025"])
def test_the_long_markdown_case_is_the_same_fiche(name: str) -> None:
    fiche = parse((CASES / "ideo_xml" / f"{name}.xml").read_bytes())[0]
    expected = read_markdown(CASES / "markdown" / "long.md")
    if name == "variant_2022":
        expected = replace(expected, other_names=_without_genders(expected.other_names))
    assert fiche == replace(
        expected,
        secteurs=("Artisanat d'art", "Fonction publique"),
        related=(MetierId("MET.900002"),),
        web_sources=(
            WebSource(url="http://lune.example", label="Le site de la Lune & des marées"),
            WebSource(url="http://quartier.example"),
        ),
    )


def _without_genders(names: Iterable[Appellation]) -> tuple[Appellation, ...]:
    return tuple(Appellation(name=appellation.name) for appellation in names)


SECTIONS = {
    "## Présentation": "accroche_metier",
    "## En bref": "format_court",
    "## Nature du travail": "nature_travail",
    "## Compétences requises": "competences",
    "## Conditions de travail": "condition_travail",
    "## Vie professionnelle": "vie_professionnelle",
    "## Accès au métier": "acces_metier",
    "## Autres appellations": "synonymes",
    "## Formations recommandées": "formations_min_requise",
    "## Centres d'intérêt": "centres_interet",
    "**Appellations:**": "genders",
    "**Codes ROME:**": "romesV3",
    "**Statuts possibles:**": "statuts",
}
CAREER = {
    "## Salaire": "Salaire",
    "## Intégrer le marché du travail": "Intégrer le marché du travail",
}
ENTRIES = {
    "formations_min_requise": "formation_min_requise",
    "centres_interet": "centre_interet",
    "statuts": "statut",
    "romesV3": "romeV3",
}


def as_record(markdown: str, *, year: int) -> str:
    """Write a Markdown fiche back as the record that it was converted from."""
    name, identifier, niveau, parts = _cut(markdown)
    inside = [f"<identifiant>{identifier}</identifiant>", _tag("nom_metier", escape(name))]
    inside += _gender_tags(parts.pop("genders"))
    for element, lines in parts.items():
        if element == "synonymes":
            content = "".join(_synonyms(lines, year=year))
        elif element in ENTRIES:
            content = "".join(_entries(ENTRIES[element], lines, year=year))
        else:
            content = "<![CDATA[\n" + "\n".join(_html(lines)) + "]]>"
        inside.append(_tag(element, content))
    if year < 2025:
        niveau = re.sub("^b", "B", niveau)
        inside = [_as_short_texts(element) for element in inside]
    inside.append(f"<niveau_acces_min><id>REF.1</id>{_tag('libelle', niveau)}</niveau_acces_min>")
    return _tag("metier", "\n".join(inside))


def _cut(markdown: str) -> tuple[str, str, str, dict[str, list[str]]]:
    """The title, the identifier, the niveau, and the lines of the other parts."""
    name = identifier = niveau = ""
    parts: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in map(str.strip, markdown.split("\n")):
        if line in SECTIONS:
            lines = parts.setdefault(SECTIONS[line], [])
        elif line.startswith("# "):
            name = line[2:]
        elif line.startswith("**ID:**"):
            identifier = line[7:].strip()
        elif line.startswith("**Niveau d'accès minimum:**"):
            niveau = line[27:].strip()
        else:
            lines.append(line)
    return name, identifier, niveau, parts


def _tag(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _items(lines: list[str]) -> list[str]:
    return [escape(line.removeprefix("- ")) for line in lines if line]


def _gender_tags(lines: list[str]) -> list[str]:
    genders = (item.split(": ", 1) for item in _items(lines))
    return [_tag(f"libelle_{name.replace('é', 'e').lower()}", form) for name, form in genders]


def _synonyms(lines: list[str], *, year: int) -> Iterator[str]:
    for entry in "\n".join(lines).split("### ")[1:]:
        name, *genders = entry.strip().split("\n")
        full = _tag("nom_metier", escape(name)) + "".join(_gender_tags(genders))
        yield _tag("synonyme", full if year >= 2025 else escape(name))


def _entries(name: str, lines: list[str], *, year: int) -> Iterator[str]:
    for item in _items(lines):
        label, _, identifier = item.removesuffix(")").rpartition(" (ID: ")
        if name == "romeV3":
            yield _tag(name, item)
        elif name == "formation_min_requise" and label:
            yield _tag(name, _tag("id", identifier) + _tag("libelle", label))
        elif year < 2025:
            yield _tag(name, f"<id>T-IDEO2.1</id>{_tag('libelle', item)}")
        else:
            yield f'<{name} id="T-IDEO2.1" libelle="{item}"/>'


def _html(lines: list[str]) -> Iterator[str]:
    """Write lines as the HTML that they came from; lines that touch are one paragraph."""
    for is_text, group in itertools.groupby(lines, lambda line: not _is_alone(line)):
        together = list(group)
        if not is_text:
            yield from filter(None, map(_alone, together))
        elif len(together) > 1 and all(line.startswith("- ") for line in together):
            yield _tag("ul", "".join(_tag("li", line) for line in _items(together)))
        else:
            text = escape("<br/>".join(together), quote=False).replace("&lt;br/&gt;", "<br/>")
            yield _tag("p", text)


def _is_alone(line: str) -> bool:
    return line in {"", "<p>", "</p>"} or re.match("#+ ", line) is not None


def _alone(line: str) -> str:
    if line in CAREER:
        return _tag("h3", CAREER[line])
    hashes, space, title = line.partition(" ")
    return _tag({"##": "h4", "###": "h5"}[hashes], title) if space else line


def _as_short_texts(element: str) -> str:
    """Put the one short text of a record among those of the former structure."""
    if not element.startswith("<format_court>"):
        return element
    other = "<format_court><type>Fiche metier (Documentation)</type><descriptif>a</descriptif>"
    text = re.sub("^<format_court>|</format_court>$", "", element)
    dico = _tag("type", "Dico des métiers") + _tag("descriptif", text)
    return _tag("formats_courts", f"{other}</format_court>{_tag('format_court', dico)}")


@pytest.mark.parametrize("year", [2022, 2025])
def test_every_real_fiche_is_the_same_through_markdown_and_xml(onisep: Path, year: int) -> None:
    files = sorted((onisep / "fiches-md").glob("*.md"))
    texts = [path.read_text("utf-8") for path in files]
    export = "\n".join(as_record(text, year=year) for text in texts)
    fiches = parse(f"<metiers>\n{export}\n</metiers>".encode())
    assert len(fiches) == len(files) == 893
    for fiche, text, path in zip(fiches, texts, files, strict=True):
        expected = parse_markdown(text, path)
        if year < 2025:
            expected = replace(expected, other_names=_without_genders(expected.other_names))
        assert fiche == expected, path.name
