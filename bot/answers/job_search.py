"""Lists of jobs: by criteria and words, close to a job, after a diploma, and their next pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import open_button
from bot.answers.naming import both_genders, of
from bot.catalogue.criteria import Criteria
from bot.catalogue.fiche import Fiche
from bot.catalogue.search import SearchResult
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun, ListShown
from bot.understanding.interpretation import EntityMention

__all__ = ["MOST_LISTED", "close_to", "list_of", "next_page", "search_jobs"]

PAGE = 5
MOST_LISTED = 2000
"""How many jobs of a list are remembered, for the pages that follow."""
_MOST_CLOSE = 15
_CRITERIA = ("niveau", "statut", "centre_interet", "domaine")


def search_jobs(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the jobs that meet the criteria, five at a time."""
    result = _found(decision, context)
    if not result.metiers:
        return Outcome(answer=_nothing(decision, context))
    return list_of(
        context.fiches(result.metiers[:MOST_LISTED]),
        total=result.exact,
        intro=_intro(result, decision, context),
        intent=decision.action,
        context=context,
        exact=result.exact,
    )


def _found(decision: RunAction, context: AnswerContext) -> SearchResult:
    """Search by what was said.

    A label said in its own words (« le paramédical ») is a criterion when nothing else is said of
    the work; otherwise (« laver le linge des hôtels ») its words are searched, and it only
    puts forward.
    """
    firm, labels = _criteria(decision)
    said = _outside(decision, ("niveau", "statut"))
    literal = all(label.score == 1.0 for label in _labels(decision.mentions))
    if literal and not context.search.says_something(_outside(decision, _CRITERIA)):
        asked = replace(firm, centres_interet=labels.centres_interet, domaines=labels.domaines)
        result = context.search.meeting(asked, said)
        if not result.metiers and labels.centres_interet and labels.domaines:
            # A taste and a field said by the same words need not both hold.
            result = _either(asked, said, context)
        if result.metiers or not labels:
            return result
    return context.search.find(firm, said, hints=labels)


def _either(asked: Criteria, said: str, context: AnswerContext) -> SearchResult:
    tastes = context.search.meeting(replace(asked, domaines=()), said)
    fields = context.search.meeting(replace(asked, centres_interet=()), said)
    found = tuple(dict.fromkeys((*fields.metiers, *tastes.metiers)))
    return SearchResult(metiers=found, exact=len(found))


def _criteria(decision: RunAction) -> tuple[Criteria, Criteria]:
    """Read what was said: level and status, then the labels of interests and fields."""
    words = " ".join(decision.words)
    exactly = "a NIVEAU" in words or "niveau NIVEAU" in words or "niveau bac" in words
    firm = Criteria(
        niveau=decision.argument("niveau"),
        niveau_rule="equal" if exactly and "maximum" not in words else "max",
        statuts=decision.all("statut"),
    )
    said = list(_labels(decision.mentions))
    labels = Criteria(
        centres_interet=tuple(m.value for m in said if m.entity == "centre_interet"),
        domaines=tuple(m.value for m in said if m.entity == "domaine"),
    )
    return firm, labels


def _labels(mentions: Sequence[EntityMention]) -> Iterator[EntityMention]:
    """Yield the interests and fields said, each word naming one thing.

    « le droit public » names that field, not an interest for the law; « la chimie » names the
    field in its own words, before an interest for experiments.
    """
    labels = [m for m in mentions if m.entity in ("centre_interet", "domaine")]
    for label in labels:
        rivals = (m for m in labels if m.start < label.end and label.start < m.end)
        if _strength(label) == max(map(_strength, rivals)) or label.end == 0:
            yield label


def _strength(label: EntityMention) -> tuple[int, float]:
    return (label.end - label.start, label.score)


def _outside(decision: RunAction, entities: Collection[str]) -> str:
    """Return the text typed without the mentions of some entities."""
    text, end, parts = decision.text, 0, []
    for mention in sorted(decision.mentions, key=lambda mention: mention.start):
        if mention.entity in entities and mention.end > end:
            parts.append(text[end : max(end, mention.start)])
            end = mention.end
    return " ".join((*parts, text[end:]))


def _intro(result: SearchResult, decision: RunAction, context: AnswerContext) -> str:
    key = {0: "search_near", 1: "search_one"}.get(result.exact, "search_many")
    return context.say(key, count=result.exact, criteria=_spoken(decision, context))


def _spoken(decision: RunAction, context: AnswerContext) -> str:
    said = []
    for name in _CRITERIA:
        for value in decision.all(name):
            spoken = value.replace("+", " + ") if name == "niveau" else value
            said.append(context.say(f"criterion_{name}", value=spoken.replace("_", " ")))
    return f" ({' ; '.join(said)})" if said else ""


def _nothing(decision: RunAction, context: AnswerContext) -> Answer:
    return Answer(
        kind=AnswerKind.FALLBACK,
        intent=decision.action,
        text=context.say("search_nothing", criteria=_spoken(decision, context)),
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
) -> Outcome:
    """Show one page of a list, and remember the others.

    `exact`: how many of the jobs, the first, meet every criterion (all when None): the others
    are told apart. `metier`: the job that the list is about, which stays the current one.
    """
    fiches = fiches[:MOST_LISTED]
    page = fiches[first : first + PAGE]
    lines = list(_lines(page, first, exact, context))
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
    page: Sequence[Fiche], first: int, exact: int | None, context: AnswerContext
) -> Iterator[str]:
    for place, fiche in enumerate(page, start=first):
        if exact and place == exact:
            yield f"\n{context.say('search_near_misses')}"
        yield f"{place + 1}. {_line(fiche)}"


def _line(fiche: Fiche) -> str:
    level = f" — {fiche.niveau_min}" if fiche.niveau_min else ""
    return f"{both_genders(fiche.title)}{level}"


def next_page(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the next page of the last list, or say that there is no more."""
    tracker = context.tracker
    fiches = context.fiches(tracker.listed)
    if tracker.shown_last < len(fiches):
        return list_of(
            fiches,
            total=len(fiches),
            intro=context.say("suite_intro"),
            intent="suite",
            context=context,
            first=tracker.shown_last,
        )
    key = "suite_end" if fiches else "suite_nothing"
    answer = Answer(
        kind=AnswerKind.SMALLTALK,
        intent="suite",
        text=context.say(key),
        buttons=(Button.to(context.say("button_aide_choix"), "aide_choix"),),
    )
    return Outcome(answer=answer)


def close_to(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the jobs that share most with a job: codes, fields, interests, diplomas, words."""
    fiche = context.fiches(decision.metiers)[-1]
    ranked = context.catalogue.kinship.closest(fiche, most=_MOST_CLOSE)
    if not ranked:
        answer = Answer(
            kind=AnswerKind.FALLBACK,
            intent=decision.action,
            text=context.say("close_nothing", of_name=of(both_genders(fiche.title))),
            metiers=(fiche.id,),
            buttons=(Button.to(context.say("button_aide_choix"), "aide_choix"),),
        )
        return Outcome(answer=answer)
    intro = context.say("close_intro", of_name=of(both_genders(fiche.title)))
    return list_of(
        context.fiches(ranked),
        total=len(ranked),
        intro=intro,
        intent=decision.action,
        context=context,
        metier=fiche.id,
    )
