"""The form under way: what is an answer to it, a wish, a change of mind, and what is not for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bot.dialogue.decision import Decision, RunAction
from bot.dialogue.form_policy import continue_form
from bot.dialogue.said import Said
from bot.dialogue.said_to_form import answers_said, corrects, is_expected, wishes_said
from bot.dialogue.tracker import Form, Tracker
from bot.understanding.interpretation import EntityMention, Interpretation
from tests.dialogue.strategies import TRACKERS
from tests.dialogue.test_policies import entity, job, points, said

OFFERED = (
    ("j'aime bouger", '/aide_choix{"centre_interet": "j\'aime bouger"}'),
    ("j'aime la nature", '/aide_choix{"centre_interet": "j\'aime la nature"}'),
    ("en équipe", '/aide_choix{"envie": "equipe"}'),
    ("Passer", '/aide_choix{"questionnaire": "passer"}'),
)
ASKED = Tracker(form=Form(asked="centre_interet"), offered=OFFERED)
WITH_JOB = replace(ASKED, metier="MET.1", question="etudes")
WHICH = replace(ASKED, form=Form(asked="changer"), offered=())
LEFT, STOPPED = (
    Tracker(form=Form(asked="niveau", status=status), metier="MET.1")
    for status in ("left", "stopped")
)
DONE = Tracker(form=Form(asked="niveau", status="done"), listed=("MET.1",), focus="list")

ANIMALS = entity("centre_interet", "animaux")
OUTSIDE, TEAM = entity("envie", "dehors"), entity("envie", "equipe")
BAC = entity("niveau", "bac")


def wish(name: str) -> EntityMention:
    return entity("questionnaire", name)


def place(value: str) -> EntityMention:
    return entity("ordinal", value)


def run(*answers: tuple[str, str], wish: str | None = None) -> RunAction:
    wishes = (("questionnaire", wish),) if wish else ()
    return RunAction(action="aide_choix", arguments=(*answers, *wishes))


CASES: dict[str, tuple[Tracker, Interpretation, Decision | None]] = {
    # answers
    "a taste": (
        ASKED,
        said("centres_interet", ANIMALS, words="les animaux"),
        run(("centre_interet", "animaux")),
    ),
    "a level, whatever it is heard as": (
        ASKED,
        said("formation_info", BAC, words="bac"),
        run(("niveau", "bac")),
    ),
    "two at once": (
        ASKED,
        said("nier", OUTSIDE, replace(TEAM, start=5, end=9), words="dehors, équipe"),
        run(("envie", "dehors"), ("envie", "equipe")),
    ),
    "a change of mind": (
        ASKED,
        said("chercher_metiers", OUTSIDE, words="en fait plutot dehors"),
        run(("envie", "dehors"), wish="corriger"),
    ),
    "an answer beside a job that is told in passing": (
        ASKED,
        said(
            "centres_interet", job(3), replace(ANIMALS, start=5, end=9), words="METIER et animaux"
        ),
        run(("centre_interet", "animaux")),
    ),
    "thanks and an answer": (
        ASKED,
        said("remerciement", ANIMALS, words="merci plutot animaux"),
        run(("centre_interet", "animaux"), wish="corriger"),
    ),
    "few words of which one answers, taken for a wish to speak to somebody": (
        ASKED,
        said("conseiller", TEAM, words="contact humain"),
        run(("envie", "equipe")),
    ),
    # buttons
    "a title": (ASKED, said("hors_sujet", words="en équipe"), run(("envie", "equipe"))),
    "a number": (
        ASKED,
        said("hors_sujet", place("2"), words="2"),
        run(("centre_interet", "j'aime la nature")),
    ),
    "the number of a wish": (ASKED, said("hors_sujet", words="4"), run(wish="passer")),
    "a number of no button": (ASKED, said("hors_sujet", words="9"), run(wish="incompris")),
    "a place": (
        ASKED,
        said("presentation", place("2"), words="le deuxieme"),
        run(("centre_interet", "j'aime la nature")),
    ),
    "the last answer, not the last button": (
        ASKED,
        said("suite", place("dernier"), words="le dernier"),
        run(("envie", "equipe")),
    ),
    "two places, and « deux » is no wish": (
        ASKED,
        said("hors_sujet", place("premiers-2"), wish("passer"), words="les deux premiers"),
        run(("centre_interet", "j'aime bouger"), ("centre_interet", "j'aime la nature")),
    ),
    "a part of a title": (
        ASKED,
        said("hors_sujet", words="bouger"),
        run(("centre_interet", "j'aime bouger")),
    ),
    # wishes
    "passing": (ASKED, said("aide_choix", wish("passer"), words="je sais pas"), run(wish="passer")),
    "an answer after all": (
        ASKED,
        said(
            "hors_sujet", wish("passer"), replace(OUTSIDE, start=6, end=9), words="sais pas dehors"
        ),
        run(("envie", "dehors")),
    ),
    "back": (ASKED, said("recommencer", wish("retour"), words="retour"), run(wish="retour")),
    "stop": (ASKED, said("au_revoir", wish("arreter"), words="stop"), run(wish="arreter")),
    "no": (ASKED, said("nier", words="non merci"), run(wish="arreter")),
    "the jobs": (ASKED, said("suite", wish("voir"), words="montre"), run(wish="voir")),
    "others": (ASKED, said("suite", wish("autres"), words="d' autres"), run(wish="autres")),
    "what was asked": (ASKED, said("repeter", words="hein"), run(wish="reprendre")),
    "yes is no answer": (ASKED, said("affirmer", words="oui"), run(wish="reprendre")),
    "another answer to a question": (
        ASKED,
        said("hors_sujet", wish("changer"), wish("niveau"), words="je change le niveau"),
        run(wish="niveau"),
    ),
    "another answer": (ASKED, said("hors_sujet", wish("changer")), run(wish="changer")),
    "another answer, with it": (
        ASKED,
        said("hors_sujet", wish("changer"), replace(BAC, start=5, end=9)),
        run(("niveau", "bac"), wish="corriger"),
    ),
    "which one": (WHICH, said("hors_sujet", wish("niveau"), words="le niveau"), run(wish="niveau")),
    "a question named is no wish": (
        ASKED,
        said("hors_sujet", wish("niveau"), words="zut"),
        run(wish="incompris"),
    ),
    "a wish lost in a long sentence": (
        ASKED,
        said("hors_sujet", wish("passer"), words="il se passe bien des choses dans cette ville la"),
        run(wish="incompris"),
    ),
    # unclear
    "gibberish": (ASKED, said("hors_sujet", words="wxcvb"), run(wish="incompris")),
    "a dislike that names nothing": (
        ASKED,
        said("nier", words="j' aime pas lire"),
        run(wish="incompris"),
    ),
    "unsure": (ASKED, said("catalogue", confidence=0.4), run(wish="incompris")),
    "a question about no job": (ASKED, said("salaire"), run(wish="incompris")),
    "a search of two words": (
        ASKED,
        said("chercher_metiers", words="un metier"),
        run(wish="incompris"),
    ),
    # for others
    "a question about a job": (ASKED, said("salaire", job(3)), None),
    "a bare job": (ASKED, said("presentation", job(3), confidence=0.3, bare=True), None),
    "a question about a job, with a level": (
        ASKED,
        said("niveau_acces", job(3), replace(BAC, start=5, end=9)),
        None,
    ),
    "a question about the current job": (WITH_JOB, said("salaire"), None),
    "a search": (ASKED, said("chercher_metiers", words="un metier bien paye"), None),
    "a person": (ASKED, said("conseiller"), None),
    "one's data": (
        ASKED,
        said("donnees_personnelles", ANIMALS, words="efface mes animaux la"),
        None,
    ),
    "starting again": (ASKED, said("recommencer"), None),
    "thanks": (ASKED, said("remerciement"), None),
    "who are you, with a word that answers": (
        ASKED,
        said("identite", ANIMALS, words="robot ?"),
        None,
    ),
    "a button": (ASKED, said("aide_choix", BAC, pressed=True), None),
    # away from the form
    "going on": (LEFT, said("recommencer", wish("reprendre")), run(wish="reprendre")),
    "going on after all": (STOPPED, said("suite", wish("reprendre")), run(wish="reprendre")),
    "a change, away": (LEFT, said("hors_sujet", wish("changer")), run(wish="changer")),
    "an answer is no longer awaited": (LEFT, said("chercher_metiers", OUTSIDE), None),
    "a job, away": (LEFT, said("salaire", job(3), wish("reprendre")), None),
    # its list on screen
    "a change on screen": (
        DONE,
        said("nier", OUTSIDE, words="non dehors"),
        run(("envie", "dehors"), wish="corriger"),
    ),
    "a level on screen": (
        DONE,
        said("formation_info", BAC, words="bac"),
        run(("niveau", "bac"), wish="corriger"),
    ),
    "a taste is a new search": (DONE, said("chercher_metiers", ANIMALS, words="animaux"), None),
    "a taste that corrects": (
        DONE,
        said("chercher_metiers", ANIMALS, words="plutot animaux"),
        run(("centre_interet", "animaux"), wish="corriger"),
    ),
    "which of them": (DONE, said("niveau_acces", BAC, points("lequel"), words="lequel"), None),
    "another page": (DONE, said("suite", words="encore"), None),
    # no form
    "no form": (Tracker(), said("aide_choix", wish("reprendre"), OUTSIDE), None),
}


@pytest.mark.parametrize("name", CASES)
def test_continue_form(name: str) -> None:
    tracker, interpretation, expected = CASES[name]
    assert continue_form(Said(interpretation=interpretation, tracker=tracker)) == expected


@given(TRACKERS)
def test_a_button_pressed_is_never_taken_for_words(tracker: Tracker) -> None:
    heard = said("salaire", job(3), OUTSIDE, wish("passer"), pressed=True)
    assert continue_form(Said(interpretation=heard, tracker=tracker)) is None


# What is said to it


def saying(text: str, *mentions: tuple[str, str, str]) -> Said:
    """An utterance where words are an entity of a value."""
    entities = tuple(
        entity(name, value, start=text.index(words), end=text.index(words) + len(words))
        for words, name, value in mentions
    )
    return Said(interpretation=said("hors_sujet", *entities, words=text), tracker=ASKED)


@pytest.mark.parametrize(
    ("text", "mentions", "answers"),
    [
        ("dehors", [("dehors", "centre_interet", "d"), ("dehors", "envie", "dehors")], [("envie", "dehors")]),
        (
            "la mécanique auto",
            [("mécanique", "centre_interet", "m"), ("mécanique auto", "domaine", "auto")],
            [("domaine", "auto")],
        ),
        ("le sport", [("sport", "domaine", "s"), ("sport", "centre_interet", "s")], [("centre_interet", "s")]),
        ("surtout pas les maths", [("maths", "centre_interet", "m")], [("refus", "m")]),
        ("jsuis nul en maths", [("maths", "centre_interet", "m")], [("refus", "m")]),
        ("j'ai peur des animaux", [("animaux", "domaine", "a")], [("refus", "a")]),
        ("je déteste le commerce", [("commerce", "domaine", "c")], [("refus", "c")]),
        ("tout sauf dans la vente", [("vente", "domaine", "v")], [("refus", "v")]),
        ("pas de maths, les langues", [("maths", "domaine", "m"), ("langues", "domaine", "l")],
         [("refus", "m"), ("domaine", "l")]),
        ("pas bête, les maths", [("maths", "domaine", "m")], [("domaine", "m")]),
        ("pas le bac", [("bac", "niveau", "bac")], []),
        ("pas plus que le bac", [("bac", "niveau", "bac")], [("niveau", "bac")]),
        ("salarié", [("salarié", "statut", "salarié")], [("statut", "salarié")]),
        ("boulanger", [("boulanger", "metier", "MET.1")], []),
    ],
)  # fmt: skip
def test_answers(
    text: str, mentions: list[tuple[str, str, str]], answers: list[tuple[str, str]]
) -> None:
    assert answers_said(saying(text, *mentions)) == tuple(answers)


def test_wishes() -> None:
    heard = saying(
        "pas de retour", ("pas", "questionnaire", "passer"), ("retour", "questionnaire", "retour")
    )
    assert wishes_said(heard) == {"retour"}  # fmt: skip
    assert wishes_said(saying("passe", ("passe", "questionnaire", "passer"))) == {"passer"}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("en fait dehors", True),
        ("non dehors", True),
        ("ah non dehors", True),
        ("dehors", False),
        ("j' en suis sur dehors plutot", False),
    ],
)
def test_a_correction(text: str, *, is_one: bool) -> None:
    assert corrects(saying(text)) is is_one


@pytest.mark.parametrize(
    ("asked", "text", "mention", "is_one"),
    [
        ("niveau", "dehors", ("dehors", "envie", "dehors"), True),
        ("niveau", "plutôt dehors stp", ("dehors", "envie", "dehors"), True),
        ("niveau", "je dors dehors", ("dehors", "envie", "dehors"), False),
        ("entourage", "toute seule", ("toute seule", "envie", "seul"), True),
        ("niveau", "toute seule", ("toute seule", "envie", "seul"), False),
        ("niveau", "laissez tomber", ("laissez tomber", "questionnaire", "arreter"), True),
        (
            "niveau",
            "laissez tomber, je veux mourir",
            ("laissez tomber", "questionnaire", "x"),
            False,
        ),
        ("niveau", "J'aime bouger", ("bouger", "centre_interet", "x"), True),
        ("niveau", "bouger", ("bouger", "centre_interet", "x"), False),
    ],
)
def test_what_the_form_waits_for_is_no_distress(
    asked: str, text: str, mention: tuple[str, str, str], *, is_one: bool
) -> None:
    heard = replace(saying(text, mention), tracker=replace(ASKED, form=Form(asked=asked)))
    assert is_expected(heard) is is_one
    for status in ("left", "stopped", "done"):
        form = Form(asked=asked, status=status)
        assert not is_expected(replace(heard, tracker=replace(ASKED, form=form)))
    assert not is_expected(replace(heard, tracker=Tracker(offered=OFFERED)))
