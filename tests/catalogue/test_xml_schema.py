"""Text of a record that no field would hold is refused, and nothing else is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.catalogue.xml_records import read_records
from bot.catalogue.xml_schema import Schema, unread_text

PATH = Path("export.xml")
SCHEMA = Schema(
    read=frozenset({"nom", "mers/mer", "mers/mer/nom", "mers/mer/@rang"}),
    several=frozenset({"mers/mer"}),
    ignored={"notes": "not for readers", "mers/mer/@id": "a number"},
)


def unread(xml: str) -> list[tuple[str, int | None, str | None, str]]:
    stream = io.BytesIO(f"<lunes>\n{xml}\n</lunes>".encode())
    (record,) = read_records(stream, PATH, root="lunes", record="lune")
    problems = unread_text(record, SCHEMA, PATH)
    return [(found.key, found.line, found.field, found.detail) for found in problems]


@pytest.mark.parametrize(
    "xml",
    [
        "<lune/>",
        "<lune><nom>Io</nom></lune>",
        "<lune><mers/><nom/></lune>",
        "<lune><mers><mer rang='1' id='7'>Nectar</mer><mer><nom>Pluies</nom></mer></mers></lune>",
        "<lune><notes>a<b>c</b><nom d='e'>f</nom></notes><notes>g</notes></lune>",
        "<lune><nom/><nom>Io</nom><nom> </nom><nom>null</nom></lune>",
        "<lune><cratere/><cratere> </cratere><cratere><b>null</b></cratere></lune>",
        "<lune vide='' xml:lang='fr' xmlns:xsi='http://x' xsi:nil='true'/>",
    ],
)
def test_what_is_read_or_ignored_or_empty(xml: str) -> None:
    assert unread(xml) == []


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        ("<lune>\n<cratere>Tycho</cratere></lune>", (3, "cratere", "Tycho")),
        ("<lune><cratere>\n<a/>\n<b> Tycho </b></cratere></lune>", (4, "b", "Tycho")),
        (
            "<lune><mers>\n<mer><cratere>Tycho</cratere></mer></mers></lune>",
            (3, "cratere", "Tycho"),
        ),
        ("<lune>perdu</lune>", (2, "lune", "perdu")),
        ("<lune><mers>perdu<mer>Nectar</mer></mers></lune>", (2, "mers", "perdu")),
        ("<lune><mers><mer>perdu<nom>Nectar</nom></mer></mers></lune>", (2, "mer", "perdu")),
        ("<lune><nom rang='1'>Io</nom></lune>", (2, "nom rang", "1")),
        ("<lune notes='a'/>", (2, "lune notes", "a")),
        ("<lune><lune>dedans</lune></lune>", (2, "lune", "dedans")),
    ],
)
def test_what_would_be_lost(xml: str, problem: tuple[int, str, str]) -> None:
    ((key, *where),) = unread(xml)
    assert tuple(where) == problem
    # Beside what is read, an element is new; text that a read element would lose is refused.
    assert key == ("xml_element_unknown" if "perdu" in xml else "xml_element_new")


def test_an_element_said_twice() -> None:
    assert unread("<lune><nom>Io</nom>\n<nom>Europe</nom></lune>") == [
        ("xml_repeated", 3, "nom", "")
    ]


def test_every_text_of_a_record_is_told_at_once() -> None:
    fields = [field for _, _, field, _ in unread("<lune>a<b>c</b><d e='f'>g</d></lune>")]
    assert fields == ["lune", "b", "d"]


def test_a_long_text_is_told_in_short() -> None:
    ((_, _, _, detail),) = unread(f"<lune><b>{'a' * 1000}</b></lune>")
    assert detail == "a" * 80
