"""Whole conversations: the silence after distress, what is erased, what is said of oneself."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path

import pytest

from bot.answers.answer import AnswerKind
from bot.assistant import Assistant, Turn, build_assistant
from bot.dialogue.tracker import Tracker
from bot.messages import UserMessage
from bot.settings import Contact
from tests.conftest import SEEDS, settings_for

FICHE = "MET.7984"
QUESTION = "quelles études pour être chargé de post-production ?"
INTRODUCTION = "Je suis Balise, un programme, pas une personne."


def say(assistant: Assistant, sender: str, *texts: str, channel: str = "rest") -> Turn:
    """Say several things in one conversation; the last turn is returned."""
    turns = [
        assistant.turn(UserMessage(sender=sender, text=text, channel=channel)) for text in texts
    ]
    return turns[-1]


# Distress


@pytest.mark.parametrize(
    "before",
    [
        (),
        (QUESTION,),
        ("quelles études faut-il faire ?",),
        ("aide-moi à trouver une idée", "sans bac"),
        ("métiers avec les animaux", "la suite"),
        ("wxcvb qsdfg",),
    ],
)
def test_after_distress_nothing_under_way_is_resumed(
    seed_assistant: Assistant, before: tuple[str, ...]
) -> None:
    sender = f"silence-{len(before)}-{before}"
    heard = say(seed_assistant, sender, *before, "j'ai envie de mourir")
    assert heard.answer.kind is AnswerKind.SAFETY
    assert heard.answer.text == seed_assistant.wording.say("detresse")
    assert (heard.tracker.pending, heard.tracker.form) == (None, None)
    for text in ("merci", "ok", "oui", "le premier", "la suite", "je sais pas", "non", "1"):
        turn = say(seed_assistant, sender, text)
        assert turn.answer.buttons == (), text
        assert turn.answer.metiers == (), text
        assert "3114" in turn.answer.text, text
        assert turn.tracker.quiet, text


@pytest.mark.parametrize(
    "asking", [QUESTION, "chargé de post-production", f'/salaire{{"metier": "{FICHE}"}}']
)
def test_a_job_asked_again_is_answered_as_ever(seed_assistant: Assistant, asking: str) -> None:
    alone = say(seed_assistant, f"seul-{asking}", "bonjour", asking).answer
    turn = say(seed_assistant, f"retour-{asking}", "je veux mourir", "merci", asking)
    assert turn.answer == alone
    assert not turn.tracker.quiet
    assert "3114" not in say(seed_assistant, f"retour-{asking}", "merci").answer.text


def test_the_silence_survives_a_restart(tmp_path: Path, model_cache: Path) -> None:
    settings = settings_for(SEEDS, cache=model_cache, state=tmp_path / "state.sqlite")
    first = build_assistant(settings)
    say(first, "anna", QUESTION, "je veux mourir")
    first.close()
    again = build_assistant(settings)
    assert say(again, "anna", "ok").answer.buttons == ()
    again.close()


# Data


@pytest.mark.parametrize("on_disk", [True, False])
def test_erasing_leaves_nothing(tmp_path: Path, model_cache: Path, on_disk: bool) -> None:
    path = tmp_path / "state.sqlite" if on_disk else None
    assistant = build_assistant(settings_for(SEEDS, cache=model_cache, state=path))
    sender = "whatsapp:33600000001"
    turn = say(assistant, sender, QUESTION, "je veux mourir", "efface ma conversation")
    assert turn.is_erased
    assert turn.tracker == assistant.tracker(sender) == Tracker()
    assert "le métier en cours" in turn.answer.text
    assert assistant.forget(sender) is False
    assert all(sender.encode() not in file.read_bytes() for file in tmp_path.iterdir())
    assistant.close()


def test_what_is_kept_is_told_from_the_settings(tmp_path: Path, model_cache: Path) -> None:
    kept = settings_for(SEEDS, cache=model_cache, state=tmp_path / "state.sqlite")
    here = build_assistant(dataclasses.replace(kept, conversation_ttl_s=7 * 24 * 3600))
    there = build_assistant(dataclasses.replace(kept, state=None, conversation_ttl_s=1800))
    told = [say(a, "anna", "vous gardez quoi ?").answer.text for a in (here, there)]
    assert "dans un fichier de ce service, oubliés 7 jours après" in told[0]
    assert "en mémoire seulement" in told[1]
    assert "oublié 30 minutes après" in told[1]
    here.close()
    there.close()


def test_the_log_is_told_when_it_is_on_and_names_nobody(
    seed_assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    assert "Aucun journal" in say(seed_assistant, "journal", "vous gardez quoi ?").answer.text
    with caplog.at_level(logging.INFO, logger="bot.assistant"):
        said = say(seed_assistant, "zorglub", QUESTION, "je m'appelle Zorglub", "tu gardes quoi ?")
    assert "journal technique" in said.answer.text
    assert len(caplog.records) == 3
    assert "zorglub" not in caplog.text.casefold()


# Who speaks


@pytest.mark.parametrize(
    "first", [QUESTION, "c'est quand parcoursup ?", "métiers avec les animaux", "wxcvb qsdfg"]
)
def test_the_first_answer_says_that_a_program_wrote_it(
    seed_assistant: Assistant, first: str
) -> None:
    sender = f"programme-{first}"
    assert say(seed_assistant, sender, first).answer.text.endswith(f"\n\n{INTRODUCTION}")
    assert INTRODUCTION not in say(seed_assistant, sender, first).answer.text


@pytest.mark.parametrize("first", ["bonjour", "t'es un robot ?", "t'es con", "je veux mourir"])
def test_or_says_it_in_its_own_words(seed_assistant: Assistant, first: str) -> None:
    text = say(seed_assistant, f"déjà-{first}", first).answer.text
    assert "programme" in text
    assert INTRODUCTION not in text


def test_every_wording_of_an_insult_says_it(seed_assistant: Assistant) -> None:
    for turn in range(4):
        assert "programme" in seed_assistant.wording.say_in_turn("insulte", turn)


@pytest.mark.parametrize("channel", ["page", "terminal"])
def test_a_channel_that_has_said_it_need_not(seed_assistant: Assistant, channel: str) -> None:
    said = say(seed_assistant, f"canal-{channel}", QUESTION, channel=channel).answer
    assert INTRODUCTION not in said.text


def test_the_terminal_says_it(seed_assistant: Assistant) -> None:
    assert "un programme" in seed_assistant.wording.say("chat_welcome")


# Whom to turn to


def test_the_contact_of_the_settings_is_named(tmp_path: Path, model_cache: Path) -> None:
    contact = Contact(name="le CIO de Vire", tel="02 00 00 00 00")
    settings = dataclasses.replace(settings_for(SEEDS, cache=model_cache), contact=contact)
    assistant = build_assistant(settings)
    said = say(assistant, "anna", "je veux parler à quelqu'un").answer
    assert "le CIO de Vire, 02 00 00 00 00" in said.text
    assistant.close()
