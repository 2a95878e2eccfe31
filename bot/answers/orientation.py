"""Orientation matters that no fiche holds: the right official service; and the human route."""

from __future__ import annotations

from bot.answers.answer import Answer, AnswerKind, Button, Citation, Handoff
from bot.answers.context import AnswerContext, Outcome
from bot.dialogue.decision import RunAction

__all__ = ["hand_over", "handoff", "refer"]


def refer(decision: RunAction, context: AnswerContext) -> Outcome:
    """Name the official service for the subject asked, what it does, and its address."""
    subject = decision.argument("sujet") or "autre"
    key = f"orientation_{subject}"
    if key not in context.wording:
        subject, key = "autre", "orientation_autre"
    wording = context.wording
    url, label = wording.meta(key, "url"), wording.meta(key, "label")
    answer = Answer(
        kind=AnswerKind.REFERRAL,
        intent=decision.action,
        text=context.say(key),
        buttons=(
            Button.to(context.say("button_conseiller"), "conseiller"),
            Button.to(context.say("button_chercher_metiers"), "aide_choix"),
        ),
        sources=(Citation(id=subject, title=label, url=url, licence=""),) if url and label else (),
    )
    return Outcome(answer=answer)


def handoff(context: AnswerContext) -> Handoff:
    """The human service to turn to."""
    wording = context.wording
    return Handoff(
        label=wording.meta("conseiller", "label") or "",
        url=wording.meta("conseiller", "url") or "",
        tel=wording.meta("conseiller", "tel"),
    )


def hand_over(decision: RunAction, context: AnswerContext) -> Outcome:
    """Tell where to find a person."""
    answer = Answer(
        kind=AnswerKind.HANDOFF,
        intent=decision.action,
        text=context.say("conseiller"),
        buttons=(Button.to(context.say("button_aide"), "aide"),),
        handoff=handoff(context),
    )
    return Outcome(answer=answer)
