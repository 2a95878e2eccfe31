"""The interpreter: the ordered list of components that turn an utterance into an interpretation.

normalise → button payload? → levels, labels, diplomas → jobs → distress → patterns → classifier
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.delexicalise import delexicalise
from bot.understanding.distress_detector import DISTRESS, Alarm, hears_distress
from bot.understanding.features import FeatureExtractor
from bot.understanding.formation_linker import FormationLinker
from bot.understanding.intent_classifier import IntentModel
from bot.understanding.interpretation import EntityMention, IntentPrediction, Interpretation
from bot.understanding.label_matcher import LabelMatcher
from bot.understanding.level_parser import LevelParser
from bot.understanding.mention_filter import (
    drop_echoes,
    keep_asked_metiers,
    part_invented,
    unknown_metier,
)
from bot.understanding.metier_linker import MetierLinker
from bot.understanding.normalisation import Normaliser, stem
from bot.understanding.other_language import OtherLanguage
from bot.understanding.second_question import second_question
from bot.understanding.training_data import Pattern

__all__ = ["Interpreter"]

_PAYLOAD = re.compile(r"^/([a-z_]+)\s*(\{.*\})?\s*$", re.DOTALL)
# What platforms and widgets send by themselves: Telegram's first message, Rasa's commands.
_COMMANDS = {
    **dict.fromkeys(("start", "session_start", "get_started", "greet"), "salutation"),
    "restart": "recommencer",
}
# Words that may surround a job's name without asking anything about it.
_CARRIERS = frozenset(
    "et pour le la les l' un une d' de du des alors bon ben ok sinon ou a plutot finalement euh "
    "ah non oui si j' ai dit quid qu' en est il metier celui ? stp svp dans c' est je parle "
    "parlais veux veut dire comme genre pareil idem meme chose question la-dessus maintenant coup "
    "voila".split()
)


# Questions about one job that can be asked two at a time.
_ABOUT_ONE_FICHE = frozenset(
    {
        "etudes", "duree_etudes", "niveau_acces", "formations", "statuts", "competences",
        "conditions_travail", "salaire", "debouches",
    }
)  # fmt: skip
# A job in such an utterance is told in passing.
_ABOUT_NO_JOB = frozenset({"hors_sujet", "insulte", "avis_positif", "donnees_personnelles"})
_IN_PASSING = 0.6  # the confidence from which that is sure
_ABOUT_FORMATIONS = frozenset({"formation_info", "metiers_apres_formation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """Understands utterances; every part is given, nothing is read here.

    `is_written` tells the words that the fiches are written with: where a job is expected,
    another word is the name of a job that we do not know. `is_invented` tells the words of French
    that nothing in the catalogue says: no fiche is about an « éleveur de licornes ».
    """

    normaliser: Normaliser
    metiers: MetierLinker
    formations: FormationLinker
    levels: LevelParser
    labels: Sequence[LabelMatcher]
    languages: OtherLanguage
    is_written: Callable[[str], bool]
    is_invented: Callable[[str], bool]
    features: FeatureExtractor
    model: IntentModel
    detector: IntentModel
    patterns: Sequence[Pattern]

    def interpret(self, text: str) -> Interpretation:
        """Understand one utterance (or a button's payload); never fails, whatever the text."""
        payload = _PAYLOAD.match(text.strip())
        intent = _COMMANDS.get(payload[1], payload[1]) if payload is not None else None
        if payload is not None and intent in self.model.intents:
            return self._pressed(text, intent, payload[2])
        return self._typed(text)

    def _pressed(self, text: str, intent: str, values: str | None) -> Interpretation:
        prediction = IntentPrediction(name=intent, confidence=1.0)
        return Interpretation(
            text=text,
            intent=prediction,
            ranking=(prediction,),
            entities=tuple(self._carried(_json_object(values))),
            is_payload=True,
            reasons=(f"payload {intent}",),
        )

    def _carried(self, values: Mapping[str, object]) -> list[EntityMention]:
        mentions: list[EntityMention] = []
        for entity, value in values.items():
            for item in value if isinstance(value, list) else [value]:
                if not isinstance(item, str | int | float):
                    continue
                if entity == "metier":
                    mentions.append(self.metiers.by_id(str(item)))
                elif entity == "formation":
                    mentions.append(self.formations.by_id(str(item)))
                else:
                    mentions.append(
                        EntityMention(entity=entity, value=str(item), start=0, end=0, score=1.0)
                    )
        return mentions

    def _typed(self, text: str) -> Interpretation:
        normalised = self.normaliser.normalise(text)
        stems = [stem(word) for word in normalised.words]
        levels = self.levels.parse(normalised, stems)
        formations = self.formations.link(normalised)
        linked = _outside(self.metiers.link(normalised), formations)
        labels = [m for matcher in self.labels for m in matcher.match(normalised, stems)]
        ordinals = [label for label in labels if label.entity == "ordinal"]
        counted = set(ordinals).difference(_outside(ordinals, levels))  # the 5 of « bac + 5 »
        labels = [label for label in labels if label not in counted]
        statuts = [label for label in labels if label.entity == "statut"]
        metiers = drop_echoes(keep_asked_metiers(linked, normalised), statuts, normalised)
        words = delexicalise(normalised.tokens, (*metiers, *formations, *levels))
        ranking, reasons, alarm = self.rank(words)
        is_foreign = alarm is not Alarm.DISTRESS and self.languages.heard(text, normalised.words)
        if is_foreign:
            ranking, reasons = put_first("hors_sujet", ranking), ("another language",)
        intent = ranking[0]
        if not formations and intent.name in _ABOUT_FORMATIONS:
            formations = self.formations.bare_type(normalised)
        entities: list[EntityMention] = [*formations, *levels, *labels]
        if intent.name not in _ABOUT_NO_JOB or intent.confidence < _IN_PASSING:
            real, invented = part_invented(metiers, normalised, self.is_invented)
            entities += real or invented or unknown_metier(normalised, self._is_known)
        return Interpretation(
            text=text,
            intent=intent,
            ranking=ranking,
            entities=tuple(sorted(entities, key=lambda m: (m.start, m.end))),
            words=words,
            also=second_question(words, intent.name, predict=self._guess, askable=_ABOUT_ONE_FICHE),
            is_bare_mention=_is_bare(words),
            is_worrying=alarm is Alarm.GENTLE,
            is_foreign=is_foreign,
            reasons=reasons,
        )

    def _is_known(self, word: str) -> bool:
        return self.is_written(word) or self.metiers.holds(word)

    def _guess(self, words: Sequence[str]) -> IntentPrediction:
        return self.model.predict(self.features.extract(words))[0]

    def rank(
        self, words: Sequence[str]
    ) -> tuple[tuple[IntentPrediction, ...], tuple[str, ...], Alarm]:
        """Rank the intents, with the reasons of the first, and say how worrying the words are."""
        features = self.features.extract(words)
        ranking = self.model.predict(features)
        joined = " ".join(words)
        pattern = next((p for p in self.patterns if p.regex.search(joined)), None)
        if pattern is not None and pattern.intent == DISTRESS:
            return put_first(DISTRESS, ranking), (_place(pattern),), Alarm.DISTRESS
        alarm = hears_distress(self.detector, features, ranking[0])
        if alarm is Alarm.DISTRESS:
            return put_first(DISTRESS, ranking), ("distress detector",), alarm
        if not any(f in self.model.columns for f in features if f.startswith(("w:", "l:"))):
            return put_first("hors_sujet", ranking), ("nothing known in it",), alarm
        if pattern is not None:
            first = IntentPrediction(name=pattern.intent, confidence=0.99)
            rest = tuple(p for p in ranking if p.name != pattern.intent)
            return (first, *rest), (_place(pattern),), alarm
        return ranking, (f"classifier {ranking[0].name} {ranking[0].confidence}",), alarm


def _place(pattern: Pattern) -> str:
    return f"{pattern.path.name}:{pattern.line} {pattern.regex.pattern}"


def put_first(intent: str, ranking: tuple[IntentPrediction, ...]) -> tuple[IntentPrediction, ...]:
    """Put an intent first in a ranking, at least as sure as what was first."""
    top = max(0.5, ranking[0].confidence)
    rest = tuple(prediction for prediction in ranking if prediction.name != intent)
    return (IntentPrediction(name=intent, confidence=top), *rest)


def _json_object(text: str | None) -> Mapping[str, object]:
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _outside(
    mentions: Sequence[EntityMention], others: Sequence[EntityMention]
) -> tuple[EntityMention, ...]:
    """Drop the mentions inside others: « CAP boulanger » names a diploma, and no job."""
    return tuple(
        m for m in mentions if not any(m.start < o.end and o.start < m.end for o in others)
    )


def _is_bare(words: Sequence[str]) -> bool:
    named = sum(word == "METIER" for word in words)
    return named == 1 and all(word == "METIER" or word in _CARRIERS for word in words)
