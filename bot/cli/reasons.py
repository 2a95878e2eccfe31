"""Says why an utterance was understood as it was: for `balise ask --why` and `/debug`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.wording import Wording
from bot.assistant import Turn
from bot.evaluation.explanation import Explainer, Explanation
from bot.evaluation.reason_words import reason_lines
from bot.understanding.interpretation import EntityMention, Interpretation

__all__ = ["interpretation_lines", "reasons_of"]

_RANKED = 5


def reasons_of(turn: Turn, words: Wording, explainer: Explainer) -> list[str]:
    """Return the lines that explain a turn: what was understood and why, the answer, the time."""
    lines = interpretation_lines(turn.interpretation, explainer.explain(turn.interpretation), words)
    answer = turn.answer
    lines.append(words.say("why_answer", kind=answer.kind.value, intent=answer.intent,
                           metier=turn.tracker.metier or "–"))  # fmt: skip
    lines.append(words.say("why_time", ms=f"{turn.elapsed_ms:.1f}".replace(".", ",")))
    return lines


def interpretation_lines(
    heard: Interpretation, why: Explanation | None, words: Wording
) -> list[str]:
    """Return the lines that explain an interpretation: intents, what decided, entities."""
    lines = [words.say("why_intents", ranking=_ranking(heard, words))]
    lines += reason_lines(heard, why, words)
    lines += [line for mention in heard.entities for line in _entity(mention, words)]
    if not heard.entities:
        lines.append(words.say("why_no_entity"))
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
