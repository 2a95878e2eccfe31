"""Referrals and the human route: the right service, its source, and whom the deployer named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.answer import AnswerKind, Handoff
from bot.answers.context import AnswerContext
from bot.answers.orientation import hand_over, refer
from bot.answers.registry import answer
from bot.assistant import Assistant
from bot.dialogue.decision import Fallback, RunAction
from bot.dialogue.tracker import Tracker
from bot.settings import Contact

SUBJECTS = (
    "parcoursup", "etablissement", "bourse", "logement", "alternance", "stage", "reorientation",
    "handicap", "reconversion", "lycee", "autre",
)  # fmt: skip
CIO = Contact(name="le CIO de Vire", url="https://cio.example.fr", tel="02 00 00 00 00")


@pytest.fixture
def context(seed_assistant: Assistant) -> AnswerContext:
    return seed_assistant.context(Tracker())


def about(*subjects: str) -> RunAction:
    return RunAction(
        action="orientation_generale", arguments=tuple(("sujet", subject) for subject in subjects)
    )


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_has_a_service_and_the_page_that_states_it(
    context: AnswerContext, subject: str
) -> None:
    said = refer(about(subject), context).answer
    assert said.kind is AnswerKind.REFERRAL
    (source,) = said.sources
    assert source.id == subject
    assert source.title
    assert f"({source.url}" in said.text
    page = context.wording.meta(f"orientation_{subject}", "source")
    assert f"]({page})" in said.text.rpartition("D'après ")[2]
    assert said.text.endswith("copie lue le 26/11/2026.")


def test_the_date_of_a_page_is_shown_where_it_bears_one(context: AnswerContext) -> None:
    def last_line(subject: str) -> str:
        return refer(about(subject), context).answer.text.rpartition("\n")[2]

    assert "(date de la page : 12/02/2026)" in last_line("stage")
    assert "(date de la page : 01/2024)" in last_line("reorientation")
    assert "date de la page" not in last_line("handicap")


@pytest.mark.parametrize(
    ("said", "referred", "offered"),
    [
        ((), "autre", []),
        (("zorglub",), "autre", []),
        (("lycee",), "lycee", []),
        (("lycee", "bourse"), "bourse", []),
        (("bourse", "bourse"), "bourse", []),
        (("logement", "bourse"), "logement", ["Bourses et aides"]),
        (("handicap", "parcoursup", "stage", "bourse"), "handicap", ["Parcoursup", "Stages"]),
    ],
)
def test_the_precise_subject_first_the_others_as_buttons(
    context: AnswerContext, said: tuple[str, ...], referred: str, offered: list[str]
) -> None:
    given = refer(about(*said), context).answer
    assert [source.id for source in given.sources] == [referred]
    assert [button.title for button in given.buttons[:-2]] == offered


# Whom to turn to


def test_by_default_the_public_services(context: AnswerContext) -> None:
    said = hand_over(RunAction(action="conseiller"), context).answer
    assert said.kind is AnswerKind.HANDOFF
    for name in ("psy-EN", "CIO", "mission locale"):
        assert name in said.text
    assert said.handoff is not None
    assert said.handoff.as_json() == {
        "label": "Annuaire de l'éducation (CIO)",
        "url": "https://www.education.gouv.fr/annuaire",
    }
    assert refer(about("bourse"), context).answer.handoff is None


def test_the_contact_of_the_deployer_comes_first_everywhere(context: AnswerContext) -> None:
    here = replace(context, contact=CIO)
    route = "[le CIO de Vire](https://cio.example.fr), 02 00 00 00 00"
    for decision in (RunAction(action="conseiller"), Fallback(stage=2), about("bourse")):
        said = answer(decision, here).answer
        assert route in said.text
        assert said.handoff == Handoff(label=CIO.name, url=CIO.url, tel=CIO.tel)
    assert "CIO de Vire" not in answer(Fallback(stage=1), here).answer.text


@pytest.mark.parametrize(
    ("contact", "route", "card"),
    [
        (Contact(name="le CDI, salle 12"), ": le CDI, salle 12.", {"label": "le CDI, salle 12"}),
        (
            Contact(name="la ligne jeunes", tel="0 800 00 00 00"),
            ": la ligne jeunes, 0 800 00 00 00.",
            {"label": "la ligne jeunes", "tel": "0 800 00 00 00"},
        ),
    ],
)
def test_a_contact_may_lack_an_address_or_a_phone(
    context: AnswerContext, contact: Contact, route: str, card: dict[str, str]
) -> None:
    said = hand_over(RunAction(action="conseiller"), replace(context, contact=contact)).answer
    assert route in said.text
    assert said.custom()["handoff"] == card
