"""Greetings, help, opinions, insults: short and honest; and what we say about ourselves."""

from __future__ import annotations

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun, Event, Restarted

__all__ = ["catalogue_overview", "chat", "kept", "privacy", "restart"]

# What may be offered after small talk, by intent.
_OFFERS = {
    "salutation": ("aide_choix", "catalogue", "aide"),
    "aide": ("aide_choix", "catalogue", "conseiller"),
    "identite": ("aide", "donnees_personnelles"),
    "avis_negatif": ("aide", "conseiller"),
    "nier": ("aide_choix", "aide"),
    "affirmer": ("aide_choix", "aide"),
    "repeter": ("aide", "conseiller"),
    "insulte": ("aide", "conseiller"),
}


def chat(decision: RunAction, context: AnswerContext) -> Outcome:
    """Answer small talk; the current job is kept."""
    offers = _OFFERS.get(decision.action, ())
    answer = Answer(
        kind=AnswerKind.SMALLTALK,
        intent=decision.action,
        text=context.wording.say_in_turn(decision.action, context.tracker.turns),
        buttons=tuple(Button.to(context.say(f"button_{offer}"), offer) for offer in offers),
    )
    return Outcome(answer=answer, events=kept(context))


def kept(context: AnswerContext) -> tuple[Event, ...]:
    """A digression leaves the last answer where it was, for « répète »."""
    tracker = context.tracker
    if tracker.last_action is None:
        return ()
    return (
        ActionRun(
            action=tracker.last_action,
            metiers=tracker.last_metiers,
            arguments=tracker.last_arguments,
            keeps_metier=True,
        ),
    )


def restart(decision: RunAction, context: AnswerContext) -> Outcome:
    """Forget the job, the list and the questions: start again."""
    answer = Answer(
        kind=AnswerKind.SMALLTALK,
        intent=decision.action,
        text=context.say("recommencer"),
        buttons=tuple(
            Button.to(context.say(f"button_{offer}"), offer)
            for offer in ("aide_choix", "catalogue")
        ),
    )
    return Outcome(answer=answer, events=(Restarted(),))


_ERASE = frozenset(
    "efface effacer effacez supprime supprimer supprimez oublie oublier oubliez".split()
)


def privacy(decision: RunAction, context: AnswerContext) -> Outcome:
    """Say what is kept, or erase it when that is asked."""
    erases = any(word in _ERASE for word in decision.words) or (
        decision.argument("effacer") is not None
    )
    key = "privacy_erased" if erases else "privacy"
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text=context.say(key, hours=context.ttl_h),
        buttons=()
        if erases
        else (
            Button.to(context.say("button_effacer"), "donnees_personnelles", {"effacer": "oui"}),
        ),
    )
    return Outcome(answer=answer, forgets=erases)


def catalogue_overview(decision: RunAction, context: AnswerContext) -> Outcome:
    """Say how many jobs are known, from where, in which fields."""
    count = len(context.catalogue)
    fields = context.catalogue.fields
    source = next((fiche.source for fiche in context.catalogue), None)
    parts = [context.say("catalogue_one" if count == 1 else "catalogue_many", count=count)]
    if fields:
        parts.append(context.say("catalogue_fields", fields=" ; ".join(fields)))
    if source is not None:
        parts.append(
            context.say("catalogue_source", dataset=context.edition(source), licence=source.licence)
        )
    names = [fiche for _, fiche in zip(range(3), context.catalogue, strict=False)]
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text="\n\n".join(parts),
        buttons=(
            Button.to(context.say("button_aide_choix"), "aide_choix"),
            *(Button.to(f.name, "presentation", {"metier": f.id}) for f in names),
        ),
        total=count,
    )
    return Outcome(answer=answer, events=kept(context))
