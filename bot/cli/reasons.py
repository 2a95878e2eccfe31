"""Says why an utterance was understood as it was: for `balise ask --why` and `/debug`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.wording import Wording
from bot.assistant import Turn
from bot.understanding.interpretation import EntityMention, Interpretation

__all__ = ["reasons_of"]

_RANKED = 5


def reasons_of(turn: Turn, words: Wording) -> list[str]:
    """Return the lines that explain a turn: intents, entities, what decided, the time."""
    interpretation = turn.interpretation
    lines = [words.say("why_intents", ranking=_ranking(interpretation, words))]
    lines += [words.say("why_decided", reason=reason) for reason in interpretation.reasons]
    lines += [line for mention in interpretation.entities for line in _entity(mention, words)]
    if not interpretation.entities:
        lines.append(words.say("why_no_entity"))
    answer = turn.answer
    lines.append(words.say("why_answer", kind=answer.kind.value, intent=answer.intent,
                           metier=turn.tracker.metier or "–"))  # fmt: skip
    lines.append(words.say("why_time", ms=f"{turn.elapsed_ms:.1f}".replace(".", ",")))
    return lines


def _ranking(interpretation: Interpretation, words: Wording) -> str:
    return " ; ".join(
        words.say("why_intent", name=prediction.name, score=_percent(prediction.confidence))
        for prediction in interpretation.ranking[:_RANKED]
    )


def _entity(mention: EntityMention, words: Wording) -> Iterator[str]:
    yield words.say(
        "why_entity",
        entity=mention.entity,
        value=mention.value,
        id=mention.id or "–",
        start=mention.start,
        end=mention.end,
        score=_percent(mention.score),
    )
    for candidate in mention.candidates:
        yield "  " + words.say(
            "why_candidate", id=candidate.id, name=candidate.name, score=_percent(candidate.score)
        )


def _percent(score: float) -> str:
    return f"{score * 100:.1f} %".replace(".", ",")
