"""What a record of an XML export may hold, and the proof that all its text is read.

A reader looks up the elements that it knows; one that an export adds would be lost without
anyone knowing. So each reader writes down the elements that it reads and those that it
ignores on purpose, and text anywhere else is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.catalogue.conflict import Conflict
from bot.catalogue.xml_records import Element
from bot.errors import Problem

__all__ = ["NEW", "Schema", "unread_finding", "unread_text"]

NEW = "xml_element_new"
"""The key of an element that no schema knows, beside those that are read."""

_UNREAD = "xml_element_unknown"  # the same inside a text that is read: its words would be lost

_LONGEST_DETAIL = 80
_OF_XML_ITSELF = ("xml", "xsi:")  # `xml:lang`, `xmlns`, `xsi:…`: attributes of any element


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The elements of a record, by their path in it; `statuts/statut/@id` is an attribute.

    `read` are those whose text is read, `several` those of them, or of the elements that
    hold them, that may come more than once in their parent; `ignored` says why each of the
    others is not read, nor what is inside it.
    """

    read: frozenset[str]
    several: frozenset[str]
    ignored: Mapping[str, str]


def unread_text(record: Element, schema: Schema, path: Path) -> Iterator[Problem]:
    """Yield one problem for each text of a record that the schema has no place for.

    It is in an unknown element or attribute, beside the elements of a container, or in an
    element said twice where one is read. `path` is the file, which the problems name.
    """
    return _Check(schema, path).inside(record, "")


def unread_finding(identifier: str, problem: Problem) -> Conflict:
    """Turn an unknown element into what is told of the record that holds it."""
    return Conflict(
        id=identifier,
        field=problem.field or "",
        kept="",
        other=problem.detail,
        other_file=problem.path.name,
    )


@cache
def _containers(paths: frozenset[str]) -> frozenset[str]:
    """Return the elements that hold those at some paths."""
    return frozenset(path[:end] for path in paths for end, mark in enumerate(path) if mark == "/")


class _Check:
    def __init__(self, schema: Schema, path: Path) -> None:
        self._schema = schema
        self._containers = _containers(schema.read)
        self._path = path

    def inside(self, element: Element, place: str) -> Iterator[Problem]:
        """Yield the unread text of an element that is read or holds what is."""
        is_mixed = place not in self._schema.read or element.children
        if is_mixed and element.value is not None:
            yield self._unknown(_UNREAD, element.line, element.tag, element.value)
        for name, value in element.attributes.items():
            if value.strip() and not self._is_known_attribute(place, name):
                yield self._unknown(NEW, element.line, f"{element.tag} {name}", value.strip())
        yield from self._repeated(element, place)
        for child in element.children:
            inner = _join(place, child.tag)
            if inner in self._schema.read or inner in self._containers:
                yield from self.inside(child, inner)
            elif inner not in self._schema.ignored and (holder := child.first_with_value()):
                is_text = place in self._schema.read and place not in self._containers
                key = _UNREAD if is_text else NEW
                yield self._unknown(key, holder.line, holder.tag, holder.value or "")

    def _is_known_attribute(self, place: str, name: str) -> bool:
        attribute = _join(place, f"@{name}")
        known = attribute in self._schema.read or attribute in self._schema.ignored
        return known or name.startswith(_OF_XML_ITSELF)

    def _repeated(self, element: Element, place: str) -> Iterator[Problem]:
        seen: set[str] = set()
        for child in element.children:
            inner = _join(place, child.tag)
            if inner in self._schema.ignored or child.first_with_value() is None:
                continue
            if inner in seen and inner not in self._schema.several:
                yield Problem(path=self._path, key="xml_repeated", line=child.line, field=child.tag)
            seen.add(inner)

    def _unknown(self, key: str, line: int, name: str, text: str) -> Problem:
        return Problem(
            path=self._path,
            key=key,
            line=line,
            field=name,
            detail=text[:_LONGEST_DETAIL],
        )


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name
