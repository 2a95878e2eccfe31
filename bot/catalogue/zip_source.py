"""Reads the files of a zip archive, refusing those made to fill a disk or to escape a folder.

Everything that the archive declares of itself is checked before anything is decompressed.
Nothing is ever written: names are checked because one with `..` says that the archive is
not what it pretends to be.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from bot.catalogue.source_file import failure, read_bytes

__all__ = ["ZipLimits", "is_zip", "zip_members"]

_MEGABYTE = 1024 * 1024
# How an archive begins, and the record that ends it, which an empty one begins with
# (APPNOTE.TXT 4.3.7 and 4.3.16).
_MAGIC = b"PK\x03\x04"
_END_MAGIC = b"PK\x05\x06"
_END_BYTES = 22
_END_SIZE_AT = slice(12, 16)
_COMMENT_MAX_BYTES = 65535
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
# A drive of Windows, its separator, a character that no name has.
_STRANGE_NAME = re.compile(r"^[A-Za-z]:|\\|[\x00-\x1f\x7f]")
# What the standard library raises on bytes that are no archive, or a strange one.
_NO_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error)
_DAMAGED = (*_NO_ARCHIVE, zlib.error, RuntimeError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipLimits:
    """What an archive may hold; the exports of Onisep hold one file of 12 to 16 MB.

    `ratio` bounds how many times larger than in the archive a file may be (text reaches 20,
    deflate cannot pass 1032), from `ratio_floor_bytes` on: a small file proves nothing.
    `directory_bytes` bounds the list of files, which is read before it can be counted.
    """

    entries: int = 1000
    total_bytes: int = 200 * _MEGABYTE
    ratio: int = 100
    ratio_floor_bytes: int = _MEGABYTE
    directory_bytes: int = _MEGABYTE


_LIMITS = ZipLimits()


def is_zip(head: bytes) -> bool:
    """Whether a file that begins by these bytes is a zip archive, perhaps a damaged one."""
    return head.startswith((_MAGIC, _END_MAGIC))


def zip_members(path: Path, *, limits: ZipLimits = _LIMITS) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the name and the content of each file of an archive, in its order.

    Folders, hidden files and what macOS adds (`__MACOSX/`) are left out. A stream is to be
    read before the next one is asked for, and gives no more bytes than the archive declares.

    Raises:
        CatalogueError: `zip_malformed`, `zip_entries`, `zip_too_large`, `zip_ratio`,
            `zip_bad_name`, `zip_encrypted`, `zip_method` or `zip_empty`, before the first
            file; `zip_damaged` (`field` is its name) while one is opened or read; and those
            of `read_bytes`.
    """
    data = read_bytes(path)
    _check_directory(data, path, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _NO_ARCHIVE as exc:
        raise failure(path, "zip_malformed") from exc
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check_sizes(infos, path, limits)
        for info in infos:
            _check_entry(info, path, limits)
        kept = [info for info in infos if not _is_left_out(info.filename)]
        if not kept:
            raise failure(path, "zip_empty")
        for info in kept:
            with _opened(archive, info, path) as stream:
                yield info.filename, stream


def _check_directory(data: bytes, path: Path, limits: ZipLimits) -> None:
    """Refuse a list of files too long to be parsed, by the size that the end record gives."""
    window = data[-(_END_BYTES + _COMMENT_MAX_BYTES) :]
    end = window.rfind(_END_MAGIC)
    size = window[end:][_END_SIZE_AT]
    if end < 0 or len(size) < 4:
        raise failure(path, "zip_malformed")
    if int.from_bytes(size, "little") > limits.directory_bytes:
        raise failure(path, "zip_entries", detail=str(limits.entries))


def _check_sizes(infos: list[zipfile.ZipInfo], path: Path, limits: ZipLimits) -> None:
    if len(infos) > limits.entries:
        raise failure(path, "zip_entries", detail=str(limits.entries))
    total = sum(info.file_size for info in infos)
    if total > limits.total_bytes:
        raise failure(path, "zip_too_large", detail=str(limits.total_bytes // _MEGABYTE))


def _check_entry(info: zipfile.ZipInfo, path: Path, limits: ZipLimits) -> None:
    key = None
    if not _is_plain(info):
        key = "zip_bad_name"
    elif info.flag_bits & _ENCRYPTED:
        key = "zip_encrypted"
    elif info.compress_type not in _METHODS:
        key = "zip_method"
    elif info.file_size > max(limits.ratio_floor_bytes, limits.ratio * info.compress_size):
        key = "zip_ratio"
    if key:
        raise failure(path, key, field=_printable(info.filename))


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """Whether an entry is an ordinary file whose name stays inside a folder."""
    name = PurePosixPath(info.orig_filename)
    inside = bool(name.parts) and not name.is_absolute() and ".." not in name.parts
    readable = _STRANGE_NAME.search(info.orig_filename) is None
    return inside and readable and not stat.S_ISLNK(info.external_attr >> 16)


def _is_left_out(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> BinaryIO:
    name = _printable(info.filename)
    try:
        return io.BufferedReader(_Member(archive.open(info), name=name, path=path))
    except _DAMAGED as exc:
        raise failure(path, "zip_damaged", field=name) from exc


class _Member(io.RawIOBase):
    """A file of an archive; what is wrong with it is said as of any other source."""

    def __init__(self, content: IO[bytes], *, name: str, path: Path) -> None:
        super().__init__()
        self._content = content
        self._name = name
        self._path = path

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes.

        Raises:
            CatalogueError: they are not those that were put in the archive.
        """
        try:
            data = self._content.read(len(buffer))
        except _DAMAGED as exc:
            raise failure(self._path, "zip_damaged", field=self._name) from exc
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file inside the archive."""
        self._content.close()
        super().close()


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:200]
