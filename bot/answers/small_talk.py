"""Greetings, help, opinions, insults: short and honest; and what we say of ourselves."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext, Outcome
from bot.answers.wording import Wording
from bot.dialogue.decision import RunAction
from bot.dialogue.events import Digressed, Restarted

__all__ = ["catalogue_overview", "chat", "introduced", "restart"]

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
# After these, a question of ours no longer waits for its answer.
_CLOSING = frozenset({"affirmer", "nier", "avis_negatif", "repeter", "au_revoir"})
# Their responses say by themselves that Balise is a program.
_SAYS_WHAT_WE_ARE = frozenset({"salutation", "identite", "insulte", "detresse"})


def chat(decision: RunAction, context: AnswerContext) -> Outcome:
    """Answer small talk; the current job is kept."""
    offers = _OFFERS.get(decision.action, ())
    answer = Answer(
        kind=AnswerKind.SMALLTALK,
        intent=decision.action,
        text=context.wording.say_in_turn(decision.action, context.tracker.turns),
        buttons=tuple(Button.to(context.say(f"button_{offer}"), offer) for offer in offers),
    )
    return Outcome(answer=answer, events=(Digressed(closes=decision.action in _CLOSING),))


def introduced(outcome: Outcome, wording: Wording) -> Outcome:
    """Say, under the first answer of a conversation, that a program wrote it."""
    answer = outcome.answer
    if answer.intent in _SAYS_WHAT_WE_ARE:
        return outcome
    text = f"{answer.text}\n\n{wording.say('introduction')}"
    return replace(outcome, answer=replace(answer, text=text))


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
    return Outcome(answer=answer, events=(Digressed(),))
