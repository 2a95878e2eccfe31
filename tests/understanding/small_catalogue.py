"""A catalogue of a score of short fiches, made for the tests of the linker."""

from __future__ import annotations

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Appellation, Block, Fiche, MetierId, Section, Source

__all__ = ["ALIASES", "COMMON_WORDS", "FRENCH_WORDS", "small_catalogue", "small_fiche"]

ALIASES = {
    "MET.10": ("kiné", "celui qui masse"),
    "MET.12": ("post-prod",),
    "MET.13": ("garde des cimes",),
    "MET.404": ("fantôme",),
}
COMMON_WORDS = ("guide", "cadre", "chef")
# Words of running text, which are no misspelt names: as `building` finds them in the fiches.
FRENCH_WORDS = frozenset(
    "monde table route cours image affaires montagne moniteur compote le la un une je tu est "
    "cuisine cadre guide chef interieur production avocat notaire boulanger quoi comment".split()
)


def small_fiche(number: int, masculine: str, feminine: str | None = None, *others: str) -> Fiche:
    """A fiche with a title, its two genders and other names, and one sentence."""
    title = Appellation(name=masculine, masculine=masculine, feminine=feminine or masculine)
    return Fiche(
        id=MetierId(f"MET.{number}"),
        title=title,
        other_names=tuple(Appellation(name=other) for other in others),
        presentation=Section(blocks=(Block(text=f"Un métier : {masculine}."),)),
        source=Source(
            url=f"https://example.org/MET.{number}", dataset="essai", licence="domaine public"
        ),
    )


def small_catalogue() -> Catalogue:
    """The fiches: short and long names, names inside names, shared heads and synonyms."""
    return Catalogue(
        [
            small_fiche(1, "boulanger", "boulangère"),
            small_fiche(2, "notaire"),
            small_fiche(3, "avocat", "avocate"),
            small_fiche(4, "avocat d'affaires", "avocate d'affaires"),
            small_fiche(5, "monteur câbleur", "monteuse câbleuse"),
            small_fiche(6, "chef monteur", "cheffe monteuse", "monteur image"),
            small_fiche(7, "monteur en installations thermiques", "monteuse en installations thermiques"),
            small_fiche(8, "architecte"),
            small_fiche(9, "architecte d'intérieur"),
            small_fiche(10, "masseur-kinésithérapeute", "masseuse-kinésithérapeute"),
            small_fiche(11, "ergothérapeute"),
            small_fiche(12, "chargé de post-production", "chargée de post-production"),
            small_fiche(13, "guide de haute montagne"),
            small_fiche(14, "guide-conférencier", "guide-conférencière"),
            small_fiche(15, "pâtissier", "pâtissière", "chef pâtissier"),
            small_fiche(16, "chocolatier", "chocolatière"),
            small_fiche(17, "directeur d'hôtel", "directrice d'hôtel", "hôtelier"),
            small_fiche(18, "hôtelier restaurateur", None, "hôtelier"),
            small_fiche(19, "responsable RSE (responsabilité sociétale des entreprises)"),
            small_fiche(20, "éclairagiste (spectacle)"),
        ]
    )  # fmt: skip
