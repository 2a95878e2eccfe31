"""`balise ask`: one question, one answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.messages import UserMessage
from tests.cli.command import balise
from webhook.channels.rest import render

QUESTION = "quelles études pour être chargé de post-production"


def test_an_answer(model_cache: Path) -> None:
    done = balise(model_cache, "ask", QUESTION)
    assert (done.returncode, done.stderr) == (0, "")
    assert "BTS métiers de l'audiovisuel" in done.stdout
    assert "(https://www.onisep.fr/http/redirection/metier/slug/MET.7984)" in done.stdout
    assert "→ Quelles formations ?" in done.stdout
    assert "**" not in done.stdout
    assert "\x1b" not in done.stdout


def test_the_messages_of_the_rest_channel(model_cache: Path, seed_assistant: Assistant) -> None:
    # Without quotes round the question, as people type.
    done = balise(model_cache, "ask", "--json", *QUESTION.split())
    assert (done.returncode, done.stderr) == (0, "")
    answer = seed_assistant.reply(UserMessage(sender="test-ask-json", text=QUESTION))
    assert json.loads(done.stdout) == render(answer, "terminal")


def test_the_reasons(model_cache: Path) -> None:
    done = balise(model_cache, "ask", "--why", QUESTION)
    assert done.returncode == 0
    answer, _, reasons = done.stdout.partition("\nIntentions : ")
    assert "BTS" in answer
    assert reasons.startswith("etudes ")
    assert reasons.splitlines()[0].count(" ; ") == 4
    assert "Décidé par : le classifieur" in reasons
    assert "A pesé pour etudes, contre " in reasons
    assert reasons.count("Exemple proche à ") == 3 and "etudes.yml:" in reasons
    assert "Détresse : marge −" in reasons
    assert "Entité metier [25-50] : chargé/e de post-production (MET.7984) 100,0 %" in reasons
    assert "  candidat MET.7984" in reasons
    assert reasons.rstrip().endswith(" ms")


def test_the_reasons_leave_the_json_alone(model_cache: Path) -> None:
    done = balise(model_cache, "ask", "--json", "--why", "bonjour")
    assert json.loads(done.stdout)[0]["custom"]["kind"] == "smalltalk"
    assert "Aucune entité" in done.stderr


def test_not_understood(model_cache: Path) -> None:
    done = balise(model_cache, "ask", "quelle est la capitale du Pérou ?")
    assert done.returncode == 3
    assert done.stdout
    assert done.stderr == ""


def test_a_button(model_cache: Path) -> None:
    done = balise(model_cache, "ask", "--json", '/etudes{"metier": "MET.7984"}')
    assert json.loads(done.stdout)[0]["custom"]["metiers"] == ["MET.7984"]


@pytest.mark.parametrize(
    ("question", "said"),
    [("  ", "La question est vide"), ("é" * 2001, "trop long (2001 > 2000 caractères)")],
)
def test_a_question_that_is_not_one(model_cache: Path, question: str, said: str) -> None:
    done = balise(model_cache, "ask", question)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_longest_question(model_cache: Path) -> None:
    assert balise(model_cache, "ask", "é" * 2000).returncode in {0, 3}


def test_bytes_that_are_no_text(model_cache: Path) -> None:
    done = balise(model_cache, "ask", "\udce9tudes pour être chargé de post-production ?")
    assert done.returncode == 0
    assert "post-production" in done.stdout
