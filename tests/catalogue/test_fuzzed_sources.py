"""Two thousand damaged files of every kind: each is read, or said to be wrong; nothing else.

The readers have laws of their own; here whole files, mostly real ones, go through the recognition,
the reading and the merging, as when somebody gives a file that was cut, edited or mixed up.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.contents import Contents
from bot.catalogue.formation import FORMATION_ID
from bot.catalogue.loading import read_sources
from bot.catalogue.markdown_reader import METIER_ID
from bot.catalogue.passages import stemmed
from bot.catalogue.source_kind import KINDS
from bot.errors import CatalogueError
from tests.catalogue.test_loading import assert_said
from tests.conftest import SHARED

CASES = Path(__file__).parent / "cases"
EXAMPLES = 2000
ROWS = 8

HOSTILE = (
    [b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\x0b\x0c\x1c\x85"]
    + ["\u2028", "\u202e", "e\u0301" * 50, "\U0001f600", "²", "İ", "MET.١٢", "\u00a0"]
    + ['"', '""', "'", ";", ",", "\t", "|", "\\", '\\ud800"', '"\\ud800"', '"\\u0000"', "{", "}", "[", "]"]
    + ["[" * 3000, '{"a":' * 1500, "1e999", "-", "NaN", "9" * 5000, "null", "true", '{"results": 3}']
    + ["<", ">", "&", "&a;", "&#0;", "&#55296;", "&amp;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml?>"]
    + ["<?xml version='1.0' encoding='utf-16'?>", "<?xml version='1.0' encoding='x'?>", "</metier>"]
    + ['<!DOCTYPE a [<!ENTITY b "c">]>', "<a>" * 300, "<metier>", "<item/>", "<inconnu>x</inconnu>"]
    + ["<p>", "</p>", "<br/>", "<script>", "# x\n", "## En bref\n", "**ID:** MET.1\n", "**ID:**\n"]
    + ["\n\n", "- ", "            ### x\n", "(ID: FOR.1)", "MET.9999999999", "FOR.", "https://x/MET.2"]
    + [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"SQLite format 3\0", b"\x1f\x8b", "a" * 40_000]
)  # fmt: skip
SNIPPETS = [snippet if isinstance(snippet, bytes) else snippet.encode() for snippet in HOSTILE]


# The files that are damaged


def some(folder: Path, pattern: str, count: int) -> list[bytes]:
    """Files of a folder, short and long, always the same."""
    paths = sorted(folder.glob(pattern))
    return [path.read_bytes() for path in Random(1).sample(paths, min(count, len(paths)))]


def first_lines(path: Path) -> bytes:
    return b"".join(path.read_bytes().splitlines(keepends=True)[: ROWS + 1])


def first_objects(path: Path) -> bytes:
    rows = json.loads(path.read_text("utf-8"))[:ROWS]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def first_items(path: Path) -> bytes:
    return b"</item>".join(path.read_bytes().split(b"</item>")[:ROWS]) + b"</item></root>"


def job_table(path: Path) -> bytes:
    """The table of jobs as CSV, of which there is no real file."""
    rows = json.loads(path.read_text("utf-8"))[:ROWS]
    lines = [f'"{row["libelle"]}";{row["url_onisep"]};{row["domaine"]}' for row in rows]
    return "\n".join(["libellé métier;lien site onisep.fr;domaine/sous-domaine", *lines]).encode()


def archive(*contents: bytes, method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for number, content in enumerate(contents):
            info = zipfile.ZipInfo(f"{number}.md")
            info.compress_type = method
            made.writestr(info, content)
    return buffer.getvalue()


@cache
def samples(kind: str) -> list[bytes]:
    onisep, rome = SHARED / "data" / "onisep", SHARED / "data" / "rome"
    extended = onisep / "sources" / "onisep_formations_extended.json"
    make: dict[str, Callable[[], list[bytes]]] = {
        "ideo_xml": lambda: [
            (onisep / "ideo-fiches-metiers.sample.xml").read_bytes(),
            *some(CASES / "ideo_xml", "*.xml", 9),
        ],
        "formation_xml": lambda: some(CASES / "formation_xml", "*.xml", 9),
        "formation_table_json": lambda: [first_objects(extended)],
        "formation_table_xml": lambda: [
            b"<root><item><url_et_id_onisep>https://x/FOR.12</url_et_id_onisep>"
            b"<libelle_formation_principal>BTS</libelle_formation_principal></item></root>"
        ],
        "formation_table_csv": lambda: [first_lines(onisep / "formations.csv")],
        "rome_json": lambda: some(CASES / "rome", "v?.json", 2),
        "rome_csv": lambda: [first_lines(rome / "unix_referentiel_appellation_v460_utf8.csv")],
        "ideo_table_json": lambda: [first_objects(onisep / "metiers.json")],
        "ideo_table_xml": lambda: [first_items(onisep / "ideo-metiers_onisep.xml")],
        "ideo_table_csv": lambda: [job_table(onisep / "metiers.json")],
        "formation_markdown": lambda: some(onisep / "formations-md", "*.md", 40),
        "markdown_fiche": lambda: some(onisep / "fiches-md", "*.md", 40),
        "zip": lambda: [
            archive(*some(onisep / "fiches-md", "*.md", 3), method=method)
            for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        ],
    }
    return make[kind]()


NAMES = {
    "ideo_xml": "a.xml", "formation_xml": "a.xml", "formation_table_json": "a.json",
    "formation_table_xml": "a.xml", "formation_table_csv": "a.csv", "rome_json": "a.json",
    "rome_csv": "a.csv", "ideo_table_json": "a.json", "ideo_table_xml": "a.xml",
    "ideo_table_csv": "a.csv", "formation_markdown": "FOR.12_a.md", "markdown_fiche": "a.md",
    "zip": "a.zip",
}  # fmt: skip


# What is done to them


@st.composite
def damages(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """From one to four changes, one after the other."""
    place = st.integers(min_value=0, max_value=(1 << 16) - 1)
    changes = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("flip", "cut", "insert", "replace", "swap", "repeat", "end")),
                place, place, place, st.sampled_from(SNIPPETS),
            ),
            min_size=1, max_size=4,
        )
    )  # fmt: skip

    def damage(data: bytes) -> bytes:
        for change in changes:
            data = changed(data, *change)
        return data

    return damage


def changed(data: bytes, how: str, one: int, two: int, three: int, snippet: bytes) -> bytes:
    a, b, c = sorted(place * len(data) >> 16 for place in (one, two, three))
    match how:
        case "flip":
            flipped = bytes(byte ^ 1 << three % 8 for byte in data[a : a + 1])
            return data[:a] + flipped + data[a + 1 :]
        case "cut":
            return data[:a] + data[b:]
        case "insert":
            return data[:a] + snippet + data[a:]
        case "replace":
            return data[:a] + snippet + data[a + len(snippet) :]
        case "swap":
            return data[:a] + data[b:c] + data[a:b] + data[c:]
        case "repeat":
            return data[:b] + data[a:b] * (1 + three % 3) + data[b:]
    return data[:c]


def assert_sound(contents: Contents) -> None:
    """What was read makes a catalogue that can be kept, indexed and written."""
    Catalogue.of(contents)
    assert contents.fiches or contents.formations or contents.appellations
    assert all(METIER_ID.fullmatch(fiche.id) and fiche.name.strip() for fiche in contents.fiches)
    assert all(FORMATION_ID.fullmatch(record.id) and record.label for record in contents.formations)
    for records in (contents.formations, contents.appellations):
        keys = [getattr(record, "code", None) or record.id for record in records]  # type: ignore[union-attr]
        assert len(set(keys)) == len(keys)
    assert msgspec.json.decode(msgspec.json.encode(contents), type=Contents) == contents
    assert all(stemmed(fiche) is not None or fiche.summary is None for fiche in contents.fiches)
    assert sum(source.records for source in contents.sources) >= len(contents.fiches)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzzed")


def test_every_kind_is_damaged() -> None:
    assert {kind.name for kind in KINDS} | {"zip"} == NAMES.keys()


@pytest.mark.parametrize("kind", NAMES)
def test_the_whole_files_are_read(shared_data: Path, place: Path, kind: str) -> None:
    for data in samples(kind):
        path = place / NAMES[kind]
        path.write_bytes(data)
        contents = read_sources([path])
        assert_sound(contents)
        assert {source.kind for source in contents.sources} <= {kind, "markdown_fiche"}


@pytest.mark.parametrize("kind", NAMES)
@settings(max_examples=-(-EXAMPLES // len(NAMES)))
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(
    shared_data: Path, place: Path, kind: str, data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from(samples(kind)))
    damaged = data.draw(damages())(whole)
    folder = place / kind
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / NAMES[kind]
    path.write_bytes(damaged)
    source = data.draw(st.sampled_from((path, folder)))
    try:
        contents = read_sources([source])
    except CatalogueError as error:
        for problem in error.problems:
            assert problem.path.is_relative_to(source)
            assert_said(problem)
    else:
        assert_sound(contents)
