"""Lists of jobs: by criteria and words, close to a job, after a diploma, and their next pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import open_button
from bot.answers.naming import both_genders, of
from bot.catalogue.fiche import Fiche, MetierId
from bot.catalogue.search import Criteria
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun, ListShown

__all__ = ["close_to", "criteria_from", "list_of", "next_page", "search_jobs"]

PAGE = 5
# Words of a search that say nothing of the jobs looked for.
_EMPTY = frozenset(
    "METIER FORMATION NIVEAU un une des de d' du le la l' les et ou a au aux en dans avec pour "
    "par sur je j' tu t' il elle on nous vous ils elles me m' se s' ce c' ca qui que qu' quoi "
    "quel quelle quels quelles comment est sont ai as veux veut voudrais voudrait aimerais "
    "aimerait aime aimes adore kiffe cherche chercher trouver travailler travail bosser boulot "
    "job taf emploi metier metiers profession plus tard moi mon ma mes son sa ses faire fait truc "
    "trucs quelque chose ? y possible existe comme ya quand meme bien tres trop pas sans ne n' "
    "niveau domaine secteur fille fils suis etre avoir peut peux idee idees stp svp merci bonjour "
    "salut".split()
)
_CRITERIA = ("niveau", "statut", "centre_interet", "domaine")


def search_jobs(decision: RunAction, context: AnswerContext) -> Outcome:
    """Show the jobs that meet the criteria, five at a time."""
    criteria = criteria_from(decision)
    result = context.search.find(criteria)
    if not result.metiers:
        return Outcome(answer=_nothing(decision, context))
    found = context.fiches(result.metiers)
    key = "search_one" if result.exact == 1 else "search_many"
    intro = context.say(key, count=result.exact, criteria=_spoken(decision, context))
    return list_of(found, total=result.exact, intro=intro, intent=decision.action, context=context)


def criteria_from(decision: RunAction) -> Criteria:
    """Read the criteria of a search from what was said."""
    words = tuple(word for word in decision.words if word not in _EMPTY and len(word) > 1)
    text = " ".join(decision.words)
    exactly = "a NIVEAU" in text or "niveau NIVEAU" in text or "niveau bac" in text
    return Criteria(
        niveau=decision.argument("niveau"),
        niveau_rule="equal" if exactly and "maximum" not in text else "max",
        statuts=decision.all("statut"),
        centres_interet=decision.all("centre_interet"),
        domaines=decision.all("domaine"),
        words=words,
    )


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
    metier: str | None = None,
) -> Outcome:
    """Show one page of a list, and remember all of it.

    `metier`: the job that the list is about, which stays the current one.
    """
    page = fiches[first : first + PAGE]
    lines = [f"{first + n}. {_line(fiche)}" for n, fiche in enumerate(page, start=1)]
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
    ranked = _neighbours(fiche, context)
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


def _neighbours(fiche: Fiche, context: AnswerContext, most: int = 15) -> tuple[MetierId, ...]:
    own_codes, own_fields = set(fiche.rome_codes), set(fiche.domaines)
    own_tastes = set(fiche.centres_interet)
    shared: Counter[MetierId] = Counter()
    for link in fiche.formations:
        if link.id is not None:
            shared.update(context.catalogue.metiers_by_formation[link.id])
    scored = []
    for order, other in enumerate(context.catalogue):
        score = float(shared.get(other.id, 0))
        score += 3.0 * len(own_codes.intersection(other.rome_codes))
        score += 2.0 * len(own_fields.intersection(other.domaines))
        score += len(own_tastes.intersection(other.centres_interet))
        if score >= 2.0 and other.id != fiche.id:
            scored.append((-score, order, other.id))
    return tuple(metier for _, _, metier in sorted(scored)[:most])
