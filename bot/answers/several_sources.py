"""Cites several fiches in the text of one answer: one line for each data set."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.context import AnswerContext
from bot.catalogue.fiche import Fiche

__all__ = ["source_lines"]


def source_lines(fiches: Sequence[Fiche], context: AnswerContext) -> str:
    """Cite fiches, those of one data set together."""
    if len(fiches) == 1:
        return context.source_line(fiches[0])
    links: dict[tuple[str, str], list[str]] = {}
    for fiche in fiches:
        link = context.say("source_link", title=fiche.name, url=fiche.source.url)
        origin = (context.edition(fiche.source), fiche.source.licence)
        links.setdefault(origin, []).append(link)
    return "\n".join(
        context.say("sources_line", dataset=dataset, licence=licence, links=", ".join(found))
        for (dataset, licence), found in links.items()
    )
