"""Reads an XML file record by record, as a stream that trusts nothing of it.

The Onisep exports are one root (`<metiers>`, `<formations>`) and its records, 12 to 16 MB
that nobody needs whole: a record is given when its end is met, then forgotten. Records are
the direct children of the root only, because a formation nests elements that have the name
of a record. A DOCTYPE is refused, so that no entity expands and no other file is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO
from xml.parsers import expat

from bot.catalogue.source_file import failure
from bot.errors import CatalogueError

__all__ = ["MAX_DEPTH", "MAX_NAMES", "MAX_RECORD_BYTES", "Element", "read_records"]

MAX_DEPTH = 32
"""The deepest element read; the real files have 6 levels."""

MAX_RECORD_BYTES = 1 << 20
"""The largest record read, and the largest piece between two tags: thirty real ones."""

MAX_NAMES = 1000
"""The most distinct names of elements and attributes read; the real files have 60."""

_CHUNK = 1 << 16
_LONGEST_CHARACTER = 4  # bytes
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_WRONG_ENCODING = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
        expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
    }
)
_BAD_TOKEN = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element: `text` is its own, unaltered, without that of its children.

    `text` is empty when it holds only spaces; `line` is that of the opening tag.
    """

    tag: str
    attributes: Mapping[str, str]
    text: str
    children: tuple[Element, ...]
    line: int

    @property
    def value(self) -> str | None:
        """The text on one line; None when there is none, or the `null` that exports write."""
        text = " ".join(filter(None, map(str.strip, self.text.split("\n"))))
        return None if text in ("", "null") else text

    def child(self, tag: str) -> Element | None:
        """Return the first direct child of that name."""
        return next(self.every(tag), None)

    def every(self, tag: str) -> Iterator[Element]:
        """Yield the direct children of that name."""
        return (child for child in self.children if child.tag == tag)

    def first_with_value(self) -> Element | None:
        """Return the first element that has a value: this one, or one inside it."""
        if self.value is not None:
            return self
        found = (child.first_with_value() for child in self.children)
        return next(filter(None, found), None)


def read_records(stream: BinaryIO, path: Path, *, root: str, record: str) -> Iterator[Element]:
    """Yield the records of a stream one by one, in the order of the file.

    A record given before the end says nothing of what follows: the caller that wants all
    or nothing keeps nothing until the last one.

    Args:
        stream: the bytes, in the encoding that the file declares (UTF-8 with or without a
            byte order mark, UTF-16, ISO-8859-1, windows-1252 or another 8-bit one).
        path: what errors name.
        root: the name of the root element.
        record: the name of its direct children.

    Raises:
        CatalogueError: not well formed, cut short, a byte or an encoding that is wrong, a
            DOCTYPE, another root, text that is in no record, no record at all, or beyond
            `MAX_DEPTH`, `MAX_RECORD_BYTES` or `MAX_NAMES`. The problem holds the line and,
            inside a record, the name of the element.
    """
    reader = _Reader(path, root=root, record=record)
    found = False
    while chunk := stream.read(_CHUNK):
        reader.feed(chunk)
        for element in reader.take_records():
            found = True
            yield element
    reader.close()
    if not found:
        raise failure(path, "xml_no_record", field=record)


class _Open:
    """An element whose end has not been met."""

    __slots__ = ("attributes", "children", "line", "tag", "text")

    def __init__(self, tag: str, attributes: Mapping[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.text: list[str] = []
        self.children: list[Element] = []

    def closed(self) -> Element:
        text = "".join(self.text)
        return Element(
            tag=self.tag,
            attributes=self.attributes,
            text="" if text.isspace() else text,
            children=tuple(self.children),
            line=self.line,
        )


class _Reader:
    """Turns the events of the XML parser into records."""

    def __init__(self, path: Path, *, root: str, record: str) -> None:
        self._path = path
        self._root = root
        self._record = record
        self._open: list[_Open] = []  # from the root to the innermost
        self._record_start = 0  # in bytes, of the child of the root that is open
        self._records: list[Element] = []
        self._encoding = ""
        self._fed = 0
        self._last_bytes = b""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.buffer_size = _CHUNK
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, chunk: bytes) -> None:
        """Parse the next bytes."""
        self._parse(chunk, is_final=False)
        self._fed += len(chunk)
        self._last_bytes = chunk[-_LONGEST_CHARACTER:]
        self._check_size()
        if len(self._parser.intern) > MAX_NAMES:
            raise self._failure("xml_too_many_names", detail=str(MAX_NAMES))

    def close(self) -> None:
        """Check that the document is complete."""
        self._parse(b"", is_final=True)

    def take_records(self) -> list[Element]:
        """Return the records complete since the last call."""
        records, self._records = self._records, []
        return records

    @property
    def _in_record(self) -> bool:
        return len(self._open) > 1

    def _check_size(self) -> None:
        """Refuse a record, or a piece between two tags, that is longer than one chunk more."""
        start, line, tag = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber, None
        if self._in_record:
            start, line, tag = self._record_start, self._open[1].line, self._open[1].tag
        if self._fed - start > MAX_RECORD_BYTES + _CHUNK:
            detail = str(MAX_RECORD_BYTES >> 20)
            raise failure(self._path, "xml_too_large", line=line, field=tag, detail=detail)

    def _parse(self, chunk: bytes, *, is_final: bool) -> None:
        try:
            self._parser.Parse(chunk, is_final)
        except expat.ExpatError as exc:
            raise self._malformed(exc, chunk) from exc
        except (LookupError, ValueError) as exc:  # the encoding that it declares
            raise failure(self._path, "xml_encoding", line=1, detail=self._encoding) from exc

    def _malformed(self, error: expat.ExpatError, chunk: bytes) -> CatalogueError:
        if error.code in _WRONG_ENCODING:
            return failure(self._path, "xml_encoding", line=1, detail=self._encoding)
        # The character may have begun at the end of the bytes given before.
        window = self._last_bytes + chunk
        place = self._parser.ErrorByteIndex - self._fed + len(self._last_bytes)
        byte = window[place] if 0 <= place < len(window) else 0
        if error.code == _BAD_TOKEN and byte >= 0x80:
            return self._failure("xml_byte", line=error.lineno, detail=f"0x{byte:02X}")
        detail = expat.errors.messages[error.code]
        return self._failure("xml_malformed", line=error.lineno, detail=detail)

    def _failure(self, key: str, *, line: int | None = None, detail: str = "") -> CatalogueError:
        """Build an error at a line (else here), in the element being read if in a record."""
        return failure(
            self._path,
            key,
            line=line or self._parser.CurrentLineNumber,
            field=self._open[-1].tag if self._in_record else None,
            detail=detail,
        )

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self._encoding = encoding or ""

    def _refuse_doctype(self, *_: object) -> None:
        raise self._failure("xml_doctype")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if not self._open and tag != self._root:
            raise failure(self._path, "xml_root", line=line, field=self._root, detail=tag[:80])
        if len(self._open) == 1:
            self._record_start = self._parser.CurrentByteIndex
        if len(self._open) == MAX_DEPTH:
            raise self._failure("xml_too_deep", detail=str(MAX_DEPTH))
        self._open.append(_Open(tag, attributes or _NO_ATTRIBUTES, line))

    def _characters(self, text: str) -> None:
        if self._in_record:
            self._open[-1].text.append(text)
        elif not text.isspace():
            # The text is given when the next tag is met.
            line = self._parser.CurrentLineNumber - text.lstrip().count("\n")
            raise self._misplaced(self._root, line, text)

    def _end(self, _tag: str) -> None:
        element = self._open.pop().closed()
        if len(self._open) > 1:
            self._open[-1].children.append(element)
        elif element.tag == self._record and self._open:
            self._records.append(element)
        elif holder := element.first_with_value():
            raise self._misplaced(holder.tag, holder.line, holder.text)

    def _misplaced(self, tag: str, line: int, text: str) -> CatalogueError:
        detail = text.strip()[:80]
        return failure(self._path, "xml_element_unknown", line=line, field=tag, detail=detail)
