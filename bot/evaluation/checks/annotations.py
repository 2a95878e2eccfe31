"""Checks the entities annotated in examples, `[text](entity)`: known kinds, known values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.evaluation.checks.finding import Finding, error, unknown_name
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.evaluation.utterance_set import ENTITIES
from bot.understanding.building import LABELS
from bot.understanding.label_matcher import LabelMatcher
from bot.understanding.normalisation import stem

__all__ = ["ANNOTATED", "check_annotations"]

ANNOTATED = ("metier", *ENTITIES)
"""The entities of the contract; jobs and diplomas may be any, known or not, well spelt or not."""

# What is left of an annotation in another form of Rasa's: nobody would read it.
_UNREAD = re.compile(r"\[[^\]]*\]\s*[({][^)}]*[)}]?")


def check_annotations(folder: IntentsFolder) -> Iterator[Finding]:
    """Yield what is wrong in the annotations of the examples."""
    values = _Values(folder)
    for example in folder.examples:
        path, line = example.path, example.line
        unread = _UNREAD.search(example.text)
        if unread:
            yield error("annotation_unread", path, line, field=unread[0])
        for span in example.entities:
            text = example.text[span.start : span.end]
            if span.entity not in ANNOTATED:
                yield unknown_name("entity_unknown", path, line, name=span.entity, known=ANNOTATED)
            elif not values.have(span.entity, text):
                yield error("entity_value_unknown", path, line, field=text, detail=span.entity)


class _Values:
    """The values that the tables of synonyms know, as an utterance would name them."""

    def __init__(self, folder: IntentsFolder) -> None:
        self._folder = folder
        synonyms = folder.lexicon.synonyms
        self._labels = {
            entity: LabelMatcher(entity, synonyms.get(table, {}), folder.normaliser)
            for entity, table in LABELS.items()
        }

    def have(self, entity: str, text: str) -> bool:
        normalised = self._folder.normaliser.normalise(text)
        stems = [stem(word) for word in normalised.words]
        if entity == "niveau":
            return bool(self._folder.levels.parse(normalised, stems))
        labels = self._labels.get(entity)
        return labels is None or bool(labels.match(normalised, stems))
