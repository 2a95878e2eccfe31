"""An utterance in its conversation, as the policies look at it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.decision import RunAction
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.tracker import Tracker
from bot.understanding.interpretation import EntityMention, Interpretation

__all__ = ["Said"]

# What an action may need besides the jobs, as our buttons carry it. Nothing else of a message
# becomes an argument, because arguments are remembered with the conversation.
_ARGUMENTS = frozenset(
    "formation niveau statut centre_interet domaine sujet effacer passe sentences".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was understood, and what is remembered."""

    interpretation: Interpretation
    tracker: Tracker

    @property
    def intent(self) -> str:
        """The name of the intent."""
        return self.interpretation.intent.name

    @property
    def confidence(self) -> float:
        """The confidence of the intent, 0..1."""
        return self.interpretation.intent.confidence

    @property
    def words(self) -> tuple[str, ...]:
        """The normalised words, entities replaced by their type."""
        return self.interpretation.words

    @property
    def metiers(self) -> tuple[str, ...]:
        """Identifiers of the jobs named without doubt, in the order said."""
        return tuple(m.id for m in self.interpretation.all("metier") if m.id is not None)

    @property
    def ambiguous(self) -> EntityMention | None:
        """The first mention that fits several jobs."""
        mentions = self.interpretation.all("metier")
        return next((mention for mention in mentions if mention.is_ambiguous), None)

    @property
    def unknown(self) -> EntityMention | None:
        """A job named that the catalogue has not."""
        return next(iter(self.interpretation.all("metier_inconnu")), None)

    @property
    def ordinal(self) -> int | None:
        """A place in a list: 1 for the first, -1 for the last."""
        value = self.interpretation.value("ordinal")
        return int(value) if value else None

    @property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """The other entities, by their identifier where they have one."""
        return tuple(
            (mention.entity, mention.id or mention.value)
            for mention in self.interpretation.entities
            if mention.entity in _ARGUMENTS
        )

    def run(self, action: str, *metiers: str) -> RunAction:
        """Answer an action about these jobs, else those said, else the current one."""
        about = metiers or self.metiers
        if action == "comparer":
            about = self._compared(about)
        elif action in METIER_INTENTS and not about and self.tracker.metier:
            about = (self.tracker.metier,)
        return RunAction(
            action=action,
            metiers=about,
            arguments=self.arguments,
            also=self.interpretation.also if action == self.intent else None,
            words=self.words,
            text="" if self.interpretation.is_payload else self.interpretation.text,
            mentions=self.interpretation.entities,
        )

    def _compared(self, about: tuple[str, ...]) -> tuple[str, ...]:
        """Compare what is named; one job alone is compared with the current one, first."""
        distinct = tuple(dict.fromkeys(about))
        current = self.tracker.metier
        if len(distinct) == 1 and current and current != distinct[0]:
            return (current, *distinct)
        if not distinct and len(self.tracker.last_metiers) >= 2:
            return self.tracker.last_metiers
        if not distinct:
            return self.tracker.shown[:2]
        return distinct
