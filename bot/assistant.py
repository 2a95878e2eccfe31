"""The assistant: the whole flow on one page.

message → interpretation → decision → answer, and the conversation remembered
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import msgspec

from bot.answers.answer import Answer
from bot.answers.context import AnswerContext, Retention
from bot.answers.idea_table import IdeaTable
from bot.answers.naming import genders_said
from bot.answers.registry import answer
from bot.answers.safety import with_gentle_word
from bot.answers.small_talk import introduced
from bot.answers.wording import Wording, read_wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.loading import load_catalogue
from bot.catalogue.search import Search
from bot.catalogue.surroundings import Surroundings
from bot.dialogue.events import Named
from bot.dialogue.policy import decide
from bot.dialogue.said import Said
from bot.dialogue.said_to_form import is_expected
from bot.dialogue.tracker import Tracker
from bot.dialogue.tracker_store import MemoryTrackerStore, TrackerStore
from bot.messages import UserMessage
from bot.settings import Settings
from bot.understanding.building import (
    build_interpreter,
    notions_from,
    surroundings_from,
    thesaurus_from,
)
from bot.understanding.interpretation import Interpretation
from bot.understanding.interpreter import Interpreter
from bot.understanding.notions import NotionTable
from bot.understanding.training_data import read_lexicon

__all__ = ["Assistant", "Knowledge", "Turn", "build_assistant", "build_knowledge"]

_log = logging.getLogger(__name__)
# Channels that say by themselves, before the first message, that a program answers.
_INTRODUCED = frozenset({"page", "terminal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange: what was understood, what is said, the conversation after it.

    `is_erased`: the conversation was erased; a channel that shows or carries it does the same.
    """

    interpretation: Interpretation
    answer: Answer
    tracker: Tracker
    elapsed_ms: float
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What answers are made from: it is replaced as a whole when the catalogue changes."""

    catalogue: Catalogue
    interpreter: Interpreter
    wording: Wording
    familiar: Wording
    search: Search
    ideas: IdeaTable
    notions: NotionTable


class Assistant:
    """Answers the messages of any number of conversations; safe to share between threads."""

    def __init__(self, *, settings: Settings, knowledge: Knowledge, store: TrackerStore) -> None:
        """Take the parts; `build_assistant` makes them."""
        self.settings = settings
        self._knowledge = knowledge
        self._former: Knowledge | None = None
        self._store = store

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue answered from."""
        return self._knowledge.catalogue

    @property
    def interpreter(self) -> Interpreter:
        """What understands utterances."""
        return self._knowledge.interpreter

    @property
    def wording(self) -> Wording:
        """The sentences of the answers."""
        return self._knowledge.wording

    def renew(self) -> None:
        """Read the catalogue and `intents/` again; the turns under way end with the former ones.

        Raises:
            CatalogueError: a source of fiches cannot be read; nothing is changed then.
            IntentsError: a file of `intents/` is wrong; nothing is changed then.
        """
        knowledge = build_knowledge(self.settings)
        if self._former is not None:
            self._former.search.close()
        self._former, self._knowledge = self._knowledge, knowledge

    def interpret(self, text: str) -> Interpretation:
        """Understand an utterance, outside any conversation."""
        return self.interpreter.interpret(text)

    def reply(self, message: UserMessage) -> Answer:
        """Answer a message.

        Raises:
            StoreError: the conversation cannot be read or kept.
        """
        return self.turn(message).answer

    def turn(self, message: UserMessage) -> Turn:
        """Answer a message, and tell how; one that is sent again has the same answer.

        Raises:
            StoreError: the conversation cannot be read or kept; nothing of the turn is then.
        """
        start = time.perf_counter()
        knowledge = self._knowledge
        interpretation = knowledge.interpreter.interpret(message.text)
        with self._store.turn_of(message.sender):
            before = self._store.load(message.sender)
            given = before.reply_to(message.message_id) if message.message_id else None
            if given is not None:
                return Turn(
                    interpretation=interpretation,
                    answer=msgspec.json.decode(given, type=Answer),
                    tracker=before,
                    elapsed_ms=(time.perf_counter() - start) * 1000,
                )
            named = genders_said(
                interpretation, knowledge.catalogue, knowledge.interpreter.normaliser
            )
            before = before.replay(() if named is None else (named,))
            context = self._context(knowledge, before, message.site)
            outcome = answer(decide(interpretation, before), context)
            after = before.replay(outcome.events)
            said = Said(interpretation=interpretation, tracker=before)
            if interpretation.is_worrying and not after.quiet and not is_expected(said):
                gentle = with_gentle_word(outcome.answer, context.wording)
                outcome = replace(outcome, answer=gentle)
            if before.turns == 0 and message.channel not in _INTRODUCED:
                outcome = introduced(outcome, context.wording)
            if outcome.forgets:
                self._store.forget(message.sender)
                after = Tracker()
            else:
                if message.message_id:
                    said_before = msgspec.json.encode(outcome.answer).decode()
                    after = after.with_reply(message.message_id, said_before)
                self._store.save(message.sender, after)
        elapsed_ms = (time.perf_counter() - start) * 1000
        _log.info(
            "message.answered channel=%s intent=%s confidence=%.2f kind=%s ms=%.1f",
            message.channel,
            outcome.answer.intent,
            interpretation.intent.confidence,
            outcome.answer.kind.value,
            elapsed_ms,
        )
        return Turn(
            interpretation=interpretation,
            answer=outcome.answer,
            tracker=after,
            elapsed_ms=elapsed_ms,
            is_erased=outcome.forgets,
        )

    def tracker(self, sender: str) -> Tracker:
        """Return what is remembered of a conversation."""
        return self._store.load(sender)

    def forget(self, sender: str) -> bool:
        """Erase a conversation; return whether there was one."""
        with self._store.turn_of(sender):
            return self._store.forget(sender)

    def close(self) -> None:
        """Release the store and the search index."""
        self._store.close()
        for knowledge in (self._knowledge, self._former):
            if knowledge is not None:
                knowledge.search.close()

    def context(self, tracker: Tracker) -> AnswerContext:
        """What the actions look at to answer, in a conversation."""
        return self._context(self._knowledge, tracker)

    def _context(
        self, knowledge: Knowledge, tracker: Tracker, site_name: str | None = None
    ) -> AnswerContext:
        site = self.settings.sites.get(site_name or "")
        contact = site.contact if site is not None else None
        address = (site.address if site is not None else None) or self.settings.address
        return AnswerContext(
            catalogue=knowledge.catalogue,
            wording=knowledge.familiar if address == "tu" else knowledge.wording,
            search=knowledge.search,
            ideas=knowledge.ideas,
            normaliser=knowledge.interpreter.normaliser,
            word_classes=knowledge.interpreter.features.classes,
            tracker=tracker,
            notions=knowledge.notions,
            retention=Retention(
                ttl_s=self.settings.conversation_ttl_s,
                on_disk=self.settings.state is not None,
                in_database=isinstance(self.settings.state, str),
                is_logged=_log.isEnabledFor(logging.INFO),
                is_queued=bool(self.settings.channels),
            ),
            contact=contact or self.settings.contact,
        )


def _named(interpretation: Interpretation, knowledge: Knowledge) -> tuple[Named, ...]:
    normaliser = knowledge.interpreter.normaliser
    named = genders_said(interpretation, knowledge.catalogue, normaliser)
    return () if named is None else (named,)


def build_assistant(settings: Settings) -> Assistant:
    """Wire an assistant from its settings.

    Raises:
        CatalogueError: a source of fiches cannot be read.
        IntentsError: a file of `intents/` is wrong.
        StoreError: the conversation store cannot be opened.
    """
    knowledge = build_knowledge(settings)
    return Assistant(settings=settings, knowledge=knowledge, store=_store(settings))


def _store(settings: Settings) -> TrackerStore:
    ttl_s = settings.conversation_ttl_s
    if settings.state is None:
        return MemoryTrackerStore(ttl_s=ttl_s, now=time.time)
    # Imported here: SQLAlchemy would slow every `balise ask` down by a fifth of a second.
    from bot.database import open_database
    from bot.dialogue.sql_tracker_store import SqlTrackerStore

    return SqlTrackerStore(open_database(settings.state), ttl_s=ttl_s, now=time.time)


def build_knowledge(settings: Settings) -> Knowledge:
    """Read the catalogue and `intents/`.

    Raises:
        CatalogueError: a source of fiches cannot be read.
        IntentsError: a file of `intents/` is wrong.
    """
    with _uncollected():
        catalogue = load_catalogue(settings.catalogue)
        lexicon = read_lexicon(settings.intents)
        interpreter = build_interpreter(
            settings.intents, catalogue, cache=settings.cache, lexicon=lexicon
        )
    search = Search(catalogue, thesaurus_from(lexicon))
    wording = read_wording(settings.intents)
    return Knowledge(
        catalogue=catalogue,
        interpreter=interpreter,
        wording=wording,
        familiar=wording.familiarly(),
        search=search,
        ideas=IdeaTable(catalogue, Surroundings(search, surroundings_from(lexicon))),
        notions=notions_from(lexicon),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Build without the cyclic garbage collector, then keep what was built out of its sight.

    A catalogue and its index are hundreds of thousands of objects that live as long as the
    process: going through them again and again costs a third of the start, and pauses later.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()
