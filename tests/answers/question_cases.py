"""The questions about one fiche written for the project, and how they are read.

The sentences that answer are Onisep's and stay out of the repository: a case holds the first
sixteen digits of the SHA-256 of each, which `digest` gives.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from bot.answers.sentence_ranking import Question, read_question
from bot.answers.sentence_reading import FicheSentences, read_sentences
from bot.catalogue.catalogue import Catalogue
from bot.understanding.normalisation import Normaliser
from bot.understanding.notions import NotionTable

__all__ = ["CASES", "Asked", "digest", "read_cases"]

CASES = Path(__file__).parents[1] / "cases" / "questions"


@dataclass(frozen=True)
class Asked:
    """A question, the sentences of its fiche, and those that answer (none: it does not tell)."""

    id: str
    metier: str
    text: str
    answers: tuple[str, ...]
    question: Question
    fiche: FicheSentences


def digest(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def read_cases(
    name: str, catalogue: Catalogue, normaliser: Normaliser, notions: NotionTable
) -> list[Asked]:
    rows = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [
        Asked(
            id=row["id"],
            metier=row["metier"],
            text=row["question"],
            answers=_found(row["answers"], fiche),
            question=read_question(normaliser.normalise(row["question"]).words, notions),
            fiche=fiche,
        )
        for row in rows
        for fiche in [read_sentences(catalogue.get(row["metier"]), notions)]
    ]


def _found(digests: list[str], fiche: FicheSentences) -> tuple[str, ...]:
    """Return the sentences of the digests; a digest that no sentence has is kept as it is."""
    by_digest = {digest(sentence.text): sentence.text for sentence in fiche.sentences}
    return tuple(by_digest.get(one, one) for one in digests)
