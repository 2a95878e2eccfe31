"""Says in French why an utterance was understood so: the command line and the report share it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.wording import Wording
from bot.evaluation.explanation import Explanation
from bot.understanding.interpretation import Interpretation

__all__ = ["reason_lines"]

# The reasons of `bot.understanding.interpreter`, by their first word; any other is a pattern.
_DECIDED = {
    "classifier": "why_by_classifier",
    "distress": "why_by_detector",
    "nothing": "why_by_nothing",
    "another": "why_by_language",
    "payload": "why_by_button",
}


def reason_lines(heard: Interpretation, why: Explanation | None, words: Wording) -> list[str]:
    """Return what decided, what weighed, the nearest examples and the margin of distress."""
    decided = (_decided(reason, words) for reason in heard.reasons)
    lines = [words.say("why_decided", reason=reason) for reason in decided]
    return lines if why is None else [*lines, *_explained(heard, why, words)]


def _decided(reason: str, words: Wording) -> str:
    key = _DECIDED.get(reason.split(maxsplit=1)[0], "why_by_pattern")
    return words.say(key, pattern=reason)


def _explained(heard: Interpretation, why: Explanation, words: Wording) -> Iterator[str]:
    if why.weights:
        weights = " ; ".join(
            words.say(
                "why_weight",
                what=words.say(f"why_weight_{weight.kind}", text=weight.text),
                weight=_number(weight.weight),
            )
            for weight in why.weights
        )
        name = heard.intent.name
        yield words.say("why_weights", intent=name, against=why.against, weights=weights)
    for near in why.neighbours:
        example = near.example
        yield words.say(
            "why_neighbour",
            intent=example.intent,
            text=example.text,
            place=f"{example.path.name}:{example.line}",
            score=f"{near.likeness:.0%}".replace("%", " %"),
        )
    alarm = (
        "distress" if heard.intent.name == "detresse" else "gentle" if heard.is_worrying else "none"
    )
    yield words.say(
        "why_distress",
        margin=_number(why.distress),
        alarm=words.say(f"why_alarm_{alarm}"),
    )


def _number(value: float) -> str:
    return f"{value:+.2f}".replace(".", ",").replace("-", "−")
