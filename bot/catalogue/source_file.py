"""Reads the bytes and the text of one source file, or says precisely why it cannot.

Every reader of the catalogue goes through here, so that a missing, huge, binary or
badly encoded file is reported in one way whatever its format.
"""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import BinaryIO

from bot.errors import CatalogueError, Problem

__all__ = [
    "MAX_BYTES",
    "decode_text",
    "failure",
    "json_rows",
    "open_file",
    "read_bytes",
    "unreadable",
]

MAX_BYTES = 50 * 1024 * 1024
"""The largest file read: the biggest Onisep export is 16 MB, the rest is a mistake."""


def failure(
    path: Path, key: str, *, line: int | None = None, field: str | None = None, detail: str = ""
) -> CatalogueError:
    """Build the error that holds one problem."""
    return CatalogueError(Problem(path=path, key=key, line=line, field=field, detail=detail))


def read_bytes(path: Path) -> bytes:
    """Return the content of a regular file of at most `MAX_BYTES`, not empty.

    Raises:
        CatalogueError: the file is missing, unreadable, special, too large (it is then
            refused by its size, without being read) or empty.
    """
    try:
        with open_file(path) as file:
            data = file.read()
    except OSError as exc:
        raise unreadable(path, exc) from exc
    if not data.strip():
        raise failure(path, "empty_file")
    return data


def open_file(path: Path) -> BinaryIO:
    """Open a regular file of at most `MAX_BYTES`.

    Raises:
        CatalogueError: the file is missing, unreadable, special or too large (it is then
            refused by its size, without being read).
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise failure(path, "not_a_file")
        if status.st_size > MAX_BYTES:
            raise failure(path, "too_large", detail=f"{status.st_size / 1024 / 1024:.0f}")
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise failure(path, "path_missing") from exc
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the path
        raise unreadable(path, exc) from exc


def unreadable(path: Path, exc: OSError | ValueError) -> CatalogueError:
    """Build the error of a file that the system does not let us read."""
    return failure(path, "unreadable", detail=str(getattr(exc, "strerror", None) or exc))


def json_rows(text: str, path: Path, *, malformed: str) -> list[object]:
    """Return the rows of a table in JSON: a list, or the API's `{"results": [...]}`.

    Args:
        text: the whole file.
        path: what errors name.
        malformed: the key of the error of a JSON that is no such list.

    Raises:
        CatalogueError: not JSON, nested without end, or no such list.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as exc:
        raise failure(path, "json_malformed", line=exc.lineno, detail=exc.msg) from exc
    except ValueError as exc:  # a number of thousands of digits
        raise failure(path, malformed) from exc
    except RecursionError as exc:
        raise failure(path, "json_too_deep") from exc
    rows = content.get("results") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise failure(path, malformed)
    return rows


def decode_text(data: bytes, path: Path) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises:
        CatalogueError: a NUL says that the file is no text, or a byte is not UTF-8; the
            problem holds the line of the first one.
    """
    if b"\0" in data:
        raise failure(path, "binary")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise failure(path, "not_utf8", line=line, detail=f"0x{data[exc.start]:02X}") from exc
