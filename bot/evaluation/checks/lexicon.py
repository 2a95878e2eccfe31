"""Checks the word lists and the tables of synonyms: all are read, and none says two things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from bot.catalogue.niveaux import niveau_rank
from bot.catalogue.stemming import stems
from bot.evaluation.checks.finding import Finding, error, notice, unknown_name
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.rasa_yaml import Entry, Line
from bot.understanding.building import SEARCH_TABLES, SYNONYM_TABLES, WORD_LISTS
from bot.understanding.normalisation import Normaliser, fold, stem

__all__ = ["check_lexicon"]

# Word classes and lists that say the contrary of each other: a word is in one of the two.
_OPPOSED = (
    ("oui", "non"),
    ("oui", "negation"),
    ("saluer", "quitter"),
    ("satisfaction", "mecontentement"),
    # Words that may name a job, and words that name none.
    ("common_words", "plain_words"),
)
# Tables where one way of saying has one meaning, and those where it should. An everyday name may be
# that of several jobs, a word of searches that of several things, and one of working life may say
# two notions at once.
_ONE_MEANING = SYNONYM_TABLES - {"metiers", "travail"}
# Labels of the catalogue: two may be meant at once (« à mon compte »), knowingly.
_LABEL_TABLES = frozenset({"statuts", "centres_interet", "domaines"})
_Key = Callable[[str], Hashable]


def check_lexicon(folder: IntentsFolder) -> Iterator[Finding]:
    """Yield what is wrong in the word lists and the tables of synonyms."""
    yield from _unread(folder)
    yield from _repeated(folder)
    yield from _two_meanings(folder)
    yield from _opposed_classes(folder)
    yield from _plain_jobs(folder)
    yield from _unheard_classes(folder)
    yield from _unheard_searches(folder)
    yield from _unheard_sms(folder)
    for entry in folder.table("niveaux"):
        if niveau_rank(entry.name) is None:
            yield error("level_unknown", entry.path, entry.line, field=entry.name)


def _unread(folder: IntentsFolder) -> Iterator[Finding]:
    """A table is read by the name of its file, a list that is no word class by its own name."""
    for path in dict.fromkeys(entry.path for entry in folder.of("synonyms")):
        if path.stem not in SYNONYM_TABLES and not path.stem.startswith(SEARCH_TABLES):
            yield unknown_name(
                "table_unread", path, 1, name=path.stem, known=(*SYNONYM_TABLES, SEARCH_TABLES)
            )
    lists = {entry.name: entry for entry in folder.of("lookup")}
    for name in sorted(WORD_LISTS - lists.keys()):
        yield unknown_name("list_absent", folder.path / "lookup", name=name, known=lists)


def _repeated(folder: IntentsFolder) -> Iterator[Finding]:
    for entry in (*folder.of("lookup"), *folder.of("synonyms")):
        first: dict[str, Line] = {}
        for line in entry.lines:
            known = first.setdefault(fold(line.text), line)
            if known is not line:
                place = str(known.line)
                yield notice("way_repeated", entry.path, line.line, field=line.text, detail=place)


def _two_meanings(folder: IntentsFolder) -> Iterator[Finding]:
    for table in sorted(_ONE_MEANING):
        groups = folder.table(table)
        ways = [word for group in groups for word in _words(group)]
        if table in _LABEL_TABLES:  # a label is also a way of saying itself
            ways += [_Word(text=group.name, line=group.line, entry=group) for group in groups]
        key = fold if table == "sms" else folder.normaliser.lexicon_words
        for first, again in _shared(ways, key):
            detail = f"{first.entry.name} ({first.entry.path.name}:{first.line})"
            make = notice if table in _LABEL_TABLES else error
            yield make("way_twice", again.entry.path, again.line, field=again.text, detail=detail)


def _opposed_classes(folder: IntentsFolder) -> Iterator[Finding]:
    classes: defaultdict[str, list[_Word]] = defaultdict(list)
    for entry in folder.of("lookup"):
        classes[entry.name] += _words(entry)
    for one, other in _OPPOSED:
        for first, again in _shared([*classes[one], *classes[other]], _stems(folder)):
            detail = f"{first.entry.name} ({first.entry.path.name}:{first.line})"
            yield error(
                "word_opposed", again.entry.path, again.line, field=again.text, detail=detail
            )


def _plain_jobs(folder: IntentsFolder) -> Iterator[Finding]:
    """A word listed as naming no job is in no list of names of jobs."""
    plain = [w for e in folder.of("lookup") if e.name == "plain_words" for w in _words(e)]
    jobs = [word for entry in folder.table("metiers") for word in _words(entry)]
    key = _stems(folder)
    places = {key(word.text): word for word in plain}
    for job in jobs:
        word = places.get(key(job.text))
        if word is not None:
            place = f"{word.entry.path.name}:{word.line}"
            yield error("plain_job", job.entry.path, job.line, field=job.text, detail=place)


def _unheard_classes(folder: IntentsFolder) -> Iterator[Finding]:
    """A word class none of whose words is in an example teaches nothing to the classifier."""
    heard = {stem(word) for words in folder.words for word in words}
    if not heard:
        return
    for entry in folder.of("lookup"):
        ways = ([stem(w) for w in folder.normaliser.lexicon_words(x.text)] for x in entry.lines)
        if entry.name not in WORD_LISTS and not any(heard.issuperset(way) for way in ways if way):
            yield unknown_name(
                "class_unheard", entry.path, entry.line,
                name=entry.name, known=WORD_LISTS, is_error=False,
            )  # fmt: skip


def _unheard_searches(folder: IntentsFolder) -> Iterator[Finding]:
    """What is made of empty words only is not looked for (`bot.catalogue.thesaurus`)."""
    words = folder.lexicon.word_classes.get("empty_words", ())
    empty = {root for word in words for root in stems(word)}

    def says(text: str) -> bool:
        return any(len(root) > 1 and root not in empty for root in stems(text))

    for entry in folder.of("synonyms"):
        if not entry.path.stem.startswith(SEARCH_TABLES):
            continue
        if not says(entry.name):
            yield error("term_empty", entry.path, entry.line, field=entry.name)
        for line in entry.lines:
            if not says(line.text):
                yield notice("way_empty", entry.path, line.line, field=line.text)


def _unheard_sms(folder: IntentsFolder) -> Iterator[Finding]:
    """A spelling that stands in its standard form is not replaced: it would be, over and over."""
    for entry in folder.table("sms"):
        for word in _words(entry):
            written = Normaliser().normalise(word.text).words
            if Normaliser({word.text: entry.name}).normalise(word.text).words == written:
                yield notice(
                    "sms_unheard", word.entry.path, word.line, field=word.text, detail=entry.name
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A line of a list or table."""

    text: str
    line: int
    entry: Entry


def _words(entry: Entry) -> list[_Word]:
    return [_Word(text=line.text, line=line.line, entry=entry) for line in entry.lines]


def _stems(folder: IntentsFolder) -> _Key:
    return lambda text: tuple(stem(word) for word in folder.normaliser.lexicon_words(text))


def _shared(words: Iterable[_Word], key: _Key) -> Iterator[tuple[_Word, _Word]]:
    """Yield the words of one key under two names: the first, and each that contradicts it."""
    firsts: dict[Hashable, _Word] = {}
    for word in words:
        first = firsts.setdefault(key(word.text), word)
        if first.entry.name != word.entry.name:
            yield first, word
