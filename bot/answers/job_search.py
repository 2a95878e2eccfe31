"""Lists of jobs: by criteria and words, close to a job, and their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import open_button
from bot.answers.idea_ranking import reason
from bot.answers.naming import of
from bot.answers.said_search import found_jobs
from bot.catalogue.criteria import Criteria
from bot.catalogue.fiche import Fiche
from bot.catalogue.niveaux import niveau_rank
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun, ListShown, Searched

__all__ = [
    "MOST_LISTED",
    "close_to",
    "list_of",
    "next_page",
    "nothing_found",
    "remembered",
    "search_jobs",
    "spoken",
]

PAGE = 5
MOST_LISTED = 2000
"""How many jobs of a list are remembered, for the pages that follow."""
_MOST_CLOSE = 15
# How many close jobs are looked through for one that asks for shorter studies.
_MOST_COMPARED = 80


def search_jobs(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the jobs that meet the criteria, five at a time."""
    result, criteria = found_jobs(decision, context)
    if not result.metiers:
        return Outcome(answer=nothing_found(criteria, decision, context))
    key = {0: "search_near", 1: "search_one"}.get(result.exact, "search_many")
    outcome = list_of(
        context.fiches(result.metiers[:MOST_LISTED]),
        total=result.exact,
        intro=context.say(key, count=result.exact, criteria=spoken(criteria, context)),
        intent=decision.action,
        context=context,
        exact=result.exact,
    )
    searched = Searched(criteria=remembered(criteria), pool=result.answering)
    return replace(outcome, events=(*outcome.events, searched))


def remembered(criteria: Criteria) -> tuple[tuple[str, str], ...]:
    """Write criteria as arguments, so that one of them may be changed later."""
    level = (("niveau", criteria.niveau), ("niveau_rule", criteria.niveau_rule))
    return (
        *((name, value) for name, value in level if criteria.niveau and value),
        *(("statut", value) for value in criteria.statuts),
        *(("centre_interet", value) for value in criteria.centres_interet),
        *(("domaine", value) for value in criteria.domaines),
    )


def spoken(criteria: Criteria, context: AnswerContext) -> str:
    """Say the criteria that the jobs meet; labels that only put jobs forward are none."""
    said = []
    at_most = criteria.niveau_rule == "max" and criteria.niveau != "sans_diplome"
    for name, values in (
        ("niveau_max" if at_most else "niveau", (criteria.niveau,) if criteria.niveau else ()),
        ("statut", criteria.statuts),
        ("centre_interet", criteria.centres_interet),
        ("domaine", criteria.domaines),
    ):
        for value in values:
            own = f"niveau_{value}"
            spoken = context.say(own) if own in context.wording else value.replace("+", " + ")
            said.append(context.say(f"criterion_{name}", value=spoken))
    return f" ({' ; '.join(said)})" if said else ""


def nothing_found(criteria: Criteria, decision: RunAction, context: AnswerContext) -> Answer:
    """Say that no job meets the criteria."""
    return Answer(
        kind=AnswerKind.FALLBACK,
        intent=decision.action,
        text=context.say("search_nothing", criteria=spoken(criteria, context)),
        buttons=(
            Button.to(context.say("button_aide_choix"), "aide_choix"),
            Button.to(context.say("button_catalogue"), "catalogue"),
        ),
        total=0,
    )


def list_of(
    fiches: Sequence[Fiche],
    *,
    total: int,
    intro: str,
    intent: str,
    context: AnswerContext,
    first: int = 0,
    exact: int | None = None,
    metier: str | None = None,
    note: Callable[[Fiche], str] | None = None,
) -> Outcome:
    """Show one page of a list, and remember the others.

    `exact`: how many of the jobs, the first, meet every criterion (all when None): the others
    are told apart. `metier`: the job that the list is about, which stays the current one. `note`:
    what is said under each job.
    """
    fiches = fiches[:MOST_LISTED]
    page = fiches[first : first + PAGE]
    lines = list(_lines(page, first, exact, note, context))
    more = first + PAGE < len(fiches)
    buttons = [open_button(fiche) for fiche in page]
    if more:
        buttons.append(Button.to(context.say("button_suite"), "suite"))
    answer = Answer(
        kind=AnswerKind.LIST,
        intent=intent,
        text=f"{intro}\n\n" + "\n".join(lines),
        buttons=tuple(buttons),
        metiers=tuple(fiche.id for fiche in page),
        total=total,
        sources=tuple(cite(fiche) for fiche in page),
    )
    run = ActionRun(action=intent, metiers=(metier,) if metier else (), keeps_metier=metier is None)
    found = tuple(fiche.id for fiche in fiches)
    return Outcome(
        answer=answer, events=(run, ListShown(found=found, first=first, last=first + len(page)))
    )


def _lines(
    page: Sequence[Fiche],
    first: int,
    exact: int | None,
    note: Callable[[Fiche], str] | None,
    context: AnswerContext,
) -> Iterator[str]:
    for place, fiche in enumerate(page, start=first):
        if exact and place == exact:
            yield f"\n{context.say('search_near_misses')}"
        yield f"{place + 1}. {_line(fiche, context)}"
        if note is not None and (said := note(fiche)):
            yield f"   {said}"


def _line(fiche: Fiche, context: AnswerContext) -> str:
    level = f" — {fiche.niveau_min}" if fiche.niveau_min else ""
    return f"{context.name(fiche)}{level}"


def next_page(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show another page of the last list: the next one, the same or the one before."""
    tracker = context.tracker
    fiches = context.fiches(tracker.listed)
    first, key = {
        "meme": (tracker.shown_first, "suite_meme"),
        "avant": (max(0, tracker.shown_first - PAGE), "suite_avant"),
    }.get(decision.argument("page") or "", (tracker.shown_last, "suite_intro"))
    if first < len(fiches):
        return list_of(
            fiches,
            total=len(fiches),
            intro=context.say(key),
            intent="suite",
            context=context,
            first=first,
            note=_reasons(context),
        )
    key = "suite_end" if fiches else "suite_nothing"
    answer = Answer(
        kind=AnswerKind.SMALLTALK,
        intent="suite",
        text=context.say(key),
        buttons=(Button.to(context.say("button_aide_choix"), "aide_choix"),),
    )
    return Outcome(answer=answer)


def _reasons(context: AnswerContext) -> Callable[[Fiche], str] | None:
    """What is said under each job of the list of the form; None under those of another list."""
    form = context.tracker.form
    if form is None or form.status != "done":
        return None
    return lambda fiche: reason(fiche, form.answers, context)


def close_to(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the jobs that share most with a job: codes, fields, interests, diplomas, words."""
    fiche = context.fiches(decision.metiers)[-1]
    asks_shorter = decision.argument("plus_court") is not None
    is_shorter = asks_shorter and niveau_rank(fiche.niveau_min or "") is not None
    ranked = _shorter(fiche, context) if is_shorter else _closest(fiche, context)
    name = of(context.name(fiche))
    if not ranked:
        key = "close_not_shorter" if is_shorter else "close_nothing"
        answer = Answer(
            kind=AnswerKind.FALLBACK,
            intent=decision.action,
            text=context.say(key, of_name=name),
            metiers=(fiche.id,),
            buttons=(Button.to(context.say("button_aide_choix"), "aide_choix"),),
        )
        return Outcome(answer=answer)
    intro = context.say("close_intro", of_name=name)
    if is_shorter:
        intro = context.say("close_shorter", of_name=name, niveau=fiche.niveau_min)
    elif asks_shorter:
        intro = context.say("close_unknown_level", of_name=name)
    return list_of(
        ranked,
        total=len(ranked),
        intro=intro,
        intent=decision.action,
        context=context,
        metier=fiche.id,
    )


def _closest(fiche: Fiche, context: AnswerContext) -> tuple[Fiche, ...]:
    return context.fiches(context.catalogue.kinship.closest(fiche, most=_MOST_CLOSE))


def _shorter(fiche: Fiche, context: AnswerContext) -> tuple[Fiche, ...]:
    """The close jobs whose level of entry is lower."""
    own = niveau_rank(fiche.niveau_min or "")
    near = context.fiches(context.catalogue.kinship.closest(fiche, most=_MOST_COMPARED))
    ranks = ((other, niveau_rank(other.niveau_min or "")) for other in near)
    lower = (other for other, rank in ranks if rank is not None and own is not None and rank < own)
    return tuple(lower)[:_MOST_CLOSE]
