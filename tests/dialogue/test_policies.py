"""Policies: what is remembered + what was understood → what is done."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.decision import (
    AskClarification,
    AskMetier,
    Decision,
    Fallback,
    RunAction,
    UnknownMetier,
)
from bot.dialogue.fallback_policy import ASK_BELOW
from bot.dialogue.intents import CATALOGUE_INTENTS, CONVERSATION_INTENTS, INTENTS, METIER_INTENTS
from bot.dialogue.policy import decide
from bot.dialogue.tracker import Form, Pending, Tracker
from bot.understanding.interpretation import (
    Candidate,
    EntityMention,
    IntentPrediction,
    Interpretation,
)
from tests.dialogue.strategies import TRACKERS

# What people say


def job(*metiers: int) -> EntityMention:
    """A mention of one job, or of several it may be."""
    candidates = tuple(Candidate(id=f"MET.{n}", name=f"métier {n}", score=1.0) for n in metiers)
    sure = candidates[0].id if len(metiers) == 1 else None
    return EntityMention(
        entity="metier", value="tel métier", start=0, end=4, score=1.0, id=sure, candidates=candidates
    )  # fmt: skip


def entity(
    name: str, value: str, identifier: str | None = None, *, start: int = 0, end: int = 4
) -> EntityMention:
    return EntityMention(entity=name, value=value, start=start, end=end, score=1.0, id=identifier)


def points(reference: str) -> EntityMention:
    """A reference of `intents/synonyms/renvois.yml`."""
    return entity("renvoi", reference)


def said(
    intent: str,
    *entities: EntityMention,
    confidence: float = 0.9,
    words: str = "quelques mots",
    bare: bool = False,
    pressed: bool = False,
) -> Interpretation:
    prediction = IntentPrediction(name=intent, confidence=confidence)
    return Interpretation(
        text="/un_bouton" if pressed else words,
        intent=prediction,
        ranking=(prediction,),
        entities=entities,
        words=() if pressed else tuple(words.split()),
        is_bare_mention=bare,
        is_payload=pressed,
    )


def unsure(intent: str, *entities: EntityMention, words: str = "quelques mots") -> Interpretation:
    return said(intent, *entities, confidence=ASK_BELOW / 2, words=words)


def bare(intent: str, *entities: EntityMention) -> Interpretation:
    return said(intent, *entities, words="et pour METIER ?", bare=True)


UNKNOWN = entity("metier_inconnu", "zorgluboteur")
SECOND, LAST, TENTH = (entity("ordinal", place) for place in ("2", "dernier", "10"))

JOINED = EntityMention(
    entity="metier",
    value="boulanger et pâtissier",
    start=8,
    end=30,
    score=1.0,
    candidates=(
        Candidate(id="MET.152", name="pâtissier/ère", score=1.0),
        Candidate(id="MET.17", name="boulanger/ère", score=1.0),
    ),
)

# What is remembered

NEW = Tracker()
AFTER_STUDIES = Tracker(metier="MET.1", question="etudes", last_action="etudes", turns=1)
COMPARED = replace(
    AFTER_STUDIES, question="comparer", compared=("MET.1", "MET.2"), metier="MET.2", focus="jobs"
)
LISTED = Tracker(
    listed=tuple(f"MET.{n}" for n in range(10, 20)), shown_first=5, shown_last=8, focus="list"
)
OPENED = replace(LISTED, metier="MET.16", question="salaire", last_action="salaire", focus="job")
OFFERED = Tracker(
    offered=(
        ("Quel salaire ?", '/salaire{"metier": "MET.9"}'),
        ("Trouver une idée", "/aide_choix"),
        ("pilote de ligne", '/etudes{"metier": "MET.8", "niveau": "cap"}'),
    )
)
SEARCHED = replace(
    LISTED, criteria=(("niveau", "cap"), ("niveau_rule", "max"), ("statut", "salarié"))
)
ASKED_WHICH = Tracker(
    pending=Pending(action="salaire", candidates=("MET.5", "MET.6", "MET.7"), arguments=(("a", "b"),))
)  # fmt: skip
ASKED_JOB = Tracker(pending=Pending(action="salaire", candidates=()))
GUESSED = replace(AFTER_STUDIES, pending=Pending(action="salaire", candidates=()), misses=1)
IN_FORM = replace(AFTER_STUDIES, form=Form(asked="centre_interet"))
MISSED = replace(AFTER_STUDIES, misses=1)


def run(action: str, *metiers: int, arguments: tuple[tuple[str, str], ...] = ()) -> RunAction:
    return RunAction(action=action, metiers=tuple(f"MET.{n}" for n in metiers), arguments=arguments)


def ask(action: str, *metiers: int, known: tuple[int, ...] = ()) -> AskClarification:
    candidates = tuple(f"MET.{n}" for n in metiers)
    return AskClarification(asked=run(action, *known), mention="tel métier", candidates=candidates)


CASES: dict[str, tuple[Tracker, Interpretation, Decision]] = {
    # a question about a job
    "job named": (NEW, said("etudes", job(3)), run("etudes", 3)),
    "job carried over": (AFTER_STUDIES, said("salaire"), run("salaire", 1)),
    "another job": (AFTER_STUDIES, said("salaire", job(3)), run("salaire", 3)),
    "with a level": (
        AFTER_STUDIES,
        said("niveau_acces", entity("niveau", "cap")),
        run("niveau_acces", 1, arguments=(("niveau", "cap"),)),
    ),
    "diploma by its identifier": (
        NEW,
        said("formation_info", entity("formation", "BTS", "FOR.1")),
        run("formation_info", arguments=(("formation", "FOR.1"),)),
    ),
    "no job known": (NEW, said("salaire"), AskMetier(action="salaire")),
    "ambiguous job": (NEW, said("etudes", job(5, 6)), ask("etudes", 5, 6)),
    "ambiguous job, another current": (
        AFTER_STUDIES,
        said("salaire", job(5, 6)),
        ask("salaire", 5, 6),
    ),
    "ambiguous bare mention repeats the question": (
        AFTER_STUDIES,
        bare("presentation", job(5, 6)),
        ask("etudes", 5, 6),
    ),
    "unknown job": (
        NEW,
        said("etudes", UNKNOWN),
        UnknownMetier(action="etudes", mention="zorgluboteur"),
    ),
    "unknown job is not the current one": (
        AFTER_STUDIES,
        said("salaire", UNKNOWN),
        UnknownMetier(action="salaire", mention="zorgluboteur"),
    ),
    "unknown word beside a known job": (NEW, said("etudes", job(3), UNKNOWN), run("etudes", 3)),
    # buttons
    "button": (NEW, said("etudes", job(3), pressed=True), run("etudes", 3)),
    "button of a fiche that is gone": (
        NEW,
        said("etudes", UNKNOWN, pressed=True),
        UnknownMetier(action="etudes", mention="zorgluboteur"),
    ),
    "button while we wait for a choice": (
        ASKED_WHICH,
        said("etudes", job(5), pressed=True),
        run("etudes", 5),
    ),
    "button out of the questionnaire": (
        IN_FORM,
        said("salaire", job(3), pressed=True),
        run("salaire", 3),
    ),
    # following the conversation
    "and for another job": (AFTER_STUDIES, bare("presentation", job(3)), run("etudes", 3)),
    "bare job first": (NEW, bare("presentation", job(3)), run("presentation", 3)),
    "bare job after a comparison": (
        COMPARED,
        bare("presentation", job(3)),
        run("comparer", 1, 2, 3),
    ),
    "correction": (AFTER_STUDIES, said("nier", job(3)), run("etudes", 3)),
    "second of the list": (
        LISTED,
        said("presentation", SECOND, words="le deuxième"),
        run("presentation", 16),
    ),
    "last of the list": (LISTED, said("suite", LAST, words="le dernier"), run("presentation", 17)),
    "tenth of a list of three": (
        LISTED,
        said("suite", TENTH, words="le 10"),
        run("suite", arguments=(("page", "meme"),)),
    ),
    "a long sentence is no choice": (
        LISTED,
        said("catalogue", SECOND, words="dans un deuxième temps je voudrais tout savoir"),
        run("catalogue"),
    ),
    "a choice by its name": (
        ASKED_WHICH,
        said("presentation", job(6), words="METIER", bare=True),
        run("salaire", 6, arguments=(("a", "b"),)),
    ),
    "a choice by its place": (
        ASKED_WHICH,
        said("suite", LAST, words="le dernier"),
        run("salaire", 7, arguments=(("a", "b"),)),
    ),
    "a choice by a word that only one candidate has": (
        ASKED_WHICH,
        said("hors_sujet", job(7, 99), words="METIER", bare=True),
        run("salaire", 7, arguments=(("a", "b"),)),
    ),
    "another question instead of a choice": (
        ASKED_WHICH,
        said("etudes", job(6)),
        run("etudes", 6),
    ),
    "a job that we did not propose": (
        ASKED_WHICH,
        said("presentation", job(3), words="METIER", bare=True),
        run("salaire", 3, arguments=(("a", "b"),)),
    ),
    "which job? this one": (
        ASKED_JOB,
        said("presentation", job(3), words="METIER", bare=True),
        run("salaire", 3),
    ),
    "yes to our guess": (GUESSED, said("affirmer", words="oui"), run("salaire", 1)),
    "no to our guess": (GUESSED, said("nier", words="non"), run("nier")),
    "the salary of one of the list": (
        LISTED,
        said("salaire", SECOND, words="le salaire du deuxième"),
        run("salaire", 16),
    ),
    "two places of the list": (
        LISTED,
        said("hors_sujet", entity("ordinal", "1", end=10), LAST, words="le premier et le dernier"),
        run("comparer", 15, 17),
    ),
    "a place by its number in the whole list": (
        LISTED,
        said("hors_sujet", entity("ordinal", "7"), words="le 7"),
        run("presentation", 16),
    ),
    "and the second": (
        OPENED,
        said("presentation", entity("ordinal", "1", start=3, end=13), words="et le premier ?"),
        run("salaire", 15),
    ),
    "the first job is no place": (
        OPENED,
        said("etudes", entity("ordinal", "1"), words="premier emploi quelles etudes"),
        run("etudes", 16),
    ),
    "a level is no place": (
        OPENED,
        said("niveau_acces", entity("niveau", "bac+2"), SECOND, words="bac + 2 suffit ?"),
        run("niveau_acces", 16, arguments=(("niveau", "bac+2"),)),
    ),
    "what is put aside is not meant": (
        AFTER_STUDIES,
        said(
            "nier",
            replace(job(3), start=8, end=14),
            replace(job(4), start=16, end=26),
            words="non pas monteur, chef mont",
        ),
        run("etudes", 4),
    ),
    "the level asked about goes on with the question": (
        replace(
            AFTER_STUDIES,
            question="niveau_acces",
            last_action="niveau_acces",
            last_arguments=(("niveau", "cap"),),
        ),
        bare("presentation", job(3)),
        run("niveau_acces", 3, arguments=(("niveau", "cap"),)),
    ),
    "a question after a comparison is about both": (
        COMPARED,
        said("salaire"),
        run("salaire", 1, 2),
    ),
    # what is on screen
    "which pays best": (
        LISTED,
        said("salaire", points("lequel"), points("le_mieux_paye")),
        run("comparer", 15, 16, 17, arguments=(("critere", "le_mieux_paye"),)),
    ),
    "which would suit me": (
        COMPARED,
        said("aide_choix", points("lequel"), points("me_convient")),
        run("comparer", 1, 2, arguments=(("critere", "me_convient"),)),
    ),
    "who earns more of two": (
        NEW,
        said("comparer", job(3), job(4), points("le_mieux_paye")),
        run("comparer", 3, 4, arguments=(("critere", "le_mieux_paye"),)),
    ),
    "which with that level": (
        LISTED,
        said("niveau_acces", points("lequel"), entity("niveau", "cap")),
        run("chercher_metiers", 15, 16, 17, arguments=(("niveau", "cap"), ("parmi", "oui"))),
    ),
    "which, of no list": (
        NEW,
        said("comparer", points("lequel"), points("le_mieux_paye")),
        run("comparer", arguments=(("critere", "le_mieux_paye"),)),
    ),
    "back to the list": (
        OPENED,
        said("recommencer", points("retour_liste")),
        run("suite", arguments=(("page", "meme"),)),
    ),
    "the two others": (OPENED, said("suite", points("autre_2")), run("salaire", 15, 17)),
    "the two others of a list": (LISTED, said("suite", points("autre_2")), run("suite")),
    # one criterion changes
    "and without that level": (
        SEARCHED,
        said("niveau_acces", entity("niveau", "bac"), words="et avec NIVEAU ?"),
        run(
            "chercher_metiers",
            arguments=(("statut", "salarié"), ("niveau", "bac"), ("garde", "oui")),
        ),
    ),
    "whatever the level": (
        SEARCHED,
        said("hors_sujet", points("tout_niveau"), words="peu importe le niveau"),
        run("chercher_metiers", arguments=(("statut", "salarié"), ("garde", "oui"))),
    ),
    "shorter than the search": (
        SEARCHED,
        said("repeter", points("plus_court"), words="un truc plus court"),
        run(
            "chercher_metiers",
            arguments=(*SEARCHED.criteria, ("garde", "oui"), ("plus_court", "oui")),
        ),
    ),
    "shorter than the job": (
        AFTER_STUDIES,
        said("repeter", points("plus_court"), words="plus court"),
        run("metiers_proches", 1, arguments=(("plus_court", "oui"),)),
    ),
    "a shorter answer": (
        OPENED,
        said("repeter", points("plus_court"), words="plus court"),
        run("repeter"),
    ),
    "a whole new search keeps nothing": (
        SEARCHED,
        said("chercher_metiers", entity("niveau", "bac"), words="un metier a NIVEAU"),
        run("chercher_metiers", arguments=(("niveau", "bac"),)),
    ),
    "a level asked of the job opened": (
        OPENED,
        said("niveau_acces", entity("niveau", "bac"), words="et avec NIVEAU ?"),
        run("niveau_acces", 16, arguments=(("niveau", "bac"),)),
    ),
    # buttons typed instead of pressed
    "the title of a button": (OFFERED, said("hors_sujet", words="quel salaire"), run("salaire", 9)),
    "the number of a button": (OFFERED, said("hors_sujet", words="2"), run("aide_choix")),
    "a part of a button": (
        OFFERED,
        said("hors_sujet", words="celui de ligne"),
        run("etudes", 8, arguments=(("niveau", "cap"),)),
    ),
    "a part of two buttons": (OFFERED, said("hors_sujet", words="quel"), Fallback(stage=1)),
    # comparing
    "compare two": (NEW, said("comparer", job(3), job(4)), run("comparer", 3, 4)),
    "compare with the current one, first": (
        AFTER_STUDIES,
        said("comparer", job(3)),
        run("comparer", 1, 3),
    ),
    "compare the current one with itself": (
        AFTER_STUDIES,
        said("comparer", job(1)),
        run("comparer", 1, 1),
    ),
    "compare again": (COMPARED, said("comparer"), run("comparer", 1, 2)),
    "compare what is on screen": (LISTED, said("comparer"), run("comparer", 15, 16, 17)),
    "compare two of what is on screen": (
        LISTED,
        said("comparer", words="compare les deux"),
        run("comparer", 15, 16),
    ),
    "compare two that are one name as well": (
        NEW,
        said("comparer", JOINED, words="compare boulanger et pâtissier"),
        run("comparer", 17, 152),
    ),
    "one name of two jobs, not compared": (
        NEW,
        said("etudes", JOINED, words="etudes: boulanger et pâtissier"),
        AskClarification(
            asked=run("etudes"), mention="boulanger et pâtissier", candidates=("MET.152", "MET.17")
        ),
    ),
    "compare with a job that hesitates": (
        AFTER_STUDIES,
        said("comparer", job(5, 6)),
        ask("comparer", 5, 6, known=(1,)),
    ),
    "compare nothing": (NEW, said("comparer"), run("comparer")),
    # the catalogue and small talk need no job
    "search": (
        AFTER_STUDIES,
        said("chercher_metiers", entity("niveau", "bac+2"), entity("domaine", "santé")),
        run("chercher_metiers", arguments=(("niveau", "bac+2"), ("domaine", "santé"))),
    ),
    "thanks": (AFTER_STUDIES, said("remerciement"), run("remerciement")),
    "greeting": (NEW, said("salutation"), run("salutation")),
    # the questionnaire
    "an answer to the questionnaire": (
        IN_FORM,
        said("chercher_metiers", entity("centre_interet", "nature")),
        run("aide_choix", arguments=(("centre_interet", "nature"),)),
    ),
    "an answer that we cannot read": (
        IN_FORM,
        said("hors_sujet"),
        run("aide_choix", arguments=(("questionnaire", "incompris"),)),
    ),
    "giving it up": (
        IN_FORM,
        said("nier"),
        run("aide_choix", arguments=(("questionnaire", "arreter"),)),
    ),
    "asking for a person meanwhile": (IN_FORM, said("conseiller"), run("conseiller")),
    "a clear question about a job meanwhile": (IN_FORM, said("salaire", job(3)), run("salaire", 3)),
    "a button of the questionnaire": (
        IN_FORM,
        said("aide_choix", entity("niveau", "bac"), pressed=True),
        run("aide_choix", arguments=(("niveau", "bac"),)),
    ),
    # not understood
    "out of scope": (NEW, said("hors_sujet"), Fallback(stage=1)),
    "out of scope again": (MISSED, said("hors_sujet"), Fallback(stage=2, metier="MET.1")),
    "an unsure question about the current job": (
        AFTER_STUDIES,
        unsure("salaire"),
        Fallback(stage=1, intent="salaire", guesses=("salaire",), metier="MET.1"),
    ),
    "an unsure question about a job named": (
        NEW,
        unsure("salaire", job(3)),
        Fallback(stage=1, intent="salaire", guesses=("salaire",), metier="MET.3"),
    ),
    "an unsure question about no job": (
        NEW,
        unsure("salaire"),
        Fallback(stage=1, intent="salaire"),
    ),
    "unsure small talk": (NEW, unsure("remerciement"), Fallback(stage=1, intent="remerciement")),
    "an unsure search": (
        NEW,
        unsure("chercher_metiers"),
        Fallback(stage=1, intent="chercher_metiers", guesses=("chercher_metiers",)),
    ),
    "unsure twice": (
        MISSED,
        unsure("salaire"),
        Fallback(stage=2, intent="salaire", guesses=("salaire",), metier="MET.1"),
    ),
    "no word at all": (NEW, unsure("etudes", words=""), Fallback(stage=1, intent="etudes")),
}


def plain(decision: Decision) -> Decision:
    """A decision without the words that it hands on."""
    if isinstance(decision, AskClarification):
        return replace(decision, asked=replace(decision.asked, words=(), text=""))
    return replace(decision, words=(), text="") if isinstance(decision, RunAction) else decision


@pytest.mark.parametrize("case", CASES)
def test_decision(case: str) -> None:
    tracker, interpretation, decision = CASES[case]
    assert plain(decide(interpretation, tracker)) == decision


# Distress comes before and instead of anything else


@pytest.mark.parametrize(
    "tracker", [NEW, AFTER_STUDIES, LISTED, ASKED_WHICH, ASKED_JOB, IN_FORM, MISSED]
)
@pytest.mark.parametrize("confidence", [0.99, ASK_BELOW / 10])
def test_distress_always_gets_the_emergency_numbers(tracker: Tracker, confidence: float) -> None:
    for entities in ((), (job(3),), (job(5, 6), SECOND), (entity("niveau", "bac"),)):
        interpretation = said("detresse", *entities, confidence=confidence)
        assert plain(decide(interpretation, tracker)) == run("detresse")


# Laws


@given(
    tracker=TRACKERS,
    intent=st.sampled_from(INTENTS),
    confidence=st.floats(0, 1),
    entities=st.lists(
        st.sampled_from([job(3), job(5, 6), UNKNOWN, SECOND, LAST, TENTH]), max_size=3
    ),
    bare=st.booleans(),
    pressed=st.booleans(),
)
def test_there_is_always_one_decision_and_the_same(
    tracker: Tracker,
    intent: str,
    confidence: float,
    entities: list[EntityMention],
    bare: bool,
    pressed: bool,
) -> None:
    interpretation = said(intent, *entities, confidence=confidence, bare=bare, pressed=pressed)
    decision = decide(interpretation, tracker)
    assert decision == decide(interpretation, tracker)
    assert dataclasses.is_dataclass(decision)
    match decision:
        case RunAction(action=action):
            assert action in INTENTS
            assert action != "hors_sujet" or pressed
        case Fallback(stage=stage):
            assert stage == tracker.misses + 1
            assert not pressed
        case AskClarification(candidates=candidates):
            assert len(candidates) > 1


def test_each_intent_is_in_one_group() -> None:
    assert len(INTENTS) == len(set(INTENTS)) == 39
    assert set(INTENTS) == {*METIER_INTENTS, *CATALOGUE_INTENTS, *CONVERSATION_INTENTS}


@given(TRACKERS)
def test_what_is_sure_and_about_no_job_is_simply_answered(tracker: Tracker) -> None:
    calm = replace(tracker, form=None, pending=None, quiet=False)
    for intent in (*CATALOGUE_INTENTS, *CONVERSATION_INTENTS):
        if intent != "hors_sujet":
            decision = decide(said(intent), calm)
            assert isinstance(decision, RunAction)
            assert decision.action == intent
