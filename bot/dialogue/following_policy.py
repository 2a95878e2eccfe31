"""Follows the conversation: answers to our questions, what is on screen, carried questions."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.intents import CATALOGUE_INTENTS, METIER_INTENTS
from bot.dialogue.offered import meant_button, pressed, titled_button
from bot.dialogue.said import MOST_COMPARED, Said

__all__ = ["follow"]

_SHORT = 6
_SENTENCE = 12
# A confident search or question on the catalogue is no place in a list, if it is not as short.
_CLEAR = 0.8
# Intents that a bare answer to « lequel ? » is easily taken for.
_ANSWERING = frozenset(
    {"presentation", "affirmer", "nier", "hors_sujet", "avis_negatif", "suite", "remerciement"}
)
# « et le deuxième ? », « non, le troisième » ask again what was asked of the first.
_CARRIES = frozenset({"et", "non", "pareil", "meme"})
# « pardon, auxiliaire vétérinaire »: what was asked is asked of another job.
_TAKES_BACK = frozenset("non nan pardon oups zut ah enfin plutot finalement desole desolee".split())
_TAKEN_BACK = frozenset(
    {"nier", "avis_negatif", "presentation", "repeter", "comparer", "hors_sujet", "affirmer"}
)
# « avec aide-soignante » answers « avec quel autre métier ? ».
_WITH = frozenset({"avec", "a", "au", "et", "contre"})
_SURE = 0.5
# A question understood without doubt.
_PLAIN = 0.9


def follow(said: Said) -> Decision | None:
    """Decide from what came before, or leave it to the next policies."""
    if said.interpretation.is_payload:
        return None
    return (
        _typed_button(said)
        or _answer_to_clarification(said)
        or _item_on_screen(said)
        or _confirmed_guess(said)
        or _repeated_question(said)
        or _correction(said)
        or _back_to_job(said)
        or _named_button(said)
    )


def _typed_button(said: Said) -> Decision | None:
    """The title of a button, or its number where numbers are no place in a list."""
    offered, text = said.tracker.offered, said.interpretation.text
    if said.first_word in ("non", "pas"):
        text = text.rpartition(",")[2]  # « non, pas monteur, chef monteur »
    payload = titled_button(text, offered)
    number = said.interpretation.text.strip()
    if payload is None and number.isdecimal() and not _item_at(int(number), said):
        place = int(number)
        payload = offered[place - 1][1] if 1 <= place <= len(offered) else None
    return pressed(payload) if payload else None


def _named_button(said: Said) -> Decision | None:
    """A distinctive part of a button's title, when nothing else was understood."""
    if said.metiers or said.intent not in _ANSWERING - {"remerciement", "suite"}:
        return None
    payload = meant_button(said.interpretation.text, said.tracker.offered)
    return pressed(payload) if payload else None


def _answer_to_clarification(said: Said) -> Decision | None:
    pending = said.tracker.pending
    if pending is None or not pending.candidates:
        return None
    chosen = _ordinal_item(said, pending.candidates) or _named_candidate(said, pending.candidates)
    if chosen is None:
        return _named_button(said)
    answers = said.interpretation.is_bare_mention or said.intent in _ANSWERING
    if not answers and said.confidence >= _SURE:
        if said.intent in CATALOGUE_INTENTS or chosen not in pending.candidates:
            return None
        if said.intent in METIER_INTENTS and said.intent != pending.action:
            return said.run(said.intent, chosen)
    return _button_of(said, chosen) or RunAction(
        action=pending.action,
        metiers=(*pending.metiers, chosen),
        arguments=pending.arguments,
        words=said.words,
    )


def _button_of(said: Said, metier: str) -> RunAction | None:
    """What our button for a job asks: it carries what was asked of that job."""
    pending = said.tracker.pending
    buttons = (pressed(payload) for _, payload in said.tracker.offered)
    return next(
        (
            replace(button, words=said.words)
            for button in buttons
            if button is not None
            and pending is not None
            and button.action == pending.action
            and button.metiers[-1:] == (metier,)
        ),
        None,
    )


def _named_candidate(said: Said, candidates: tuple[str, ...]) -> str | None:
    for metier in said.metiers:
        if metier in candidates:
            return metier
    if said.metiers:
        return said.metiers[-1]
    mention = said.ambiguous
    if mention is None:
        return None
    # « de ligne » fits several names, but only one of those that we proposed.
    shared = [c.id for c in mention.candidates if c.id in candidates]
    return shared[0] if len(shared) == 1 else None


def _item_on_screen(said: Said) -> Decision | None:
    """« le deuxième », « le salaire du dernier », « entre le premier et le troisième »."""
    asks = said.intent in METIER_INTENTS and said.confidence >= _SURE
    is_search = said.intent in CATALOGUE_INTENTS and said.confidence >= _CLEAR
    if said.metiers or len(said.words) > (_SHORT if is_search else _SENTENCE):
        return None
    chosen = tuple(item for place in said.ordinals if (item := _item_at(place, said)))
    if not chosen:
        return _offered_at(said) or _list_again(said)
    if len(chosen) > 1:
        is_field = asks and said.intent not in ("presentation", "comparer")
        return said.run(said.intent if is_field else "comparer", *chosen[:MOST_COMPARED])
    question = said.tracker.question
    carries = said.first_word in _CARRIES and len(said.words) < _SHORT
    is_vague = said.intent in ("presentation", "comparer")
    if carries and question and said.tracker.focus != "list" and (is_vague or not asks):
        return said.ask_again(_carried(question), *chosen)
    return said.run(said.intent if asks else "presentation", *chosen)


def _item_at(place: int, said: Said) -> str | None:
    """The job at a place of what is on screen, numbered from 1 there or in the whole list."""
    tracker = said.tracker
    in_page = place - tracker.shown_first
    numbered = _nth(in_page, tracker.shown) if in_page > 0 and tracker.focus != "jobs" else None
    return numbered or _nth(place, tracker.several)


def _list_again(said: Said) -> Decision | None:
    """« le dixième » of five: the list again, with its numbers."""
    is_choice = said.ordinals and said.tracker.shown and len(said.words) <= _SHORT
    return RunAction(action="suite", arguments=(("page", "meme"),)) if is_choice else None


def _offered_at(said: Said) -> Decision | None:
    """« le deuxième » of the readings that we proposed."""
    pending = said.tracker.pending
    if pending is None or pending.candidates or not said.ordinals:
        return None
    button = _nth(said.ordinals[0], tuple(payload for _, payload in said.tracker.offered))
    return pressed(button) if button else None


def _ordinal_item(said: Said, items: tuple[str, ...]) -> str | None:
    if not said.ordinals or said.metiers or len(said.words) > _SHORT:
        return None
    return _nth(said.ordinals[0], items)


def _nth(place: int, items: tuple[str, ...]) -> str | None:
    index = place - 1 if place > 0 else len(items) + place
    return items[index] if 0 <= index < len(items) else None


def _repeated_question(said: Said) -> Decision | None:
    """« et pour X ? » asks the last question about another job."""
    question = said.tracker.question
    if not said.interpretation.is_bare_mention or not said.metiers:
        return None
    if question is None:
        # « et infirmière ? » compares with nothing when nothing came before.
        return said.run("presentation") if said.intent == "comparer" else None
    if said.intent != "presentation" and said.confidence > 0.9 and "question" not in said.words:
        return None
    if question == "comparer" and said.first_word == "et":
        compared = tuple(dict.fromkeys((*said.tracker.compared, *said.metiers)))
        return said.run("comparer", *compared[-MOST_COMPARED:])
    return said.ask_again(_carried(question), *said.metiers)


def _carried(question: str) -> str:
    """What a question becomes about one other job."""
    return "presentation" if question == "comparer" else question


def _confirmed_guess(said: Said) -> Decision | None:
    """« oui » after « vouliez-vous dire … ? », or a job's name after « de quel métier … ? »."""
    pending = said.tracker.pending
    if pending is None or pending.candidates or pending.action == "hors_sujet":
        return None
    is_with = pending.action == "comparer" and said.first_word in _WITH
    if said.metiers and (said.interpretation.is_bare_mention or (is_with and len(said.words) < 5)):
        known = pending.metiers if pending.action == "comparer" else ()
        return RunAction(
            action=pending.action,
            metiers=(*known, *said.metiers),
            arguments=pending.arguments,
            words=said.words,
        )
    if said.intent == "affirmer":
        asked = said.run(pending.action, *pending.metiers)
        return replace(asked, arguments=pending.arguments, text="", mentions=())
    return None


def _back_to_job(said: Said) -> Decision | None:
    """« revenons au boulanger » forgets nothing."""
    is_named = said.intent == "recommencer" and said.confidence < _CLEAR and said.metiers
    return said.run("presentation", said.metiers[-1]) if is_named else None


def _correction(said: Said) -> Decision | None:
    """« non, chef monteur » : the same question about the job that was meant."""
    question = said.tracker.question
    if question is None or not said.metiers:
        return None
    is_one = len(said.metiers) == 1 and len(said.words) <= _SHORT
    # « finalement, parlez-moi du carreleur » asks a question of its own.
    asks = said.confidence >= _PLAIN and not said.interpretation.is_bare_mention
    takes_back = is_one and said.first_word in _TAKES_BACK and not asks
    if said.intent in {"nier", "avis_negatif"} or (
        said.intent in _TAKEN_BACK and (takes_back or said.puts_aside)
    ):
        return said.ask_again(_carried(question), said.metiers[-1])
    return None
