"""A small catalogue made for the form: ten jobs whose fiches say, or do not say, what is asked."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.idea_table import IdeaTable
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Appellation, Block, Domaine, Fiche, MetierId, Section, Source
from bot.catalogue.search import Search
from bot.catalogue.surroundings import Surroundings
from bot.catalogue.thesaurus import Thesaurus

__all__ = ["BIKE", "FORGE", "JOBS", "WAYS", "section", "surroundings", "table", "told"]

WAYS = {
    "dehors": ("en plein air", "par tous les temps"),
    "dedans": ("au bureau", "en atelier"),
    "equipe": ("en équipe",),
    "public": ("avec les clients",),
    "seul": ("travaille seul",),
    "mains": ("habileté manuelle",),
    "ordinateur": ("devant un écran",),
}
FORGE, BIKE, BOOKS = "j'aime le feu", "j'aime rouler", "j'aime lire"


def section(*paragraphs: str) -> Section:
    return Section(blocks=tuple(Block(text=text) for text in paragraphs))


def told(number: int, text: str = "", **values: object) -> Fiche:
    """A job, and what its fiche says of the conditions of work."""
    made = Fiche(
        id=MetierId(f"MET.{number}"),
        title=Appellation(name=f"métier {number}"),
        presentation=section("Un métier."),
        conditions=section(text) if text else None,
        source=Source(url="u", dataset="d", licence="l"),
    )
    return replace(made, **values)  # type: ignore[arg-type]


JOBS = (
    told(1, "On forge en atelier, en équipe.", centres_interet=(FORGE,), niveau_min="CAP"),
    told(2, "On forge en plein air.", centres_interet=(FORGE,), niveau_min="CAP"),
    told(3, "Le forgeron travaille seul.", centres_interet=(FORGE, BOOKS), niveau_min="bac + 5"),
    told(4, "On roule par tous les temps.", centres_interet=(BIKE,), niveau_min="3E"),
    told(5, "On roule avec les clients.", centres_interet=(BIKE,), niveau_min="bac + 2"),
    told(6, "On répare : habileté manuelle.", centres_interet=(BIKE, FORGE), niveau_min="bac"),
    told(7, "On lit au bureau.", centres_interet=(BOOKS,), niveau_min="bac + 5"),
    told(8, "On lit devant un écran.", centres_interet=(BOOKS,), niveau_min="bac + 8"),
    told(9, centres_interet=(BOOKS,), domaines=(Domaine(domaine="livre"),), statuts=("salarié",)),
    told(10),  # of which nothing is said
    replace(told(11, centres_interet=(FORGE,)), presentation=None),  # a name in a table alone
)


def surroundings(*jobs: Fiche) -> Surroundings:
    return Surroundings(Search(Catalogue(jobs), Thesaurus({})), WAYS)


def table(*jobs: Fiche) -> IdeaTable:
    """The table of some jobs, or of all."""
    jobs = jobs or JOBS
    return IdeaTable(Catalogue(jobs), surroundings(*jobs))
