"""Records of an XML stream: encodings, lines, bounds, and every hostile file refused."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.xml_records import MAX_DEPTH, MAX_NAMES, MAX_RECORD_BYTES, Element, read_records
from bot.errors import CatalogueError, Problem

PATH = Path("export.xml")
MEGABYTE = 1 << 20


def records(stream: BinaryIO) -> Iterator[Element]:
    return read_records(stream, PATH, root="lunes", record="lune")


def read(data: bytes) -> list[Element]:
    return list(records(io.BytesIO(data)))


def problem(data: bytes) -> Problem:
    with pytest.raises(CatalogueError) as caught:
        read(data)
    (found,) = caught.value.problems
    assert found.path == PATH
    return found


class Slow(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1, 3))


class Repeated(io.RawIOBase):
    """A file of one record said again and again, never held as a whole."""

    def __init__(self, record: bytes, times: int) -> None:
        self._parts = iter([b"<lunes>", *(record for _ in range(times)), b"</lunes>"])

    def read(self, size: int = -1) -> bytes:
        return next(self._parts, b"")


XML = """<?xml version="1.0" encoding="UTF-8"?>
<lunes>
  <lune n="1" nom="« Io »">
    <nom>Io</nom>
    <texte><![CDATA[<p>3 & 4</p>
suite]]></texte>
    <lunes><lune>dedans</lune></lunes>
  </lune>
  <!-- <lune/> -->
  <?lune rien?>
  <lune/>
  <autre><rien/></autre>
</lunes>
"""


def test_a_record_is_a_direct_child_of_the_root() -> None:
    first, second = read(XML.encode())
    assert (first.tag, first.line, dict(first.attributes)) == (
        "lune",
        3,
        {"n": "1", "nom": "« Io »"},
    )
    assert [(child.tag, child.text, child.line) for child in first.children] == [
        ("nom", "Io", 4),
        ("texte", "<p>3 & 4</p>\nsuite", 5),
        ("lunes", "", 7),
    ]
    assert [child.text for child in first.children[2].children] == ["dedans"]
    assert first.text == ""
    assert (second.line, second.children, dict(second.attributes)) == (11, (), {})


def test_the_bytes_may_come_in_any_pieces() -> None:
    assert list(records(Slow(XML.encode()))) == read(XML.encode())


def test_finding_elements() -> None:
    (lune,) = read(b"<lunes><lune><a/><b>1</b><a> null </a><a>\n 2\n  3 </a></lune></lunes>")
    assert [element.value for element in lune.every("a")] == [None, None, "2 3"]
    assert lune.child("c") is None
    found = lune.child("b")
    assert found is not None and found.value == "1"
    assert lune.first_with_value() == found
    assert lune.children[0].first_with_value() is None


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        (None, "utf-8"),
        (None, "utf-8-sig"),
        ("UTF-8", "utf-8-sig"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("UTF-16", "utf-16"),
        (None, "utf-16"),
    ],
)
def test_encodings(declared: str | None, encoding: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    euro = "" if encoding == "latin-1" else "€"
    data = f"{declaration}\n<lunes><lune>Éclipse {euro}</lune></lunes>".encode(encoding)
    (lune,) = read(data)
    assert (lune.text, lune.line) == (f"Éclipse {euro}", 2)


IN_RECORD = b"<lunes>\n<lune>\n<nom>"


@pytest.mark.parametrize(
    ("data", "key", "line", "field"),
    [
        (b"", "xml_malformed", 1, None),
        (b"PK\x03\x04 \0\0", "xml_malformed", 1, None),
        (b"# fiche\n**ID:** MET.1", "xml_malformed", 1, None),
        (b"<lunes>\n<lune/>\n", "xml_malformed", 3, None),
        (IN_RECORD + b"Io", "xml_malformed", 3, "nom"),
        (IN_RECORD + b"<![CDATA[Io", "xml_malformed", 3, "nom"),
        (IN_RECORD + b"</lune>", "xml_malformed", 3, "nom"),
        (IN_RECORD + b"\n&nbsp;", "xml_malformed", 4, "nom"),
        (IN_RECORD + b"&#0;", "xml_malformed", 3, "nom"),
        (IN_RECORD + b"a & b", "xml_malformed", 3, "nom"),
        (b"<lunes><lune/></lunes><lunes/>", "xml_malformed", 1, None),
        (IN_RECORD + b"\n\xc9clipse</nom>", "xml_byte", 4, "nom"),
        (IN_RECORD + b"<![CDATA[\xc9t\xe9]]></nom>", "xml_byte", 3, "nom"),
        (IN_RECORD + b"\xed\xa0\x80</nom>", "xml_byte", 3, "nom"),
        (b"<?xml version='1.0' encoding='US-ASCII'?><lunes>\n\xc3\xa9", "xml_byte", 2, None),
        (b"<?xml version='1.0' encoding='lunaire'?><lunes/>", "xml_encoding", 1, None),
        (b"<?xml version='1.0' encoding='utf-7'?><lunes/>", "xml_encoding", 1, None),
        (b"<?xml version='1.0' encoding='rot13'?><lunes/>", "xml_encoding", 1, None),
        (b"<?xml version='1.0' encoding='idna'?><lunes/>", "xml_encoding", 1, None),
        (b"<?xml version='1.0' encoding='shift_jis'?><lunes/>", "xml_encoding", 1, None),
        (b"<?xml version='1.0' encoding='UTF-16'?><lunes/>", "xml_encoding", 1, None),
        (b"\n<formations><lune/></formations>", "xml_root", 2, "lunes"),
        (b"<lune>\n<lune/></lune>", "xml_root", 1, "lunes"),
        (b"<lunes/>", "xml_no_record", None, "lune"),
        (b"<lunes><autre/></lunes>", "xml_no_record", None, "lune"),
        (b"<lunes>\n<autre>\n<nom>Io</nom></autre></lunes>", "xml_element_unknown", 3, "nom"),
        (b"<lunes><lune/>\n perdu\n\n<lune/></lunes>", "xml_element_unknown", 2, "lunes"),
    ],
)  # fmt: skip
def test_what_is_refused(data: bytes, key: str, line: int | None, field: str | None) -> None:
    found = problem(data)
    assert (found.key, found.line, found.field) == (key, line, field)


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (IN_RECORD + b"\xc9clipse</nom>", "0xC9"),
        (b"<?xml version='1.0' encoding='lunaire'?><lunes/>", "lunaire"),
        (b"<formations/>", "formations"),
        (b"<lunes><autre> Io </autre></lunes>", "Io"),
    ],
)
def test_what_was_found_is_told(data: bytes, detail: str) -> None:
    assert problem(data).detail == detail


def test_a_bad_byte_is_told_wherever_the_pieces_end() -> None:
    for padding in range(1, 9):
        with pytest.raises(CatalogueError) as caught:
            list(records(Slow(b"<lunes>" + b" " * padding + b"<lune>\xc3(</lune></lunes>")))
        (found,) = caught.value.problems
        assert (found.key, found.detail) == ("xml_byte", "0xC3")


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE lunes [<!ENTITY l0 "lol">' + LAUGHS + b"]>",
        b'<!DOCTYPE lunes [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE lunes SYSTEM "http://example.org/x.dtd">',
        b'<!DOCTYPE lunes PUBLIC "-//x" "http://example.org/x.dtd" [',
        b"<!DOCTYPE lunes>",
        b'<!DOCTYPE lunes [<!ENTITY % l9 SYSTEM "http://example.org/x.dtd"> %l9;]>',
    ],
)
def test_a_document_type_is_refused(declaration: bytes) -> None:
    found = problem(b"<?xml version='1.0'?>\n" + declaration + b"<lunes><lune>&l9;</lune></lunes>")
    assert (found.key, found.line) == ("xml_doctype", 2)


def test_depth_is_bounded() -> None:
    depth = MAX_DEPTH - 1
    (lune,) = read(b"<lunes>" + b"<lune>" * depth + b"</lune>" * depth + b"</lunes>")
    assert len(lune.children) == 1
    found = problem(b"<lunes>\n" + b"<lune>" * 100_000)
    assert (found.key, found.line, found.field) == ("xml_too_deep", 2, "lune")


@pytest.mark.parametrize(
    ("start", "piece", "line", "field"),
    [
        (b"<lunes>\n<lune>\n<nom>", b"Io ", 2, "lune"),
        (b"<lunes>\n<lune>\n<nom a='", b"Io ", 2, "lune"),
        (b"<lunes>\n<lune>\n", b"<a/>", 2, "lune"),
        (b"<lunes>\n<lune>\n", b"<a b='c'></a>", 2, "lune"),
        (b"<lunes>\n<lune>\n<!--", b"Io ", 2, "lune"),
        (b"<lunes>\n<autre>\n", b"<a/>", 2, "autre"),
        (b"<lunes>\n<!--", b"Io ", 2, None),
        (b"<lunes>\n<lune a='", b"Io ", 2, None),
        (b"<", b"lune", 1, None),
    ],
)
def test_size_is_bounded(start: bytes, piece: bytes, line: int, field: str | None) -> None:
    found = problem(start + piece * (3 * MAX_RECORD_BYTES // len(piece)))
    assert (found.key, found.line, found.field) == ("xml_too_large", line, field)


def test_a_record_of_the_largest_size_is_read() -> None:
    text = b"a" * (MAX_RECORD_BYTES - 100)
    first, second = read(b"<lunes>" + (b"<lune>" + text + b"</lune>") * 2 + b"</lunes>")
    assert len(first.text) == len(second.text) == len(text)


def test_the_number_of_names_is_bounded() -> None:
    names = b"".join(b"<n%d/>" % n for n in range(20 * MAX_NAMES))
    found = problem(b"<lunes><lune>" + names + b"</lune></lunes>")
    assert (found.key, found.detail) == ("xml_too_many_names", str(MAX_NAMES))


def test_a_record_is_given_as_soon_as_it_is_read() -> None:
    stream = io.BytesIO(b"<lunes><lune>Io</lune>" + b" " * 200_000 + b"<lune>")
    found = records(stream)
    assert next(found).text == "Io"
    assert stream.tell() < 100_000
    with pytest.raises(CatalogueError):
        next(found)


def _peak(stream: BinaryIO) -> int:
    """The most memory held while reading a stream, in bytes."""
    tracemalloc.start()
    try:
        assert sum(1 for _ in records(stream)) > 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file() -> None:
    record = b"<lune><nom>Io</nom><texte>" + b"a" * 10_000 + b"</texte></lune>\n"
    peaks = [_peak(cast(BinaryIO, Repeated(record, times))) for times in (100, 1_000)]
    assert max(peaks) < MEGABYTE


PIECES = st.sampled_from(
    [b"<lunes>", b"</lunes>", b"<lune>", b"</lune>", b"<nom a='b'>", b"</nom>", b"<nom/>", b"Io", b" "]
    + [b"&amp;", b"&x;", b"&#233;", b"&#0;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?a b?>", b"\xff"]
    + [b"<!DOCTYPE lunes>", b"<?xml version='1.0' encoding='utf-16'?>", b"\xc3", b"\xa9", b"\0", b"\n"]
)  # fmt: skip


@given(st.one_of(st.binary(), st.lists(PIECES).map(b"".join)))
def test_any_bytes_give_records_or_an_error(data: bytes) -> None:
    for whole in (data, b"<lunes><lune>" + data + b"</lune></lunes>"):
        try:
            assert read(whole)
        except CatalogueError as error:
            assert all(found.path == PATH and found.key for found in error.problems)


@given(st.sampled_from(["utf-8", "utf-16", "iso-8859-1", "cp037", "utf-7", "big5"]), st.binary())
def test_any_bytes_in_any_encoding_give_records_or_an_error(name: str, data: bytes) -> None:
    declaration = f"<?xml version='1.0' encoding='{name}'?><lunes><lune>"
    for encoding in ("ascii", "utf-16"):
        try:
            read(declaration.encode(encoding) + data + "</lune></lunes>".encode(encoding))
        except CatalogueError as error:
            assert all(found.path == PATH and found.key for found in error.problems)
