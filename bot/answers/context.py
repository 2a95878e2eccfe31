"""What an action may look at to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.answers.answer import Answer, Citation
from bot.answers.idea_table import IdeaTable
from bot.answers.naming import both_genders
from bot.answers.wording import Wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Fiche, Source
from bot.catalogue.formation import Formation
from bot.catalogue.search import Search
from bot.dialogue.events import Event
from bot.dialogue.tracker import Tracker
from bot.settings_file import Contact
from bot.understanding.label_matcher import PhraseTable
from bot.understanding.normalisation import Normaliser
from bot.understanding.notions import NotionTable

__all__ = ["AnswerContext", "Outcome", "Retention", "cite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What is kept of conversations: `ttl_s` seconds after the last message.

    `on_disk`: it is written; `in_database`: by PostgreSQL rather than in a file. `is_logged`: each
    answer leaves a line in the log (its subject; no word, no identifier). `is_queued`: there are
    messaging channels, whose messages wait where conversations are.
    """

    ttl_s: int = 24 * 3600
    on_disk: bool = False
    in_database: bool = False
    is_logged: bool = False
    is_queued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContext:
    """The catalogue, the wordings, and the conversation so far (read only).

    `word_classes` finds the notions of `intents/lookup/` in normalised words; `notions` those
    of working life in stems. `retention` and `contact` are what the deployer chose: what is kept,
    and the human route (None: the public services). `ideas` is what jobs answer to the form.
    """

    catalogue: Catalogue
    wording: Wording
    search: Search
    ideas: IdeaTable
    normaliser: Normaliser
    word_classes: PhraseTable
    tracker: Tracker
    notions: NotionTable = field(default_factory=lambda: NotionTable({}))
    retention: Retention = field(default_factory=Retention)
    contact: Contact | None = None

    def say(self, key: str, **values: object) -> str:
        """Render a response of `intents/responses/`."""
        return self.wording.say(key, **values)

    def name(self, fiche: Fiche) -> str:
        """Name a job in both genders, first the one that the person used."""
        return both_genders(fiche.title, feminine_first=fiche.id in self.tracker.feminine)

    def fiches(self, metiers: Sequence[str]) -> tuple[Fiche, ...]:
        """The fiches of identifiers, those that the catalogue (still) has."""
        found = (self.catalogue.get(metier) for metier in metiers)
        return tuple(fiche for fiche in found if fiche is not None)

    def source_line(self, record: Fiche | Formation) -> str:
        """Cite a fiche in the text of an answer, for channels that show nothing else."""
        source = record.source
        return self.say(
            "source_line",
            dataset=self.edition(source),
            licence=source.licence,
            title=record.name,
            url=source.url,
        )

    def edition(self, source: Source) -> str:
        """Name a data set and, when it is known, the day of its export."""
        if source.date is None:
            return source.dataset
        day = "/".join(reversed(source.date.split("-")))
        return self.say("source_edition", dataset=source.dataset, day=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer, and what it changes in the conversation beyond having been given."""

    answer: Answer
    events: tuple[Event, ...] = ()
    forgets: bool = False


def cite(fiche: Fiche) -> Citation:
    """Cite a fiche as its licence asks."""
    return Citation(
        id=fiche.id, title=fiche.name, url=fiche.source.url, licence=fiche.source.licence
    )
