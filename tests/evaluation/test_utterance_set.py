from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FileError
from bot.evaluation.utterance_set import QaCase, SafetyCase, SearchCase, Utterance, read_set

UTTERANCE = {"id": "u1", "text": "salaire notaire", "intent": "salaire", "metiers": ["MET.1"]}


def write(folder: Path, *rows: object) -> Path:
    path = folder / "cas.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def problems(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(FileError) as caught:
        read_set(path)
    assert all(problem.path == path for problem in caught.value.problems)
    return [(problem.line, problem.key) for problem in caught.value.problems]


def test_an_utterance_with_everything(tmp_path: Path) -> None:
    row = {
        **UTTERANCE, "accept": ["etudes"], "ambiguous": True, "candidates": ["MET.1", "MET.2"],
        "niveau": "bac+2", "sujet": "bourse", "style": "sms", "note de l'auteur": 3,
    }  # fmt: skip
    assert read_set(write(tmp_path, row)).utterances == (
        Utterance(
            id="u1", text="salaire notaire", intent="salaire", accept=("etudes",),
            metiers=("MET.1",), is_ambiguous=True, candidates=("MET.1", "MET.2"),
            entities=(("niveau", "bac+2"), ("sujet", "bourse")), style="sms",
        ),
    )  # fmt: skip


def test_the_kinds_are_told_by_their_keys(tmp_path: Path) -> None:
    safety = {"id": "s", "text": "…", "distress": False, "kind": "idiom", "borderline": True}
    search = {"id": "c", "text": "…", "relevant": ["MET.1"], "must": [], "type": "criteria"}
    qa = {"id": "q", "metier": "MET.1", "question": "?", "answers": [], "kind": "absent"}
    found = read_set(write(tmp_path, qa, UTTERANCE, "", search, safety))
    assert found.safety == (
        SafetyCase(id="s", text="…", is_distress=False, is_borderline=True, kind="idiom"),
    )
    assert found.search == (
        SearchCase(id="c", text="…", relevant=("MET.1",), must=(), kind="criteria"),
    )
    assert found.qa == (QaCase(id="q", metier="MET.1", question="?", answers=()),)
    assert len(found.utterances) == 1
    assert len(found) == 4


def test_the_jobs_that_are_expected(tmp_path: Path) -> None:
    search = {"id": "c", "text": "…", "relevant": ["MET.3", "MET.1"], "must": ["MET.3"]}
    assert read_set(write(tmp_path, UTTERANCE, search)).metiers == ("MET.1", "MET.3")


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ('{"id": "u"', "set_bad_json"),
        ("[" * 100_000, "set_bad_json"),
        ("[1]", "set_not_an_object"),
        ({"id": "u", "text": "…", "intnet": "salaire"}, "set_kind_unknown"),
        ({**UTTERANCE, "intent": "salaires"}, "set_intent_unknown"),
        ({**UTTERANCE, "accept": ["salaires"]}, "set_intent_unknown"),
        ({**UTTERANCE, "text": " "}, "set_not_a_text"),
        ({**UTTERANCE, "text": None}, "set_field_missing"),
        ({**UTTERANCE, "id": 12}, "set_not_a_text"),
        ({**UTTERANCE, "metiers": "MET.1"}, "set_not_a_list"),
        ({**UTTERANCE, "metiers": [1]}, "set_not_a_list"),
        ({**UTTERANCE, "ambiguous": "oui"}, "set_not_a_flag"),
        ({**UTTERANCE, "niveau": 2}, "set_not_a_text"),
        ({"id": "q", "metier": "MET.1", "question": "?"}, "set_field_missing"),
    ],
)  # fmt: skip
def test_a_bad_line_is_said_with_its_number(tmp_path: Path, row: object, key: str) -> None:
    assert problems(write(tmp_path, {**UTTERANCE, "id": "other"}, "", row)) == [(3, key)]


def test_every_bad_line_is_said_at_once(tmp_path: Path) -> None:
    found = problems(write(tmp_path, "x", UTTERANCE, {**UTTERANCE, "text": "encore"}, "y"))
    assert found == [(1, "set_bad_json"), (3, "set_id_repeated"), (4, "set_bad_json")]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert problems(tmp_path / "absent.jsonl") == [(None, "path_missing")]
    assert problems(tmp_path) == [(None, "set_not_a_file")]
    empty = tmp_path / "vide.jsonl"
    empty.write_text("\n \n")
    assert problems(empty) == [(None, "set_empty")]
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(json.dumps(UTTERANCE).encode() + b"\n{\xe9")
    assert problems(latin) == [(2, "not_utf8")]


def test_windows_files_and_odd_separators(tmp_path: Path) -> None:
    path = tmp_path / "cas.jsonl"
    line = json.dumps({**UTTERANCE, "text": "un\u2028deux"}, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\r\n\r\n")
    assert read_set(path).utterances[0].text == "un\u2028deux"


@given(content=st.binary(max_size=200))
def test_any_bytes_give_a_set_or_an_error(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "cas.jsonl"
    path.write_bytes(content)
    try:
        assert len(read_set(path)) > 0
    except FileError as error:
        assert error.problems
