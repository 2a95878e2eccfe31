"""Word lists and tables of synonyms: all are read, and none says two things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.catalogue.loading import load_catalogue
from bot.evaluation.checks.lexicon import check_lexicon
from bot.understanding.building import (
    SEARCH_TABLES,
    SYNONYM_TABLES,
    WORD_LISTS,
    build_interpreter,
    notions_from,
    surroundings_from,
    thesaurus_from,
)
from bot.understanding.training_data import Lexicon, read_lexicon
from tests.conftest import INTENTS, SEEDS
from tests.evaluation.checks.folder import Found, append, found, line_of, replace, written


def findings(intents: Path) -> list[Found]:
    """What is found; that few examples are left for the word classes is no fault."""
    return [one for one in found(check_lexicon, intents) if one[0] != "class_unheard"]


def test_the_folder_as_it_is(intents: Path) -> None:
    assert findings(intents) == []


class Recorded(Mapping[str, tuple[str, ...]]):
    """A mapping that remembers which of its names were asked for."""

    def __init__(self, content: Mapping[str, object]) -> None:
        self._content, self.asked = content, set[str]()

    def __getitem__(self, name: str) -> object:  # type: ignore[override]
        self.asked.add(name)
        return self._content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


def test_the_tables_said_to_be_read_are_those_that_are(model_cache: Path) -> None:
    lexicon = read_lexicon(INTENTS)
    tables = Recorded(lexicon.synonyms)
    recorded = Lexicon(
        word_classes=lexicon.word_classes,
        synonyms=tables,  # type: ignore[arg-type]
        patterns=(),
    )
    build_interpreter(INTENTS, load_catalogue([SEEDS]), cache=model_cache, lexicon=recorded)
    notions_from(recorded)
    surroundings_from(recorded)
    assert {t for t in tables.asked if not t.startswith(SEARCH_TABLES)} == SYNONYM_TABLES
    thesaurus_from(recorded)
    searches = {name for name in lexicon.synonyms if name.startswith(SEARCH_TABLES)}
    assert tables.asked == set(lexicon.synonyms) == SYNONYM_TABLES | searches


@pytest.mark.parametrize(
    ("name", "key"), [("vocabulaire", "table_unread"), ("statut", "table_unread_near")]
)
def test_a_table_that_nobody_reads(intents: Path, name: str, key: str) -> None:
    written(intents, f"synonyms/{name}.yml", "nlu:\n- synonym: a\n  examples: |\n    - b\n")
    assert findings(intents) == [(key, f"{name}.yml", 1, True)]


def test_a_list_under_another_name(intents: Path) -> None:
    replace(intents, "lookup/empty_words.yml", "lookup: empty_words", "lookup: emptywords")
    assert ("list_absent_near", "lookup", None, True) in findings(intents)
    replace(intents, "lookup/empty_words.yml", "lookup: emptywords", "lookup: vides")
    assert ("list_absent", "lookup", None, True) in findings(intents)
    assert "empty_words" in WORD_LISTS


def test_a_class_that_no_example_says(intents: Path) -> None:
    lines = "nlu:\n- lookup: dragons\n  examples: |\n    - cracher du feu\n"
    path = written(intents, "lookup/zz.yml", lines)
    assert ("class_unheard", "zz.yml", 2, False) in found(check_lexicon, intents)
    path.write_text(lines + "    - salaire\n", "utf-8")
    assert "zz.yml" not in {name for _, name, _, _ in found(check_lexicon, intents)}


@pytest.mark.parametrize("name", ["lookup/common_words.yml", "synonyms/statuts.yml"])
def test_a_line_written_twice(intents: Path, name: str) -> None:
    path = append(intents, name, "    - chevalière errante\n    - chevaliere errante\n")
    line = line_of(path, "    - chevaliere errante")
    assert findings(intents) == [("way_repeated", path.name, line, False)]


@pytest.mark.parametrize(
    ("table", "is_error"),
    [("sms", True), ("niveaux", True), ("sujets", True), ("ordinaux", True), ("statuts", False)],
)
def test_a_way_of_saying_two_things(intents: Path, table: str, is_error: bool) -> None:
    names = {"niveaux": ("bac+8", "bac+9")}.get(table, ("un", "deux"))
    groups = "".join(f"- synonym: {name}\n  examples: |\n    - zzyzx\n" for name in names)
    path = append(intents, f"synonyms/{table}.yml", groups)
    line = len(path.read_text("utf-8").split("\n")) - 1
    assert findings(intents) == [("way_twice", path.name, line, is_error)]


def test_an_everyday_name_may_be_that_of_two_jobs(intents: Path) -> None:
    groups = "".join(f"- synonym: MET.{n}\n  examples: |\n    - zzyzx\n" for n in (1, 2))
    append(intents, "synonyms/metiers.yml", groups)
    assert findings(intents) == []


def test_a_word_of_two_contrary_classes(intents: Path) -> None:
    lines = "nlu:\n- lookup: oui\n  examples: |\n    - Ouaip\n- lookup: non\n  examples: |\n    - ouaip\n"
    written(intents, "lookup/zz.yml", lines)
    assert findings(intents) == [("word_opposed", "zz.yml", 7, True)]


def test_a_job_whose_name_is_said_to_name_none(intents: Path) -> None:
    append(intents, "lookup/plain_words.yml", "    - bidule\n")
    path = append(intents, "synonyms/metiers.yml", "    - bidule\n")
    line = line_of(path, "    - bidule")
    assert findings(intents) == [("plain_job", "metiers.yml", line, True)]


def test_a_search_made_of_empty_words(intents: Path) -> None:
    append(intents, "lookup/empty_words.yml", "    - bidule\n")
    lines = "nlu:\n- synonym: bidules\n  examples: |\n    - fiole\n    - un bidule\n"
    written(intents, "synonyms/recherche_zz.yml", lines)
    assert findings(intents) == [
        ("term_empty", "recherche_zz.yml", 2, True),
        ("way_empty", "recherche_zz.yml", 5, False),
    ]


def test_an_abbreviation_that_stands_in_its_words(intents: Path) -> None:
    text = "nlu:\n- synonym: merci beaucoup\n  examples: |\n    - m b\n    - beaucoup\n"
    written(intents, "synonyms/sms.yml", text)
    assert ("sms_unheard", "sms.yml", 5, False) in found(check_lexicon, intents)


def test_a_level_that_does_not_exist(intents: Path) -> None:
    path = append(intents, "synonyms/niveaux.yml", "- synonym: bac+42\n  examples: |\n    - a\n")
    line = line_of(path, "- synonym: bac+42")
    assert findings(intents) == [("level_unknown", "niveaux.yml", line, True)]
