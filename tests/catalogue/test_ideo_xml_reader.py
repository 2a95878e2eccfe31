"""The Idéo-fiches export: golden files, then one test per trap, refusals and laws.

That nothing is lost is proved in `test_ideo_xml_nothing_lost`, and that a fiche is the same
through Markdown in `test_ideo_xml_equality`.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.conflict import Conflict
from bot.catalogue.fiche import Appellation, Block, Fiche, FormationLink, Section
from bot.catalogue.ideo_xml_reader import parse_ideo_xml
from bot.catalogue.markdown_reader import METIER_ID
from bot.errors import CatalogueError
from tests.catalogue.test_markdown_reader import as_json
from tests.conftest import SHARED

CASES = Path(__file__).parent / "cases" / "ideo_xml"
PATH = Path("export.xml")
MEGABYTE = 1 << 20


def parse(content: str | bytes, path: Path = PATH) -> list[Fiche]:
    data = content.encode() if isinstance(content, str) else content
    return [item for item in parse_ideo_xml(io.BytesIO(data), path) if isinstance(item, Fiche)]


def tag(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def record(inside: str) -> Fiche:
    """The fiche of a record that has an identifier and a name."""
    (fiche,) = parse(
        "<metiers><metier><identifiant>MET.1</identifiant><nom_metier>rêveur</nom_metier>"
        f"{inside}</metier></metiers>"
    )
    return fiche


@pytest.fixture
def sample(onisep: Path) -> Path:
    return onisep / "ideo-fiches-metiers.sample.xml"


# Golden files


def check_golden(source: Path, expected: Path, *, update: bool) -> None:
    read = [as_json(fiche) for fiche in parse(source.read_bytes())]
    if update:
        expected.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert read == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize("name", ["variant_2022", "variant_2025"])
def test_golden(name: str, update_golden: bool) -> None:
    expected = CASES / f"{name}.expected.json"
    check_golden(CASES / f"{name}.xml", expected, update=update_golden)


def test_golden_of_the_real_sample(sample: Path, update_golden: bool) -> None:
    """Its texts are Onisep's and stay out of the repository: their digests are compared."""
    expected = CASES / "sample.digests.json"
    read = {fiche.id: digests(fiche) for fiche in parse(sample.read_bytes())}
    if update_golden:
        expected.write_text(json.dumps(read, indent=1) + "\n", "utf-8")
    assert read == json.loads(expected.read_text("utf-8"))


def digests(fiche: Fiche) -> dict[str, str]:
    fields = as_json(fiche)
    assert isinstance(fields, dict)
    return {
        name: hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
        for name, value in fields.items()
    }


# One trap at a time


def test_an_absent_element_is_none_or_empty() -> None:
    fiche = record("")
    assert fiche == Fiche(
        id=fiche.id, title=Appellation(name="rêveur"), source=fiche.source
    )  # every other field has its default
    assert fiche.source.url == "https://www.onisep.fr/http/redirection/metier/slug/MET.1"
    assert (fiche.source.dataset, fiche.source.licence) == ("Idéo-fiches métiers", "ODbL")


@pytest.mark.parametrize("nothing", ["", " \n ", "null", "<![CDATA[]]>", "<![CDATA[ null ]]>"])
def test_nothing_and_the_word_null_are_absent(nothing: str) -> None:
    names = ["libelle_feminin", "acces_metier", "format_court", "vie_professionnelle"]
    inside = "".join(tag(name, nothing) for name in names)
    inside += tag("statuts", tag("statut", tag("id", nothing) + tag("libelle", nothing)))
    inside += tag("niveau_acces_min", tag("libelle", nothing))
    inside += tag("metiers_associes", tag("metier_associe", tag("id", nothing)))
    inside += '<secteurs_activite><secteur_activite id="null" libelle="null"/></secteurs_activite>'
    assert record(inside) == record("")


@pytest.mark.parametrize(
    ("label", "niveau"),
    [
        ("Bac + 5", "bac + 5"),
        ("bac + 9 et plus", "bac + 9 et plus"),
        ("CAP ou équivalent", "CAP ou équivalent"),
        ("3E", "3E"),
        ("Sans diplôme", "sans diplôme"),
        ("Diplôme national du brevet", "diplôme national du brevet"),
    ],
)
def test_the_case_of_a_niveau_is_that_of_the_fiches(label: str, niveau: str) -> None:
    assert (
        record(f"<niveau_acces_min><libelle>{label}</libelle></niveau_acces_min>").niveau_min
        == niveau
    )


def test_the_short_text_is_chosen_by_its_type() -> None:
    def short(*types: str) -> str | None:
        texts = "".join(
            f"<format_court><type>{name}</type><descriptif>{name}</descriptif></format_court>"
            for name in types
        )
        fiche = record(f"<formats_courts>{texts}</formats_courts>")
        return fiche.summary.text if fiche.summary else None

    documentation, dico, hook = (
        "Fiche metier (Documentation)",
        "Dico des métiers",
        "accroche_metier",
    )
    assert short(documentation, dico) == short(dico, documentation) == dico
    assert short(hook, documentation) == documentation
    assert short(hook) is None


def test_the_presentation_may_be_among_the_short_texts() -> None:
    among = (
        "<formats_courts><format_court><type>accroche_metier</type>"
        "<descriptif>courte</descriptif></format_court></formats_courts>"
    )
    for inside, expected in (
        (among, "courte"),
        (f"<accroche_metier>a</accroche_metier>{among}", "a"),
    ):
        presentation = record(inside).presentation
        assert presentation is not None and presentation.text == expected


def test_an_inner_heading_named_like_another_part_stays_inside() -> None:
    fiche = record(tag("nature_travail", "<![CDATA[<h3>Salaire</h3><p>Un mot.</p>]]>"))
    assert fiche.salary is None
    assert fiche.nature is not None
    assert fiche.nature.blocks == (Block(text="Salaire", heading=True), Block(text="Un mot."))


def test_an_identifier_of_a_diploma_that_is_none_is_left_out() -> None:
    entries = "".join(
        tag("formation_min_requise", f"<id>{identifier}</id>{label}")
        for identifier, label in [("FOR.1", "<libelle>a</libelle>"), ("x", "<libelle>b</libelle>"), ("FOR.2", "")]
    )  # fmt: skip
    assert record(tag("formations_min_requise", entries)).formations == (
        FormationLink(label="a", id="FOR.1"),  # type: ignore[arg-type]
        FormationLink(label="b"),
    )


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("Onisep_Ideo_Fiches_Metiers_21102025.xml", "2025-10-21"),
        ("onisep_ideo_fiches_metiers_09122024(1).XML", "2024-12-09"),
        ("Onisep_Ideo_Fiches_Metiers_31022025.xml", None),
        ("Onisep_Ideo_Fiches_Metiers_211020257.xml", None),
        ("Onisep_Ideo_Fiches_Formations_21102025.xml", None),
        ("5fe0808a2da6f.xml", None),
    ],
)
def test_the_edition_is_in_the_name_of_the_file(name: str, date: str | None) -> None:
    data = (CASES / "variant_2025.xml").read_bytes()
    assert {fiche.source.date for fiche in parse(data, Path("2020") / name)} == {date}


# What is no export

ID, NAME = "<identifiant>MET.1</identifiant>", "<nom_metier>rêveur</nom_metier>"


@pytest.mark.parametrize(
    ("inside", "key", "line", "field"),
    [
        (NAME, "xml_field_missing", 2, "identifiant"),
        (f"{NAME}\n<identifiant> </identifiant>", "xml_field_missing", 3, "identifiant"),
        (ID, "xml_field_missing", 2, "nom_metier"),
        (f"{ID}\n<nom_metier>null</nom_metier>", "xml_field_missing", 3, "nom_metier"),
        (f"{NAME}\n<identifiant>MET_557</identifiant>", "xml_id_malformed", 3, "identifiant"),
        (f"{NAME}\n<identifiant>FOR.1</identifiant>", "xml_id_malformed", 3, "identifiant"),
        (f"{ID}{NAME}\n{ID}", "xml_repeated", 3, "identifiant"),
        (f"{ID}{NAME}<competences>a</competences>\n<competences>b</competences>", "xml_repeated", 3, "competences"),
        (f"{ID}{NAME}<nature_travail>\n<p>un</p></nature_travail>", "xml_element_unknown", 3, "p"),
        (f"{ID}{NAME}<metiers_associes>\n<metier_associe id='x'/></metiers_associes>", "xml_id_malformed", 3, "metier_associe"),
        (f"{ID}{NAME}\n<competences><![CDATA[<p>a", "xml_malformed", 3, "competences"),
    ],
)  # fmt: skip
def test_what_is_refused(inside: str, key: str, line: int, field: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(f"<metiers>\n<metier>{inside}</metier></metiers>")
    (problem,) = caught.value.problems
    assert (problem.path, problem.key, problem.line, problem.field) == (PATH, key, line, field)


@pytest.mark.parametrize(
    ("inside", "field", "text"),
    [
        ("<salaire>Smic</salaire>", "salaire", "Smic"),
        ("<statuts><statut><libelle>salarié</libelle><code>a</code></statut></statuts>", "code", "a"),
        ("<statuts><statut type='a'/></statuts>", "statut type", "a"),
        (f"<metier>{ID}{NAME}</metier>", "identifiant", "MET.1"),
    ],
)  # fmt: skip
def test_an_element_that_an_export_adds_is_told_not_refused(
    inside: str, field: str, text: str
) -> None:
    export = f"<metiers><metier>{ID}{NAME}{inside}</metier></metiers>".encode()
    fiche, finding = parse_ideo_xml(io.BytesIO(export), PATH)
    assert isinstance(fiche, Fiche)
    assert finding == Conflict(
        id="MET.1", field=field, kept="", other=text, other_file="export.xml"
    )


def test_an_export_without_a_fiche() -> None:
    for content, key in (("<metiers/>", "xml_no_record"), ("<root><item/></root>", "xml_root")):
        with pytest.raises(CatalogueError) as caught:
            parse(content)
        assert [problem.key for problem in caught.value.problems] == [key]


def test_every_problem_of_a_record_is_told_at_once() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse("<metiers><metier><a>b</a><c>d</c></metier></metiers>")
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["xml_field_missing"] * 2


def test_fiches_are_given_one_by_one() -> None:
    whole = "<metiers>" + tag("metier", ID + NAME) + " " * 200_000
    fiches = parse_ideo_xml(io.BytesIO(whole.encode()), PATH)
    first = next(fiches)
    assert isinstance(first, Fiche)
    assert first.name == "rêveur"
    with pytest.raises(CatalogueError):
        next(fiches)


# Laws


@cache
def real_bytes() -> bytes:
    """The real sample when it is there, else the case of the recent structure."""
    real = SHARED / "data" / "onisep" / "ideo-fiches-metiers.sample.xml"
    return (real if real.is_file() else CASES / "variant_2025.xml").read_bytes()


PIECES = st.sampled_from(
    [b"<metier>", b"</metier>", b"<synonyme>", b"</synonymes>", b"<statut id='a' libelle='b'/>", b"null"]
    + [b"<![CDATA[", b"]]>", b"<p>", b"</p>", b"&amp;", b"&x;", b"<!--", b"-->", b"\xff", b"\0", b" "]
    + [b"<libelle>a</libelle>", b"<id>MET.2</id>", b"<h5>Salaire</h5>", b"<ul><li>", b"&lt;li&gt;"]
)  # fmt: skip


@given(st.data())
def test_a_damaged_real_export_gives_fiches_or_an_error(data: st.DataObject) -> None:
    whole = real_bytes()
    places = st.integers(min_value=0, max_value=len(whole))
    start, end = sorted((data.draw(places), data.draw(places)))
    if data.draw(st.booleans()):
        end = min(end, start + 20)
    inserted = data.draw(st.one_of(st.binary(max_size=20), PIECES))
    try:
        fiches = parse(whole[:start] + inserted + whole[end:])
    except CatalogueError as error:
        assert all(problem.path == PATH and problem.key for problem in error.problems)
        return
    for fiche in fiches:
        assert_sound(fiche)


def assert_sound(fiche: Fiche) -> None:
    assert METIER_ID.fullmatch(fiche.id)
    assert all(name.name for name in fiche.names())
    for field in fields(Fiche):
        value = getattr(fiche, field.name)
        if isinstance(value, Section):
            assert value.blocks and all(block.text for block in value.blocks)
    for path in fiche.study_paths:
        assert "".join(clause.text for clause in path.durations) == path.text


class Replicated(io.RawIOBase):
    """An export of some size that says the same records again under new identifiers."""

    def __init__(self, records: list[bytes], *, size: int) -> None:
        self._records = records
        self._size = size
        self._made = self._parts()

    def _parts(self) -> Iterator[bytes]:
        given = 0
        yield b"<metiers>"
        for number in itertools.count(1):
            part = self._records[number % len(self._records)]
            yield re.sub(rb"MET\.\d+", b"MET.%d" % number, part, count=1)
            given += len(part)
            if given > self._size:
                break
        yield b"</metiers>"

    def read(self, size: int = -1) -> bytes:
        return next(self._made, b"")


def test_memory_does_not_grow_with_the_file() -> None:
    records = re.findall(rb"<metier>.*?</metier>\n", real_bytes(), re.DOTALL)
    assert len(records) >= 2
    stream = cast(BinaryIO, Replicated(records, size=3 * MEGABYTE))
    tracemalloc.start()
    try:
        count = sum(1 for _ in parse_ideo_xml(stream, PATH))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count > 200
    assert peak < MEGABYTE
