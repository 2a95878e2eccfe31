"""The index: what is written is read again, whole, or the file is refused; nothing in between."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from stat import S_ISDIR

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import index_file
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.conflict import Conflict
from bot.catalogue.contents import Contents, SourceInfo
from bot.catalogue.criteria import Criteria
from bot.catalogue.fiche import (
    Appellation,
    Block,
    Domaine,
    Fiche,
    FormationId,
    FormationLink,
    MetierId,
    Section,
    Source,
    StudyDuration,
    StudyPath,
    WebSource,
)
from bot.catalogue.formation import Formation, FormationMetier, FormationOrigin, FurtherFormation
from bot.catalogue.index_file import (
    FORMAT,
    built_index,
    is_index,
    read_index,
    read_receipts,
    read_space,
    read_words,
    write_index,
)
from bot.catalogue.latent_space import fit_latent_space
from bot.catalogue.loading import load_catalogue, read_sources
from bot.catalogue.passages import stemmed, weighted_counts
from bot.catalogue.rome import RomeAppellation
from bot.catalogue.search import Search
from bot.catalogue.thesaurus import Thesaurus
from bot.catalogue.written_words import written_words
from bot.errors import CatalogueError
from tests.conftest import ROOT

# What catalogues are made of

words = st.text(min_size=1, max_size=12)
maybe_words = st.none() | words
several = st.lists(words, max_size=3).map(tuple)
numbers = st.integers(min_value=1, max_value=999)
metier_ids = numbers.map(lambda n: MetierId(f"MET.{n}"))
formation_ids = numbers.map(lambda n: FormationId(f"FOR.{n}"))
years = st.none() | st.floats(min_value=0, max_value=20)
sections = st.none() | st.builds(
    Section,
    blocks=st.lists(
        st.builds(Block, text=words, heading=st.booleans()), min_size=1, max_size=4
    ).map(tuple),
)
durations = st.builds(
    StudyDuration, text=words, years_min=years, years_max=years, after=maybe_words
)
study_paths = st.builds(
    StudyPath, entry=maybe_words, text=words, durations=st.lists(durations, max_size=2).map(tuple)
)
appellations = st.builds(Appellation, name=words, feminine=maybe_words, masculine=maybe_words)
domaines = st.lists(st.builds(Domaine, domaine=words, sous_domaine=maybe_words), max_size=2).map(
    tuple
)
sources = st.builds(Source, url=words, dataset=words, licence=words, date=maybe_words)
fiches = st.builds(
    Fiche,
    id=metier_ids,
    title=appellations,
    other_names=st.lists(appellations, max_size=2).map(tuple),
    rome_codes=several,
    presentation=sections,
    summary=sections,
    study_paths=st.lists(study_paths, max_size=2).map(tuple),
    nature=sections,
    skills=sections,
    conditions=sections,
    salary=sections,
    job_market=sections,
    access=sections,
    niveau_min=maybe_words,
    formations=st.lists(
        st.builds(FormationLink, label=words, id=st.none() | formation_ids), max_size=2
    ).map(tuple),
    statuts=several,
    centres_interet=several,
    domaines=domaines,
    secteurs=several,
    related=st.lists(metier_ids, max_size=2).map(tuple),
    web_sources=st.lists(
        st.builds(WebSource, url=words, label=st.text(max_size=5)), max_size=2
    ).map(tuple),
    keywords=several,
    source=sources,
)
formations = st.builds(
    Formation,
    id=formation_ids,
    label=words,
    sigle=maybe_words,
    type_label=maybe_words,
    duree=maybe_words,
    niveau_sortie=maybe_words,
    code_rncp=maybe_words,
    description=sections,
    attendus=sections,
    further_formations=st.lists(
        st.builds(
            FurtherFormation, label=words, id=st.none() | formation_ids, condition=maybe_words
        ),
        max_size=2,
    ).map(tuple),
    metiers=st.lists(
        st.builds(FormationMetier, label=words, id=st.none() | metier_ids), max_size=2
    ).map(tuple),
    domaines=domaines,
    sous_domaines=several,
    link=maybe_words,
    origin=st.sampled_from(FormationOrigin),
    source=sources,
    file=st.text(max_size=5),
)
rome_appellations = st.builds(
    RomeAppellation,
    code=numbers.map(str),
    label=words,
    short_label=words,
    masculine=maybe_words,
    feminine=maybe_words,
    rome_codes=several,
    is_main=st.booleans(),
    is_rare=st.booleans(),
)


def unique(records: st.SearchStrategy, key: str) -> st.SearchStrategy:
    return st.lists(records, max_size=6, unique_by=lambda record: getattr(record, key)).map(tuple)


contents_made = st.builds(
    Contents,
    fiches=unique(fiches, "id"),
    formations=unique(formations, "id"),
    appellations=unique(rome_appellations, "code"),
    sources=st.lists(
        st.builds(
            SourceInfo,
            name=words,
            kind=words,
            dataset=words,
            licence=words,
            date=maybe_words,
            records=numbers,
        ),
        max_size=2,
    ).map(tuple),
    conflicts=st.lists(
        st.builds(Conflict, id=words, field=words, kept=words, other=words, kept_file=words),
        max_size=2,
    ).map(tuple),
)


TINY = Path(__file__).parent / "cases" / "markdown" / "long.md"
VERSION_AT = slice(60, 64)  # `user_version`, in the header of SQLite
HEADER_BYTES = 100
# What may be said of a file that was an index, by what is left of its beginning.
REFUSALS = {"index_damaged", "index_version", "kind_unknown", "binary", "empty_file"}


def refusal(path: Path) -> str:
    """The key of the one problem that a path is refused for."""
    with pytest.raises(CatalogueError) as caught:
        read_sources([path])
    (problem,) = caught.value.problems
    assert problem.path == path
    return problem.key


def temporaries(path: Path) -> list[Path]:
    return sorted(path.parent.glob(".*.tmp"))


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, those of the full-text index with them."""
    with contextlib.closing(sqlite3.connect(path)) as index:
        names = [name for (name,) in index.execute("SELECT name FROM sqlite_schema")]
        names = [name for name in names if not name.startswith(("sqlite_", "passage"))]
        names += ["passage_data", "passage_docsize"]
        return {name: list(index.execute(f"SELECT * FROM {name}")) for name in names}


@pytest.fixture(scope="module", autouse=True)
def flushed() -> Iterator[list[bool]]:
    """Whether each thing that the disk is asked to hold is a folder.

    It is not made to hold them, which takes a second when it is busy.
    """
    asked: list[bool] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: asked.append(S_ISDIR(os.fstat(handle).st_mode)))
        yield asked


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Contents:
    """All the real data at once."""
    onisep = shared_data / "onisep"
    names = ("fiches-md", "metiers.json", "formations-md", "formations.csv")
    rome = shared_data / "rome" / "unix_referentiel_appellation_v460_utf8.csv"
    return read_sources([*(onisep / name for name in names), rome])


@pytest.fixture(scope="module")
def small(shared_data: Path) -> Contents:
    """Forty real fiches and forty formations: several pages of each table."""
    onisep = shared_data / "onisep"
    paths = [
        p
        for name in ("fiches-md", "formations-md")
        for p in sorted((onisep / name).glob("*.md"))[:40]
    ]
    return read_sources(paths)


@pytest.fixture(scope="module")
def small_index(small: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "catalogue.sqlite"
    write_index(small, path, receipts={"fiches": b"{}"})
    return path


# What is written is read again


def test_the_real_data_are_read_as_they_were_written(real: Contents, tmp_path: Path) -> None:
    path = tmp_path / "data" / "catalogue.sqlite"
    write_index(real, path)
    assert (len(real.fiches), len(real.formations), len(real.appellations)) == (1077, 6095, 13120)
    assert len(real.sources) == 5
    assert real.conflicts
    assert read_index(path) == real
    catalogue = load_catalogue([path])
    assert catalogue.contents == real
    assert catalogue.words == Catalogue(real.fiches).words
    assert temporaries(path) == []


@settings(max_examples=60)
@given(contents=contents_made, receipts=st.dictionaries(words, st.binary(max_size=20), max_size=2))
def test_any_contents_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, contents: Contents, receipts: dict[str, bytes]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.sqlite"
    write_index(contents, path, receipts=receipts)
    assert is_index(path)
    assert read_index(path) == contents
    assert read_receipts(path) == receipts
    index = built_index(path).opened()
    assert index is not None
    with contextlib.closing(index):
        assert read_words(index) == written_words(contents.fiches)
        space = fit_latent_space([weighted_counts(stemmed(fiche)) for fiche in contents.fiches])
        read = read_space(index)
        assert (read.places, read.words.tolist()) == (space.places, space.words.tolist())
        assert read.fiches.tolist() == space.fiches.tolist()
        assert read.fiches.shape == space.fiches.shape


def test_an_index_alone_is_its_contents(small: Contents, small_index: Path) -> None:
    assert read_sources([small_index]) == small


@pytest.mark.parametrize("name", ["a b.sqlite", "100%41?x=1#y", "été…", "[a]*.db", "sans suffixe"])
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    contents = read_sources([TINY])
    write_index(contents, tmp_path / name)
    assert read_index(tmp_path / name) == contents
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_two_writes_of_one_catalogue_hold_the_same(small: Contents, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_index(small, tmp_path / name, receipts={"x": b"1", "y": b"2"})
    rows = tables(tmp_path / "a")
    assert rows == tables(tmp_path / "b")
    assert min(map(len, rows.values())) > 0


def test_sqlite_finds_nothing_wrong_with_an_index(small_index: Path) -> None:
    """Its digest stands after the last page, where SQLite does not look."""
    with contextlib.closing(sqlite3.connect(small_index)) as index:
        assert index.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_same_twice_in_a_search(small_index: Path) -> None:
    """An index given beside its own sources changes nothing."""
    alone = read_sources([small_index])
    assert read_sources([small_index, small_index]) == alone


# Damaged files


def test_a_file_cut_anywhere_is_refused(small_index: Path, tmp_path: Path) -> None:
    data = small_index.read_bytes()
    path = tmp_path / "cut.sqlite"
    lengths = {*range(0, 120, 7), *range(0, len(data), len(data) // 60)}
    for length in sorted(lengths | {len(data) - 32, len(data) - 1}):
        path.write_bytes(data[:length])
        key = refusal(path)
        assert key == "index_damaged" if length >= HEADER_BYTES else key in REFUSALS, length


def test_a_byte_changed_anywhere_is_noticed(small_index: Path, tmp_path: Path) -> None:
    """Every byte of the header of SQLite, and sixty of its pages and of the digest at the end."""
    data = small_index.read_bytes()
    path = tmp_path / "changed.sqlite"
    step = len(data) // 60
    places = [*range(HEADER_BYTES), *range(HEADER_BYTES, len(data), step), len(data) - 1]
    assert len(places) > 150
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        key = refusal(path)
        assert key == "index_damaged" if place >= HEADER_BYTES else key in REFUSALS, place
        with pytest.raises(CatalogueError):
            read_receipts(path)


def test_random_bytes_after_the_header(small_index: Path, tmp_path: Path) -> None:
    header = small_index.read_bytes()[:HEADER_BYTES]
    path = tmp_path / "random.sqlite"
    for seed in range(20):
        path.write_bytes(header + Random(seed).randbytes(5000 * seed))
        assert refusal(path) == "index_damaged"


def test_what_is_added_at_the_end_is_noticed(small_index: Path, tmp_path: Path) -> None:
    path = tmp_path / "longer.sqlite"
    path.write_bytes(small_index.read_bytes() + b"\0")
    assert refusal(path) == "index_damaged"


def sealed(path: Path) -> None:
    """End a file as `write_index` does, whatever it holds."""
    with path.open("ab") as file:
        file.write(hashlib.sha256(path.read_bytes()).digest())


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE record",
        "UPDATE record SET data = '{'",
        "UPDATE record SET data = x'ff'",
        "UPDATE record SET data = '[]'",
        "UPDATE record SET data = '{}'",
        "UPDATE record SET data = 12",
        "UPDATE record SET kind = 'x' || position WHERE kind = 'fiches'",
        "UPDATE record SET kind = 'formations' WHERE kind = 'fiches'",
        "ALTER TABLE record RENAME COLUMN data TO x",
    ],
)
def test_a_whole_file_that_holds_something_else(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "made.sqlite"
    write_index(read_sources([TINY]), path)
    path.write_bytes(path.read_bytes()[:-32])
    with contextlib.closing(sqlite3.connect(path)) as index:
        index.execute(statement)
        index.commit()
    sealed(path)
    assert refusal(path) == "index_damaged"


def test_the_index_of_another_version(small_index: Path, tmp_path: Path) -> None:
    data = bytearray(small_index.read_bytes())
    data[VERSION_AT] = (FORMAT + 1).to_bytes(4, "big")
    path = tmp_path / "later.sqlite"
    path.write_bytes(data)
    with pytest.raises(CatalogueError) as caught:
        read_sources([path])
    assert [(p.key, p.detail) for p in caught.value.problems] == [
        ("index_version", str(FORMAT + 1))
    ]


def test_what_is_no_index(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with contextlib.closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE record (kind, position, data)")
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    folder = tmp_path / "folder.sqlite"
    folder.mkdir()
    expected = {other: "kind_unknown", empty: "empty_file", folder: "empty_folder"}
    for path, key in expected.items():
        assert not is_index(path)
        assert refusal(path) == key
        with pytest.raises(CatalogueError) as caught:
            read_index(path)
        assert caught.value.problems[0].key in {"index_damaged", "index_version"}
    absent = tmp_path / "absent.sqlite"
    assert not is_index(absent)
    assert refusal(absent) == "path_missing"
    assert not is_index(Path("a\0b"))


# Writing that fails


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in (
        file / "catalogue.sqlite",
        file / "a" / "b",
        folder,
        Path("/dev/null/x"),
        Path("a\0b"),
    ):
        with pytest.raises(CatalogueError) as caught:
            write_index(Contents(), path)
        (problem,) = caught.value.problems
        assert (problem.key, problem.path) == ("index_unwritable", path)
        assert problem.detail
        assert str(tmp_path) not in problem.detail
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder"]


def test_the_disk_holds_the_file_then_its_name(tmp_path: Path, flushed: list[bool]) -> None:
    flushed.clear()
    write_index(Contents(), tmp_path / "a")
    assert flushed == [False, True]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("_fill", sqlite3.OperationalError("database or disk is full")),
        ("_seal", OSError(28, "No space left on device")),
        ("_flush", OSError(5, "Input/output error")),
    ],
)
def test_a_disk_that_fails_leaves_the_former_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: Exception
) -> None:
    path = tmp_path / "catalogue.sqlite"
    tiny = read_sources([TINY])
    write_index(tiny, path)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(index_file, step, fail)
    with pytest.raises(CatalogueError) as caught:
        write_index(Contents(), path)
    (problem,) = caught.value.problems
    assert (problem.key, problem.detail) == (
        "index_unwritable",
        str(error).partition("] ")[2] or str(error),
    )
    assert read_index(path) == tiny
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_what_killed_writes_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    path = tmp_path / "[1] catalogue.sqlite"
    old, fresh = (tmp_path / f".{path.name}.{name}.tmp" for name in ("old", "fresh"))
    others = [
        tmp_path / name
        for name in (".other.sqlite.x.tmp", "notes.tmp", ".1 catalogue.sqlite.x.tmp")
    ]
    for left in (old, fresh, *others):
        left.write_bytes(b"x")
    long_ago = time.time() - 3700
    for left in (old, *others):
        os.utime(left, (long_ago, long_ago))
    write_index(Contents(), path)
    assert not old.exists()
    assert all(left.exists() for left in (fresh, *others))


# Replaced while it is in use


def test_a_reader_goes_on_with_the_file_that_it_opened(small: Contents, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    write_index(small, path)
    built = built_index(path)
    index = built.opened()
    assert index is not None
    with contextlib.closing(index):
        rows = index.execute("SELECT word FROM word")
        first = rows.fetchone()
        write_index(read_sources([TINY]), path)
        assert {first, *rows} == {(word,) for word in written_words(small.fiches)}
        assert built.opened() is None, "another file is in its place"
    assert built_index(path) != built
    path.unlink()
    assert built.opened() is None


def test_a_catalogue_outlives_its_index(small: Contents, tmp_path: Path) -> None:
    """Loaded, then replaced before anything was searched: nothing of the new file is mixed in."""
    path = tmp_path / "catalogue.sqlite"
    with contextlib.closing(Search(Catalogue.of(small), Thesaurus({}))) as searching:
        expected = searching.find(Criteria(), "acquisition").metiers
    assert expected
    for replace in (lambda: write_index(read_sources([TINY]), path), path.unlink):
        write_index(small, path)
        catalogue = load_catalogue([path])
        search = Search(catalogue, Thesaurus({}))
        replace()
        assert search.find(Criteria(), "acquisition").metiers == expected
        assert catalogue.words == written_words(small.fiches)
        search.close()


# A write killed at any moment

CHILD = """
import _io, _sqlite3, io, os, pathlib, posix, signal, sqlite3, sys
from bot.catalogue.contents import Contents
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import read_sources

path, sources = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
contents = [read_sources([sources]), Contents()]
QUIET = {"fspath", "stat", "lstat", "urandom", "getpid"}
events, stop, touching = 0, 0, []
os.fsync = lambda handle: None

def touches_the_disk(call):
    owner = getattr(call, "__self__", None)
    known = any(owner is module for module in (posix, _io, _sqlite3))
    return (known or isinstance(owner, (io.IOBase, sqlite3.Connection))) and call.__name__ not in QUIET

def seen(frame, event, call):
    # Before and after each call of a function; wait to be killed at the one asked for.
    global events
    events += 1
    if event.startswith("c_") and touches_the_disk(call):
        touching.append(events)
    if events == stop:
        sys.setprofile(None)
        print(os.getpid(), getattr(call, "__name__", frame.f_code.co_name), flush=True)
        signal.pause()

for line in sys.stdin:
    which, stop = map(int, line.split())
    child = os.fork()
    if not child:
        sys.setprofile(seen)
        write_index(contents[which], path)
        sys.setprofile(None)
        print("whole", events, *touching, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    print("over", flush=True)
"""


class Writer:
    """Another process that writes an index as often as asked, and stops where asked."""

    def __init__(self, path: Path) -> None:
        # Forking with the threads of numpy running is told by newer Pythons; none is used here.
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", CHILD, str(path), str(TINY)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def write(self, which: int, *, killed_at: int = 0) -> str:
        """Write the catalogue of one fiche (0) or of none (1).

        Returns:
            What it was doing when it was killed; else the number of moments, and those at which
            it touched the disk.
        """
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{which} {killed_at}\n")
        self._process.stdin.flush()
        first, _, rest = self._process.stdout.readline().strip().partition(" ")
        if first != "whole":
            os.kill(int(first), signal.SIGKILL)
        assert self._process.stdout.readline() == "over\n"
        return rest

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    made = Writer(tmp_path / "catalogue.sqlite")
    yield made
    made.close()


def test_a_write_killed_at_any_moment_leaves_a_whole_index(tmp_path: Path, writer: Writer) -> None:
    """Around every call that touches the disk, and at twelve moments between them."""
    path = tmp_path / "catalogue.sqlite"
    both = (read_sources([TINY]), Contents())
    writer.write(0)
    count, *touching = map(int, writer.write(1).split())
    writer.write(0)
    assert len(touching) > 20
    seen = set()
    for moment in sorted({*touching, *range(1, count, count // 12)}):
        writer.write(0)
        doing = writer.write(1, killed_at=moment)
        after = read_index(path)
        assert after in both, doing
        seen.add(both.index(after))
        left = temporaries(path)
        assert len(left) <= 1, f"{doing} left what others had left"
        assert {p.name for p in tmp_path.iterdir()} == {path.name, *(p.name for p in left)}
        for temporary in left:
            os.utime(temporary, (0, 0))
    assert seen == {0, 1}, "some are killed before the new file is in place, some after"
    writer.write(1)
    assert read_index(path) == Contents()
    assert temporaries(path) == []
