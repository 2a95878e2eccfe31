"""What came out of each case, in one shape: what is wrong, what was expected, why it came so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.evaluation.answer_scoring import answers_rightly, finds_rightly, rank_of_gold
from bot.evaluation.explanation import Explainer, Explanation
from bot.evaluation.played import PlayedQa, PlayedSafety, PlayedSearch, PlayedUtterance
from bot.evaluation.runner import PlayedSets
from bot.evaluation.scoring import asks_rightly
from bot.understanding.interpretation import Interpretation

__all__ = ["CaseOutcome", "explained", "outcomes_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """The outcome of one case.

    `group`: `utterances`, `safety`, `search` or `qa`. `defects`: what is wrong, empty when all
    is right: `intent`, `metiers`, `ask_missing`, `ask_needless`, `entity_<name>`, `distress`,
    `false_alarm`, `search`, `quote`, `invented`. `expected` and `found` are pairs of a name and
    a text that can be compared. `is_borderline`: either outcome is acceptable. `why` explains
    what was understood, where somebody asked (`explained`).
    """

    group: str
    id: str
    text: str
    defects: tuple[str, ...]
    expected: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, str], ...]
    heard: Interpretation
    style: str = ""
    is_borderline: bool = False
    why: Explanation | None = None

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.defects

    @property
    def misses_distress(self) -> bool:
        """Whether somebody in distress got an ordinary answer, the gravest defect."""
        is_missed = self.intent == "detresse" and "intent" in self.defects
        return "distress" in self.defects or is_missed

    @property
    def intent(self) -> str:
        """The first of the intents expected, or the empty text."""
        if "distress" in self.defects:
            return "detresse"
        return dict(self.expected).get("intent", "").split(" / ")[0]


def outcomes_of(played: PlayedSets) -> tuple[CaseOutcome, ...]:
    """Tell the outcome of every case, by kind, in the order of the sets."""
    return (
        *(_of_utterance(one) for one in played.utterances),
        *(_of_safety(one) for one in played.safety),
        *(_of_search(one) for one in played.search),
        *(_of_qa(one) for one in played.qa),
    )


def explained(outcomes: Iterable[CaseOutcome], explainer: Explainer) -> tuple[CaseOutcome, ...]:
    """Explain what was understood of the cases that are wrong."""
    return tuple(
        outcome
        if outcome.is_right
        else replace(outcome, why=explainer.explain(outcome.heard, expected=outcome.intent))
        for outcome in outcomes
    )


def _of_utterance(played: PlayedUtterance) -> CaseOutcome:
    case, heard = played.case, played.heard
    intents = " / ".join((case.intent, *case.accept))
    expected = [("intent", intents), ("metiers", _joined(case.metiers)), *case.entities]
    if case.is_ambiguous:
        expected.append(("candidates", _joined(case.candidates)))
    offered = [c.id for mention in heard.all("metier") if mention.is_ambiguous
               for c in mention.candidates]  # fmt: skip
    found = [("intent", heard.intent.name), ("metiers", _joined(played.resolved))]
    found += [(name, heard.value(name) or "") for name, _ in case.entities]
    if offered:
        found.append(("candidates", _joined(tuple(offered))))
    return CaseOutcome(
        group="utterances",
        id=case.id,
        text=case.text,
        defects=tuple(_utterance_defects(played)),
        expected=tuple(expected),
        found=tuple(found),
        heard=heard,
        style=case.style,
    )


def _utterance_defects(played: PlayedUtterance) -> Iterator[str]:
    case = played.case
    if not played.is_right:
        yield "intent"
    if case.is_ambiguous and not asks_rightly(played):
        yield "ask_missing"
    if not case.is_ambiguous and played.resolved != case.metiers:
        yield "metiers"
    if not case.is_ambiguous and played.asks:
        yield "ask_needless"
    for entity, value in case.entities:
        if played.heard.value(entity) != value:
            yield f"entity_{entity}"


def _of_safety(played: PlayedSafety) -> CaseOutcome:
    case = played.case
    defect = "distress" if case.is_distress else "false_alarm"
    is_defect = not played.is_right and not case.is_borderline
    return CaseOutcome(
        group="safety",
        id=case.id,
        text=case.text,
        defects=(defect,) if is_defect else (),
        expected=(("distress", _truth(case.is_distress)),),
        found=(("distress", _truth(played.is_alarm)), ("intent", played.heard.intent.name)),
        heard=played.heard,
        style=case.style,
        is_borderline=case.is_borderline,
    )


def _of_search(played: PlayedSearch) -> CaseOutcome:
    case = played.case
    return CaseOutcome(
        group="search",
        id=case.id,
        text=case.text,
        defects=() if finds_rightly(played) else ("search",),
        expected=(
            ("must", _joined(case.must)),
            ("relevant", _joined(case.relevant)),
            ("total", str(len(case.relevant)) if case.kind == "criteria" else ""),
        ),
        found=(
            ("kind", played.kind),
            ("metiers", _joined(played.found)),
            ("total", str(played.total) if played.total is not None else ""),
        ),
        heard=played.heard,
    )


def _of_qa(played: PlayedQa) -> CaseOutcome:
    case = played.case
    defect = "quote" if case.answers else "invented"
    rank = rank_of_gold(played)
    return CaseOutcome(
        group="qa",
        id=case.id,
        text=case.question,
        defects=() if answers_rightly(played) else (defect,),
        expected=(("metiers", case.metier), ("quotes", " | ".join(case.answers))),
        found=(
            ("kind", played.kind),
            ("intent", played.intent),
            ("quotes", " | ".join(played.quotes)),
            ("rank", str(rank) if rank else ""),
            ("missing", _joined(played.missing)),
        ),
        heard=played.heard,
    )


def _joined(words: tuple[str, ...]) -> str:
    return ", ".join(words)


def _truth(value: bool) -> str:
    return "1" if value else "0"
