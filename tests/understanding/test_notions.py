from __future__ import annotations

from collections import Counter

from bot.catalogue.stemming import stems
from bot.understanding.building import notions_from
from bot.understanding.notions import NotionTable
from bot.understanding.training_data import read_lexicon
from tests.conftest import INTENTS

TABLE = NotionTable(
    {
        "nuit": ["astreintes", "quand les autres dorment"],
        "hauteur": ["peur du vide"],
        "danger": ["peur"],
        "rien": ["?"],
    }
)


def longest(text: str) -> list[tuple[str, ...]]:
    return [match.notions for match in TABLE.longest(stems(text)) if match.notions]


def test_a_notion_is_found_by_its_name_and_by_each_way_to_say_it() -> None:
    assert longest("des nuits") == [("nuit",)]
    assert longest("il bosse quand les autres dorment") == [("nuit",)]
    assert longest("une astreinte") == [("nuit",)]


def test_the_longest_way_is_what_is_said() -> None:
    assert longest("j'ai peur du vide") == [("hauteur",)]
    assert longest("j'ai peur") == [("danger",)]


def test_every_way_is_found_inside_another() -> None:
    found = [match.notions for match in TABLE.every(stems("peur du vide"))]
    assert found == [("hauteur",), ("danger",)]


def test_the_words_of_a_text_are_all_returned_in_order() -> None:
    text = stems("il a peur du vide la nuit")
    places = [place for m in TABLE.longest(text) for place in range(m.first, m.last + 1)]
    assert places == list(range(len(text)))


def test_working_life_has_no_way_said_twice_in_one_notion() -> None:
    table = read_lexicon(INTENTS).synonyms["travail"]
    twice = [
        (notion, way)
        for notion, ways in table.items()
        for way, times in Counter(way.casefold() for way in ways).items()
        if times > 1
    ]
    assert twice == []
    assert notions_from(read_lexicon(INTENTS)).longest(stems("télétravail"))
