"""Ranks the sentences of a fiche by how well they answer a question, or finds that none does.

A question is cut into units: a word, or a way of saying a notion of working life. A sentence
answers by the words and the notions that it shares with the question; rare ones count more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import mul

from bot.answers.sentence_reading import FicheSentences, Sentence
from bot.catalogue.stemming import stems
from bot.understanding.notions import NotionTable

__all__ = [
    "FEATURES",
    "Question",
    "Unit",
    "features",
    "notions_of",
    "question_about",
    "rank",
    "read_question",
    "silence_features",
]

_MOST = 3

# Words of a question that say nothing of what is asked, as normalised.
_EMPTY = frozenset(
    "a afin ai aime aimer aller alors apres as au aucun aujourd'hui aussi autre autres aux avait "
    "avec avez avoir bah beaucoup ben besoin bien bosse bossent bosser boulot ca car ce cela ces "
    "cet cette ceux chaque chez chose choses ci combien comme comment d'accord dans de deja des "
    "deux devoir dire dis dit doit doivent donc donne donner du elle elles en encore ensuite es "
    "est et etait ete etre eu euh eux exerce exercer faire fait faudra faudrait faut fois font "
    "genre hein ici il ils j'ai jamais je job juste la le les leur leurs lui ma mais me meme mes "
    "met metier metiers mettre moi mon ne ni non nos notre nous occupe on ont ou oui par parce "
    "parfois pas peu peut peuvent peux plus plutot pour pourquoi pourra pourrait pouvoir prend "
    "prendre profession professionnel professionnelle puis qu' quand que quel quelle quelles "
    "quelque quelques quels qui quoi reste rester rien s'il sa sais sait sans savoir se sera "
    "serait ses si soit son sont sous souvent suis sur ta taf te tes toi ton toujours tous tout "
    "toute toutes travail travaille travaillent travailler tres trop truc trucs tu un une va vas "
    "vers veut veux voir voit vont vos votre vouloir vous vrai vraiment y".split()
)

FEATURES = (
    "words",
    "notions",
    "ways",
    "coverage",
    "number",
    "length",
    "summary",
    "nature",
    "skills",
    "conditions",
    "salary",
    "job_market",
    "access",
    "presentation",
)
# A conditional logistic regression: each question chooses between the sentences of its fiche and
# silence. Fitted by tests/answers/fit_question_weights.py on the 366 questions of
# tests/cases/questions/dev.jsonl.
_WEIGHTS = (1.54, 1.8, 2.07, 2.86, 2.04, -0.54, -0.04, 0.06, 0.46, 1.3, -2.05, 0.17, -1.33, -1.2)
# What the best sentence must exceed: a base, then more for each unit of the question that says a
# notion, that is words alone, and that no sentence of the fiche holds.
_SILENCE_BASE = 0.51
_SILENCE_WEIGHTS = (1.58, 0.32, 0.9)

# A notion in other words answers a little less than the word itself.
_NOTION_COVERS = 0.8
# Questions that a number answers.
_NUMBER_WORDS = frozenset(["age", "combien", "heure", "heures"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A part of a question: the stems that matter in it, the notions that it says."""

    stems: tuple[str, ...]
    notions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `number`: whether the answer should hold one."""

    units: tuple[Unit, ...]
    number: bool


def read_question(words: Sequence[str], notions: NotionTable) -> Question:
    """Cut the normalised words of a question into units; placeholders (`METIER`) are left out."""
    said: list[str] = []
    matter: list[bool] = []
    for word in words:
        for stem in stems(word) if not word.isupper() else ():
            said.append(stem)
            matter.append(word not in _EMPTY and len(stem) > 1)
    units = []
    for match in notions.longest(said):
        places = range(match.first, match.last + 1)
        content = tuple(said[place] for place in places if matter[place])
        if content or len(places) > 1:
            units.append(Unit(stems=content, notions=match.notions))
    return Question(units=tuple(units), number=not _NUMBER_WORDS.isdisjoint(words))


def notions_of(question: Question) -> tuple[str, ...]:
    """Return the notions that a question says, each once, in order."""
    said = (notion for unit in question.units for notion in unit.notions)
    return tuple(dict.fromkeys(said))


def question_about(notions: Sequence[str]) -> Question:
    """Ask about notions, when the words of the question are not there any more."""
    units = tuple(Unit(stems=(), notions=(notion,)) for notion in notions)
    return Question(units=units, number=False)


def rank(question: Question, fiche: FicheSentences) -> tuple[Sentence, ...]:
    """Return the sentences that answer, best first, three at most; none when none answers."""
    if not question.units:
        return ()
    scored: list[tuple[float, Sentence]] = []
    for sentence in fiche.sentences:
        found = features(question, sentence, fiche)
        if found[FEATURES.index("coverage")] > 0:
            scored.append((sum(map(mul, _WEIGHTS, found)), sentence))
    scored.sort(key=lambda item: (-item[0], item[1].index))
    silence = _SILENCE_BASE + sum(map(mul, _SILENCE_WEIGHTS, silence_features(question, fiche)))
    if not scored or scored[0][0] <= silence:
        return ()
    return tuple(sentence for _, sentence in scored[:_MOST])


def features(question: Question, sentence: Sentence, fiche: FicheSentences) -> tuple[float, ...]:
    """Measure how a sentence may answer a question, in the order of `FEATURES`."""
    words = notions = ways = covered = 0.0
    for unit in question.units:
        shared = [fiche.rarity_of_stem(stem) for stem in unit.stems if stem in sentence.stems]
        share = len(shared) / len(unit.stems) if unit.stems else 0.0
        words += share * sum(shared)
        near = [notion for notion in unit.notions if notion in sentence.notions]
        if near:
            notions += max(map(fiche.rarity_of_notion, near))
            ways += math.log1p(max(sentence.notions[notion] for notion in near))
        elif unit.notions and share == 1.0:  # « choisit les membres de l'équipe »
            notions += max(shared)
            ways += math.log1p(1)
        covered += max(share, _NOTION_COVERS * bool(near))
    return (
        words,
        notions,
        ways,
        covered / (len(question.units) or 1),
        float(question.number and sentence.counts),
        math.log1p(sentence.length),
        *_section(sentence.field),
    )


def silence_features(question: Question, fiche: FicheSentences) -> tuple[float, float, float]:
    """Count the units with a notion, the units of words alone, those found nowhere in the fiche."""
    notions = sum(bool(unit.notions) for unit in question.units)
    unheard = sum(
        fiche.stem_counts.keys().isdisjoint(unit.stems)
        and fiche.notion_counts.keys().isdisjoint(unit.notions)
        for unit in question.units
    )
    return float(notions), float(len(question.units) - notions), float(unheard)


def _section(field: str) -> Iterator[float]:
    return (float(field == name) for name in FEATURES[6:])
