"""Builds the interpreter from `intents/` and a catalogue; trains the classifier when needed."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.thesaurus import Thesaurus
from bot.understanding.delexicalise import delexicalise
from bot.understanding.distress_detector import train_detector
from bot.understanding.features import FeatureExtractor
from bot.understanding.formation_linker import FormationLinker
from bot.understanding.french_words import french_words
from bot.understanding.intent_classifier import (
    IntentModel,
    feature_matrix,
    load_model,
    save_model,
    train_model,
)
from bot.understanding.interpreter import Interpreter
from bot.understanding.label_matcher import LabelMatcher
from bot.understanding.level_parser import LevelParser
from bot.understanding.metier_linker import LinkingSettings, MetierLinker
from bot.understanding.metier_names import singular
from bot.understanding.normalisation import Normaliser, fold, stem
from bot.understanding.notions import NotionTable
from bot.understanding.other_language import OtherLanguage
from bot.understanding.training_data import Example, Lexicon, read_examples, read_lexicon

__all__ = [
    "LABELS",
    "LEANINGS",
    "SEARCH_TABLES",
    "SYNONYM_TABLES",
    "WORD_LISTS",
    "build_interpreter",
    "example_words",
    "feature_classes",
    "normaliser_from",
    "notions_from",
    "surroundings_from",
    "thesaurus_from",
]

_log = logging.getLogger(__name__)
_WORD = re.compile(r"[^\W\d_]{2,}")
_MODELS = ("intents", "distress")
# The labels looked for in an utterance: entity of the contract to file of intents/synonyms/.
LABELS = {
    "statut": "statuts",
    "centre_interet": "centres_interet",
    "domaine": "domaines",
    "sujet": "sujets",
    "ordinal": "ordinaux",
    "renvoi": "renvois",
    "envie": "envies",
    "questionnaire": "questionnaire",
}
# What points back to the conversation, or answers our form, says nothing of the question.
_REFERENCES = frozenset({"ordinal", "renvoi", "envie", "questionnaire"})
# The files of intents/synonyms/ that are read: these, and those whose name starts so.
SYNONYM_TABLES = frozenset(
    {"sms", "niveaux", "metiers", "formations", "travail", "milieux", *LABELS.values()}
)
SEARCH_TABLES = "recherche"

# Nothing of its own marks what is out of scope, so that it needs a push when in doubt
# (docs/understanding.md says what each push costs).
LEANINGS = {"hors_sujet": 0.3}

# Lists of intents/lookup/ that serve something else than the classifier.
WORD_LISTS = frozenset(
    {"common_words", "empty_words", "after_diploma", "plain_words", "other_languages", "someone"}
)


def build_interpreter(
    intents: Path,
    catalogue: Catalogue,
    *,
    cache: Path | None,
    linking: LinkingSettings | None = None,
    lexicon: Lexicon | None = None,
) -> Interpreter:
    """Read `intents/`, train or reload the classifier, and index the names of the catalogue.

    Args:
        intents: the folder of training data.
        catalogue: whose jobs and diplomas are to be found in utterances.
        cache: folder of trained models, named by the content they come from; None to train anew.
        linking: thresholds of the job linker.
        lexicon: that of `intents`, when it was read already.

    Raises:
        IntentsError: a file of `intents/` is wrong.
    """
    lexicon = lexicon or read_lexicon(intents)
    normaliser = normaliser_from(lexicon)
    levels = LevelParser(lexicon.synonyms.get("niveaux", {}), normaliser)
    features = FeatureExtractor(feature_classes(lexicon), normaliser)
    known = _known_words(catalogue, lexicon, normaliser)
    everyday, french = _everyday_words(lexicon), french_words(cache)
    said = known | everyday
    model, detector = _models(
        intents, cache, features=features, normaliser=normaliser, levels=levels
    )
    return Interpreter(
        normaliser=normaliser,
        metiers=MetierLinker(
            catalogue,
            normaliser=normaliser,
            aliases=lexicon.synonyms.get("metiers", {}),
            appellations=catalogue.appellations,
            common_words=lexicon.word_classes.get("common_words", ()),
            someone=lexicon.word_classes.get("someone", ()),
            is_known_word=lambda word: word in french or word in said,
            settings=linking,
        ),
        formations=FormationLinker(
            catalogue,
            aliases=lexicon.synonyms.get("formations", {}),
            normaliser=normaliser,
            after=lexicon.word_classes.get("after_diploma", ()),
        ),
        levels=levels,
        labels=tuple(
            LabelMatcher(entity, lexicon.synonyms.get(name, {}), normaliser)
            for entity, name in LABELS.items()
        ),
        languages=OtherLanguage(
            word
            for way in lexicon.word_classes.get("other_languages", ())
            for word in normaliser.lexicon_words(way)
        ),
        is_written=known.__contains__,
        is_invented=lambda word: word in french and not said.intersection((word, singular(word))),
        features=features,
        model=model,
        detector=detector,
        patterns=lexicon.patterns,
    )


def normaliser_from(lexicon: Lexicon) -> Normaliser:
    """Return the normaliser that knows the SMS spellings of `intents/synonyms/sms.yml`."""
    table = lexicon.synonyms.get("sms", {})
    return Normaliser({short: full for full, shorts in table.items() for short in shorts})


def thesaurus_from(lexicon: Lexicon) -> Thesaurus:
    """Make the thesaurus of searches from `intents/synonyms/recherche_*.yml`."""
    terms: dict[str, list[str]] = {}
    for table in _search_tables(lexicon):
        for term, ways in table.items():
            terms.setdefault(term, []).extend(ways)
    return Thesaurus(terms, empty=lexicon.word_classes.get("empty_words", ()))


def _search_tables(lexicon: Lexicon) -> Iterator[Mapping[str, Sequence[str]]]:
    return (table for name, table in lexicon.synonyms.items() if name.startswith(SEARCH_TABLES))


def notions_from(lexicon: Lexicon) -> NotionTable:
    """Make the notions of questions about one job from `intents/synonyms/travail.yml`."""
    return NotionTable(lexicon.synonyms.get("travail", {}))


def surroundings_from(lexicon: Lexicon) -> Mapping[str, Sequence[str]]:
    """Return what fiches say of where, with whom and with what one works, by answer of the form."""
    return lexicon.synonyms.get("milieux", {})


def example_words(
    example: Example, normaliser: Normaliser, levels: LevelParser
) -> tuple[tuple[str, ...], ...]:
    """Return the words of an example as the classifier sees them, in one way or two.

    Without its annotations it teaches what an utterance looks like whose job was not recognised.
    """
    text = normaliser.normalise(example.text)
    found = levels.parse(text, [stem(word) for word in text.words])
    bare = delexicalise(text.tokens, found)
    return (
        (delexicalise(text.tokens, (*example.entities, *found)), bare)
        if example.entities
        else (bare,)
    )


def feature_classes(lexicon: Lexicon) -> dict[str, Sequence[str]]:
    """Return the word classes and labels that are features, by name, each with its phrases."""
    classes: dict[str, Sequence[str]] = {
        name: words for name, words in lexicon.word_classes.items() if name not in WORD_LISTS
    }
    for entity, name in LABELS.items():
        if entity in _REFERENCES:
            continue
        ways = lexicon.synonyms.get(name, {})
        classes[f"label_{entity}"] = [way for group in ways.values() for way in group]
    return classes


def _models(
    intents: Path,
    cache: Path | None,
    *,
    features: FeatureExtractor,
    normaliser: Normaliser,
    levels: LevelParser,
) -> tuple[IntentModel, IntentModel]:
    """Return the intent classifier and the distress detector, trained or from the cache."""
    content = _content_hash(intents)
    paths = [cache / f"{name}-{content}.npz" for name in _MODELS] if cache is not None else []
    stored = [load_model(path) for path in paths]
    if len(stored) == len(_MODELS) and stored[0] is not None and stored[1] is not None:
        return stored[0], stored[1]
    examples = read_examples(intents)
    labelled = [
        (features.extract(words), example.intent)
        for example in examples
        for words in example_words(example, normaliser, levels)
    ]
    matrix = feature_matrix([row for row, _ in labelled])
    labels = [intent for _, intent in labelled]
    trained = (
        train_model(matrix, labels, leanings=LEANINGS),
        train_detector(matrix, labels),
    )
    for path, model in zip(paths, trained, strict=False):
        try:
            save_model(model, path)
        except OSError as error:
            # An unwritable cache costs a training at each start; it stops nobody.
            _log.warning("model.not_cached path=%s reason=%s", path, error.strerror)
    return trained


def _content_hash(intents: Path) -> str:
    """Hash what the model depends on: the training data, the lexicons, and this code."""
    digest = hashlib.sha256()
    data = [
        *sorted((intents / "nlu").glob("*.yml")),
        *sorted((intents / "lookup").glob("*.yml")),
        *(intents / "synonyms" / f"{name}.yml" for name in ("sms", "niveaux", *LABELS.values())),
        *sorted(Path(__file__).parent.glob("*.py")),
    ]
    for path in data:
        if path.is_file():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _known_words(catalogue: Catalogue, lexicon: Lexicon, normaliser: Normaliser) -> frozenset[str]:
    """Collect French words from running text: such a word, spelt right, is not a typo."""
    words = {fold(word) for word in catalogue.words}
    groups = [lexicon.word_classes, *(lexicon.synonyms.get(name, {}) for name in LABELS.values())]
    for group in groups:
        for ways in group.values():
            for way in ways:
                words.update(normaliser.lexicon_words(way))
    for full in lexicon.synonyms.get("sms", {}):
        words.update(normaliser.normalise(full).words)
    return frozenset(words)


def _everyday_words(lexicon: Lexicon) -> frozenset[str]:
    """Collect the everyday words of searches; some are names of jobs that no fiche has."""
    ways = (way for table in _search_tables(lexicon) for ways in table.values() for way in ways)
    return frozenset(_WORD.findall(fold(" ".join(ways))))
