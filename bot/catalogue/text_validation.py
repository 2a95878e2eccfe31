"""Checks the texts of fiches and formations: damaged, too short, repeated, headings over nothing.

Measured on the 893 Markdown fiches of October 2025, which hold none of the errors; the
thresholds leave every text of theirs alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.catalogue.fiche import Section
from bot.catalogue.finding import CatalogueFinding

__all__ = ["Text", "check_name", "check_repeats", "check_text"]

# UTF-8 read as cp1252: « Ã© » for « é », « Â° » for « ° », « â€™ » for « ’ », « Å“ » for « œ ».
_SECOND_BYTES = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ"
_MOJIBAKE = re.compile(rf"[ÂÃ][{_SECOND_BYTES}]|â€|Å[“’\u0093\u0092]|\ufffd|[\u0080-\u009f]")
_HTML = re.compile(
    r"</?(?:a|abbr|b|br|div|em|font|h[1-6]|hr|i|img|li|ol|p|small|span|strong|su[bp]|t[dhr]"
    r"|table|u|ul)(?:\s+[\w-]+\s*=[^<>]{0,200})?\s*/?>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});",
    re.IGNORECASE,
)
_LEAST_CHARACTERS = 60  # the shortest real text has 77
_LEAST_REPEATED = 150  # a sentence may come twice, a paragraph should not
_AROUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The section `field` of the record `id`."""

    id: str
    field: str
    section: Section


def check_text(text: Text) -> Iterator[CatalogueFinding]:
    """Yield what is wrong in one text, whatever the others are."""
    yield from _damage(text.id, text.field, text.section.text)
    blocks = text.section.blocks
    for block, following in pairwise((*blocks, None)):
        if block and block.heading and (following is None or following.heading):
            yield CatalogueFinding(
                id=text.id, kind="heading_empty", field=text.field, detail=block.text
            )
    said = "\n".join(text.section.paragraphs)
    # A salary may be « Variable », which says all.
    if said and len(said) < _LEAST_CHARACTERS and text.field != "salary":
        yield CatalogueFinding(id=text.id, kind="text_short", field=text.field, detail=said)


def check_name(identifier: str, field: str, name: str) -> Iterator[CatalogueFinding]:
    """Yield what damages a name."""
    yield from _damage(identifier, field, name)


def check_repeats(texts: Iterable[Text]) -> Iterator[CatalogueFinding]:
    """Yield the texts that two fiches share, and the paragraphs that one fiche has twice."""
    first: dict[str, Text] = {}
    paragraphs: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        if text.field == "salary":
            continue  # the same amount is no copy
        known = first.setdefault(_folded("\n".join(text.section.paragraphs)), text)
        if known.id != text.id:
            yield CatalogueFinding(id=text.id, kind="text_twice", field=text.field, detail=known.id)
        for paragraph in text.section.paragraphs:
            if len(paragraph) < _LEAST_REPEATED:
                continue
            key = _folded(paragraph)
            if key in paragraphs[text.id]:
                yield CatalogueFinding(
                    id=text.id, kind="paragraph_twice", field=text.field, detail=paragraph
                )
            paragraphs[text.id].add(key)


def _damage(identifier: str, field: str, text: str) -> Iterator[CatalogueFinding]:
    """Yield one finding for each way in which a text is damaged, with the first place of it."""
    for kind, pattern in (("mojibake", _MOJIBAKE), ("html", _HTML)):
        match = pattern.search(text)
        if match:
            place = text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
            yield CatalogueFinding(
                id=identifier, kind=kind, field=field, detail=" ".join(place.split())
            )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
