"""Examples: of a known intent, enough of them, each of one intent only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.checks.examples import check_examples, enough_examples
from tests.evaluation.checks.folder import append, found, line_of, replace, written


def contradictions(intents: Path) -> list[tuple[str, str, int | None, bool]]:
    return [one for one in found(check_examples, intents) if one[0] != "examples_few"]


def test_the_folder_as_it_is(intents: Path) -> None:
    assert contradictions(intents) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("on dit ça en deux INTENTIONS", "On dit  ça, en deux intentions ?"),
        ("une préférée à moi", "une preferee a moi"),
        ("c'est pour combien", "c'est pr cb"),
        ("un·e seul·e et même phrase", "un(e) seul(e) et même phrase"),
    ],
)
def test_an_example_of_two_intents(intents: Path, one: str, other: str) -> None:
    append(intents, "nlu/salaire.yml", f"    - {one}\n")
    path = append(intents, "nlu/statuts.yml", f"    - {other}\n")
    line = line_of(path, f"    - {other}")
    assert contradictions(intents) == [("example_twice", "statuts.yml", line, True)]


def test_an_example_written_twice_in_its_intent(intents: Path) -> None:
    path = append(intents, "nlu/salaire.yml", "    - ça paie comment\n    - Ça paie comment\n")
    line = line_of(path, "    - Ça paie comment")
    assert contradictions(intents) == [("example_repeated", "salaire.yml", line, False)]


def test_an_abbreviation_in_one_intent_is_another_example(intents: Path) -> None:
    append(intents, "nlu/salaire.yml", "    - ça paie combien vite\n    - ça paie cb vite\n")
    assert contradictions(intents) == []


def test_examples_that_differ_by_their_job_only(intents: Path) -> None:
    append(intents, "nlu/salaire.yml", "    - et donc [juge](metier), alors ?\n")
    path = append(intents, "nlu/statuts.yml", "    - et donc [pompiers](metier), alors\n")
    line = line_of(path, "    - et donc [pompiers](metier), alors")
    assert contradictions(intents) == [("example_alike", "statuts.yml", line, False)]


def test_what_has_no_word_is_nobodys(intents: Path) -> None:
    append(intents, "nlu/suite.yml", "    - …\n")
    append(intents, "nlu/hors_sujet.yml", "    - ……\n")
    assert contradictions(intents) == []


@pytest.mark.parametrize(
    ("name", "key"), [("meteo", "intent_unknown"), ("salaires", "intent_unknown_near")]
)
def test_an_intent_that_does_not_exist(intents: Path, name: str, key: str) -> None:
    written(intents, "nlu/zz.yml", f"nlu:\n- intent: {name}\n  examples: |\n    - pluie\n")
    assert contradictions(intents) == [(key, "zz.yml", 2, True)]


def test_an_intent_without_examples(intents: Path) -> None:
    replace(intents, "nlu/repeter.yml", "- intent: repeter\n", "- intent: suite\n")
    assert contradictions(intents) == [("intent_untaught", "nlu", None, True)]


@pytest.mark.parametrize(("name", "few"), [("salaire", 199), ("nier", 79)])
def test_an_intent_without_enough_examples(intents: Path, name: str, few: int) -> None:
    for path in (intents / "nlu").glob("*.yml"):
        path.unlink()
    lines = [f"    - exemple numéro {n}\n" for n in range(few)]
    head = f"# Un commentaire.\nnlu:\n- intent: {name}\n  examples: |\n"
    written(intents, f"nlu/{name}.yml", head + "".join(lines))
    few_found = ("examples_few", f"{name}.yml", 3, False)
    assert few_found in found(check_examples, intents)
    append(intents, f"nlu/{name}.yml", "    - encore un\n")
    assert few_found not in found(check_examples, intents)


def test_frequent_questions_need_more_examples() -> None:
    assert enough_examples("chercher_metiers") == enough_examples("etudes") == 200
    assert enough_examples("repeter") == 80
