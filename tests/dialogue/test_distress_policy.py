"""After distress: what is a return to jobs, what is not, and what the tracker remembers of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.decision import RunAction, StayQuiet
from bot.dialogue.events import (
    ActionRun,
    ClarificationAsked,
    DistressHeard,
    Event,
    FormStepped,
    ListShown,
    Missed,
    Restarted,
    Understood,
)
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

QUIET = Tracker(metier="MET.1", question="etudes", last_action="etudes", turns=2, quiet=True)
CARPENTER = EntityMention(
    entity="metier", value="menuisier", start=0, end=9, score=1.0, id="MET.3",
    candidates=(Candidate(id="MET.3", name="menuisier", score=1.0),),
)  # fmt: skip


def heard(
    intent: str,
    confidence: float = 0.95,
    *,
    words: str = "quelques mots",
    job: bool = False,
    bare: bool = False,
    pressed: bool = False,
) -> Interpretation:
    prediction = IntentPrediction(name=intent, confidence=confidence)
    return Interpretation(
        text="ce qui est tapé",
        intent=prediction,
        ranking=(prediction,),
        entities=(CARPENTER,) if job else (),
        words=() if pressed else tuple(words.split()),
        is_bare_mention=bare,
        is_payload=pressed,
    )


@pytest.mark.parametrize(
    "said",
    [
        heard("etudes"),
        heard("salaire"),
        heard("duree_etudes", job=True),
        heard("presentation", 0.4, words="METIER ?", job=True, bare=True),
        heard("chercher_metiers", 0.45, words="revenons aux metiers"),
        heard("aide_choix", 0.7, words="trouver un metier"),
        heard("orientation_generale"),
        heard("duree_etudes", 1.0, pressed=True),
        heard("aide_choix", 1.0, pressed=True),
        heard("recommencer", 1.0, pressed=True),
    ],
)
def test_the_person_comes_back_to_jobs(said: Interpretation) -> None:
    assert not isinstance(decide(said, QUIET), StayQuiet)


@pytest.mark.parametrize(
    "said",
    [
        heard("duree_etudes", 1.0, words="ca dure combien de temps ?"),
        heard("niveau_acces", 0.9, words="il faut quel age ?"),
        heard("aide_choix", 0.97, words="je sais pas"),
        heard("presentation", 0.5, words="j' en parle a METIER", job=True),
        heard("salaire", 0.5, words="les METIER sont venus", job=True),
        heard("recommencer", 1.0, words="on recommence"),
        heard("suite", 1.0, words="et apres ?"),
        heard("affirmer", 1.0, words="oui"),
        heard("hors_sujet", 0.9),
    ],
)
def test_the_person_does_not(said: Interpretation) -> None:
    decision = decide(said, QUIET)
    assert isinstance(decision, StayQuiet)
    assert decision.intent == said.intent.name


def test_a_guess_is_told_from_an_intent() -> None:
    assert decide(heard("au_revoir", 0.3), QUIET) == StayQuiet(intent="au_revoir", is_sure=False)
    assert decide(heard("au_revoir", 0.9), QUIET) == StayQuiet(intent="au_revoir", is_sure=True)


def test_distress_again_and_data_are_answered() -> None:
    for intent in ("detresse", "donnees_personnelles"):
        decision = decide(heard(intent), QUIET)
        assert isinstance(decision, RunAction)
        assert decision.action == intent


@given(
    intent=st.sampled_from(CONVERSATION_INTENTS),
    confidence=st.floats(0, 1),
    job=st.booleans(),
    tracker=TRACKERS,
)
def test_small_talk_never_brings_jobs_back(
    intent: str, confidence: float, job: bool, tracker: Tracker
) -> None:
    """Whatever was under way: a list, a clarification, the questionnaire."""
    quiet = tracker.apply(DistressHeard())
    decision = decide(heard(intent, confidence, job=job), quiet)
    calm = isinstance(decision, RunAction) and decision.action in {"detresse", intent}
    assert isinstance(decision, StayQuiet) or (
        calm and intent in {"detresse", "donnees_personnelles"}
    )


@given(intent=st.sampled_from(INTENTS), tracker=TRACKERS)
def test_without_distress_nothing_changes(intent: str, tracker: Tracker) -> None:
    loud = tracker.replay([DistressHeard(), ActionRun(action="etudes")])
    assert not loud.quiet
    assert not isinstance(decide(heard(intent), loud), StayQuiet)


# What the tracker remembers


def test_what_was_asked_is_dropped_and_the_job_is_kept() -> None:
    asked = Tracker(
        metier="MET.1",
        pending=Pending(action="salaire", candidates=("MET.5",)),
        form=Form(asked="lieu"),
    )
    assert asked.apply(DistressHeard()) == Tracker(metier="MET.1", quiet=True)


@pytest.mark.parametrize(
    ("event", "quiet"),
    [
        (Understood(), True),
        (Missed(), True),
        (DistressHeard(), True),
        (ActionRun(action="salaire", metiers=("MET.1",)), False),
        (ListShown(found=("MET.1",), first=0, last=1), False),
        (ClarificationAsked(action="salaire", candidates=()), False),
        (FormStepped(asked="lieu"), False),
        (Restarted(), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_about_jobs_ends_the_silence(event: Event, quiet: bool) -> None:
    assert QUIET.apply(event).quiet is quiet


def test_every_intent_about_jobs_can_be_pressed_after_distress() -> None:
    for intent in METIER_INTENTS + CATALOGUE_INTENTS:
        assert not isinstance(decide(heard(intent, 1.0, pressed=True), QUIET), StayQuiet)
