"""The settings of the human route, read from the environment."""

from __future__ import annotations

import pytest

from bot.cli.words import command_words, error_lines
from bot.errors import ConfigurationError
from bot.settings import Contact, settings_from


@pytest.mark.parametrize(
    ("environment", "contact"),
    [
        ({}, None),
        ({"BALISE_CONTACT": "  "}, None),
        ({"BALISE_CONTACT": "le  CIO\n de Vire "}, Contact(name="le CIO de Vire")),
        (
            {
                "BALISE_CONTACT": "le CIO",
                "BALISE_CONTACT_URL": "https://cio.example.fr/rdv",
                "BALISE_CONTACT_TEL": "+33 2 00 00 00 00",
            },
            Contact(name="le CIO", url="https://cio.example.fr/rdv", tel="+33 2 00 00 00 00"),
        ),
        ({"BALISE_CONTACT": "x", "BALISE_CONTACT_TEL": "3939"}, Contact(name="x", tel="3939")),
    ],
)
def test_a_contact(environment: dict[str, str], contact: Contact | None) -> None:
    assert settings_from(environment).contact == contact


@pytest.mark.parametrize(
    ("environment", "key", "part"),
    [
        ({"BALISE_CONTACT_URL": "https://a.fr"}, "contact_unnamed", "BALISE_CONTACT"),
        ({"BALISE_CONTACT_TEL": "3939"}, "contact_unnamed", "BALISE_CONTACT"),
        (
            {"BALISE_CONTACT": "x", "BALISE_CONTACT_URL": "http://a.fr"},
            "contact_url",
            "http://a.fr",
        ),
        ({"BALISE_CONTACT": "x", "BALISE_CONTACT_URL": "a.fr"}, "contact_url", "a.fr"),
        ({"BALISE_CONTACT": "x", "BALISE_CONTACT_TEL": "le 39"}, "contact_tel", "le 39"),
        ({"BALISE_CONTACT": "x", "BALISE_CONTACT_TEL": "9" * 40}, "contact_tel", "999"),
    ],
)
def test_a_contact_that_cannot_be_one(environment: dict[str, str], key: str, part: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        settings_from(environment)
    assert raised.value.key == key
    (line,) = error_lines(raised.value, command_words())
    assert part in line


@pytest.mark.parametrize(("said", "address"), [("", "vous"), ("vous", "vous"), ("tu", "tu")])
def test_the_form_of_address(said: str, address: str) -> None:
    assert settings_from({"BALISE_ADDRESS": said}).address == address


def test_another_form_of_address_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="BALISE_ADDRESS=toi"):
        settings_from({"BALISE_ADDRESS": "toi"})
