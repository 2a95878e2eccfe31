"""What an utterance says to the form: answers, and wishes such as « passe » or « retour ».

They are heard in `intents/synonyms/envies.yml` and `questionnaire.yml`, and in the labels of the
catalogue; what they lead to is for `form_policy` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.said import Said, plain_words
from bot.understanding.interpretation import EntityMention
from bot.understanding.normalisation import fold

__all__ = ["Pairs", "answers_said", "corrects", "is_expected", "wishes_said"]

Pairs = tuple[tuple[str, str], ...]

_LABELS = ("centre_interet", "domaine")
# What may answer; of two that the same words say, the first (« dehors » is a place, then a taste).
_KINDS = ("envie", "niveau", *_LABELS, "statut")
_CORRECTS = frozenset("enfin finalement plutot non nan pardon oups".split())
_REFUSES = re.compile(
    r"\b(?:pas|plus|sans|ni|sauf|jamais|aucune?|detester?|hais|horreur|nul(?:le)?|mauvaise?|peur)"
    r"(?: (?:trop|du|tout|de|d'|des|les|la|le|l'|une?|avec|dans|pour|que|aux?|faire|en))*[ ']*$"
)
# « pas plus que le bac » wants the bac.
_NO_MORE = re.compile(r"\bpas plus\b")
# Words around an answer that add nothing to it.
_LIGHT = frozenset("plutot stp svp oui moi alors bah ben euh en fait".split())


def answers_said(said: Said) -> Pairs:
    """Return the answers said, as arguments; of those that share words, the longest.

    A taste or a field that is put aside is refused; a level or a place put aside is left out.
    """
    return tuple(_answers(said))


def _answers(said: Said) -> Iterator[tuple[str, str]]:
    for mention in _apart([m for m in said.interpretation.entities if m.entity in _KINDS]):
        before = fold(said.interpretation.text[: mention.start])
        is_most = mention.entity == "niveau" and _NO_MORE.search(before) is not None
        if is_most or _REFUSES.search(before) is None:
            yield mention.entity, mention.value
        elif mention.entity in _LABELS:
            yield "refus", mention.value


def _apart(mentions: list[EntityMention]) -> list[EntityMention]:
    kept: list[EntityMention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, _KINDS.index(m.entity))):
        if not any(m.start < mention.end and mention.start < m.end for m in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def wishes_said(said: Said) -> frozenset[str]:
    """Return the wishes said, and the questions named; « pas » is no « passe » of the same stem."""
    text = said.interpretation.text
    mentions = said.interpretation.all("questionnaire")
    return frozenset(m.value for m in mentions if fold(text[m.start : m.end]) != "pas")


def corrects(said: Said) -> bool:
    """Whether an answer gives way to this one: « en fait plutôt dehors », « non, dedans »."""
    return said.words[:2] == ("en", "fait") or not _CORRECTS.isdisjoint(said.words[:2])


def is_expected(said: Said) -> bool:
    """Whether what is typed is, whole, an answer that the form waits for, or a wish of it.

    Alone, « dehors » or « laissez tomber » come near distress; as answers to our questions they do
    not. « tout seul » is one to the question of with whom only.
    """
    form, text = said.tracker.form, said.interpretation.text
    if form is None or form.status != "asked" or said.interpretation.is_payload:
        return False
    if plain_words(text) in (plain_words(title) for title, _ in said.tracker.offered):
        return True
    return any(
        _LIGHT.issuperset(plain_words(f"{text[: mention.start]} {text[mention.end :]}"))
        for mention in said.interpretation.entities
        if mention.entity == "questionnaire"
        or (mention.entity == "envie" and (mention.value != "seul" or form.asked == "entourage"))
    )
