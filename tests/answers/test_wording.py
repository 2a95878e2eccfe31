"""Wordings: reading `intents/responses/`, filling blanks, and every wrong file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.answers.wording import Wording, read_wording
from bot.errors import IntentsError, Problem
from tests.conftest import INTENTS

HEAD = 'version: "3.1"\nresponses:\n'


def write(tmp_path: Path, name: str, content: str) -> Path:
    path = tmp_path / "responses" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def wording(tmp_path: Path, content: str) -> Wording:
    write(tmp_path, "a.yml", HEAD + content)
    return read_wording(tmp_path)


def problems(tmp_path: Path) -> tuple[Problem, ...]:
    with pytest.raises(IntentsError) as caught:
        read_wording(tmp_path)
    return caught.value.problems


def test_a_response_with_blanks(tmp_path: Path) -> None:
    words = wording(tmp_path, '  utter_salaire:\n  - text: "Pour {name} : {count} €."\n')
    assert words.say("salaire", name="œuvre", count=3) == "Pour œuvre : 3 €."
    assert words.placeholders("salaire") == {"name", "count"}
    assert words.keys == ("salaire",)
    assert "salaire" in words
    assert "utter_salaire" not in words


def test_what_fills_a_blank_is_not_read_again(tmp_path: Path) -> None:
    words = wording(tmp_path, '  utter_a:\n  - text: "« {name} »"\n')
    assert words.say("a", name="{autre} {0} %s") == "« {autre} {0} %s »"


def test_more_than_is_needed_is_no_mistake(tmp_path: Path) -> None:
    assert wording(tmp_path, "  utter_a:\n  - text: rien\n").say("a", name="x") == "rien"


def test_several_texts_come_in_turn(tmp_path: Path) -> None:
    words = wording(tmp_path, "  utter_a:\n  - text: un\n  - text: deux\n")
    assert [words.say_in_turn("a", turn) for turn in range(4)] == ["un", "deux", "un", "deux"]
    assert words.say("a") == "un"


def test_a_text_of_several_lines(tmp_path: Path) -> None:
    words = wording(tmp_path, "  utter_a:\n  - text: |-\n      un\n\n      - deux\n")
    assert words.say("a") == "un\n\n- deux"


def test_metadata(tmp_path: Path) -> None:
    content = (
        "  utter_a:\n  - text: x\n    metadata:\n      url: https://example.org\n      tel: 3114\n"
    )
    words = wording(tmp_path, content)
    assert (words.meta("a", "url"), words.meta("a", "tel")) == ("https://example.org", "3114")
    assert words.meta("a", "label") is None
    assert words.meta("inconnue", "url") is None


def test_keys_by_prefix(tmp_path: Path) -> None:
    content = "".join(f"  utter_{name}:\n  - text: x\n" for name in ("b_1", "a", "b_2"))
    assert wording(tmp_path, content).starting("b_") == ("b_1", "b_2")


def test_a_response_that_does_not_exist(tmp_path: Path) -> None:
    words = wording(tmp_path, "  utter_a:\n  - text: x\n")
    with pytest.raises(ValueError, match="utter_b"):
        words.say("b")
    with pytest.raises(ValueError, match="utter_b"):
        words.placeholders("b")


@pytest.mark.parametrize("text", ["{name}", "{}", "{0}"])
def test_a_blank_that_nobody_fills(tmp_path: Path, text: str) -> None:
    words = wording(tmp_path, f"  utter_a:\n  - text: '{text}'\n")
    with pytest.raises(ValueError, match="a needs"):
        words.say("a")


@pytest.mark.parametrize(
    ("content", "key", "field"),
    [
        (HEAD + "  utter_a: texte\n", "bad_response", "utter_a"),
        (HEAD + "  utter_a: []\n", "bad_response", "utter_a"),
        (HEAD + "  utter_a:\n  - texte\n", "bad_response", "utter_a"),
        (HEAD + "  utter_a:\n  - text: 3\n", "bad_response", "utter_a"),
        (HEAD + "  utter_a:\n  - image: x\n", "bad_response", "utter_a"),
        (HEAD + "  a:\n  - text: x\n", "bad_response", "a"),
        ("version: '3.1'\n", "no_responses", "responses"),
        ("responses: [a]\n", "no_responses", "responses"),
        ("- a\n", "not_a_mapping", None),
        ("", "not_a_mapping", None),
        ("responses: {a: 'b\n", "bad_yaml", None),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: str, key: str, field: str | None) -> None:
    path = write(tmp_path, "a.yml", content)
    (problem,) = problems(tmp_path)
    assert (problem.path, problem.key, problem.field) == (path, key, field)


def test_one_name_twice_and_every_problem_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", HEAD + "  utter_a:\n  - text: x\n")
    second = write(tmp_path, "b.yml", HEAD + "  utter_a:\n  - text: y\n  utter_b: z\n")
    found = [(p.path, p.key, p.field) for p in problems(tmp_path)]
    assert found == [
        (second, "duplicate_response", "utter_a"),
        (second, "bad_response", "utter_b"),
    ]


# The real wordings


def test_the_real_wordings_are_plain_french() -> None:
    """No median point, no inclusive bracket, no space doubled, no blank left by a slip."""
    words = read_wording(INTENTS)
    # The terminal aligns its help in columns.
    keys = [key for key in words.keys if not key.startswith(("cli_", "chat_"))]
    assert len(keys) > 100
    for key in keys:
        blanks = dict.fromkeys(words.placeholders(key), "…")
        for turn in range(4):
            text = words.say_in_turn(key, turn, **blanks)
            assert text, key
            assert not re.search(
                r"\w·\w|\w\((?:e|ne|s|trice)\)|[a-zé]/(?:e|ère|euse|trice)\b", text
            ), key
            assert "  " not in text.replace("\n  ", "\n"), key
            assert not re.search(r"\s[,.](?:\s|$)", text), key


TWIN = "    condition: [{type: slot, name: adresse, value: tu}]\n"


def test_a_response_says_vous_or_tu(tmp_path: Path) -> None:
    both = f'  utter_a:\n  - text: "Vous {{x}}"\n  - text: "Tu {{y}}"\n{TWIN}'
    words = wording(tmp_path, f'{both}  utter_b:\n  - text: "Rien"\n')
    familiar = words.familiarly()
    assert (words.say("a", x=1), familiar.say("a", y=2)) == ("Vous 1", "Tu 2")
    assert words.say("b") == familiar.say("b") == "Rien"
    assert words.placeholders("a") == {"x", "y"}


@pytest.mark.parametrize(
    "variants",
    [
        f'  - text: "Tu"\n{TWIN}',  # nothing for the others
        '  - text: "Vous"\n  - text: "Tu"\n    condition: [{type: slot, name: age, value: "12"}]\n',
    ],
)
def test_a_condition_that_is_not_read(tmp_path: Path, variants: str) -> None:
    write(tmp_path, "a.yml", f"{HEAD}  utter_a:\n{variants}")
    (problem,) = problems(tmp_path)
    assert (problem.key, problem.field) == ("bad_response", "utter_a")
