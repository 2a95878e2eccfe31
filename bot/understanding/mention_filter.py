"""Which of the jobs named the question is about, and whether it is about one we do not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.understanding.interpretation import EntityMention
from bot.understanding.normalisation import NormalisedText, Token

__all__ = ["drop_echoes", "keep_asked_metiers", "part_invented", "unknown_metier"]

_RELATIVE = (
    r"(?:mere|pere|maman|papa|daron|daronne|reum|reup|frere|soeur|oncle|tante|tonton|tata|cousin|"
    r"cousine|mari|femme|copain|copine|pote|ami|amie|voisin|voisine|compagnon|compagne|conjoint|"
    r"conjointe|beau|belle|parents|gendre|bru)"
)
_POSSESSIVE = r"(?:mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|votre|vos|leur|leurs)"
# « ma mère est caissière », « ma sœur, coiffeuse », « je suis aide-soignante », « mon frère bosse
# comme maçon », « mon prof »
_CITED = re.compile(
    rf"(?:\b{_RELATIVE}(?: \w+)? (?:est|etait|bosse|travaille|fait)(?: \w+)?"
    rf"|\b{_POSSESSIVE} {_RELATIVE}"
    rf"|\b{_POSSESSIVE}"
    r"|\bj(?:e|')(?: \w+){1,6} comme"
    r"|\bje (?:suis|etais)(?: actuellement| deja| une?)?"
    r"|\bj' (?:ai ete|etais)(?: une?)?)"
    r"(?: un| une| comme| en tant que)?$"
)
# « je ne veux pas être prof », « non, pas monteur », « sans refaire infirmière »
_REFUSED = re.compile(
    r"(?:\b(?:pas|plus|jamais)(?: dit| parle| plutot| surtout)?(?: etre| devenir| faire)"
    r"|(?:^|\b(?:non|mais) |\bplutot )pas(?: plutot)?"
    r"|\b(?:pas|plus) (?:dit|parle)"
    r"|\bsans (?:etre|devenir|refaire|repasser))(?: une?| de| d')?$"
)
# « Professeure documentaliste en collège, j'accompagne un élève qui … »
_INTRODUCED = re.compile(r"^(?:(?!(?:et|ou) )\w+ ){0,4}(?:je\b|j')")
_OF = frozenset(["de", "d'", "des"])
_SHORTEST = 5
_PARTING = frozenset(["et", "ou", "avec", "vs", "contre"])
_EXPECTS_NAME = re.compile(
    r"(?:\b(?:devenir|metier d[e']|profession d[e']|etre|comme|combien (?:gagne|touche) une?|"
    r"travail d[e' ]+une?|boulot d[e' ]+une?|pour (?:un|une|etre)|fait une?|d[e']+ une?) ?"
    r"|^et (?:une?|l[ae]|les|l') ?)$"
)
# Where only the name of a job can stand, known words that end so name one that we do not have.
_MUST_BE_NAME = re.compile(r"\b(?:metier|profession) d[e']$")
_AGENT_ENDING = re.compile(r"(?:eur|euse|rice|iste|logue|cien|cienne)s?$")
_JOB_ENDING = re.compile(
    r"(?:eur|euse|rice|ier|iere|iste|logue|cien|cienne|graphe|pathe|tre|naute|ateur|euse|aire|yeur"
    r"|er|ere|man|mane|phile|nome)s?$"
)
_NOT_A_NAME = frozenset(
    "un une le la les l' d' de du des ce cet cette mon ma mes ton ta tes son sa ses leur notre "
    "votre quoi qui faire bien sur plus tres tout toute moi toi lui elle eux ca cela la-bas bon "
    "bonne METIER FORMATION NIVEAU premier premiere dernier derniere annee metier travail boulot "
    "taf".split()
)


def keep_asked_metiers(
    mentions: Sequence[EntityMention], text: NormalisedText
) -> tuple[EntityMention, ...]:
    """Drop the jobs cited in passing, or refused, when another job is asked about.

    « ma mère est caissière et me voit notaire » is about notaire; alone, the job that someone
    holds is kept (« je suis greffière, on évolue vers quoi ? »).
    """
    asked = tuple(m for m in mentions if not _is_cited(m, text))
    return asked or tuple(mentions)


def drop_echoes(
    mentions: Sequence[EntityMention], statuts: Sequence[EntityMention], text: NormalisedText
) -> tuple[EntityMention, ...]:
    """Drop the mentions that name no other job beside one that is clear.

    « chauffeur de taxi : artisan ou salarié » says a status, « pilote d'hélicoptère, on dit
    pilote tout court ? » the same job again, « la dame qui soigne les animaux, la véto »
    what it does.
    """
    mentions = _without_glosses(mentions, text)
    clear = [mention for mention in mentions if mention.id is not None]
    if not clear:
        return tuple(mentions)
    said = {word for mention in clear for word in _words(mention, text)}
    return tuple(
        mention
        for mention in mentions
        if mention.id is not None
        or not (said.issuperset(_words(mention, text)) or _is_within(mention, statuts))
    )


def _without_glosses(
    mentions: Sequence[EntityMention], text: NormalisedText
) -> Sequence[EntityMention]:
    """Drop what a job does when its name is said as well; « ou » and « et » part two jobs."""
    told = [mention for mention in mentions if "qui" in _words(mention, text)]
    named = [mention for mention in mentions if mention not in told and mention.id is not None]

    def is_same(one: EntityMention, other: EntityMention) -> bool:
        start, end = sorted([(one.start, one.end), (other.start, other.end)])
        between = {t.text for t in text.tokens if start[1] <= t.start < end[0]}
        return not between & _PARTING

    kept = [m for m in mentions if m not in told or not any(is_same(m, name) for name in named)]
    return kept if told else mentions


def _words(mention: EntityMention, text: NormalisedText) -> set[str]:
    return {t.text for t in text.tokens if mention.start <= t.start < mention.end}


def _is_within(mention: EntityMention, labels: Sequence[EntityMention]) -> bool:
    return any(label.start <= mention.start and mention.end <= label.end for label in labels)


def _is_cited(mention: EntityMention, text: NormalisedText) -> bool:
    before = " ".join(token.text for token in text.tokens if token.end <= mention.start)
    if not before:
        after = " ".join(token.text for token in text.tokens if token.start >= mention.end)
        return _INTRODUCED.search(after) is not None
    return any(pattern.search(before) for pattern in (_CITED, _REFUSED))


def part_invented(
    mentions: Sequence[EntityMention], text: NormalisedText, is_invented: Callable[[str], bool]
) -> tuple[tuple[EntityMention, ...], tuple[EntityMention, ...]]:
    """Part the jobs named from those that no fiche can be about: « éleveur de licornes ».

    Args:
        mentions: the jobs found.
        text: the utterance.
        is_invented: tells a French word that nothing in the catalogue ever says.

    Returns:
        The jobs; and, as `metier_inconnu`, the others, with the jobs that they resemble.
    """
    real: list[EntityMention] = []
    invented: list[EntityMention] = []
    for mention in mentions:
        last = _complement(mention, text)
        if last is None or not is_invented(last.text):
            real.append(mention)
            continue
        invented.append(
            EntityMention(
                entity="metier_inconnu",
                value=text.typed[mention.start : last.end],
                start=mention.start,
                end=last.end,
                score=0.5,
                candidates=mention.candidates,
            )
        )
    return tuple(real), tuple(invented)


def _complement(mention: EntityMention, text: NormalisedText) -> Token | None:
    """Return the word that completes the name of a job, after « de » or « des »."""
    after = [token for token in text.tokens if token.start >= mention.end]
    if len(after) < 2 or after[0].text not in _OF or len(after[1].text) < _SHORTEST:
        return None
    # A capital is a place or a person, of which the fiches need not speak.
    return after[1] if text.typed[after[1].start].islower() else None


def unknown_metier(
    text: NormalisedText, is_known: Callable[[str], bool]
) -> tuple[EntityMention, ...]:
    """Find a word that stands where a job is expected and names none of the catalogue.

    Returns:
        One mention of the entity `metier_inconnu`, or nothing.
    """
    tokens = text.tokens
    for place, token in enumerate(tokens):
        word = token.text
        if len(word) < 5 or word in _NOT_A_NAME or not word.isalpha():
            continue
        before = " ".join(t.text for t in tokens[max(0, place - 4) : place])
        must_be = _MUST_BE_NAME.search(before) and _AGENT_ENDING.search(word)
        if is_known(word) and not must_be:
            continue
        alone = len(tokens) <= 3 and _JOB_ENDING.search(word) is not None
        if alone or (_EXPECTS_NAME.search(before) and _JOB_ENDING.search(word)):
            return (
                EntityMention(
                    entity="metier_inconnu",
                    value=text.typed[token.start : token.end],
                    start=token.start,
                    end=token.end,
                    score=0.5,
                ),
            )
    return ()
