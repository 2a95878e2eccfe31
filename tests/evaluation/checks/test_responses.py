"""Responses: written, said, their blanks filled, their buttons alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answers.wording import read_wording
from bot.catalogue.loading import load_catalogue
from bot.evaluation.checks.finding import Finding
from bot.evaluation.checks.intents_folder import IntentsFolder
from bot.evaluation.checks.response_usage import ResponseUsage, read_usage
from bot.evaluation.checks.responses import check_answers, check_buttons, check_responses
from tests.conftest import ROOT, SEEDS
from tests.evaluation.checks.folder import Found, found, line_of, replace, written

CONVERSATION = "responses/conversation.yml"
Responses = Callable[[], list[Found]]


@pytest.fixture(scope="module")
def usage() -> ResponseUsage:
    """What the code of the project says."""
    return read_usage([ROOT / "bot", ROOT / "webhook"])


@pytest.fixture
def responses(intents: Path, usage: ResponseUsage) -> Responses:
    """What is found of the responses of the folder, as it is when called."""

    def check(folder: IntentsFolder) -> Iterator[Finding]:
        return check_responses(read_wording(intents), usage, folder)

    return lambda: found(check, intents)


def test_the_folder_as_it_is(responses: Responses) -> None:
    assert [one for one in responses() if one[3]] == []


def test_a_response_that_is_missing(intents: Path, responses: Responses) -> None:
    path = replace(intents, CONVERSATION, "  utter_ask_metier:", "  utter_demande_metier:")
    line = line_of(path, "  utter_demande_metier:")
    missing, unused = responses()[0], ("response_unused", "conversation.yml", line, False)
    assert missing[0] == "response_missing"
    # The place is where the code says it.
    (code,) = ROOT.rglob(f"bot/**/{missing[1]}")
    assert '"ask_metier"' in code.read_text("utf-8").split("\n")[(missing[2] or 0) - 1]
    assert unused in responses()


def test_small_talk_that_is_missing(intents: Path, responses: Responses) -> None:
    replace(intents, CONVERSATION, "  utter_remerciement:", "  utter_merci:")
    assert ("response_missing", "responses", None, True) in responses()


def test_a_blank_that_nothing_fills(intents: Path, responses: Responses) -> None:
    path = replace(intents, CONVERSATION, "« {mention} » peut désigner", "« {nom} » peut désigner")
    lines = path.read_text("utf-8").split("\n")
    place = next(n for n, line in enumerate(lines) if "« {nom} » peut désigner" in line)
    # The place is the name of the response, above its text.
    assert responses()[0] == ("response_blank", "conversation.yml", place, True)


@pytest.mark.parametrize(
    ("payload", "right"),
    [
        ("/aide", True),
        ('/etudes{{"metier": "MET.7984"}}', True),
        ('/chercher_metiers{{"statut": "salarié"}}', True),
        ("/meteo", False),
        ("aide", False),
        ("/etudes{{metier}}", False),
        ("/etudes[]", False),
        ('/etudes{{"metyer": "MET.7984"}}', False),
        ('/chercher_metiers{{"statut": "chevalier"}}', False),
        ('/chercher_metiers{{"statut": ["salarié", "chevalier"]}}', False),
    ],
)
def test_the_button_of_a_response(
    intents: Path, usage: ResponseUsage, payload: str, right: bool
) -> None:
    button = f"    buttons:\n    - title: \"Voir\"\n      payload: '{payload}'\n"
    text = f'responses:\n  utter_button_voir:\n  - text: "Voir"\n{button}'
    written(intents, "responses/zz.yml", text)
    expected = [] if right else [("bad_payload", "zz.yml", 6, True)]
    assert found(lambda folder: check_buttons(folder, usage), intents) == expected


def test_answers_that_can_be_composed(intents: Path, usage: ResponseUsage) -> None:
    catalogue = load_catalogue([SEEDS])
    wording = read_wording(intents)
    assert found(lambda folder: check_answers(folder, usage, catalogue, wording), intents) == []


def test_an_answer_that_cannot_be_composed(intents: Path, usage: ResponseUsage) -> None:
    path = intents / CONVERSATION
    text = path.read_text("utf-8")
    start = text.index('- text: "', text.index("  utter_remerciement:")) + len('- text: "')
    path.write_text(f"{text[:start]}{{qui}} {text[start:]}", "utf-8")
    catalogue, wording = load_catalogue([SEEDS]), read_wording(intents)
    found_of_answers = found(
        lambda folder: check_answers(folder, usage, catalogue, wording), intents
    )
    assert found_of_answers == [("answer_fails", "responses", None, True)]


def test_what_the_code_says_is_read_from_the_code(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'w.say("plain", count=1)\nw.say(f"button_{name}")\nw.say("open", **values)\n'
        'w.say(f"{anything}")\nTABLE = ("in_a_table", "etudes")\nw.starting("widget_")\n',
        "utf-8",
    )
    usage = read_usage([tmp_path])
    assert [(said.key, said.blanks) for said in usage.said] == [
        ("plain", frozenset({"count"})),
        ("open", None),
    ]
    none: frozenset[str] = frozenset()
    for key in ("plain", "in_a_table", "button_etudes", "widget_close"):
        assert usage.uses(key, none), key
    assert not usage.uses("button_salaire", none)
    assert usage.uses("button_salaire", frozenset({"salaire"}))
    assert not usage.uses("unknown", none)
