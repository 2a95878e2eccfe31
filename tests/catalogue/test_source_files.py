"""Which files a path stands for, in which order, and what is left out."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.source_files import SourceFile, files_of, printable
from bot.errors import CatalogueError


def write(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"contenu de {name}")
    return path


def content(file: SourceFile) -> bytes:
    with file.open() as stream:
        return stream.read()


def key_of(file: SourceFile) -> str:
    with pytest.raises(CatalogueError) as caught:
        file.head()
    return caught.value.problems[0].key


def test_a_file_stands_for_itself_whatever_its_name(tmp_path: Path) -> None:
    for name in ("README.md", "image.png", ".cache", "fiche.md"):
        (file,) = files_of(write(tmp_path / name, b"bonjour"))
        assert (file.path, file.must_be_fiche, content(file)) == (
            tmp_path / name,
            False,
            b"bonjour",
        )


def test_a_folder_stands_for_its_sources_by_name(tmp_path: Path) -> None:
    kept = ["B.MD", "a.markdown", "c.txt", "d.csv", "e.json", "f.xml", "g.XML", "readme-non.md"]
    left = ["README.md", "ReadMe.fr.txt", "LICENSE.md", "notice.txt", "CHANGELOG.md", ".z.md"]
    left += ["a.md~", "a.jsonl", "a.xml.gz", "a.yml", "a", "md", "a.png"]
    for name in reversed(kept + left):
        write(tmp_path / name)
    write(tmp_path / "sous-dossier" / "fiche.md")
    files = list(files_of(tmp_path))
    assert [file.path.name for file in files] == kept
    fiches = [file.path.name for file in files if file.must_be_fiche]
    assert fiches == ["B.MD", "a.markdown", "c.txt", "readme-non.md"]


def test_the_members_of_an_archive_stand_under_it(tmp_path: Path) -> None:
    names = ["b/2.md", "a.xml", "README.md", ".z.md", "__MACOSX/c.md", "image.png", "LICENSE.txt"]
    archive = zipped(tmp_path / "x.zip", *names)
    write(tmp_path / "z.csv")
    for path in (archive, tmp_path):
        first, second = list(files_of(path))[:2]
        assert (first.path, first.must_be_fiche) == (archive / "b/2.md", True)
        assert (second.path, second.must_be_fiche) == (archive / "a.xml", False)
        assert [content(file) for file in (first, first, second)] == [
            b"contenu de b/2.md", b"contenu de b/2.md", b"contenu de a.xml",
        ]  # fmt: skip
    assert [file.path.name for file in files_of(tmp_path)] == ["2.md", "a.xml", "z.csv"]


def test_members_are_read_one_at_a_time(tmp_path: Path) -> None:
    """Each is handed over before the next is taken out of the archive."""
    archive = zipped(tmp_path / "x.zip", "1.md", "2.md")
    data = bytearray(archive.read_bytes())
    data[data.rindex(b"contenu de 2") + 3] ^= 1
    files = files_of(write(archive, bytes(data)))
    assert content(next(files)) == b"contenu de 1.md"
    with pytest.raises(CatalogueError) as caught:
        next(files)
    assert [(p.path, p.key, p.field) for p in caught.value.problems] == [
        (archive, "zip_damaged", "2.md")
    ]


def test_an_archive_in_a_folder_hides_no_file(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    write(tmp_path / "b.zip", b"PK\x03\x04")
    zipped(tmp_path / "c.zip", "image.png")
    write(tmp_path / "d.md")
    files = list(files_of(tmp_path))
    assert [file.path.name for file in files] == ["a.md", "b.zip", "c.zip", "d.md"]
    assert [key_of(file) for file in files[1:3]] == ["zip_malformed", "empty_archive"]
    assert [content(file) for file in (files[0], files[3])] == [b"x", b"x"]


@pytest.mark.parametrize("name", ["b.zip", "c.zip"])
def test_an_archive_alone_is_refused_at_once(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "b.zip", b"PK\x03\x04") if name == "b.zip" else zipped(tmp_path / name)
    with pytest.raises(CatalogueError):
        list(files_of(path))


def test_the_head_is_the_first_64_kib(tmp_path: Path) -> None:
    data = os.urandom(1 << 17)
    (file,) = files_of(write(tmp_path / "a", data))
    assert file.head() == data[: 1 << 16]
    assert content(file) == data


@pytest.mark.parametrize("data", [b"", b" ", b"\n\t \r\n" * 100])
def test_a_blank_file_is_empty(tmp_path: Path, data: bytes) -> None:
    folder = tmp_path / "folder"
    (file,) = files_of(write(folder / "a.md", data).parent)
    assert key_of(file) == "empty_file"


def test_a_file_that_goes_away_meanwhile(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md")
    (file,) = files_of(tmp_path)
    path.unlink()
    assert key_of(file) == "path_missing"


@given(st.text(st.characters(exclude_characters="\0", codec=None), min_size=1))
def test_any_path_becomes_printable(text: str) -> None:
    shown = str(printable(Path(text)))
    shown.encode()
    if text.isascii():
        assert shown == str(Path(text))
    assert printable(Path(shown)) == Path(shown)
