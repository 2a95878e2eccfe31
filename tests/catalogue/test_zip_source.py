"""Archives: those of Onisep, those that are damaged, and those made to do harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.zip_source import ZipLimits, is_zip, zip_members
from bot.errors import CatalogueError, Problem

XML = b"<metiers><metier><identifiant>MET.1</identifiant></metier></metiers>"
LIMITS = ZipLimits(
    entries=3, total_bytes=3 << 20, ratio=50, ratio_floor_bytes=1000, directory_bytes=1000
)


def archive(
    *files: tuple[str | zipfile.ZipInfo, bytes],
    method: int = zipfile.ZIP_DEFLATED,
    comment: bytes = b"",
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        made.comment = comment
        for name, data in files:
            made.writestr(name, data)
    return buffer.getvalue()


def write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "5fe0808a2da6f.zip"
    path.write_bytes(data)
    return path


def read(path: Path, limits: ZipLimits = LIMITS) -> dict[str, bytes]:
    return {name: stream.read() for name, stream in zip_members(path, limits=limits)}


def problem(path: Path, limits: ZipLimits = LIMITS) -> Problem:
    with pytest.raises(CatalogueError) as caught:
        read(path, limits)
    (found,) = caught.value.problems
    assert found.path == path
    return found


# What is read


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_file_of_a_real_export(shared_data: Path, tmp_path: Path, method: int) -> None:
    """The name is that of an export; the content is the largest real XML that we have."""
    data = (shared_data / "onisep" / "ideo-metiers_onisep.xml").read_bytes()
    name = "Onisep_Ideo_Fiches_Metiers_10022026.xml"
    assert read(write(tmp_path, archive((name, data), method=method)), ZipLimits()) == {name: data}


def test_files_come_in_the_order_of_the_archive(tmp_path: Path) -> None:
    data = archive(("b.xml", b"2"), ("dossier/a.xml", b"1"), comment=b"Onisep")
    assert list(read(write(tmp_path, data)).items()) == [("b.xml", b"2"), ("dossier/a.xml", b"1")]


def test_what_is_no_data_is_left_out(tmp_path: Path) -> None:
    data = archive(("x/", b""), ("__MACOSX/x/a.xml", b"-"), ("x/.DS_Store", b"-"), ("x/é.xml", XML))
    assert read(write(tmp_path, data)) == {"x/é.xml": XML}


def test_a_stream_is_read_in_pieces(tmp_path: Path) -> None:
    for _, stream in zip_members(write(tmp_path, archive(("a.xml", XML)))):
        assert (stream.read(3), stream.readline(), stream.read()) == (XML[:3], XML[3:], b"")


def test_a_stream_not_read_does_not_prevent_the_next(tmp_path: Path) -> None:
    path = write(tmp_path, archive(("a.xml", b"1"), ("b.xml", b"2")))
    names = [name for name, _ in zip_members(path)]
    assert names == ["a.xml", "b.xml"]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (archive(("a.xml", XML)), True),
        (archive(), True),
        (b"PK\x03", False),
        (b" PK\x03\x04", False),
        (b"PKware", False),
        (b"", False),
    ],
    ids=["file", "empty", "short", "space", "text", "nothing"],
)
def test_an_archive_is_known_by_its_first_bytes(head: bytes, found: bool) -> None:
    assert is_zip(head) is found


# Damaged


@pytest.mark.parametrize(
    "data",
    [
        b"<html>",
        archive(("a.xml", XML))[:-30],
        archive(("a.xml", XML))[:60],
        b"PK\x05\x06" + b"\0" * 5,
    ],
    ids=["page", "no-end", "cut", "short-end"],
)
def test_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    assert problem(write(tmp_path, data)).key == "zip_malformed"


@pytest.mark.parametrize("files", [(), (("x/", b""),), (("__MACOSX/a", b"-"), (".a", b"-"))])
def test_an_archive_without_files(tmp_path: Path, files: tuple) -> None:
    assert problem(write(tmp_path, archive(*files))).key == "zip_empty"


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    data = archive(("a.xml", b"1"), ("b.xml", XML), method=zipfile.ZIP_STORED)
    path = write(tmp_path, data.replace(b"MET.1", b"MET.2"))
    members = zip_members(path)
    assert next(members)[1].read() == b"1"
    _, damaged = next(members)
    with pytest.raises(CatalogueError) as caught:
        damaged.read()
    (found,) = caught.value.problems
    assert (found.key, found.field) == ("zip_damaged", "b.xml")


def test_a_file_whose_own_heading_is_damaged(tmp_path: Path) -> None:
    data = archive(("a.xml", XML))
    found = problem(write(tmp_path, data.replace(b"PK\x03\x04", b"PK\x03\x05", 1)))
    assert (found.key, found.field) == ("zip_damaged", "a.xml")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert problem(tmp_path / "absent.zip").key == "path_missing"


@given(st.integers(0, 10**6), st.integers(0, 255), st.integers(0, 10**6))
def test_any_damage_is_told_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int, length: int
) -> None:
    data = bytearray(archive(("a.xml", XML * 20), ("x/b.xml", XML)))
    data[at % len(data)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(bytes(data[: length % (2 * len(data)) + 1]))
    try:
        found = read(path, ZipLimits())
    except CatalogueError as error:
        assert all(problem.path == path for problem in error.problems)
    else:
        assert sum(map(len, found.values())) <= len(XML) * 21


# Harmful


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    path = write(tmp_path, archive(("a.xml", XML), ("bombe.xml", b"\0" * (2 << 20))))
    assert path.stat().st_size < 5000
    with pytest.raises(CatalogueError) as caught:
        next(iter(zip_members(path, limits=LIMITS)))
    (found,) = caught.value.problems
    assert (found.key, found.field) == ("zip_ratio", "bombe.xml")


def test_a_small_file_may_be_very_compressed(tmp_path: Path) -> None:
    path = write(tmp_path, archive(("a.xml", b" " * 1000)))
    assert read(path) == {"a.xml": b" " * 1000}


def test_a_bomb_of_many_files(tmp_path: Path) -> None:
    """Each of them is honest; together they are too much."""
    files = [(f"{n}.xml", b"x" * (1 << 20) + b"!") for n in range(3)]
    found = problem(write(tmp_path, archive(*files, method=zipfile.ZIP_STORED)))
    assert (found.key, found.detail) == ("zip_too_large", "3")


def test_a_size_that_is_a_lie_gives_no_more_than_declared(tmp_path: Path) -> None:
    data = bytearray(archive(("bombe.xml", b"\0" * (1 << 20))))
    directory = data.rindex(b"PK\x01\x02")
    for offset in (22, directory + 24):  # the size, in the heading and in the directory
        data[offset : offset + 4] = struct.pack("<I", 500)
    found = problem(write(tmp_path, bytes(data)))
    assert (found.key, found.field) == ("zip_damaged", "bombe.xml")


def test_too_many_files(tmp_path: Path) -> None:
    path = write(tmp_path, archive(*((f"{n}.xml", b"1") for n in range(4))))
    found = problem(path)
    assert (found.key, found.detail) == ("zip_entries", "3")
    assert len(read(path, ZipLimits())) == 4


def test_a_list_of_files_too_long_to_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, archive(*((f"{'n' * 90}{n}.xml", b"1") for n in range(9))))
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the list was read"))
    assert problem(path).key == "zip_entries"


@pytest.mark.parametrize(
    "name",
    [
        "../a.xml", "x/../../a.xml", "x/..", "/etc/passwd", "//a.xml", "..\\a.xml", "x\\a.xml",
        "C:a.xml", "a\x1b[2J.xml", "a\nb.xml",
    ],
)  # fmt: skip
def test_a_name_that_leaves_the_archive(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, archive(("a.xml", XML), (name, b"-")))
    found = problem(path)
    assert found.key == "zip_bad_name"
    assert found.field is not None and found.field.isprintable()


def test_a_name_that_hides_its_end(tmp_path: Path) -> None:
    data = archive(("a.xml-x", XML)).replace(b"a.xml-x", b"a.xml\0x")
    assert problem(write(tmp_path, data)).key == "zip_bad_name"


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.xml")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert problem(write(tmp_path, archive((link, b"/etc/passwd")))).key == "zip_bad_name"


def test_a_file_with_a_password(tmp_path: Path) -> None:
    data = bytearray(archive(("a.xml", XML)))
    for offset in (6, data.rindex(b"PK\x01\x02") + 8):
        data[offset] |= 1
    found = problem(write(tmp_path, bytes(data)))
    assert (found.key, found.field) == ("zip_encrypted", "a.xml")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_is_not_read(tmp_path: Path, method: int) -> None:
    found = problem(write(tmp_path, archive(("a.xml", XML), method=method)))
    assert (found.key, found.field) == ("zip_method", "a.xml")
