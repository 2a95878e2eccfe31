"""A search that goes on: one of its criteria changes, or one is asked of the jobs on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.answer import Answer, AnswerKind
from bot.answers.context import AnswerContext, Outcome
from bot.answers.follow_ups import open_button
from bot.answers.job_search import (
    MOST_LISTED,
    list_of,
    nothing_found,
    remembered,
    search_jobs,
    spoken,
)
from bot.answers.said_search import jobs_meeting
from bot.catalogue.criteria import Criteria
from bot.catalogue.fiche import Fiche
from bot.catalogue.niveaux import niveau_rank
from bot.dialogue.decision import RunAction
from bot.dialogue.events import Searched

__all__ = ["search"]

# The levels of the contract in order, each at its rank.
_LEVELS = ("sans_diplome", "cap", "bac", *(f"bac+{years}" for years in range(1, 10)))


def search(decision: RunAction, context: AnswerContext) -> Outcome:
    """Search anew, change the last search, or choose among the jobs on screen."""
    if decision.argument("parmi") is not None:
        return _among(decision, context)
    if decision.argument("garde") is not None:
        return _changed(decision, context)
    return search_jobs(decision, context)


def _asked(decision: RunAction) -> Criteria:
    words = " ".join(decision.words)
    said_equal = "a NIVEAU" in words or "niveau NIVEAU" in words
    rule = decision.argument("niveau_rule") or ("equal" if said_equal else "max")
    return Criteria(
        niveau=decision.argument("niveau"),
        niveau_rule=rule,
        statuts=decision.all("statut"),
        centres_interet=decision.all("centre_interet"),
        domaines=decision.all("domaine"),
    )


def _changed(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show what the last search gives with its criteria changed."""
    criteria = _asked(decision)
    if decision.argument("plus_court") is not None:
        lower = _lower(criteria.niveau)
        if lower is None:
            return _by_length(decision, context)
        criteria = replace(criteria, niveau=lower, niveau_rule="max")
    fiches = _meeting(criteria, context)
    tracker = context.tracker
    if not fiches:
        return Outcome(answer=nothing_found(criteria, decision, context), events=())
    key = "search_one" if len(fiches) == 1 else "search_many"
    outcome = list_of(
        fiches,
        total=len(fiches),
        intro=context.say(key, count=len(fiches), criteria=spoken(criteria, context)),
        intent=decision.action,
        context=context,
    )
    pool = tracker.pool or (() if tracker.criteria else tracker.listed)
    searched = Searched(criteria=remembered(criteria), pool=pool)
    return replace(outcome, events=(*outcome.events, searched))


def _meeting(criteria: Criteria, context: AnswerContext) -> tuple[Fiche, ...]:
    """The jobs that answer the last search's words and meet criteria; all jobs without words."""
    tracker = context.tracker
    if criteria.centres_interet or criteria.domaines:
        return context.fiches(jobs_meeting(criteria, context).metiers[:MOST_LISTED])
    pool = tracker.pool or tracker.listed
    return tuple(fiche for fiche in context.fiches(pool) if _meets(fiche, criteria))


def _meets(fiche: Fiche, criteria: Criteria) -> bool:
    """Whether a job has the level and one of the statuses."""
    own = niveau_rank(fiche.niveau_min) if fiche.niveau_min else None
    asked = niveau_rank(criteria.niveau) if criteria.niveau else None
    if asked is not None and (
        own is None or own > asked or (criteria.niveau_rule == "equal" and own != asked)
    ):
        return False
    statuts = {statut.casefold() for statut in fiche.statuts}
    return not criteria.statuts or any(s.casefold() in statuts for s in criteria.statuts)


def _lower(niveau: str | None) -> str | None:
    """The level just below one; None below the lowest, and when there is none."""
    rank = niveau_rank(niveau) if niveau else None
    return _LEVELS[rank - 1] if rank else None


def _by_length(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the last list again, the lowest levels first."""
    tracker = context.tracker
    fiches = context.fiches(tracker.listed)
    ordered = sorted(fiches, key=lambda fiche: _rank(fiche))
    outcome = list_of(
        ordered,
        total=len(ordered),
        intro=context.say("search_by_length"),
        intent=decision.action,
        context=context,
    )
    searched = Searched(criteria=tracker.criteria, pool=tracker.pool)
    return replace(outcome, events=(*outcome.events, searched))


def _rank(fiche: Fiche) -> int:
    """The rank of a job's level; a job that tells none comes last."""
    rank = niveau_rank(fiche.niveau_min) if fiche.niveau_min else None
    return len(_LEVELS) + 1 if rank is None else rank


def _among(decision: RunAction, context: AnswerContext) -> Outcome:
    """Keep the jobs on screen that meet criteria; when none does, those further in the list."""
    criteria = _asked(decision)
    shown = context.fiches(decision.metiers)
    said = {"count": len(shown), "criteria": spoken(criteria, context)}
    kept = [fiche for fiche in shown if _meets(fiche, criteria)]
    if kept:
        key = "among_one" if len(kept) == 1 else "among_many"
        intro = context.say(key, **said, **({"found": len(kept)} if len(kept) > 1 else {}))
        return _kept(kept, intro, decision, context)
    others = [f for f in context.fiches(context.tracker.listed) if _meets(f, criteria)]
    if others:
        return _kept(others, context.say("among_others", **said), decision, context)
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text=context.say("among_none", **said),
        buttons=tuple(open_button(fiche) for fiche in shown),
        metiers=(),
        total=0,
    )
    return Outcome(answer=answer)


def _kept(
    fiches: Sequence[Fiche], intro: str, decision: RunAction, context: AnswerContext
) -> Outcome:
    return list_of(fiches, total=len(fiches), intro=intro, intent=decision.action, context=context)
