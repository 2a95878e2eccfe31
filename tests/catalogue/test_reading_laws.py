"""Laws of the readers: any bytes give a fiche or a CatalogueError, never another error."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.fiche import Fiche
from bot.catalogue.ideo_table_reader import parse_table_csv, parse_table_json, parse_table_xml
from bot.catalogue.markdown_reader import METIER_ID, parse_markdown
from bot.catalogue.source_files import SourceFile
from bot.catalogue.source_kind import kind_of
from bot.errors import CatalogueError
from tests.conftest import SEEDS, SHARED

PATH = Path("source")

LINES = st.sampled_from(
    ["# titre", "**ID:** MET.1", "**ID:** MET.2", "**Appellations:**", "- Féminin: a", "- b", "-"]
    + ["## Autres appellations", "### nom", "**Codes ROME:** A1, B2", "## En bref", "###", "#x"]
    + ["            ### Durée des études", "            ## Après le bac", "Après la 3e", "2 ans"]
    + ["## Formations recommandées", "- CAP (ID: FOR.1)", "(ID: FOR.", "<!-- SEARCH_KEYWORDS", "-->"]
    + ["<p>", "</p>", "a<br/>b", "**Statuts possibles:**", "", "\u00a0", "\r", "**", "<!--", "texte"]
)  # fmt: skip
XML_PIECES = st.sampled_from(
    [b"<root>", b"<item>", b"</item>", b"</root>", b"<libelle_metier>", b"</libelle_metier>", b"a"]
    + [b"<!DOCTYPE a>", b"&amp;", b"&#0;", b"<![CDATA[", b"]]>", b"<?xml version='1.0'?>", b"\xff"]
)


@cache
def real_text() -> str:
    """One long real fiche when they are there, else the seed."""
    found = sorted((SHARED / "data" / "onisep" / "fiches-md").glob("MET.103_*"))
    return (found or sorted(SEEDS.glob("*.txt")))[0].read_text("utf-8")


def read(text: str) -> Fiche | None:
    try:
        return parse_markdown(text, PATH)
    except CatalogueError as error:
        assert all(problem.path == PATH and problem.key for problem in error.problems)
        return None


def assert_sound(fiche: Fiche) -> None:
    assert METIER_ID.fullmatch(fiche.id)
    assert fiche.name
    sections = (fiche.presentation, fiche.summary, fiche.nature, fiche.salary, fiche.access)
    assert all(section is None or section.text.strip() for section in sections)
    for path in fiche.study_paths:
        assert "".join(clause.text for clause in path.durations) == path.text


@given(st.one_of(st.text(), st.lists(LINES).map("\n".join)))
def test_any_text_gives_a_fiche_or_an_error(text: str) -> None:
    for whole in (text, f"# titre\n**ID:** MET.7\n{text}"):
        fiche = read(whole)
        if fiche is not None:
            assert_sound(fiche)


@given(st.data())
def test_a_damaged_real_fiche_gives_a_fiche_or_an_error(data: st.DataObject) -> None:
    text = real_text()
    places = st.integers(min_value=0, max_value=len(text))
    start, end = sorted((data.draw(places), data.draw(places)))
    inserted = data.draw(st.one_of(st.text(max_size=20), LINES))
    moved = data.draw(st.booleans())
    damaged = text[:start] + inserted + text[end:] + (text[start:end] if moved else "")
    fiche = read(damaged)
    if fiche is not None:
        assert_sound(fiche)


@given(
    st.one_of(
        st.binary(),
        st.lists(XML_PIECES).map(b"".join),
        st.text().map(lambda text: b"# titre\n**ID:** MET.1\n" + text.encode()),
    )
)
def test_any_bytes_give_fiches_or_an_error(data: bytes) -> None:
    for must_be_fiche in (False, True):
        file = SourceFile(path=PATH, must_be_fiche=must_be_fiche, open=lambda: BytesIO(data))
        try:
            records = list(kind_of(file).parse(file.open(), PATH))
        except CatalogueError as error:
            assert all(problem.path == PATH and problem.key for problem in error.problems)
        else:
            assert records


@given(st.one_of(st.binary(), st.text().map(str.encode), st.lists(XML_PIECES).map(b"".join)))
def test_each_table_reader_alone(data: bytes) -> None:
    for parse in (parse_table_json, parse_table_csv, parse_table_xml):
        try:
            assert parse(data, PATH)
        except CatalogueError as error:
            assert all(problem.path == PATH for problem in error.problems)
