"""Orientation matters that no fiche holds: the right official service; and the human route."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.answers.answer import Answer, AnswerKind, Button, Citation, Handoff
from bot.answers.context import AnswerContext, Outcome
from bot.dialogue.decision import RunAction

__all__ = ["hand_over", "handoff", "human_route", "refer"]

_OTHER = "autre"
# Often said only to tell where the person is (« je suis au lycée ») or wants to be.
_VAGUE = frozenset({"lycee", "etablissement", _OTHER})


def refer(decision: RunAction, context: AnswerContext) -> Outcome:
    """Name the official service for the subject asked, what it does, and its address."""
    subject, *others = _subjects(decision, context)
    wording = context.wording
    key = f"orientation_{subject}"
    parts = [context.say(key), *_human(context), *_source(key, context)]
    answer = Answer(
        kind=AnswerKind.REFERRAL,
        intent=decision.action,
        text="\n\n".join(parts),
        buttons=(
            *(_subject_button(other, context) for other in others[:2]),
            Button.to(context.say("button_conseiller"), "conseiller"),
            Button.to(context.say("button_chercher_metiers"), "aide_choix"),
        ),
        sources=(
            Citation(
                id=subject,
                title=wording.meta(key, "label") or subject,
                url=wording.meta(key, "url") or "",
                licence="",
            ),
        ),
        handoff=handoff(context) if context.contact else None,
    )
    return Outcome(answer=answer)


def _subjects(decision: RunAction, context: AnswerContext) -> tuple[str, ...]:
    """The subjects said that have a referral, the precise ones first; `autre` when there is none.

    « je suis au lycée, comment avoir une bourse » is about grants.
    """
    said = dict.fromkeys(decision.all("sujet"))
    known = [subject for subject in said if f"orientation_{subject}" in context.wording]
    precise = [subject for subject in known if subject not in _VAGUE]
    return tuple(precise or known or (_OTHER,))


def _subject_button(subject: str, context: AnswerContext) -> Button:
    title = context.wording.meta(f"orientation_{subject}", "topic") or subject
    return Button.to(title, "orientation_generale", {"sujet": subject})


def _human(context: AnswerContext) -> tuple[str, ...]:
    if context.contact is None:
        return ()
    return (context.say("referral_person", person=human_route(context)),)


def _source(key: str, context: AnswerContext) -> tuple[str, ...]:
    """Say which page was read, its date where it has one, and when its copy was read."""
    url, checked = context.wording.meta(key, "source"), context.wording.meta(key, "checked")
    if not url or not checked:
        return ()
    site = (urlsplit(url).hostname or url).removeprefix("www.")
    dated = context.wording.meta(key, "dated")
    if dated is None:
        return (context.say("referral_source", site=site, url=url, checked=_day(checked)),)
    return (
        context.say(
            "referral_source_dated", site=site, url=url, checked=_day(checked), dated=_day(dated)
        ),
    )


def _day(date: str) -> str:
    """Write an ISO date, or month, as it is read in French (26/11/2026, 11/2026)."""
    return "/".join(reversed(date.split("-")))


def human_route(context: AnswerContext) -> str:
    """The person or service to turn to, to be said in the middle of a sentence."""
    contact = context.contact
    if contact is None:
        return context.say("public_route")
    named = contact.name
    if contact.url:
        named = context.say("contact_link", name=contact.name, url=contact.url)
    return context.say("contact_phone", named=named, tel=contact.tel) if contact.tel else named


def handoff(context: AnswerContext) -> Handoff:
    """The human service to turn to: the deployer's, else the public one."""
    contact = context.contact
    if contact is not None:
        return Handoff(label=contact.name, url=contact.url, tel=contact.tel)
    wording = context.wording
    return Handoff(
        label=wording.meta("conseiller", "label") or "",
        url=wording.meta("conseiller", "url"),
        tel=wording.meta("conseiller", "tel"),
    )


def hand_over(decision: RunAction, context: AnswerContext) -> Outcome:
    """Tell where to find a person."""
    if context.contact is None:
        text = context.say("conseiller")
    else:
        text = context.say("conseiller_here", person=human_route(context))
    answer = Answer(
        kind=AnswerKind.HANDOFF,
        intent=decision.action,
        text=text,
        buttons=(Button.to(context.say("button_aide"), "aide"),),
        handoff=handoff(context),
    )
    return Outcome(answer=answer)
