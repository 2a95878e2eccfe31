"""The intents of the contract, by what they need."""

from __future__ import annotations

__all__ = ["CATALOGUE_INTENTS", "CONVERSATION_INTENTS", "INTENTS", "METIER_INTENTS"]

# Answered from one fiche: the job is said, or carried over from the conversation.
METIER_INTENTS = (
    "presentation",
    "etudes",
    "duree_etudes",
    "niveau_acces",
    "formations",
    "statuts",
    "centres_interet",
    "competences",
    "conditions_travail",
    "salaire",
    "debouches",
    "metiers_proches",
    "appellations",
    "fiche",
    "question_fiche",
    "comparer",
)
CATALOGUE_INTENTS = (
    "chercher_metiers",
    "metiers_apres_formation",
    "formation_info",
    "aide_choix",
    "catalogue",
    "orientation_generale",
)
CONVERSATION_INTENTS = (
    "salutation",
    "au_revoir",
    "remerciement",
    "aide",
    "identite",
    "conseiller",
    "affirmer",
    "nier",
    "recommencer",
    "suite",
    "repeter",
    "avis_positif",
    "avis_negatif",
    "insulte",
    "detresse",
    "donnees_personnelles",
    "hors_sujet",
)
INTENTS = METIER_INTENTS + CATALOGUE_INTENTS + CONVERSATION_INTENTS
