"""Training data: annotations out of the text, and every wrong file with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import IntentsError, Problem
from bot.rasa_yaml import read_entries
from bot.understanding.training_data import Example, read_examples, read_lexicon
from tests.conftest import INTENTS

HEAD = 'version: "3.1"\nnlu:\n'


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def entry(kind: str, name: str, *lines: str) -> str:
    body = "".join(f"    - {line}\n" for line in lines)
    return f"- {kind}: {name}\n  examples: |\n{body}"


def examples_of(tmp_path: Path, *lines: str) -> tuple[Example, ...]:
    write(tmp_path, "nlu/a.yml", HEAD + entry("intent", "etudes", *lines))
    return read_examples(tmp_path)


def problems(tmp_path: Path) -> tuple[Problem, ...]:
    with pytest.raises(IntentsError) as caught:
        read_examples(tmp_path)
    return caught.value.problems


# Examples


@pytest.mark.parametrize(
    ("typed", "text", "spans"),
    [
        ("comment faire", "comment faire", []),
        ("[notaire](metier)", "notaire", [("metier", "notaire")]),
        (
            "un [BTS son](formation) pour être [monteuse](metier) ?",
            "un BTS son pour être monteuse ?",
            [("formation", "BTS son"), ("metier", "monteuse")],
        ),
        (
            "[œnologue](metier)[bac](niveau)",
            "œnologuebac",
            [("metier", "œnologue"), ("niveau", "bac")],
        ),
        ("[chargé(e)](metier) ?", "chargé(e) ?", [("metier", "chargé(e)")]),
        ("des [crochets] et (parenthèses)", "des [crochets] et (parenthèses)", []),
        ("- encore un tiret", "- encore un tiret", []),
        ("« deux : points » # dièse", "« deux : points » # dièse", []),
    ],
)
def test_annotations_come_out_of_the_text(
    tmp_path: Path, typed: str, text: str, spans: list[tuple[str, str]]
) -> None:
    (example,) = examples_of(tmp_path, typed)
    assert (example.intent, example.text) == ("etudes", text)
    assert [(e.entity, text[e.start : e.end]) for e in example.entities] == spans


WORDS = st.text(alphabet="abcéœ'’-?", min_size=1, max_size=8)
PARTS = st.tuples(WORDS, st.sampled_from([None, "metier", "niveau", "formation"]))


@given(parts=st.lists(PARTS, min_size=1))
def test_spans_cut_the_annotated_words(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str | None]]
) -> None:
    """Whatever the words: taking annotations out and cutting by spans gives them back."""
    typed = "".join(f"[{word}]({entity})" if entity else word for word, entity in parts)
    (example,) = examples_of(tmp_path_factory.getbasetemp() / "spans", typed)
    assert example.text == "".join(word for word, _ in parts)
    cut = [(example.text[e.start : e.end], e.entity) for e in example.entities]
    assert cut == [(word, entity) for word, entity in parts if entity]


def test_every_example_knows_its_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, "nlu/b.yml", HEAD + "\n" + entry("intent", "etudes", "a", "b"))
    write(tmp_path, "nlu/a.yml", HEAD + entry("intent", "salaire", "c"))
    found = [(e.text, e.path.name, e.line) for e in read_examples(tmp_path)]
    assert found == [("c", "a.yml", 5), ("a", "b.yml", 6), ("b", "b.yml", 7)]
    assert path.read_text().splitlines()[5] == "    - a"


def test_only_intents_give_examples(tmp_path: Path) -> None:
    text = HEAD + entry("synonym", "bac", "baccalauréat") + entry("intent", "etudes", "a")
    write(tmp_path, "nlu/a.yml", text)
    assert [example.text for example in read_examples(tmp_path)] == ["a"]


def test_comments_and_blank_lines_are_no_examples(tmp_path: Path) -> None:
    text = HEAD + "- intent: etudes\n  examples: |\n    # une note\n\n    - a\n"
    write(tmp_path, "nlu/a.yml", text)
    assert [(e.text, e.line) for e in read_examples(tmp_path)] == [("a", 7)]


def test_the_real_examples_are_where_they_say() -> None:
    examples = read_examples(INTENTS)
    assert len(examples) > 3000
    texts = {path: path.read_text("utf-8").splitlines() for path in {e.path for e in examples}}
    for example in examples[::7]:
        line = texts[example.path][example.line - 1]
        first = example.text[: example.entities[0].start] if example.entities else example.text
        assert first in line


# What is wrong


@pytest.mark.parametrize(
    ("content", "key", "line"),
    [
        ("", "no_nlu_list", 1),
        ("- a\n- b\n", "no_nlu_list", 1),
        ("version: '3.1'\nresponses: {}\n", "no_nlu_list", 1),
        ("version: '3.1'\nnlu: rien\n", "no_nlu_list", 1),
        (HEAD + "- rien\n", "bad_entry", 3),
        (HEAD + "- {}\n", "bad_entry", 3),
        (HEAD + "- intent: etudes\n", "bad_entry", 3),
        (HEAD + "- intent: etudes\n  examples:\n  - a\n", "bad_entry", 3),
        (HEAD + "- intent: [a, b]\n  examples: |\n    - a\n", "bad_entry", 3),
        (HEAD + entry("intent", "etudes", "a") + "    sans tiret\n", "bad_example", 6),
        (HEAD + "- intent: 'etudes\n", "bad_yaml", None),
        (HEAD + "\t- intent: etudes\n", "bad_yaml", 3),
        (HEAD + "- intent: etudes\n   examples: |\n", "bad_yaml", 4),
        (b"nlu: \xff\n", "unreadable", None),
        ("nlu: \0\n", "bad_yaml", None),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, content: str | bytes, key: str, line: int | None
) -> None:
    path = write(tmp_path, "nlu/a.yml", content)
    (problem,) = problems(tmp_path)
    assert (problem.path, problem.key) == (path, key)
    if line is not None:
        assert problem.line == line


def test_every_problem_of_a_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, "nlu/a.yml", HEAD + "- rien\n- {}\n- intent: a\n")
    assert [problem.line for problem in problems(tmp_path)] == [3, 4, 5]


@pytest.mark.parametrize("content", ["", HEAD + entry("synonym", "bac", "bac")])
def test_no_example_at_all(tmp_path: Path, content: str) -> None:
    if content:
        write(tmp_path, "nlu/a.yml", content)
    (problem,) = problems(tmp_path)
    assert (problem.path, problem.key) == (tmp_path / "nlu", "no_examples")


@given(
    data=st.one_of(
        st.binary(),
        st.text().map(lambda text: (HEAD + text).encode()),
        st.text().map(lambda text: (HEAD + entry("intent", "etudes", text)).encode()),
    )
)
def test_any_bytes_give_entries_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = write(tmp_path_factory.getbasetemp(), "any.yml", data)
    try:
        entries = read_entries(path)
    except IntentsError as error:
        assert all(problem.path == path for problem in error.problems)
        return
    assert all(entry.line >= 1 for entry in entries)


# Lexicon


def test_the_lexicon(tmp_path: Path) -> None:
    write(tmp_path, "lookup/a.yml", HEAD + entry("lookup", "horaires", "nuit", "week-end"))
    write(tmp_path, "lookup/b.yml", HEAD + entry("lookup", "horaires", "jour"))
    synonyms = entry("synonym", "bac", "baccalauréat") + entry("synonym", "cap", "CAP", "BEP")
    write(tmp_path, "synonyms/niveaux.yml", HEAD + synonyms)
    patterns = entry("regex", "salaire", r"\bpaye\b", "^combien") + entry(
        "regex", "etudes", "ecole"
    )
    write(tmp_path, "rules/a.yml", HEAD + patterns)
    lexicon = read_lexicon(tmp_path)
    assert lexicon.word_classes == {"horaires": ("nuit", "week-end", "jour")}
    assert lexicon.synonyms == {"niveaux": {"bac": ("baccalauréat",), "cap": ("CAP", "BEP")}}
    found = [(p.intent, p.regex.pattern, p.line) for p in lexicon.patterns]
    assert found == [
        ("salaire", r"\bpaye\b", 5),
        ("salaire", "^combien", 6),
        ("etudes", "ecole", 9),
    ]


def test_an_empty_folder_has_an_empty_lexicon(tmp_path: Path) -> None:
    lexicon = read_lexicon(tmp_path)
    assert (lexicon.word_classes, lexicon.synonyms, lexicon.patterns) == ({}, {}, ())


def test_a_pattern_that_is_no_regular_expression(tmp_path: Path) -> None:
    path = write(tmp_path, "rules/a.yml", HEAD + entry("regex", "salaire", "paye", "(paye"))
    with pytest.raises(IntentsError) as caught:
        read_lexicon(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.key, problem.line) == (path, "bad_pattern", 6)
