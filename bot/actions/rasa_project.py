"""Writes a complete Rasa 3.6 project of `intents/` and of a catalogue, which trains as it is.

Rasa understands and chooses an action, ours answer (`balise actions`). What Rasa cannot express
stays here: patterns over normalised words, word classes as features, names that are misspelt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from bot.actions.rasa_action import (
    ANSWER_SLOT,
    ANY_INTENT,
    FORM,
    SLOTS,
    WAITING_SLOT,
    action_of,
)
from bot.catalogue.catalogue import Catalogue
from bot.dialogue.intents import INTENTS
from bot.errors import ConfigurationError
from bot.understanding.training_data import Example, read_examples, read_lexicon

__all__ = ["export_project"]

_VERSION = "3.1"
_SEED = 20261126
_CONFIG = {
    "recipe": "default.v1",
    "assistant_id": "balise",
    "language": "fr",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexEntityExtractor", "use_lookup_tables": True, "use_regexes": False},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 2, "max_ngram": 5},
        {"name": "LogisticRegressionClassifier", "max_iter": 200, "random_state": _SEED},
        {"name": "EntitySynonymMapper"},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.0},
    ],
    "policies": [{"name": "RulePolicy"}],
}
_CREDENTIALS: Mapping[str, object] = {"rest": {}}
_FALLBACK = "nlu_fallback"


def export_project(intents: Path, catalogue: Catalogue, folder: Path, *, actions_url: str) -> int:
    """Write a project in an empty folder, or one that is not there yet; return its examples.

    Args:
        intents: the folder of training data.
        catalogue: whose names of jobs become a lookup table and synonyms.
        folder: where to write.
        actions_url: where Rasa finds `balise actions`.

    Raises:
        ConfigurationError: the folder holds something, or cannot be written.
        IntentsError: a file of `intents/` is wrong.
    """
    examples = read_examples(intents)
    aliases = read_lexicon(intents).synonyms.get("metiers", {})
    files: Mapping[str, object] = {
        "config.yml": _CONFIG,
        "domain.yml": _domain(),
        "endpoints.yml": {"action_endpoint": {"url": actions_url}},
        "credentials.yml": _CREDENTIALS,
        "data/nlu.yml": {"version": _VERSION, "nlu": list(_nlu(examples))},
        "data/metiers.yml": {"version": _VERSION, "nlu": list(_names(catalogue, aliases))},
        "data/rules.yml": {"version": _VERSION, "rules": list(_rules())},
    }
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ConfigurationError("export_not_empty", str(folder))
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_yaml(content), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError("export_unwritable", f"{folder} ({error.strerror})") from error
    return len(examples)


def _domain() -> dict[str, object]:
    custom = [{"type": "custom"}]
    slots: dict[str, object] = {name: {"type": "any", "mappings": custom} for name in SLOTS}
    slots[WAITING_SLOT] = {"type": "bool", "influence_conversation": False, "mappings": custom}
    slots[ANSWER_SLOT] = {
        "type": "text",
        "influence_conversation": False,
        "mappings": [{"type": "from_text", "conditions": [{"active_loop": FORM}]}],
    }
    actions = [action_of(intent) for intent in INTENTS]
    return {
        "version": _VERSION,
        "intents": [*INTENTS],
        "entities": ["metier", "formation"],
        "slots": slots,
        "forms": {FORM: {"required_slots": [ANSWER_SLOT]}},
        "actions": [*actions, ANY_INTENT, f"validate_{FORM}"],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _rules() -> Iterator[dict[str, object]]:
    """An action for each intent, and the end of the form; the actions themselves begin it."""
    for intent in INTENTS:
        yield {"rule": intent, "steps": [{"intent": intent}, {"action": action_of(intent)}]}
    yield {"rule": _FALLBACK, "steps": [{"intent": _FALLBACK}, {"action": ANY_INTENT}]}
    yield {
        "rule": "nothing more is asked",
        "condition": [{"active_loop": FORM}],
        "steps": [
            {"action": FORM},
            {"active_loop": None},
            {"slot_was_set": [{"requested_slot": None}]},
        ],
    }


def _nlu(examples: Iterable[Example]) -> Iterator[dict[str, object]]:
    by_intent: dict[str, list[str]] = {}
    for example in examples:
        by_intent.setdefault(example.intent, []).append(_annotated(example))
    for intent, lines in by_intent.items():
        yield {"intent": intent, "examples": _lines(lines)}


def _annotated(example: Example) -> str:
    """Return an example with its entities marked as Rasa marks them."""
    parts, end = [], 0
    for entity in example.entities:
        parts.append(example.text[end : entity.start])
        parts.append(f"[{example.text[entity.start : entity.end]}]({entity.entity})")
        end = entity.end
    return "".join([*parts, example.text[end:]])


def _names(
    catalogue: Catalogue, aliases: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, object]]:
    """Every name of a job in a lookup table; those of one job alone are synonyms of its title."""
    names: dict[str, list[str]] = {}
    for fiche in catalogue:
        said = [form for name in fiche.names() for form in name.forms()]
        said += aliases.get(fiche.id, ())
        names[fiche.name] = list(dict.fromkeys(form for form in said if form.strip()))
    # Rasa folds the case of a synonym, and keeps the last job of those that share one.
    shared = Counter(form for own in names.values() for form in {name.casefold() for name in own})
    for title, own in names.items():
        alone = [form for form in own if shared[form.casefold()] == 1]
        if alone:
            yield {"synonym": title, "examples": _lines(alone)}
    table = dict.fromkeys(form for own in names.values() for form in own)
    yield {"lookup": "metier", "examples": _lines(table)}


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, which Rasa reads its examples from."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _block)


def _yaml(content: object) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
