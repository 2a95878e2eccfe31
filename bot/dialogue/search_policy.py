"""Hears searches: a diploma that is only a level, one criterion of the last search that changes."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.said import Said

__all__ = ["change_search", "search_by_level", "search_by_taste"]

_FIRM = ("niveau", "statut")
_LABELS = ("centre_interet", "domaine")
_SHORT = 9
# Questions that a criterion alone is easily taken for, after a list.
_CRITERION = frozenset(
    "niveau_acces statuts chercher_metiers metiers_apres_formation formation_info formations "
    "etudes duree_etudes nier avis_negatif hors_sujet repeter comparer presentation aide_choix "
    "affirmer suite question_fiche centres_interet metiers_proches".split()
)
# « et dans la santé ? » keeps what was said of level and status.
_GOES_ON = frozenset("et mais ou plutot sinon alors non pareil idem".split())
_SOMEWHERE = frozenset({"dans", "avec", "chez"})
# Questions about one job after which « plus court » speaks of its studies, not of our answer.
_ABOUT_STUDIES = frozenset({"etudes", "duree_etudes", "niveau_acces", "formations"})


def search_by_level(said: Said) -> Decision | None:
    """Search the jobs of a field at a level, rather than all those after a type of diploma."""
    if said.intent != "metiers_apres_formation":
        return None
    heard = said.interpretation
    levels = {(mention.start, mention.end) for mention in heard.all("niveau")}
    formations = heard.all("formation")
    is_level = all((mention.start, mention.end) in levels for mention in formations)
    if not formations or not is_level or not (heard.all("domaine") or heard.all("centre_interet")):
        return None
    return said.run("chercher_metiers")


def search_by_taste(said: Said) -> Decision | None:
    """Search the jobs of a field or taste told where no job is (« liste des métiers du bois »)."""
    if said.interpretation.is_payload or said.metiers or said.ambiguous or said.unknown:
        return None
    if said.intent in _ABOUT_STUDIES and _wants_short_studies(said):
        return said.run("aide_choix")
    is_list = said.intent == "catalogue"
    if not is_list and (said.intent != "centres_interet" or said.tracker.metier is not None):
        return None
    if not any(said.interpretation.all(label) for label in _LABELS):
        return None
    return said.run("chercher_metiers")


def _wants_short_studies(said: Said) -> bool:
    """« je ne veux pas faire de longues études » is a wish when no job is spoken of."""
    envies = {mention.value for mention in said.interpretation.all("envie")}
    return said.tracker.metier is None and "etudes_courtes" in envies


def change_search(said: Said) -> Decision | None:
    """« et sans le bac ? », « plus court que ça » : change one criterion and keep the others."""
    if said.interpretation.is_payload or said.metiers or said.ambiguous or said.unknown:
        return None
    is_criterion = said.intent in _CRITERION or said.only_points_back
    if len(said.words) > _SHORT or not is_criterion:
        return None
    if said.points_to("plus_court"):
        return _shorter(said)
    if said.tracker.focus != "list":
        return None
    if said.points_to("tout_niveau"):
        return _changed(said, said_now=(("niveau", ""),))
    now = said.arguments
    if any(name in _FIRM for name, _ in now) and not any(name in _LABELS for name, _ in now):
        is_bare = said.intent != "chercher_metiers" or said.first_word in _GOES_ON
        return _changed(said, said_now=now) if is_bare else None
    is_search = (
        said.intent == "chercher_metiers"
        or any(name in _LABELS for name, _ in now)
        or not _SOMEWHERE.isdisjoint(said.words)
    )
    return _elsewhere(said) if is_search and said.first_word in _GOES_ON else None


def _changed(said: Said, *, said_now: tuple[tuple[str, str], ...]) -> RunAction:
    """The last search, with what is said now instead of what was said of the same kind."""
    firm = tuple(pair for pair in said_now if pair[0] in _FIRM)
    kinds = {name for name, _ in firm}
    if "niveau" in kinds:
        kinds.add("niveau_rule")
    kept = tuple(pair for pair in said.tracker.criteria if pair[0] not in kinds)
    arguments = (*kept, *(pair for pair in firm if pair[1]), ("garde", "oui"))
    return RunAction(action="chercher_metiers", arguments=arguments, words=said.words)


def _elsewhere(said: Said) -> RunAction:
    """Another field or taste, with the level and the status of the last search."""
    now = said.run("chercher_metiers")
    kinds = {name for name, _ in now.arguments}
    kept = (pair for pair in said.tracker.criteria if pair[0] not in (*kinds, *_LABELS))
    return replace(now, arguments=(*now.arguments, *kept))


def _shorter(said: Said) -> RunAction | None:
    """Shorter studies than the last search, or than the current job's."""
    tracker = said.tracker
    shorter = ("plus_court", "oui")
    if tracker.focus == "list":
        arguments = (*tracker.criteria, ("garde", "oui"), shorter)
        return RunAction(action="chercher_metiers", arguments=arguments)
    if tracker.metier is None:
        return None
    bare = len(said.words) <= 3 and said.intent == "repeter"
    if bare and tracker.question not in _ABOUT_STUDIES:
        return None
    return RunAction(action="metiers_proches", metiers=(tracker.metier,), arguments=(shorter,))
