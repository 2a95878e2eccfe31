"""Whole turns over the fiche of `seeds/`: what is asked, what is said, what is remembered."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.answer import AnswerKind
from bot.assistant import Assistant, Turn, build_assistant
from bot.dialogue.intents import INTENTS
from bot.dialogue.tracker import Tracker
from bot.errors import CatalogueError, StoreError
from bot.messages import UserMessage
from bot.settings import Site
from tests.conftest import SEEDS, settings_for

FICHE = "MET.7984"
QUESTION = "quelles études pour être chargé de post-production ?"


def say(assistant: Assistant, sender: str, *texts: str) -> Turn:
    """Say several things in one conversation; the last turn is returned."""
    turns = [assistant.turn(UserMessage(sender=sender, text=text)) for text in texts]
    return turns[-1]


def plain(text: str) -> str:
    """A text with ordinary spaces and apostrophes."""
    return text.replace("\u00a0", " ").replace("’", "'")


# The main question


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "quelles études pour être chargée de post production",
        "c koi les etudes pr etre charger de post prod",
        "comment devenir chargé·e de post-production ?",
        "COMMENT ON DEVIENT CHARGÉE DE POST-PRODUCTION",
        f'/etudes{{"metier": "{FICHE}"}}',
    ],
)
def test_the_main_question(seed_assistant: Assistant, question: str) -> None:
    said = say(seed_assistant, question, question).answer
    assert (said.kind, said.intent) == (AnswerKind.ANSWER, "etudes")
    assert (said.metiers, said.missing) == ((FICHE,), ())
    text = plain(said.text)
    # The form that the person used comes first.
    in_feminine = "chargée" in question.lower()
    both = "chargée ou chargé" if in_feminine else "chargé ou chargée"
    assert f"{both} de post-production" in text
    assert "Après le bac" in text
    lines = text.split("\n")
    for diploma, years in (
        ("BTS métiers de l'audiovisuel", "2 ans"),
        ("licence professionnelle", "3 ans"),
        ("école privée", "2 à 3 ans"),
        ("Femis", "5 ans"),
        ("master", "5 ans"),
    ):
        (line,) = (line for line in lines if diploma in line)
        assert line.startswith(f"- {years} "), line
    assert "bac + 2" in text
    assert f"(https://www.onisep.fr/http/redirection/metier/slug/{FICHE})" in text
    (source,) = said.sources
    assert (source.id, source.url.endswith(FICHE), source.licence) == (FICHE, True, "ODbL")


def test_the_buttons_under_it_lead_on(seed_assistant: Assistant) -> None:
    said = say(seed_assistant, "boutons", QUESTION).answer
    assert 2 <= len(said.buttons) <= 4
    for button in said.buttons:
        pressed = say(seed_assistant, "boutons", button.payload)
        assert pressed.interpretation.is_payload
        assert pressed.answer.kind is AnswerKind.ANSWER
        assert pressed.answer.missing == ()


# The conversation goes on


def test_a_follow_up_keeps_the_job_and_says_what_is_missing(seed_assistant: Assistant) -> None:
    turn = say(seed_assistant, "suite", QUESTION, "et le salaire ?")
    assert (turn.answer.intent, turn.answer.metiers) == ("salaire", (FICHE,))
    assert turn.answer.missing == ("salaire",)
    assert turn.answer.fields == ()
    text = plain(turn.answer.text)
    assert "ne dit rien sur le salaire" in text
    assert "bac + 2" in text  # what is known instead
    assert "onisep.fr" in text  # and where to look
    assert turn.tracker.metier == FICHE


def test_a_digression_keeps_the_job(seed_assistant: Assistant) -> None:
    turn = say(seed_assistant, "merci", QUESTION, "merci !", "bonjour", "on a quel statut ?")
    assert (turn.answer.intent, turn.answer.metiers) == ("statuts", (FICHE,))
    assert "intermittent du spectacle" in turn.answer.text


def test_a_question_before_any_job_asks_which_then_answers_it(seed_assistant: Assistant) -> None:
    asked = say(seed_assistant, "lequel", "quelles études faut-il faire ?")
    assert asked.answer.kind is AnswerKind.CLARIFICATION
    assert asked.tracker.pending is not None
    turn = say(seed_assistant, "lequel", "chargé de post-production")
    assert (turn.answer.intent, turn.answer.metiers) == ("etudes", (FICHE,))


def test_repeating(seed_assistant: Assistant) -> None:
    first = say(seed_assistant, "répète", "bonjour", QUESTION).answer
    again = say(seed_assistant, "répète", "tu peux répéter ?").answer
    assert (again.intent, again.text) == ("repeter", first.text)


def test_starting_again_forgets_the_job(seed_assistant: Assistant) -> None:
    turn = say(seed_assistant, "zéro", QUESTION, "on recommence à zéro")
    assert turn.answer.intent == "recommencer"
    assert turn.tracker.metier is None
    assert say(seed_assistant, "zéro", "et le salaire ?").answer.kind is AnswerKind.CLARIFICATION


def test_two_misses_in_a_row_lead_to_a_person(seed_assistant: Assistant) -> None:
    first = say(seed_assistant, "perdu", "quelle est la capitale du Pérou ?").answer
    assert first.kind in {AnswerKind.FALLBACK, AnswerKind.CLARIFICATION}
    second = say(seed_assistant, "perdu", "et la population du Chili ?").answer
    assert second.kind in {AnswerKind.FALLBACK, AnswerKind.HANDOFF}
    assert second.handoff is not None
    assert second.handoff.as_json()["url"].startswith("https://")


def test_distress_gets_the_numbers_whatever_the_conversation(seed_assistant: Assistant) -> None:
    turn = say(seed_assistant, "détresse", QUESTION, "j'ai envie de mourir")
    assert turn.answer.kind is AnswerKind.SAFETY
    for number in ("3114", "119", "3018", "15", "112", "114"):
        assert f"**{number}**" in turn.answer.text
    assert turn.answer.buttons == ()
    assert turn.tracker.metier == FICHE


def test_conversations_do_not_mix(seed_assistant: Assistant) -> None:
    say(seed_assistant, "anna", QUESTION)
    assert say(seed_assistant, "basile", "et le salaire ?").answer.metiers == ()
    assert seed_assistant.tracker("anna").metier == FICHE
    assert seed_assistant.tracker("personne") == Tracker()


def test_a_turn_tells_how(seed_assistant: Assistant) -> None:
    turn = say(seed_assistant, "comment", "bonjour", QUESTION)
    assert turn.interpretation == seed_assistant.interpret(QUESTION)
    assert turn.tracker == seed_assistant.tracker("comment")
    assert 0 < turn.elapsed_ms < 60_000
    message = UserMessage(sender="comment", text=QUESTION)
    assert seed_assistant.reply(message).text == turn.answer.text


PAYLOADS = st.builds(
    "/{}{}".format,
    st.sampled_from(INTENTS),
    st.dictionaries(
        st.sampled_from(
            ["metier", "formation", "niveau", "sentences", "sujet", "ordinal", "effacer"]
        ),
        st.sampled_from(
            [FICHE, "MET.0", "FOR.5707", "bac+2", "x", "", "-1", "1,2", 3, 1.5, None, []]
        ),
        max_size=3,
    ).map(json.dumps),
)
SAYINGS = st.sampled_from(
    [QUESTION, "le deuxième", "oui", "non", "la suite", "répète", "1", "bac + 2"]
)


@given(texts=st.lists(st.one_of(PAYLOADS, SAYINGS, st.text()), min_size=1, max_size=5))
def test_any_conversation_gets_answers(seed_assistant: Assistant, texts: list[str]) -> None:
    seed_assistant.forget("n'importe quoi")
    for text in texts:
        turn = say(seed_assistant, "n'importe quoi", text)
        assert turn.answer.text.strip()
        assert turn.answer.intent in INTENTS
        json.dumps(turn.answer.custom())
        assert all(button.payload.startswith("/") for button in turn.answer.buttons)


# What is kept


def test_the_conversation_survives_a_restart(tmp_path: Path, model_cache: Path) -> None:
    settings = settings_for(SEEDS, cache=model_cache, state=tmp_path / "conversations.sqlite")
    first = build_assistant(settings)
    before = say(first, "anna", QUESTION).tracker
    first.close()
    again = build_assistant(settings)
    assert again.tracker("anna") == before
    answer = say(again, "anna", "et le salaire ?").answer
    assert (answer.intent, answer.metiers, answer.missing) == ("salaire", (FICHE,), ("salaire",))
    again.close()


def test_nothing_typed_is_in_the_file(tmp_path: Path, model_cache: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    assistant = build_assistant(settings_for(SEEDS, cache=model_cache, state=path))
    say(assistant, "anna", QUESTION, "zorglub", "j'habite rue Zorglub", "métiers de zorglub")
    assistant.close()
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT tracker FROM conversation").fetchall()
    connection.close()
    assert len(rows) == 1
    assert FICHE in rows[0][0]
    for file in tmp_path.iterdir():
        assert b"zorglub" not in file.read_bytes().lower()


@pytest.mark.parametrize(
    "asking", ["efface ma conversation", '/donnees_personnelles{"effacer": "oui"}']
)
def test_erasing(tmp_path: Path, model_cache: Path, asking: str) -> None:
    path = tmp_path / "conversations.sqlite"
    assistant = build_assistant(settings_for(SEEDS, cache=model_cache, state=path))
    say(assistant, "basile", QUESTION)
    turn = say(assistant, "anna", QUESTION, asking)
    assert (turn.answer.kind, turn.answer.intent) == (AnswerKind.ANSWER, "donnees_personnelles")
    assert turn.tracker == assistant.tracker("anna") == Tracker()
    assert assistant.tracker("basile").metier == FICHE
    assert say(assistant, "anna", "et le salaire ?").answer.kind is AnswerKind.CLARIFICATION
    assistant.close()


def test_asking_what_is_kept_erases_nothing(seed_assistant: Assistant) -> None:
    turn = say(seed_assistant, "gardé", QUESTION, "vous gardez mes messages ?")
    assert turn.answer.intent == "donnees_personnelles"
    assert "24 heures" in plain(turn.answer.text)
    assert turn.tracker.metier == FICHE


def test_forgetting_from_outside(seed_assistant: Assistant) -> None:
    say(seed_assistant, "oubli", QUESTION)
    assert seed_assistant.forget("oubli") is True
    assert seed_assistant.tracker("oubli") == Tracker()
    assert seed_assistant.forget("oubli") is False


def test_the_turns_of_one_conversation_are_in_order(seed_assistant: Assistant) -> None:
    """Messages that arrive together are answered one after the other: none is lost."""
    threads = [
        threading.Thread(target=say, args=(seed_assistant, "ensemble", QUESTION)) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seed_assistant.tracker("ensemble").turns == 20


# What cannot be built


def test_a_catalogue_that_is_not_there(tmp_path: Path, model_cache: Path) -> None:
    with pytest.raises(CatalogueError, match="absent"):
        build_assistant(settings_for(tmp_path / "absent", cache=model_cache))


def test_a_state_that_is_no_database(tmp_path: Path, model_cache: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("ceci n'est pas une base de données " * 50)
    with pytest.raises(StoreError):
        build_assistant(settings_for(SEEDS, cache=model_cache, state=path))


def test_what_a_payload_adds_of_its_own_is_not_remembered(seed_assistant: Assistant) -> None:
    text = '/etudes{"metier": "MET.7984", "niveau": "bac", "nom": "quelque chose de personnel"}'
    turn = seed_assistant.turn(UserMessage(sender="payload-nom", text=text))
    assert turn.tracker.last_arguments == (("niveau", "bac"),)
    assert "personnel" not in str(turn.tracker.as_json())


# The form of address


def test_people_are_addressed_as_the_deployment_or_their_site_says(model_cache: Path) -> None:
    sites = {"college": Site(origins=("https://college.example.fr",), address="tu")}
    settings = dataclasses.replace(settings_for(SEEDS, cache=model_cache), sites=sites)
    asked = UserMessage(sender="a", text="quel salaire ?", channel="rest")
    on_site = dataclasses.replace(asked, sender="b", site="college")
    with closing(build_assistant(settings)) as formal:
        assert "De quel métier parlez-vous ?" in formal.reply(asked).text
        assert "De quel métier parles-tu ?" in formal.reply(on_site).text
    with closing(build_assistant(dataclasses.replace(settings, address="tu"))) as familiar:
        assert "De quel métier parles-tu ?" in familiar.reply(asked).text
        distress = dataclasses.replace(asked, sender="c", text="j'ai envie de mourir")
        assert familiar.reply(distress).text == familiar.wording.say("detresse")


def test_a_conversation_with_tu_never_says_vous(model_cache: Path) -> None:
    settings = dataclasses.replace(settings_for(SEEDS, cache=model_cache), address="tu")
    said = ["salut", "wxcvb", "qsdfg", "aide-moi à trouver une idée", "animaux", "passe", "stop"]
    said += [
        "vous gardez quoi ?",
        "efface tout",
        "merci",
        "t'es qui",
        "monteur",
        "c'est nul",
        "à plus",
    ]
    with closing(build_assistant(settings)) as assistant:
        for text in said:
            answer = assistant.reply(UserMessage(sender="d", text=text, channel="rest"))
            assert not re.search(r"\b(vous|votre|vos)\b", answer.text, re.IGNORECASE), answer.text
