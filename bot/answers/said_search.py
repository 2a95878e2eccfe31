"""Reads a search out of what was said: which words are criteria, and which are looked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.answers.context import AnswerContext
from bot.catalogue.criteria import Criteria
from bot.catalogue.search import SearchResult
from bot.dialogue.decision import RunAction
from bot.understanding.interpretation import EntityMention

__all__ = ["found_jobs", "jobs_meeting"]

_CRITERIA = ("niveau", "statut", "centre_interet", "domaine")


def found_jobs(decision: RunAction, context: AnswerContext) -> tuple[SearchResult, Criteria]:
    """Search by what was said; return the jobs, and the criteria that the exact ones meet.

    A label said in its own words (« le paramédical ») is a criterion when nothing else is said of
    the work; otherwise (« laver le linge des hôtels ») its words are searched, and it only
    puts forward.
    """
    firm, labels = _criteria(decision)
    said = _outside(decision, ("niveau", "statut"))
    literal = all(label.score == 1.0 for label in _labels(decision.mentions))
    if literal and not context.search.says_something(_outside(decision, _CRITERIA)):
        asked = replace(firm, centres_interet=labels.centres_interet, domaines=labels.domaines)
        result = jobs_meeting(asked, context, said=said)
        if result.metiers or not labels:
            return result, asked
    return context.search.find(firm, said, hints=labels), firm


def jobs_meeting(asked: Criteria, context: AnswerContext, *, said: str = "") -> SearchResult:
    """Return the jobs that meet criteria, in the order in which they answer the words said."""
    result = context.search.meeting(asked, said)
    if result.metiers or not (asked.centres_interet and asked.domaines):
        return result
    # A taste and a field said by the same words need not both hold.
    tastes = context.search.meeting(replace(asked, domaines=()), said)
    fields = context.search.meeting(replace(asked, centres_interet=()), said)
    found = tuple(dict.fromkeys((*fields.metiers, *tastes.metiers)))
    return SearchResult(metiers=found, exact=len(found))


def _criteria(decision: RunAction) -> tuple[Criteria, Criteria]:
    """Read what was said: level and status, then the labels of interests and fields."""
    words = " ".join(decision.words)
    exactly = "a NIVEAU" in words or "niveau NIVEAU" in words or "niveau bac" in words
    firm = Criteria(
        niveau=decision.argument("niveau"),
        niveau_rule=decision.argument("niveau_rule")
        or ("equal" if exactly and "maximum" not in words else "max"),
        statuts=decision.all("statut"),
    )
    said = list(_labels(decision.mentions))
    labels = Criteria(
        centres_interet=tuple(m.value for m in said if m.entity == "centre_interet"),
        domaines=tuple(m.value for m in said if m.entity == "domaine"),
    )
    return firm, labels


def _labels(mentions: Sequence[EntityMention]) -> Iterator[EntityMention]:
    """Yield the interests and fields said, each word naming one thing.

    « le droit public » names that field, not an interest for the law; « la chimie » names the
    field in its own words, before an interest for experiments.
    """
    labels = [m for m in mentions if m.entity in ("centre_interet", "domaine")]
    for label in labels:
        rivals = (m for m in labels if m.start < label.end and label.start < m.end)
        if label.end == 0 or _strength(label) == max(map(_strength, rivals)):
            yield label


def _strength(label: EntityMention) -> tuple[int, float]:
    return (label.end - label.start, label.score)


def _outside(decision: RunAction, entities: Collection[str]) -> str:
    """Return the text typed without the mentions of some entities."""
    text, end, parts = decision.text, 0, []
    for mention in sorted(decision.mentions, key=lambda mention: mention.start):
        if mention.entity in entities and mention.end > end:
            parts.append(text[end : max(end, mention.start)])
            end = mention.end
    return " ".join((*parts, text[end:]))
