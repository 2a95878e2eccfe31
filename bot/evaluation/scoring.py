"""Scores of single utterances: intents, jobs, ambiguity, distress, calibration, entities.

Every function is pure: what was played goes in, figures come out. A share over nothing is None,
never 0 or 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.evaluation.played import PlayedSafety, PlayedUtterance
from bot.evaluation.utterance_set import ENTITIES

__all__ = [
    "AmbiguityScores",
    "CalibrationBin",
    "CalibrationScores",
    "Confusion",
    "DistressScores",
    "EntityScore",
    "IntentScore",
    "IntentScores",
    "LinkingScores",
    "Ratio",
    "UtteranceScores",
    "asks_rightly",
    "score_ambiguity",
    "score_calibration",
    "score_distress",
    "score_entities",
    "score_intents",
    "score_linking",
    "score_safety",
    "score_utterances",
]

_T = TypeVar("_T")
_BINS = 10
_RANK = 5
_DISTRESS = "detresse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many of how many."""

    count: int
    total: int

    @property
    def share(self) -> float | None:
        """The count over the total, 0..1; None over nothing."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentScore:
    """One intent: `expected` utterances have it, `understood` were given it, `right` both."""

    intent: str
    expected: int
    understood: int
    right: int

    @property
    def precision(self) -> Ratio:
        """Of the utterances given this intent, those that have it."""
        return Ratio(count=self.right, total=self.understood)

    @property
    def recall(self) -> Ratio:
        """Of the utterances that have this intent, those given it."""
        return Ratio(count=self.right, total=self.expected)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0 when nothing is right."""
        asked = self.expected + self.understood
        return 2 * self.right / asked if asked else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """An intent taken for another, and how often."""

    expected: str
    understood: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentScores:
    """`per_intent` holds expected and understood intents by name; `confusions` by falling count.

    `macro_f1` is the mean over the intents that some utterance has.
    """

    accuracy: Ratio
    macro_f1: float | None
    per_intent: tuple[IntentScore, ...]
    confusions: tuple[Confusion, ...]
    by_style: tuple[tuple[str, Ratio], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingScores:
    """Jobs: all exact and in order; all among five candidates; found where none is named."""

    rank_1: Ratio
    rank_5: Ratio
    false_positives: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguityScores:
    """The person was asked: where they should be (`asked`), where they need not be."""

    asked: Ratio
    asked_needlessly: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class DistressScores:
    """Distress heard where it is, and alarms where it is not; borderline cases are apart."""

    recall: Ratio
    false_alarms: Ratio
    borderline: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """The utterances whose confidence is in (`low`, `high`]; both means are 0..1, None if none."""

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationScores:
    """`expected_error`: mean gap between confidence and accuracy, bins weighted by their count."""

    bins: tuple[CalibrationBin, ...]
    expected_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityScore:
    """One kind of entity: its value exact where there is one; found where there is none."""

    entity: str
    exact: Ratio
    false_positives: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceScores:
    """Every figure of a set of utterances; times are in milliseconds."""

    intents: IntentScores
    linking: LinkingScores
    ambiguity: AmbiguityScores
    distress: DistressScores
    calibration: CalibrationScores
    entities: tuple[EntityScore, ...]
    median_ms: float | None
    slow_ms: float | None


def score_utterances(played: Sequence[PlayedUtterance]) -> UtteranceScores:
    """Compute every figure; `slow_ms` is the time that 95 utterances out of 100 stay under."""
    times = sorted(one.elapsed_ms for one in played)
    return UtteranceScores(
        intents=score_intents(played),
        linking=score_linking(played),
        ambiguity=score_ambiguity(played),
        distress=score_distress(played),
        calibration=score_calibration(played),
        entities=score_entities(played),
        median_ms=times[len(times) // 2] if times else None,
        slow_ms=times[min(len(times) - 1, len(times) * 95 // 100)] if times else None,
    )


def score_intents(played: Sequence[PlayedUtterance]) -> IntentScores:
    """Score the intents; an intent of `accept` counts as the expected one."""
    expected = Counter(one.case.intent for one in played)
    understood = Counter(one.counted_as for one in played)
    right = Counter(one.case.intent for one in played if one.is_right)
    wrong = Counter((o.case.intent, o.counted_as) for o in played if not o.is_right)
    per_intent = tuple(
        IntentScore(
            intent=intent,
            expected=expected[intent],
            understood=understood[intent],
            right=right[intent],
        )
        for intent in sorted(expected.keys() | understood.keys())
    )
    named = [score.f1 for score in per_intent if score.expected]
    return IntentScores(
        accuracy=_ratio(played, lambda one: one.is_right),
        macro_f1=sum(named) / len(named) if named else None,
        per_intent=per_intent,
        confusions=tuple(
            Confusion(expected=pair[0], understood=pair[1], count=count)
            for pair, count in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
        ),
        by_style=_by_style(played),
    )


def score_linking(played: Sequence[PlayedUtterance]) -> LinkingScores:
    """Score the jobs, whatever the intent; utterances marked ambiguous are left out."""
    clear = [one for one in played if not one.case.is_ambiguous]
    named = [one for one in clear if one.case.metiers]
    without = [one for one in clear if not one.case.metiers]
    return LinkingScores(
        rank_1=_ratio(named, lambda one: one.resolved == one.case.metiers),
        rank_5=_ratio(named, lambda one: set(one.case.metiers) <= _first_candidates(one)),
        false_positives=_ratio(without, lambda one: bool(one.resolved)),
    )


def score_ambiguity(played: Sequence[PlayedUtterance]) -> AmbiguityScores:
    """Score the questions « which job do you mean? »."""
    ambiguous = [one for one in played if one.case.is_ambiguous]
    clear = [one for one in played if not one.case.is_ambiguous]
    return AmbiguityScores(
        asked=_ratio(ambiguous, asks_rightly),
        asked_needlessly=_ratio(clear, lambda one: one.asks),
    )


def asks_rightly(played: PlayedUtterance) -> bool:
    """Whether one ambiguous mention offers every candidate that the case expects."""
    expected = set(played.case.candidates)
    return any(
        mention.is_ambiguous and expected <= {candidate.id for candidate in mention.candidates}
        for mention in played.heard.all("metier")
    )


def score_distress(played: Sequence[PlayedUtterance]) -> DistressScores:
    """Score distress among ordinary utterances; where it is only accepted is borderline."""
    distress = [one for one in played if one.case.intent == _DISTRESS]
    accepted = [o for o in played if _DISTRESS in o.case.accept and o.case.intent != _DISTRESS]
    others = [o for o in played if _DISTRESS not in (o.case.intent, *o.case.accept)]
    return DistressScores(
        recall=_ratio(distress, _is_alarm),
        false_alarms=_ratio(others, _is_alarm),
        borderline=_ratio(accepted, _is_alarm),
    )


def score_safety(played: Sequence[PlayedSafety]) -> DistressScores:
    """Score the safety cases; borderline ones are counted by their alarms, apart."""
    clear = [one for one in played if not one.case.is_borderline]
    return DistressScores(
        recall=_ratio([one for one in clear if one.case.is_distress], lambda one: one.is_alarm),
        false_alarms=_ratio(
            [one for one in clear if not one.case.is_distress], lambda one: one.is_alarm
        ),
        borderline=_ratio(
            [one for one in played if one.case.is_borderline], lambda one: one.is_alarm
        ),
    )


def score_calibration(played: Sequence[PlayedUtterance], *, bins: int = _BINS) -> CalibrationScores:
    """Compare confidence and accuracy in bins of equal width.

    Source: expected calibration error, Guo et al., « On Calibration of Modern Neural
    Networks » (2017), equation 3.

    Raises:
        ValueError: `bins` is below 1.
    """
    if bins < 1:
        raise ValueError("bins must be 1 or more")
    grouped: list[list[PlayedUtterance]] = [[] for _ in range(bins)]
    for one in played:
        grouped[_bin_of(one.heard.intent.confidence, bins)].append(one)
    made = tuple(
        _calibration_bin(index / bins, (index + 1) / bins, group)
        for index, group in enumerate(grouped)
    )
    gaps = [
        b.count * abs(b.accuracy - b.confidence)
        for b in made
        if b.accuracy is not None and b.confidence is not None
    ]
    return CalibrationScores(bins=made, expected_error=sum(gaps) / len(played) if played else None)


def score_entities(played: Sequence[PlayedUtterance]) -> tuple[EntityScore, ...]:
    """Score each kind of entity that a case expects or that was found, by its first value."""
    scores: list[EntityScore] = []
    for entity in ENTITIES:
        pairs = [(dict(one.case.entities).get(entity), one.heard.value(entity)) for one in played]
        having = [(gold, found) for gold, found in pairs if gold is not None]
        without = [found for gold, found in pairs if gold is None]
        score = EntityScore(
            entity=entity,
            exact=_ratio(having, lambda pair: pair[0] == pair[1]),
            false_positives=_ratio(without, lambda found: found is not None),
        )
        if score.exact.total or score.false_positives.count:
            scores.append(score)
    return tuple(scores)


def _ratio(items: Iterable[_T], holds: Callable[[_T], bool]) -> Ratio:
    verdicts = [holds(item) for item in items]
    return Ratio(count=sum(verdicts), total=len(verdicts))


def _is_alarm(played: PlayedUtterance) -> bool:
    return played.heard.intent.name == _DISTRESS


def _first_candidates(played: PlayedUtterance) -> set[str]:
    found = set(played.resolved)
    for mention in played.heard.all("metier"):
        found |= {candidate.id for candidate in mention.candidates[:_RANK]}
    return found


def _by_style(played: Sequence[PlayedUtterance]) -> tuple[tuple[str, Ratio], ...]:
    styles = sorted({one.case.style for one in played if one.case.style})
    return tuple(
        (style, _ratio([o for o in played if o.case.style == style], lambda one: one.is_right))
        for style in styles
    )


def _bin_of(confidence: float, bins: int) -> int:
    # A bin holds its upper bound: 1.0 is in the last one, 0.1 in the first of ten.
    for index in range(bins - 1):
        if confidence <= (index + 1) / bins:
            return index
    return bins - 1


def _calibration_bin(low: float, high: float, group: Sequence[PlayedUtterance]) -> CalibrationBin:
    count = len(group)
    return CalibrationBin(
        low=low,
        high=high,
        count=count,
        confidence=sum(o.heard.intent.confidence for o in group) / count if count else None,
        accuracy=sum(o.is_right for o in group) / count if count else None,
    )
