"""Keeps the form going: an utterance answers it, changes it, leaves it, or is something else."""

from __future__ import annotations

from collections.abc import Iterable

from bot.catalogue.surroundings import SURROUNDINGS
from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.offered import meant_button, pressed, titled_button
from bot.dialogue.said import Said
from bot.dialogue.said_to_form import Pairs, answers_said, corrects, wishes_said

__all__ = ["continue_form"]

_ACTION = "aide_choix"
_QUESTIONS = ("centre_interet", "niveau", *SURROUNDINGS)
# What may be said of the form, the most telling first; « passe » is heard when nothing answers.
_WISHES = ("arreter", "retour", "voir", "reprendre", "autres")
# Whatever the form, these are for somebody else, or about the whole conversation.
_ELSEWHERE = frozenset({"conseiller", "donnees_personnelles", "recommencer"})
_SMALL_TALK = frozenset(
    "identite salutation au_revoir remerciement insulte catalogue orientation_generale".split()
)
# « mon père est boulanger et j'aime cuisiner » is heard as one of these about the job.
_LIKE_ANSWERS = frozenset(
    "presentation centres_interet competences conditions_travail question_fiche".split()
)
# « ok », « continue », « c'était quoi la question ? », « lance le test ».
_ASKS_AGAIN = frozenset({"affirmer", "suite", "repeter", "aide_choix"})
# What words that answer nothing are easily taken for.
_UNCLEAR = frozenset({"nier", "hors_sujet", *METIER_INTENTS})
_SURE = 0.6
_SURER = 0.8
_SHORT = 8
_BARE = 3


def continue_form(said: Said) -> Decision | None:
    """Give the form what is said to it."""
    form = said.tracker.form
    if form is None or said.interpretation.is_payload:
        return None
    answers, wishes = answers_said(said), wishes_said(said)
    if form.status != "asked":
        return _come_back(said, answers, wishes)
    pressed_one = _pressed(said)
    if pressed_one is not None or (_is_elsewhere(said, answers) and not wishes):
        return pressed_one
    return (
        _change(said, answers, wishes)
        or _answer(said, answers)
        or _wish(said, answers, wishes)
        or _otherwise(said, answers)
    )


def _pressed(said: Said) -> Decision | None:
    """The title of a button, or its number."""
    offered, number = said.tracker.offered, said.interpretation.text.strip()
    payload = titled_button(said.interpretation.text, offered)
    if payload is None and number.isdecimal() and 1 <= int(number) <= len(offered):
        payload = offered[int(number) - 1][1]
    return pressed(payload) if payload else None


def _is_elsewhere(said: Said, answers: Pairs) -> bool:
    """Whether something else is said: « merci », and not « merci, plutôt le dessin »."""
    is_small_talk = said.intent in _SMALL_TALK and (not answers or "?" in said.words)
    is_answer = bool(answers) and len(said.words) <= _BARE  # « contact humain »
    is_for_others = said.intent in _ELSEWHERE and not is_answer
    return said.confidence >= _SURER and (is_for_others or is_small_talk)


def _change(said: Said, answers: Pairs, wishes: frozenset[str]) -> Decision | None:
    """« je change ma réponse sur le niveau », « le niveau » when we asked which one."""
    form = said.tracker.form
    named = next((name for name in _QUESTIONS if name in wishes), None)
    is_asked = form is not None and form.asked == "changer" and named is not None
    if "changer" not in wishes and not is_asked:
        return None
    return _run(answers, "corriger" if answers else named or "changer")


def _answer(said: Said, answers: Pairs) -> Decision | None:
    if not answers or _asks_of_job(said, answers):
        return None
    return _run(answers, "corriger" if corrects(said) else None)


def _wish(said: Said, answers: Pairs, wishes: frozenset[str]) -> Decision | None:
    """« retour », « le deuxième », « je sais pas »."""
    if len(said.words) > _SHORT or answers:
        return None
    wish = next((name for name in _WISHES if name in wishes), None)
    if wish is not None:
        return _run((), wish)
    return _places(said) or (_run((), "passer") if "passer" in wishes else None)


def _places(said: Said) -> Decision | None:
    """« le deuxième », « le premier et le troisième », « le dernier » of the answers offered."""
    buttons = [pressed(payload) for _, payload in said.tracker.offered]
    known = [button for button in buttons if button is not None]
    answers = [button for button in known if not button.all("questionnaire")] or known
    places = [place - 1 if place > 0 else len(answers) + place for place in said.ordinals]
    chosen = [answers[place] for place in places if 0 <= place < len(answers)]
    pairs = tuple(pair for button in chosen for pair in button.arguments)
    return _run(pairs) if pairs else None


def _otherwise(said: Said, answers: Pairs) -> Decision | None:
    """A question about a job, a part of a button, a refusal, or words that are not clear."""
    if _asks_of_job(said, answers):
        return None
    payload = meant_button(said.interpretation.text, said.tracker.offered)
    if payload is not None:
        return pressed(payload)
    if said.intent == "nier" and len(said.words) <= _BARE:
        return _run((), "arreter")
    if said.intent in _ASKS_AGAIN:
        return _run((), "reprendre")
    is_vague = said.intent == "chercher_metiers" and len(said.words) < _BARE
    is_clear = said.confidence >= _SURE and said.intent not in _UNCLEAR and not is_vague
    return None if is_clear else _run((), "incompris")


def _asks_of_job(said: Said, answers: Pairs) -> bool:
    """Whether a question is asked about a job, rather than an answer given that names one."""
    is_answer = bool(answers) and said.intent in _LIKE_ANSWERS and "?" not in said.words
    if said.intent not in METIER_INTENTS or is_answer:
        return False
    if said.metiers or said.ambiguous or said.unknown:
        return said.confidence >= _SURE or said.interpretation.is_bare_mention
    return said.tracker.metier is not None and said.confidence >= _SURER


def _come_back(said: Said, answers: Pairs, wishes: frozenset[str]) -> Decision | None:
    """Hear a wish for the form once it was left, or a change once its list is on screen."""
    if len(said.words) > _SHORT or said.metiers:
        return None
    if "reprendre" in wishes:
        return _run((), "reprendre")
    return _change(said, answers, wishes) or _change_on_screen(said, answers)


def _change_on_screen(said: Said, answers: Pairs) -> Decision | None:
    """« en fait plutôt dehors » under the list of the form; a bare taste is a new search."""
    form = said.tracker.form
    is_on_screen = form is not None and form.status == "done" and said.tracker.focus == "list"
    points_to_jobs = said.points_to("lequel") and ("envie", "dedans") not in answers
    if not is_on_screen or not answers or points_to_jobs:
        return None
    is_search = any(name in ("centre_interet", "domaine", "statut") for name, _ in answers)
    return _run(answers, "corriger") if corrects(said) or not is_search else None


def _run(answers: Iterable[tuple[str, str]], wish: str | None = None) -> RunAction:
    wishes = (("questionnaire", wish),) if wish else ()
    return RunAction(action=_ACTION, arguments=(*answers, *wishes))
