"""Hears what is asked of the jobs on screen: « lequel paie le mieux ? », « et l'autre ? »."""

from __future__ import annotations

from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.said import MOST_COMPARED, Said

__all__ = ["ask_of_shown"]

# What « lequel » may be chosen by, best said first.
_CRITERIA = (
    "le_mieux_paye", "le_plus_court", "le_plus_long", "me_convient",
    "debouches", "conditions_travail", "competences",
)  # fmt: skip
# « le mieux payé ? » needs no « lequel » after a list or a comparison.
_SUPERLATIVES = frozenset({"le_mieux_paye", "le_plus_court", "le_plus_long"})
_FIELDS = {"niveau": "niveau_acces", "statut": "statuts"}
_OTHERS = {"autre_1": 1, "autre_2": 2, "autre_3": 3, "autre_4": 4}
_ABOUT_ONE = frozenset(METIER_INTENTS) - {"comparer", "metiers_proches", "question_fiche"}
_PLURAL = frozenset("ils elles leur leurs eux chacun chacune tous toutes".split())
_SURE = 0.5
_SENTENCE = 15


def ask_of_shown(said: Said) -> Decision | None:
    """Answer about the list or the comparison on screen, when the words point to it."""
    if said.interpretation.is_payload or said.ambiguous or len(said.words) > _SENTENCE:
        return None
    return (
        _back_to_list(said)
        or _others(said)
        or _chosen_by(said)
        or _which(said)
        or _side_by_side(said)
        or _each(said)
    )


def _back_to_list(said: Said) -> Decision | None:
    if said.metiers:
        return None
    alone = said.points_to("retour_seul") and said.only_points_back and bool(said.tracker.listed)
    if alone or said.points_to("retour_liste"):
        return RunAction(action="suite", arguments=(("page", "meme"),))
    if said.points_to("page_avant"):
        return RunAction(action="suite", arguments=(("page", "avant"),))
    return None


def _others(said: Said) -> Decision | None:
    """« et l'autre ? », « et les deux autres ? » : those on screen that were not spoken of."""
    count = next((n for name, n in _OTHERS.items() if said.points_to(name)), None)
    others = tuple(metier for metier in said.tracker.several if metier != said.tracker.metier)
    if count is None or said.metiers or said.tracker.focus != "job" or len(others) != count:
        return None
    question = said.tracker.question or "presentation"
    action = said.intent if said.intent in _ABOUT_ONE and said.confidence >= _SURE else question
    return said.ask_again(action if action in _ABOUT_ONE else "presentation", *others)


def _chosen_by(said: Said) -> Decision | None:
    """« lequel paie le mieux ? » : put in order by one criterion, or say what each suits."""
    criterion = _criterion(said)
    if criterion is None:
        return None
    tracker = said.tracker
    still_compares = tracker.focus != "job" or tracker.last_action == "comparer"
    is_bare = criterion in _SUPERLATIVES and still_compares
    asks = said.intent == "comparer" or (not said.metiers and (is_bare or said.points_to("lequel")))
    if not asks:
        return None
    several = _both(said) or tracker.several
    metiers = several if several and not said.metiers else said.compared(said.metiers)
    return _by(criterion, metiers if criterion in _SUPERLATIVES else metiers[:MOST_COMPARED])


def _both(said: Said) -> tuple[str, ...]:
    """« lequel des deux ? » after two jobs means those, rather than the five of an older list."""
    tracker = said.tracker
    is_two = "deux" in said.words and tracker.focus == "job"
    return (tracker.former, tracker.metier) if is_two and tracker.former and tracker.metier else ()


def _criterion(said: Said) -> str | None:
    found = next((name for name in _CRITERIA if said.points_to(name)), None)
    # « lequel demande moins d'études » has no superlative: « lequel » makes it one.
    if found is None and said.points_to("lequel") and said.points_to("plus_court"):
        return "le_plus_court"
    return found


def _which(said: Said) -> Decision | None:
    """« lesquels sont accessibles sans le bac ? », « lequel travaille dehors ? »."""
    several = said.tracker.several
    if not said.points_to("lequel") or said.metiers or len(several) < 2:
        return None
    kept = tuple(pair for pair in said.arguments if pair[0] in ("niveau", "statut"))
    if kept and said.tracker.compared:
        return _by(_FIELDS[kept[0][0]], several[:MOST_COMPARED])
    if kept:
        shown = (*kept, ("parmi", "oui"))
        return RunAction(
            action="chercher_metiers", metiers=several, arguments=shown, words=said.words
        )
    if said.intent == "centres_interet":
        return _by("me_convient", several[:MOST_COMPARED])
    if said.intent in _ABOUT_ONE:
        return said.run(said.intent, *several[:MOST_COMPARED])
    return None


def _side_by_side(said: Said) -> Decision | None:
    """« quels sont les points communs ? » after a comparison."""
    is_about = said.points_to("cote_a_cote") and not said.metiers
    return said.run("comparer") if is_about and said.tracker.focus == "jobs" else None


def _each(said: Said) -> Decision | None:
    """« ils gagnent combien ? » : the same question about each of those on screen."""
    several = said.tracker.several
    is_plural = not _PLURAL.isdisjoint(said.words) and said.tracker.focus in ("list", "jobs")
    if not is_plural or said.metiers or len(several) < 2 or said.intent not in _ABOUT_ONE:
        return None
    return said.run(said.intent, *several[:MOST_COMPARED]) if said.confidence >= _SURE else None


def _by(criterion: str, metiers: tuple[str, ...]) -> RunAction:
    return RunAction(action="comparer", metiers=metiers, arguments=(("critere", criterion),))
