"""Checks the responses: written, said, their blanks filled, their buttons alive."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.answers.context import AnswerContext
from bot.answers.idea_table import IdeaTable
from bot.answers.registry import ACTIONS, answer
from bot.answers.small_talk import chat
from bot.answers.wording import Wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.search import Search
from bot.catalogue.surroundings import Surroundings
from bot.dialogue.decision import RunAction
from bot.dialogue.intents import INTENTS, METIER_INTENTS
from bot.dialogue.tracker import Tracker
from bot.evaluation.checks.finding import Finding, error, notice
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.evaluation.checks.response_usage import ResponseUsage
from bot.evaluation.checks.yaml_nodes import child, composed, items, line_of, pairs
from bot.rasa_yaml import yaml_files
from bot.understanding.building import LABELS, surroundings_from, thesaurus_from
from bot.understanding.label_matcher import PhraseTable

__all__ = ["check_answers", "check_buttons", "check_responses"]

_PAYLOAD = re.compile(r"/([a-z_]+)\s*(\{.*\})?", re.DOTALL)
_Place = tuple[Path, int | None]


def check_responses(
    wording: Wording, usage: ResponseUsage, folder: IntentsFolder
) -> Iterator[Finding]:
    """Yield the responses that the code says and nobody wrote, and those that nobody says.

    Args:
        wording: the responses written.
        usage: the responses said by the code.
        folder: where they are written; keys are made of the names of its synonyms too.
    """
    places = {written.key: written.place for written in _written(folder.path)}
    nowhere: _Place = (folder.path / "responses", None)
    wanted: dict[str, _Place] = {n: nowhere for n, action in ACTIONS.items() if action is chat}
    wanted |= {one.key: (one.path, one.line) for one in reversed(usage.said)}
    for key, place in sorted(wanted.items()):
        if key not in wording:
            yield error("response_missing", *place, detail=f"utter_{key}")
    for one in usage.said:
        if one.key in wording and one.blanks is not None:
            place = places.get(one.key, nowhere)
            for blank in sorted(wording.placeholders(one.key) - one.blanks):
                yield error("response_blank", *place, field=f"utter_{one.key}", detail=blank)
    names = frozenset(INTENTS).union(*folder.lexicon.synonyms.values())
    for key in wording.keys:
        if not usage.uses(key, names):
            yield notice("response_unused", *places.get(key, nowhere), detail=f"utter_{key}")


def check_buttons(folder: IntentsFolder, usage: ResponseUsage) -> Iterator[Finding]:
    """Yield the buttons written in responses that lead nowhere."""
    for written in _written(folder.path):
        for payload, line in written.payloads:
            # Rasa writes a literal brace twice.
            plain = payload.replace("{{", "{").replace("}}", "}")
            if not _is_alive(plain, folder, usage):
                field = f"utter_{written.key}"
                yield error("bad_payload", written.path, line, field=field, detail=payload)


def check_answers(
    folder: IntentsFolder, usage: ResponseUsage, catalogue: Catalogue, wording: Wording
) -> Iterator[Finding]:
    """Answer every intent about the first fiche, and look at the buttons of the answers."""
    first = next(iter(catalogue)).id
    responses = folder.path / "responses"
    with closing(Search(catalogue, thesaurus_from(folder.lexicon))) as search:
        context = AnswerContext(
            catalogue=catalogue,
            wording=wording,
            search=search,
            ideas=IdeaTable(catalogue, Surroundings(search, surroundings_from(folder.lexicon))),
            normaliser=folder.normaliser,
            word_classes=PhraseTable(folder.lexicon.word_classes, folder.normaliser),
            tracker=Tracker(),
        )
        for intent in INTENTS:
            metiers = (first,) if intent in METIER_INTENTS else ()
            try:
                said = answer(RunAction(action=intent, metiers=metiers), context).answer
            except ValueError as wrong:
                yield error("answer_fails", responses, field=intent, detail=str(wrong))
                continue
            for button in said.buttons:
                if not _is_alive(button.payload, folder, usage):
                    yield error("bad_payload", responses, field=intent, detail=button.payload)


def _is_alive(payload: str, folder: IntentsFolder, usage: ResponseUsage) -> bool:
    """Whether a button asks a known intent, with entities that the code reads, of known values."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match[1] not in INTENTS:
        return False
    try:
        values = json.loads(match[2] or "{}")
    except ValueError:
        return False
    if not isinstance(values, dict):
        return False
    for entity, value in values.items():
        table = folder.lexicon.synonyms.get(LABELS.get(entity, ""))
        said = value if isinstance(value, list) else [value]
        if entity not in usage.literals or (table and not all(one in table for one in said)):
            return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A response where it is written; `payloads` are those of its buttons, with their lines."""

    key: str
    path: Path
    line: int
    payloads: tuple[tuple[str, int], ...]

    @property
    def place(self) -> _Place:
        return self.path, self.line


def _written(intents: Path) -> Iterator[_Written]:
    for path in yaml_files(intents / "responses"):
        for name, variants in pairs(child(composed(path), "responses")):
            buttons = (b for variant in items(variants) for b in items(child(variant, "buttons")))
            payloads = (child(button, "payload") for button in buttons)
            yield _Written(
                key=str(name.value).removeprefix("utter_"),
                path=path,
                line=line_of(name),
                payloads=tuple((str(p.value), line_of(p)) for p in payloads if p is not None),
            )
