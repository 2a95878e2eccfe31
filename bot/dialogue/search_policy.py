"""Hears a search where a diploma is only a level: « le secrétariat avec le bac »."""

from __future__ import annotations

from bot.dialogue.decision import Decision
from bot.dialogue.said import Said

__all__ = ["search_by_level"]


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
