"""Buttons meant by what is typed instead of pressed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.decision import RunAction
from bot.dialogue.offered import meant_button, pressed, titled_button

OFFERED = (
    ("pilote de ligne", "/salaire{\"metier\": \"MET.400\"}"),
    ("pilote de ligne automatisée", "/salaire{\"metier\": \"MET.8110\"}"),
    ("pilote automobile", "/salaire{\"metier\": \"MET.521\"}"),
    ("chef/fe monteur/euse", "/salaire{\"metier\": \"MET.656\"}"),
    ("Quelles études ?", "/etudes{\"metier\": \"MET.400\"}"),
    ("Parler à une personne", "/conseiller"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Pilote de LIGNE", "pilote de ligne"),
        ("chef monteur", "chef/fe monteur/euse"),
        ("cheffe monteuse", "chef/fe monteur/euse"),
        ("quelles etudes", "Quelles études ?"),
        ("parler a une personne !", "Parler à une personne"),
        ("ligne", None),
        ("", None),
    ],
)
def test_a_whole_title(text: str, title: str | None) -> None:
    assert titled_button(text, OFFERED) == dict(OFFERED).get(title or "")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("automobile", "pilote automobile"),
        ("plutôt celui de ligne", "pilote de ligne"),
        ("automatisée", "pilote de ligne automatisée"),
        ("monteuse", "chef/fe monteur/euse"),
        ("les études", "Quelles études ?"),
        ("pilote", None),
        ("le", None),
        ("boulanger", None),
        ("", None),
    ],
)
def test_a_part_of_a_title(text: str, title: str | None) -> None:
    assert meant_button(text, OFFERED) == dict(OFFERED).get(title or "")


@given(st.text(max_size=40))
def test_any_text_means_one_of_the_buttons_or_none(text: str) -> None:
    payloads = {payload for _, payload in OFFERED} | {None}
    assert titled_button(text, OFFERED) in payloads
    assert meant_button(text, OFFERED) in payloads


@pytest.mark.parametrize(
    ("payload", "asked"),
    [
        ("/conseiller", RunAction(action="conseiller")),
        (
            '/comparer{"metier": ["MET.1", "MET.2"], "critere": "me_convient"}',
            RunAction(
                action="comparer",
                metiers=("MET.1", "MET.2"),
                arguments=(("critere", "me_convient"),),
            ),
        ),
        ('/etudes{"metier": "MET.1", "inconnu": "x"}', RunAction(action="etudes", metiers=("MET.1",))),
        ("/inconnu", None),
        ("bonjour", None),
    ],
)  # fmt: skip
def test_what_a_button_asks(payload: str, asked: RunAction | None) -> None:
    assert pressed(payload) == asked
