"""Lists the files that a path stands for: a file, those of a folder, the members of an archive."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bot.catalogue.source_file import failure, open_file, unreadable
from bot.catalogue.zip_source import is_zip, zip_members
from bot.errors import CatalogueError

__all__ = ["SourceFile", "files_of", "printable"]

_HEAD_BYTES = 1 << 16
_FICHE_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_DATA_SUFFIXES = frozenset({".csv", ".json", ".xml", ".zip"})
# Files that accompany data and are no fiches. Anything else with a source's suffix must be
# one: skipping what « does not look like one » would lose a damaged fiche silently.
_COMPANIONS = frozenset(
    {
        "authors", "changelog", "citation", "contributing", "copying", "copyright",
        "licence", "license", "lisez-moi", "lisezmoi", "notice", "readme",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file to read. `path` names it in messages; a member of an archive is under its archive.

    `path` is `printable`.
    `must_be_fiche`: it is in a set of Markdown fiches, so that a damaged one is told as such.
    `open` returns its bytes from the start, seekable.
    """

    path: Path
    must_be_fiche: bool
    open: Callable[[], BinaryIO]

    def head(self) -> bytes:
        """Return the first 64 KiB.

        Raises:
            CatalogueError: the file is missing, unreadable, special, too large or empty.
        """
        try:
            with self.open() as stream:
                head = stream.read(_HEAD_BYTES)
        except OSError as exc:
            raise unreadable(self.path, exc) from exc
        if not head.strip() and len(head) < _HEAD_BYTES:
            raise failure(self.path, "empty_file")
        return head


def files_of(path: Path) -> Iterator[SourceFile]:
    """Yield the files of a source, in the order of their names.

    Raises:
        CatalogueError: a folder without any, an archive that cannot be read, a path that
            cannot be listed. An archive in a folder does not hide the other files: it is
            yielded as a file whose opening raises the error.
    """
    try:
        if path.is_dir():
            yield from _folder(path)
            return
    except (OSError, ValueError) as exc:  # a folder that cannot be listed, a NUL in a path
        raise unreadable(path, exc) from exc
    file = _on_disk(path)
    if is_zip(file.head()):
        yield from _members(path)
    else:
        yield file


def printable(path: Path) -> Path:
    """Return a path as it can be written: a byte of it that is no text becomes « ? »."""
    return Path(str(path).encode("utf-8", "replace").decode())


def _folder(folder: Path) -> Iterator[SourceFile]:
    names = sorted(path for path in folder.iterdir() if _is_source(path.name))
    if not names:
        raise failure(folder, "empty_folder")
    for path in names:
        file = _on_disk(path, must_be_fiche=path.suffix.casefold() in _FICHE_SUFFIXES)
        if path.suffix.casefold() != ".zip":
            yield file
            continue
        try:
            yield from _members(path)
        except CatalogueError as error:
            yield SourceFile(path=file.path, must_be_fiche=False, open=partial(_refuse, error))


def _members(archive: Path) -> Iterator[SourceFile]:
    found = False
    for name, stream in zip_members(archive):
        member = Path(name)
        if not _is_source(member.name):
            continue
        found = True
        data = stream.read()
        yield SourceFile(
            path=printable(archive / name),
            must_be_fiche=member.suffix.casefold() in _FICHE_SUFFIXES,
            open=lambda data=data: io.BytesIO(data),  # type: ignore[misc]
        )
    if not found:
        raise failure(archive, "empty_archive")


def _is_source(name: str) -> bool:
    path = Path(name)
    return (
        path.suffix.casefold() in _FICHE_SUFFIXES | _DATA_SUFFIXES
        and not name.startswith(".")
        and path.name.partition(".")[0].casefold() not in _COMPANIONS
    )


def _on_disk(path: Path, *, must_be_fiche: bool = False) -> SourceFile:
    return SourceFile(
        path=printable(path), must_be_fiche=must_be_fiche, open=lambda: open_file(path)
    )


def _refuse(error: CatalogueError) -> BinaryIO:
    raise error
