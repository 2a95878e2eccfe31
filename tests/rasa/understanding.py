"""What each system understands of the same utterances, by the same request, and how fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import requests
from rapidfuzz import fuzz, process, utils

from bot.catalogue.catalogue import Catalogue
from bot.evaluation.played import PlayedUtterance
from bot.evaluation.scoring import Ratio, score_intents, score_linking
from bot.evaluation.utterance_set import Utterance
from bot.understanding.interpretation import EntityMention, IntentPrediction, Interpretation

__all__ = ["Heard", "Names", "Scores", "ask_balise", "ask_rasa", "naive_linker", "scores"]

OUT_OF_SCOPE = "hors_sujet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The intent and the jobs that a system found, and the milliseconds that it took."""

    intent: str
    metiers: tuple[str, ...]
    ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Shares (0..1) over one set of utterances, and percentiles in milliseconds.

    `rank_1`: the jobs named are found, all and in order; `false_job`: one is found where none is
    named; `scope_recall`, `scope_precision`: of what is out of scope.
    """

    intent: float
    rank_1: float
    false_job: float
    scope_recall: float
    scope_precision: float
    p50_ms: float
    p99_ms: float


class Names:
    """The jobs of a catalogue by their names, case folded."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.jobs: dict[str, set[str]] = {}
        for fiche in catalogue:
            for form in (fiche.name, *(form for n in fiche.names() for form in n.forms())):
                self.jobs.setdefault(form.casefold(), set()).add(fiche.id)

    def only(self, name: str) -> str | None:
        """The job that has a name alone, None when there is none or several."""
        found = self.jobs.get(name.casefold(), set())
        return next(iter(found)) if len(found) == 1 else None


Ask = Callable[[str], Heard]


def ask_balise(port: int) -> Ask:
    """Ask Balise what it understands."""

    def jobs(answer: Mapping[str, list[dict[str, str]]]) -> list[str | None]:
        return [e.get("id") for e in answer["entities"] if e["entity"] == "metier"]

    return _asking(port, jobs)


def ask_rasa(port: int, names: Names) -> Ask:
    """Ask Rasa; the value of an entity is a title by its synonyms, or a name as it was typed."""

    def jobs(answer: Mapping[str, list[dict[str, str]]]) -> list[str | None]:
        return [names.only(e["value"]) for e in answer["entities"] if e["entity"] == "metier"]

    return _asking(port, jobs)


def _asking(port: int, jobs: Callable[..., list[str | None]]) -> Ask:
    session = requests.Session()
    url = f"http://127.0.0.1:{port}/model/parse"

    def ask(text: str) -> Heard:
        start = time.perf_counter()
        response = session.post(url, json={"text": text}, timeout=60)
        ms = (time.perf_counter() - start) * 1000
        response.raise_for_status()
        answer = response.json()
        found = tuple(dict.fromkeys(job for job in jobs(answer) if job is not None))
        return Heard(intent=answer["intent"]["name"], metiers=found, ms=ms)

    return ask


def naive_linker(names: Names, cutoff: float) -> Ask:
    """Take the name that `rapidfuzz.process.extract` likes best of all names, above a score."""
    said = {utils.default_process(name): jobs for name, jobs in names.jobs.items()}
    choices = list(said)

    def ask(text: str) -> Heard:
        start = time.perf_counter()
        # Both sides are already folded: a processor here would fold every name each time.
        found = process.extract(
            utils.default_process(text), choices, scorer=fuzz.WRatio, limit=5, score_cutoff=cutoff
        )
        ms = (time.perf_counter() - start) * 1000
        jobs = said[found[0][0]] if found else set()
        return Heard(intent="", metiers=tuple(jobs) if len(jobs) == 1 else (), ms=ms)

    return ask


def scores(utterances: Sequence[Utterance], ask: Ask) -> Scores:
    """Ask every utterance twice, the first time to warm up; score the second as `evaluate` does."""
    for utterance in utterances:
        ask(utterance.text)
    played = [_played(utterance, ask(utterance.text)) for utterance in utterances]
    intents, linking = score_intents(played), score_linking(played)
    outside = next(one for one in intents.per_intent if one.intent == OUT_OF_SCOPE)
    times = sorted(one.elapsed_ms for one in played)
    return Scores(
        intent=_share(intents.accuracy),
        rank_1=_share(linking.rank_1),
        false_job=_share(linking.false_positives),
        scope_recall=_share(outside.recall),
        scope_precision=_share(outside.precision),
        p50_ms=times[len(times) // 2],
        p99_ms=times[len(times) * 99 // 100],
    )


def _played(utterance: Utterance, heard: Heard) -> PlayedUtterance:
    # Rasa's fallback is how it says that it does not answer this.
    name = OUT_OF_SCOPE if heard.intent == "nlu_fallback" else heard.intent
    intent = IntentPrediction(name=name, confidence=1.0)
    metiers = tuple(
        EntityMention(entity="metier", value=job, start=0, end=0, score=1.0, id=job)
        for job in heard.metiers
    )
    found = Interpretation(text=utterance.text, intent=intent, ranking=(intent,), entities=metiers)
    return PlayedUtterance(case=utterance, heard=found, elapsed_ms=heard.ms)


def _share(ratio: Ratio) -> float:
    return float("nan") if ratio.share is None else ratio.share
