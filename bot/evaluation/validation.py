"""Checks `intents/` and the catalogue, and collects every finding before it speaks.

Nothing is trained: an editor who has just changed a line gets the answer at once.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.answers.answer import Answer
from bot.answers.context import AnswerContext
from bot.answers.registry import ACTIONS, answer
from bot.answers.small_talk import chat
from bot.answers.wording import Wording, read_wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import MetierId
from bot.catalogue.finding import Severity
from bot.catalogue.loading import load_catalogue
from bot.catalogue.search import Search
from bot.catalogue.validation import check_catalogue
from bot.dialogue.decision import RunAction
from bot.dialogue.intents import INTENTS, METIER_INTENTS
from bot.dialogue.tracker import Tracker
from bot.errors import FileError, Problem
from bot.evaluation.response_usage import ResponseUsage, read_usage
from bot.evaluation.yaml_keys import check_keys
from bot.rasa_yaml import Entry, read_entries, read_mapping
from bot.settings import Settings
from bot.understanding.building import normaliser_from, thesaurus_from
from bot.understanding.label_matcher import PhraseTable
from bot.understanding.normalisation import fold
from bot.understanding.training_data import Example, read_examples, read_lexicon

__all__ = ["Finding", "validate"]

_METIER_ID = re.compile(r"MET\.[0-9]+")
_PAYLOAD = re.compile(r"/([a-z_]+)\s*(\{.*\})?", re.DOTALL)
_ENTRY_FOLDERS = ("nlu", "lookup", "synonyms", "rules")
_CODE = Path(__file__).resolve().parents[2]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: an error to mend, or (`is_error` false) something worth knowing."""

    problem: Problem
    is_error: bool = True


def validate(settings: Settings) -> tuple[Finding, ...]:
    """Check the catalogue and `intents/`; errors first, each in the order of the files."""
    problems: list[Problem] = []
    catalogue = _tried(problems, lambda: load_catalogue(settings.catalogue))
    wording = _tried(problems, lambda: read_wording(settings.intents))
    problems += _check_files(settings.intents)
    examples = _tried(problems, lambda: read_examples(settings.intents)) or ()
    problems += _check_examples(examples, settings.intents)
    problems += _check_metier_ids(settings.intents)
    notices = list(_unknown_metiers(settings.intents, catalogue))
    if wording is not None:
        usage = read_usage([_CODE / "bot", _CODE / "webhook"])
        problems += _check_responses(wording, usage, settings.intents)
        notices += _unused_responses(wording, usage, settings.intents)
        if catalogue and not problems:
            problems += _check_answers(settings.intents, catalogue, wording)
    if catalogue is not None and not problems:
        errors, warnings = _check_fiches(catalogue, settings)
        problems += errors
        notices += warnings
    found = [Finding(problem=problem) for problem in dict.fromkeys(problems)]
    return (*found, *(Finding(problem=problem, is_error=False) for problem in notices))


def _check_fiches(catalogue: Catalogue, settings: Settings) -> tuple[list[Problem], list[Problem]]:
    """Count the errors and the warnings about the fiches; `catalogue validate` lists them."""
    synonyms = read_lexicon(settings.intents).synonyms
    labels = {name: tuple(synonyms[name]) for name in ("statuts", "centres_interet", "domaines")}
    counts = Counter(finding.severity for finding in check_catalogue(catalogue, labels=labels))
    path = settings.catalogue[0]
    errors, warnings = (
        [Problem(path=path, key=key, detail=str(counts[severity]))] if counts[severity] else []
        for severity, key in (
            (Severity.ERROR, "catalogue_errors"),
            (Severity.WARNING, "catalogue_warnings"),
        )
    )
    return errors, warnings


def _tried(problems: list[Problem], read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except FileError as error:
        problems.extend(error.problems)
        return None


def _check_files(intents: Path) -> Iterator[Problem]:
    """Yield what is wrong in the shape of each file, all files, not the first one only."""
    if not intents.is_dir():
        yield Problem(path=intents, key="path_missing")
        return
    for path in sorted(intents.rglob("*.yml")):
        yield from check_keys(path)
        read = read_entries if path.parent.name in _ENTRY_FOLDERS else read_mapping
        try:
            read(path)
        except FileError as error:
            yield from error.problems
        yield from _check_buttons(path)
    try:
        read_lexicon(intents)  # also compiles the patterns
    except FileError as error:
        yield from error.problems


def _check_buttons(path: Path) -> Iterator[Problem]:
    try:
        responses = read_mapping(path).get("responses")
    except FileError:
        return
    for name, variants in responses.items() if isinstance(responses, dict) else ():
        for variant in variants if isinstance(variants, list) else ():
            buttons = variant.get("buttons") if isinstance(variant, dict) else None
            for button in buttons if isinstance(buttons, list) else ():
                payload = str(button.get("payload")) if isinstance(button, dict) else ""
                # Rasa writes a literal brace twice.
                if not _is_payload(payload.replace("{{", "{").replace("}}", "}")):
                    yield Problem(path=path, key="bad_payload", field=str(name), detail=payload)


def _check_examples(examples: Iterable[Example], intents: Path) -> Iterator[Problem]:
    first: dict[str, Example] = {}
    for example in examples:
        if example.intent not in INTENTS:
            yield Problem(
                path=example.path, line=example.line, key="intent_unknown", detail=example.intent
            )
        known = first.setdefault(" ".join(fold(example.text).split()), example)
        if known.intent != example.intent:
            detail = f"{known.intent} ({known.path.name}:{known.line})"
            yield Problem(
                path=example.path, line=example.line, key="example_twice",
                field=example.text, detail=detail,
            )  # fmt: skip
    if first:
        taught = {example.intent for example in first.values()}
        for intent in INTENTS:
            if intent not in taught:
                yield Problem(path=intents / "nlu", key="intent_untaught", detail=intent)


def _metier_entries(intents: Path) -> tuple[Entry, ...]:
    path = intents / "synonyms" / "metiers.yml"
    try:
        return read_entries(path) if path.exists() else ()
    except FileError:
        return ()


def _check_metier_ids(intents: Path) -> Iterator[Problem]:
    for entry in _metier_entries(intents):
        if not _METIER_ID.fullmatch(entry.name):
            yield Problem(path=entry.path, line=entry.line, key="metier_id", detail=entry.name)


def _unknown_metiers(intents: Path, catalogue: Catalogue | None) -> Iterator[Problem]:
    """Yield one notice for all of them: a small catalogue lacks most of the jobs named there."""
    if catalogue is None:
        return
    entries = _metier_entries(intents)
    unknown = {entry.name for entry in entries if entry.name not in catalogue}
    if unknown:
        yield Problem(path=entries[0].path, key="metier_absent", detail=str(len(unknown)))


def _check_responses(wording: Wording, usage: ResponseUsage, intents: Path) -> Iterator[Problem]:
    """Yield the responses that the code says and that are not written, or not so written."""
    folder = intents / "responses"
    wanted = {said.key for said in usage.said}
    wanted |= {name for name, action in ACTIONS.items() if action is chat}
    for key in sorted(wanted):
        if key not in wording:
            yield Problem(path=folder, key="response_missing", detail=f"utter_{key}")
    for said in usage.said:
        if said.key in wording and said.blanks is not None:
            for blank in sorted(wording.placeholders(said.key) - said.blanks):
                yield Problem(
                    path=folder, key="response_blank", field=f"utter_{said.key}", detail=blank
                )


def _unused_responses(wording: Wording, usage: ResponseUsage, intents: Path) -> Iterator[Problem]:
    names = frozenset(INTENTS) | _synonym_names(intents)
    for key in wording.keys:
        if not usage.uses(key, names):
            yield Problem(path=intents / "responses", key="response_unused", detail=f"utter_{key}")


def _synonym_names(intents: Path) -> frozenset[str]:
    try:
        tables = read_lexicon(intents).synonyms.values()
    except FileError:
        return frozenset()
    return frozenset(name for table in tables for name in table)


def _check_answers(intents: Path, catalogue: Catalogue, wording: Wording) -> Iterator[Problem]:
    """Answer every intent about the first fiche, and look at the buttons of the answers."""
    lexicon = read_lexicon(intents)
    normaliser = normaliser_from(lexicon)
    first = next(iter(catalogue)).id
    with closing(Search(catalogue, thesaurus_from(lexicon))) as search:
        context = AnswerContext(
            catalogue=catalogue,
            wording=wording,
            search=search,
            normaliser=normaliser,
            word_classes=PhraseTable(lexicon.word_classes, normaliser),
            tracker=Tracker(),
        )
        yield from _answered(first, context, intents)


def _answered(first: MetierId, context: AnswerContext, intents: Path) -> Iterator[Problem]:
    for intent in INTENTS:
        decision = RunAction(action=intent, metiers=(first,) if intent in METIER_INTENTS else ())
        try:
            said = answer(decision, context).answer
        except ValueError as error:
            detail = f"{intent} : {error}"
            yield Problem(path=intents / "responses", key="answer_fails", detail=detail)
            continue
        yield from _bad_buttons(said, intents)


def _bad_buttons(said: Answer, intents: Path) -> Iterator[Problem]:
    for button in said.buttons:
        if not _is_payload(button.payload):
            yield Problem(
                path=intents / "responses", key="bad_payload", field=said.intent,
                detail=button.payload,
            )  # fmt: skip


def _is_payload(payload: str) -> bool:
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match[1] not in INTENTS:
        return False
    try:
        return isinstance(json.loads(match[2] or "{}"), dict)
    except ValueError:
        return False
