"""The index: a whole catalogue in one SQLite file, read in a fraction of a second.

Table `record` holds fiches, formations, appellations, sources and conflicts as JSON, one row
each; `word` the words of the fiches; `passage` their texts for full-text search (`passages`);
`receipt` what was downloaded and when. The file is written beside its place and put there at
once: whoever reads meanwhile has the old one, whole. It ends with the SHA-256 of all that stands
before, which SQLite does not look at and which tells a damaged file; `user_version` tells the
file of another version of Balise.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bot.catalogue import passages
from bot.catalogue.conflict import Conflict
from bot.catalogue.contents import Contents, SourceInfo
from bot.catalogue.fiche import Fiche
from bot.catalogue.formation import Formation
from bot.catalogue.latent_space import LatentSpace, Vector, fit_latent_space
from bot.catalogue.rome import RomeAppellation
from bot.catalogue.source_file import failure
from bot.catalogue.written_words import written_words
from bot.errors import CatalogueError

__all__ = [
    "FORMAT",
    "BuiltIndex",
    "built_index",
    "is_index",
    "read_index",
    "read_receipts",
    "read_space",
    "read_words",
    "write_index",
]

FORMAT = 1
"""Version of the layout, raised when an older file could be misread."""

_APPLICATION = 0x42414C49  # « BALI », in the header of the file (sqlite.org/fileformat)
_MAGIC = b"SQLite format 3\0"
_APPLICATION_OFFSET = 68
_DIGEST_BYTES = hashlib.sha256().digest_size
_CHUNK_BYTES = 1 << 20
# No write lasts so long: a temporary file of this age is what a killed one left.
_STALE_S = 3600
_TYPES: Mapping[str, Any] = {
    "fiches": Fiche,
    "formations": Formation,
    "appellations": RomeAppellation,
    "sources": SourceInfo,
    "conflicts": Conflict,
}
_SCHEMA = """
CREATE TABLE record (kind TEXT NOT NULL, position INTEGER NOT NULL, data BLOB NOT NULL,
                     PRIMARY KEY (kind, position));
CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE receipt (dataset TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE latent_space (stems TEXT NOT NULL, words BLOB NOT NULL, fiches BLOB NOT NULL,
                           count INTEGER NOT NULL);
"""


def is_index(path: Path) -> bool:
    """Whether a path is a file that Balise built, of any version, however damaged after its head.

    A path that cannot be read is not: the other readers say why.
    """
    try:
        if not path.is_file():  # a pipe would keep us waiting
            return False
        with path.open("rb") as file:
            head = file.read(_APPLICATION_OFFSET + 4)
    except (OSError, ValueError):
        return False
    stamp = int.from_bytes(head[_APPLICATION_OFFSET:], "big")
    return head.startswith(_MAGIC) and stamp == _APPLICATION


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIndex:
    """The index that a catalogue was read from: its place, and the digest that it ends with."""

    path: Path
    digest: bytes

    def opened(self) -> sqlite3.Connection | None:
        """Open it for reading, by any thread; the caller closes it.

        Returns:
            None when the file is gone, or when another was put in its place.
        """
        try:
            index = _connect(self.path)
        except CatalogueError:
            return None
        # Read after the opening: the file that was opened is then the one that it was.
        if _digest_of(self.path) == self.digest:
            return index
        index.close()
        return None


def built_index(path: Path) -> BuiltIndex:
    """Return the index in place, to open it again later."""
    return BuiltIndex(path=path, digest=_digest_of(path))


def write_index(
    contents: Contents, path: Path, *, receipts: Mapping[str, bytes] | None = None
) -> None:
    """Write a catalogue to a file, at once: a reader sees the old one or the new one, whole.

    Args:
        contents: what `read_sources` returned.
        path: the file to write or replace; its folder is made.
        receipts: by dataset, what `download` must remember (JSON).

    Raises:
        CatalogueError: the folder cannot be written; the former file is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(path)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        os.close(handle)
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the path
        raise _unwritable(path, exc) from exc
    temporary = Path(name)
    try:
        _fill(temporary, contents, receipts or {})
        _seal(temporary)
        temporary.chmod(0o644)
        _flush(temporary)
        temporary.replace(path)
        _flush(path.parent)
    except (OSError, sqlite3.Error) as exc:
        raise _unwritable(path, exc) from exc
    finally:
        temporary.unlink(missing_ok=True)


def read_index(path: Path) -> Contents:
    """Read a catalogue from the file that `write_index` wrote.

    Raises:
        CatalogueError: a file of another version of Balise, or damaged.
    """
    with _opened(path) as index, _damage(path):
        _check_digest(path)
        decoders = {kind: msgspec.json.Decoder(type_) for kind, type_ in _TYPES.items()}
        found: dict[str, list[object]] = {kind: [] for kind in _TYPES}
        for kind, data in index.execute("SELECT kind, data FROM record ORDER BY kind, position"):
            found[kind].append(decoders[kind].decode(data))
        return Contents(**{kind: tuple(rows) for kind, rows in found.items()})  # type: ignore[arg-type]


def read_receipts(path: Path) -> dict[str, bytes]:
    """Return what `write_index` was given to remember of downloads.

    Raises:
        CatalogueError: a file of another version of Balise, or damaged.
    """
    with _opened(path) as index, _damage(path):
        _check_digest(path)
        return dict(index.execute("SELECT dataset, data FROM receipt"))


def read_words(index: sqlite3.Connection) -> frozenset[str]:
    """Return the words of the fiches of an index, as `written_words` gives them."""
    return frozenset(word for (word,) in index.execute("SELECT word FROM word"))


def read_space(index: sqlite3.Connection) -> LatentSpace:
    """Return the latent space of the fiches of an index."""
    row = index.execute("SELECT stems, words, fiches, count FROM latent_space").fetchone()
    stems, words, fiches, count = row
    places = {stem: place for place, stem in enumerate(stems.split())}
    return LatentSpace(
        places=places,
        words=_vectors(words, len(places)),
        fiches=_vectors(fiches, count),
    )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(_connect(path)) as index:
        yield index


def _connect(path: Path) -> sqlite3.Connection:
    with _damage(path):
        # Never changed once in place: no lock is needed, and a read-only folder will do.
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        index = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            (version,) = index.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error:
            index.close()
            raise
    if version != FORMAT:
        index.close()
        raise failure(path, "index_version", detail=str(version))
    return index


def _fill(path: Path, contents: Contents, receipts: Mapping[str, bytes]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as index:
        # Nobody sees the file before it is whole, and on the disk (`_flush`).
        index.execute("PRAGMA journal_mode = OFF")
        index.execute("PRAGMA synchronous = OFF")
        index.execute(f"PRAGMA application_id = {_APPLICATION}")
        index.execute(f"PRAGMA user_version = {FORMAT}")
        index.executescript(_SCHEMA)
        index.executemany("INSERT INTO record VALUES (?, ?, ?)", _rows(contents))
        words = sorted(written_words(contents.fiches))
        index.executemany("INSERT INTO word VALUES (?)", ((word,) for word in words))
        index.executemany("INSERT INTO receipt VALUES (?, ?)", receipts.items())
        rows = [passages.stemmed(fiche) for fiche in contents.fiches]
        passages.create(index)
        passages.fill(index, rows)
        _write_space(index, fit_latent_space([passages.weighted_counts(row) for row in rows]))
        index.commit()


def _rows(contents: Contents) -> Iterator[tuple[str, int, bytes]]:
    for kind in sorted(_TYPES):
        records: Iterable[object] = getattr(contents, kind)
        for position, record in enumerate(records):
            yield kind, position, msgspec.json.encode(record)


def _write_space(index: sqlite3.Connection, space: LatentSpace) -> None:
    row = (
        " ".join(space.places),
        space.words.astype(np.float16).tobytes(),
        space.fiches.astype(np.float16).tobytes(),
        len(space.fiches),
    )
    index.execute("INSERT INTO latent_space VALUES (?, ?, ?, ?)", row)


def _vectors(data: bytes, rows: int) -> Vector:
    if not data:
        return np.zeros((rows, 0), dtype=np.float32)
    return np.frombuffer(data, dtype=np.float16).reshape(rows, -1).astype(np.float32)


def _remove_stale(path: Path) -> None:
    """Remove what writes killed long ago left beside an index."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with contextlib.suppress(OSError):  # another write may be removing it
            if time.time() - left.stat().st_mtime > _STALE_S:
                left.unlink()


def _seal(path: Path) -> None:
    """End a file with the digest of what it holds."""
    with path.open("r+b") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        file.seek(0, os.SEEK_END)
        file.write(digest)


def _check_digest(path: Path) -> None:
    with path.open("rb") as file:
        left = os.fstat(file.fileno()).st_size - _DIGEST_BYTES
        digest = hashlib.sha256()
        while left > 0 and (chunk := file.read(min(left, _CHUNK_BYTES))):
            digest.update(chunk)
            left -= len(chunk)
        if file.read() != digest.digest():
            raise failure(path, "index_damaged", detail="SHA-256")


def _digest_of(path: Path) -> bytes:
    """Return the digest that a file ends with, nothing when it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(-_DIGEST_BYTES, os.SEEK_END)
            return file.read()
    except OSError:
        return b""


def _flush(path: Path) -> None:
    """Have the disk hold what was written: a power cut must not leave half a file in place."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, exc: Exception) -> CatalogueError:
    return failure(path, "index_unwritable", detail=str(getattr(exc, "strerror", None) or exc))


@contextlib.contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Tell what SQLite or the decoder cannot read as a damaged index."""
    try:
        yield
    except (sqlite3.Error, msgspec.MsgspecError, KeyError, TypeError, ValueError, OSError) as exc:
        raise failure(path, "index_damaged", detail=str(exc)) from exc
