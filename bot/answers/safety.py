"""What is said to somebody who may be in distress: the numbers, before and instead of the rest.

Then, until the person comes back to jobs, gentle words without a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.answers.answer import Answer, AnswerKind
from bot.answers.context import AnswerContext, Outcome
from bot.answers.wording import Wording
from bot.dialogue.decision import RunAction, StayQuiet
from bot.dialogue.events import DistressHeard, Understood

__all__ = ["safety", "stay_quiet", "with_gentle_word"]

# What is said after distress, by intent, and under which kind; for any other, `quiet_other`.
_QUIET: Mapping[str | None, str] = {
    "affirmer": "quiet_here",
    "salutation": "quiet_here",
    "remerciement": "quiet_thanks",
    "avis_positif": "quiet_thanks",
    "au_revoir": "quiet_goodbye",
    "nier": "quiet_no",
    "identite": "quiet_identity",
    "insulte": "quiet_anger",
    "avis_negatif": "quiet_anger",
    "conseiller": "quiet_person",
    "aide": "quiet_person",
    "repeter": "detresse",
    "suite": "detresse",
}
_KINDS: Mapping[str | None, AnswerKind] = {
    **dict.fromkeys(_QUIET, AnswerKind.SMALLTALK),
    "conseiller": AnswerKind.HANDOFF,
    "repeter": AnswerKind.SAFETY,
    "suite": AnswerKind.SAFETY,
}


def safety(decision: RunAction, context: AnswerContext) -> Outcome:
    """Give the emergency numbers, fixed text, before and instead of anything else."""
    answer = Answer(kind=AnswerKind.SAFETY, intent="detresse", text=context.say("detresse"))
    return Outcome(answer=answer, events=(DistressHeard(),))


def stay_quiet(decision: StayQuiet, context: AnswerContext) -> Outcome:
    """Answer gently, offer no job, and leave the numbers at hand."""
    intent = decision.intent if decision.is_sure else None
    answer = Answer(
        kind=_KINDS.get(intent, AnswerKind.FALLBACK),
        intent=decision.intent,
        text=context.say(_QUIET.get(intent, "quiet_other")),
    )
    return Outcome(answer=answer, events=(Understood(), DistressHeard()))


def with_gentle_word(answer: Answer, wording: Wording) -> Answer:
    """Add the numbers in one sentence, when words come near distress: no alarm, but a hand."""
    return replace(answer, text=f"{answer.text}\n\n{wording.say('gentle_word')}")
