"""Compares two to four jobs, differences first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.answers.answer import Answer, AnswerKind, Card, Fact
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import open_button
from bot.answers.naming import both_genders
from bot.answers.quoting import lead
from bot.catalogue.fiche import Fiche
from bot.dialogue.decision import RunAction

__all__ = ["compare"]

_MOST = 4


_ROWS: Mapping[str, Callable[[Fiche], str]] = {
    "niveau_acces": lambda fiche: fiche.niveau_min or "",
    "duree_etudes": lambda fiche: _years(fiche),
    "formations": lambda fiche: " ; ".join(link.label for link in fiche.formations[:4]),
    "statuts": lambda fiche: ", ".join(fiche.statuts),
    "salaire": lambda fiche: _salary(fiche),
    "centres_interet": lambda fiche: " ; ".join(fiche.centres_interet),
}


def _salary(fiche: Fiche) -> str:
    paragraphs = fiche.salary.paragraphs if fiche.salary is not None else ()
    return lead(paragraphs[0]) if paragraphs else ""


def _years(fiche: Fiche) -> str:
    parts = []
    for path in fiche.study_paths:
        known = [d for d in path.durations if d.years_min is not None and d.after is None]
        if known:
            low = min(d.years_min for d in known if d.years_min is not None)
            high = max(d.years_max or d.years_min or 0.0 for d in known)
            span = f"{low:g}" if low == high else f"{low:g} à {high:g}"
            parts.append(f"{path.entry or ''} : {span} ans".strip(" :"))
    return " ; ".join(parts).replace(".", ",")


def compare(decision: RunAction, context: AnswerContext) -> Outcome:
    """Put the jobs side by side; with fewer than two, ask for another."""
    fiches = context.fiches(tuple(dict.fromkeys(decision.metiers)))[:_MOST]
    if len(fiches) < 2:
        answer = Answer(
            kind=AnswerKind.CLARIFICATION,
            intent="comparer",
            text=context.say("compare_needs_two"),
            metiers=tuple(fiche.id for fiche in fiches),
        )
        return Outcome(answer=answer)
    rows = {row: [value(fiche) for fiche in fiches] for row, value in _ROWS.items()}
    rows = {row: values for row, values in rows.items() if any(values)}
    # Differences first: what tells the jobs apart is what was asked.
    ordered = sorted(rows, key=lambda row: len(set(rows[row])) == 1)
    silent = context.say("compare_silent")
    lines = [context.say("compare_intro", names=" / ".join(fiche.name for fiche in fiches))]
    for row in ordered:
        said = "\n".join(
            f"- {both_genders(fiche.title)} : {value or silent}"
            for fiche, value in zip(fiches, rows[row], strict=True)
        )
        lines.append(f"**{context.say(f'label_{row}')}**\n{said}")
    lines += [context.source_line(fiche) for fiche in fiches]
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent="comparer",
        text="\n\n".join(lines),
        buttons=tuple(open_button(fiche) for fiche in fiches),
        metiers=tuple(fiche.id for fiche in fiches),
        fields=tuple(ordered),
        sources=tuple(cite(fiche) for fiche in fiches),
        cards=tuple(
            _card(fiche, ordered, rows, index, context) for index, fiche in enumerate(fiches)
        ),
    )
    return Outcome(answer=answer)


def _card(
    fiche: Fiche,
    ordered: list[str],
    rows: Mapping[str, list[str]],
    index: int,
    context: AnswerContext,
) -> Card:
    silent = context.say("compare_silent")
    return Card(
        title=fiche.name,
        facts=tuple(
            Fact(label=context.say(f"label_{row}"), value=rows[row][index] or silent)
            for row in ordered
        ),
        url=fiche.source.url,
        url_label=context.say("open_fiche"),
    )
