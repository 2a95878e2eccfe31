"""An utterance in its conversation, as the policies look at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.decision import RunAction
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.tracker import Tracker
from bot.understanding.interpretation import EntityMention, Interpretation
from bot.understanding.normalisation import Normaliser, fold, stem

__all__ = ["ARGUMENTS", "MOST_COMPARED", "Said", "plain_words"]

# What an action may need besides the jobs, as our buttons carry it. Nothing else of a message
# becomes an argument, because arguments are remembered with the conversation.
ARGUMENTS = frozenset(
    "formation niveau statut centre_interet domaine sujet detail effacer sentences critere "
    "envie questionnaire".split()
)
# Typed, these are heard by the policy of the form alone; our buttons carry them.
_TO_FORM = frozenset({"envie", "questionnaire"})
MOST_COMPARED = 4
# The names of `intents/synonyms/ordinaux.yml` that are no number.
_PLACES: Mapping[str, tuple[int, ...]] = {
    "dernier": (-1,),
    "avant-dernier": (-2,),
    **{f"premiers-{count}": tuple(range(1, count + 1)) for count in range(2, 6)},
    **{f"derniers-{count}": tuple(range(-count, 0)) for count in range(2, 4)},
}
# What stands before a place in a list (« du deuxième »), and what is no place (« après la
# seconde », « le premier emploi »).
_BEFORE_PLACE = frozenset("le la les du au aux numero n et ou non".split())
_AFTER_SCHOOL = frozenset("apres avant en des depuis jusqu'".split())
_NO_PLACE = frozenset(
    "temps lieu cycle degre annee annees an ans emploi job salaire secours semestre trimestre "
    "choix stage poste diplome etape mois jour jours semaine semaines enfant enfants euro euros "
    "heure heures h fois chance classe langue recours ressort moment minute minutes generation vie "
    "carriere eleves trucs".split()
)
_NEGATED = re.compile(r"\bpas(?: (?:un|une|le|la|les|du|de|des|d'|l'|pour|en|avec|celui))*[ ']*$")
_JOINERS = frozenset({"et", "ou"})
_PLAIN = Normaliser()


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, accents and inclusive forms."""
    return _PLAIN.normalise(text).words


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
    def first_word(self) -> str:
        """The first of the words, or nothing."""
        return self.words[0] if self.words else ""

    @property
    def metiers(self) -> tuple[str, ...]:
        """Identifiers of the jobs named without doubt and not put aside, in the order said."""
        mentions = self._wanted("metier")
        return tuple(id_ for m in mentions for id_ in ((m.id,) if m.id else self._joined(m)))

    @property
    def ambiguous(self) -> EntityMention | None:
        """The first mention that fits several jobs."""
        mentions = self._wanted("metier")
        return next((m for m in mentions if m.is_ambiguous and not self._joined(m)), None)

    @property
    def unknown(self) -> EntityMention | None:
        """A job named that the catalogue has not."""
        return next(iter(self.interpretation.all("metier_inconnu")), None)

    @property
    def puts_aside(self) -> bool:
        """Whether a job is named only to be put aside: « non, pas monteur, chef monteur »."""
        return any(self._is_negated(m) for m in self.interpretation.all("metier"))

    @property
    def ordinals(self) -> tuple[int, ...]:
        """Places in a list, in the order said: 1 for the first, -1 for the last."""
        others = [m for m in self.interpretation.entities if m.entity in ("niveau", "formation")]
        places = (
            place
            for mention in self.interpretation.all("ordinal")
            for place in _PLACES.get(mention.value) or (int(mention.value),)
            if not any(m.start < mention.end and mention.start < m.end for m in others)
            and self._is_place(mention)
        )
        return tuple(dict.fromkeys(places))

    @property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """The other entities, by their identifier where they have one."""
        return tuple(
            (mention.entity, mention.id or mention.value)
            for mention in self.interpretation.entities
            if mention.entity in ARGUMENTS
            and (self.interpretation.is_payload or mention.entity not in _TO_FORM)
            and mention in self._wanted(mention.entity)
        )

    def points_to(self, *references: str) -> bool:
        """Whether one of these references of `intents/synonyms/renvois.yml` is said."""
        return any(m.value in references for m in self.interpretation.all("renvoi"))

    def run(self, action: str, *metiers: str) -> RunAction:
        """Answer an action about these jobs, else those said, else the current one."""
        about = metiers or self.metiers
        if action == "comparer":
            about = self.compared(about)
        elif action in METIER_INTENTS and not about:
            about = self._current()
        return RunAction(
            action=action,
            metiers=about,
            arguments=self.arguments,
            also=self.interpretation.also if action == self.intent else None,
            words=self.words,
            text="" if self.interpretation.is_payload else self.interpretation.text,
            mentions=self.interpretation.entities,
        )

    def ask_again(self, action: str, *metiers: str) -> RunAction:
        """Ask the last question about other jobs; what is typed now says which ones, no more."""
        tracker = self.tracker
        carried = tracker.last_arguments if tracker.last_action == action else ()
        kept = tuple(pair for pair in carried if pair[0] not in ("sentences", "critere"))
        return RunAction(
            action=action, metiers=metiers, arguments=self.arguments or kept, words=self.words
        )

    @property
    def only_points_back(self) -> bool:
        """Whether the utterance is one of our own ways to point back, and nothing else."""
        text = self.interpretation.text
        typed = plain_words(text)
        said = (
            plain_words(text[mention.start : mention.end])
            for mention in self.interpretation.entities
            if mention.entity in ("renvoi", "ordinal")
        )
        return self.tracker.focus is not None and typed in said

    def compared(self, about: tuple[str, ...]) -> tuple[str, ...]:
        """The jobs to compare: those named; one alone is compared with the current one, first.

        A job named twice, or that is the current one, comes twice.
        """
        distinct = tuple(dict.fromkeys(about))
        tracker = self.tracker
        if len(distinct) == 1 and self.is_said_twice:
            return distinct * 2
        if len(distinct) == 1 and tracker.metier:
            return (tracker.metier, *distinct)
        if distinct:
            return distinct
        if tracker.focus == "job" and tracker.former and tracker.metier:
            return (tracker.former, tracker.metier)
        few = 2 if {"deux", "2"} & set(self.words) else MOST_COMPARED
        return tracker.compared or tracker.shown[:few] or self._current()

    @property
    def is_said_twice(self) -> bool:
        """Whether one job is named twice: « boulanger et boulangère »."""
        named = self.interpretation.all("metier")
        if len(named) != 1 or self.interpretation.is_payload:
            return len(named) > 1 and len(set(self.metiers)) == 1
        start, end = named[0].start, named[0].end
        text = self.interpretation.text
        name = {stem(word) for word in plain_words(text[start:end])}
        rest = {stem(word) for word in plain_words(f"{text[:start]} {text[end:]}")}
        return bool(name) and name <= rest

    def _current(self) -> tuple[str, ...]:
        """The job, or the jobs just compared, that a question without a name is about."""
        tracker = self.tracker
        if tracker.focus == "jobs":
            return tracker.compared
        return (tracker.metier,) if tracker.metier else ()

    def _wanted(self, entity: str) -> tuple[EntityMention, ...]:
        """The mentions of an entity, without those put aside when others are left."""
        mentions = self.interpretation.all(entity)
        return tuple(m for m in mentions if not self._is_negated(m)) or mentions

    def _joined(self, mention: EntityMention) -> tuple[str, ...]:
        """The jobs of « boulanger et pâtissier », a name of its own too, when they are compared."""
        if self.intent != "comparer":
            return ()
        text = self.interpretation.text[mention.start : mention.end]
        words = plain_words(text)
        if _JOINERS.isdisjoint(words) and "," not in text:
            return ()
        roots = [stem(word) for word in words]
        heads = ((stem(plain_words(c.name)[0]), c.id) for c in mention.candidates)
        places = sorted((roots.index(head), id_) for head, id_ in heads if head in roots)
        return tuple(id_ for _, id_ in places) if len({place for place, _ in places}) > 1 else ()

    def _is_negated(self, mention: EntityMention) -> bool:
        before = fold(self.interpretation.text[: mention.start])
        return mention.end > 0 and _NEGATED.search(before) is not None

    def _is_place(self, mention: EntityMention) -> bool:
        """Tell a place in a list from « le premier emploi », « 3 ans », « la seconde »."""
        text = self.interpretation.text
        if self.interpretation.is_payload:
            return True
        before = plain_words(text[: mention.start])
        said = plain_words(text[mention.start : mention.end])
        after = plain_words(text[mention.end :])
        if (after and after[0] in _NO_PLACE) or (before and before[-1] in _AFTER_SCHOOL):
            return False
        return (
            len(before) + len(said) + len(after) <= 3
            or said[0] in _BEFORE_PLACE
            or (bool(before) and before[-1] in _BEFORE_PLACE)
        )
