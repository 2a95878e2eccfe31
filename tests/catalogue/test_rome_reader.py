"""The appellations of the ROME: four forms, the real file, hostile ones."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.rome import RomeAppellation
from bot.catalogue.rome_reader import is_rome_csv, is_rome_json, parse_rome_csv, parse_rome_json
from bot.errors import CatalogueError
from tests.conftest import SEEDS, SHARED

PATH = Path("rome")
CASES = Path(__file__).parent / "cases"
INPUTS = sorted(p for p in (CASES / "rome").iterdir() if not p.name.endswith(".expected.json"))
REAL = "unix_referentiel_appellation_v460_utf8.csv"
HEADER = "code_ogr,libelle_appellation_long,code_rome\n"
HEAD_BYTES = 1 << 16


def read_csv(data: bytes | str) -> tuple[RomeAppellation, ...]:
    data = data.encode() if isinstance(data, str) else data
    return tuple(parse_rome_csv(io.BytesIO(data), PATH))


def read_json(data: bytes | str) -> tuple[RomeAppellation, ...]:
    data = data.encode() if isinstance(data, str) else data
    return tuple(parse_rome_json(io.BytesIO(data), PATH))


def problems(read: Callable[[bytes | str], object], data: bytes | str) -> list[tuple[object, ...]]:
    with pytest.raises(CatalogueError) as caught:
        read(data)
    assert all(problem.path == PATH for problem in caught.value.problems)
    return [(p.key, p.line, p.field, p.detail) for p in caught.value.problems]


# What is read


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_golden(path: Path, update_golden: bool) -> None:
    expected = path.with_name(f"{path.name}.expected.json")
    read = read_csv if path.suffix == ".csv" else read_json
    found = json.loads(json.dumps([asdict(one) for one in read(path.read_bytes())]))
    if update_golden:
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(expected.read_text("utf-8"))


def test_the_golden_folder_is_not_empty() -> None:
    assert {path.name for path in INPUTS} == {"v3.csv", "v3.json", "v4.csv", "v4.json"}


def test_a_byte_order_mark_and_tabulations() -> None:
    text = "\ufeff" + (HEADER + "1,a,A1101\n").replace(",", "\t")
    assert [one.rome_codes for one in read_csv(text)] == [("A1101",)]


def test_the_real_file(shared_data: Path) -> None:
    found = read_csv((shared_data / "rome" / REAL).read_bytes())
    assert len(found) == len({one.code for one in found}) == 13120
    assert sum(one.is_main for one in found) == 1584
    assert sum(one.is_rare for one in found) == 199
    assert sum(len(one.rome_codes) == 2 for one in found) == 4628
    paired = [one for one in found if " / " in one.label]
    unread = [one.label for one in paired if one.masculine is None]
    assert len(paired) == 10884
    assert len(unread) < 40, "\n".join(unread)
    carrier = next(one for one in found if one.code == "10200")
    assert (carrier.masculine, carrier.feminine) == (
        "Abatteur de carrière",
        "Abatteuse de carrière",
    )


# What is recognised


def head(data: bytes) -> bytes:
    """The head of a file as it is given to be recognised."""
    return data[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()


def test_each_form_is_recognised() -> None:
    for path in INPUTS:
        data = head(path.read_bytes())
        assert (is_rome_csv(data), is_rome_json(data)) == (
            path.suffix == ".csv",
            path.suffix == ".json",
        )


def test_the_real_files_of_the_rome(shared_data: Path) -> None:
    assert is_rome_csv(head((shared_data / "rome" / REAL).read_bytes()))
    codes = (shared_data / "rome" / "unix_referentiel_code_rome_v460_utf8.csv").read_bytes()
    assert not is_rome_csv(head(codes))


def test_a_sheet_that_nests_its_appellations_is_not_a_list_of_them() -> None:
    sheet = b'[{"rome": {"code_rome": "A1101"}, "appellations": [{"code_ogr": 1, "libelle_court": "a"}]}]'
    assert not is_rome_json(sheet)


@pytest.mark.parametrize(
    "data",
    [b"", b"[", b"[]", b"{}", b"[{}]", b'[{"code_ogr": 1}]', b"code_ogr", b"\x00\xff", b"# titre\n"]
    + [b"code_ogr,libelle_rome,code_rome", b"libelle_appellation_long;code_rome"],
)
def test_what_is_no_list_of_appellations(data: bytes) -> None:
    assert not is_rome_csv(data)
    assert not is_rome_json(data)


def test_no_file_of_another_kind_is_recognised(onisep: Path) -> None:
    others = [*SEEDS.glob("*.txt"), *onisep.glob("*.*"), *onisep.glob("*-md*/*1*.md")]
    others += [path for path in CASES.rglob("*.*") if path.parent.name != "rome"]
    assert len(others) > 100
    for path in others:
        data = head(path.read_bytes())
        assert not is_rome_csv(data), path
        assert not is_rome_json(data), path


# What is wrong


def test_every_wrong_field_is_told_with_its_line() -> None:
    rows = '1,a,A1101\nx,,A110\n,b,\n2,"c\nd",a1101\n'
    assert problems(read_csv, HEADER + rows) == [
        ("rome_code_malformed", 3, "code_ogr", "2"),
        ("rome_label_missing", 3, "libelle_appellation_long", "2"),
        ("rome_rome_malformed", 3, "code_rome", "2"),
        ("rome_code_malformed", 4, "code_ogr", "3"),
        ("rome_rome_malformed", 4, "code_rome", "3"),
        ("rome_rome_malformed", 6, "code_rome", "4"),
    ]


def test_the_good_rows_come_before_the_problems() -> None:
    found = parse_rome_csv(io.BytesIO((HEADER + "1,a,A1101\n2,,A1101\n3,c,A1101\n").encode()), PATH)
    assert [next(found).label, next(found).label] == ["a", "c"]
    with pytest.raises(CatalogueError):
        next(found)


def test_a_hundred_problems_are_enough() -> None:
    assert len(problems(read_csv, HEADER + "x,,\n" * 5000)) == 100


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (HEADER, [("rome_empty", None, None, "")]),
        (HEADER + "\n,,\n", [("rome_empty", None, None, "")]),
        (HEADER.encode() + b"1,\xe9,A1101\n", [("not_utf8", 2, None, "0xE9")]),
        (HEADER.encode() + b"1,\0,A1101\n", [("binary", None, None, "")]),
        (HEADER + '1,"a,A1101\n', [("csv_malformed", 2, None, "unexpected end of data")]),
    ],
)  # fmt: skip
def test_bad_csv(data: bytes | str, expected: list[tuple[object, ...]]) -> None:
    assert problems(read_csv, data) == expected


def test_a_cell_too_long_for_csv() -> None:
    assert [p[:2] for p in problems(read_csv, HEADER + "1," + "x" * 200_000)] == [
        ("csv_malformed", 2)
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("[]", [("rome_empty", None)]),
        ("{}", [("rome_malformed", None)]),
        ("[" + "9" * 5000 + "]", [("rome_malformed", None)]),
        ('[\n{"code_ogr": }]', [("json_malformed", 2)]),
        ("[" * 100_000, [("json_too_deep", None)]),
        (b'["\xe9\x81"]', [("not_utf8", 1)]),
        (b'["\xe9\0"]', [("binary", None)]),
        ("[1]", [("rome_code_malformed", None), ("rome_label_missing", None), ("rome_rome_malformed", None)]),
        ('[{"code_ogr": 1, "libelle": "\\ud800", "code_rome": "A1101"}]', [("rome_label_missing", None)]),
        ('[{"code_ogr": true, "libelle": "a", "code_rome": "A1101"}]', [("rome_code_malformed", None)]),
        ('[{"code_ogr": 1, "libelle": "Ã x", "code_rome": "A1101"}]', [("rome_label_garbled", None)]),
        (f'[{{"code_ogr": {"9" * 100}, "libelle": "a", "code_rome": "A1101"}}]', [("rome_code_malformed", None)]),
    ],
)  # fmt: skip
def test_bad_json(data: bytes | str, expected: list[tuple[str, int | None]]) -> None:
    assert [found[:2] for found in problems(read_json, data)] == expected


# Laws

PIECES = st.sampled_from(
    [b'"', b",", b";", b"\n", b"\r\n", b"\0", b"\xe9", b"\xef\xbb\xbf", b"A1101", b"{", b"}", b"[", b"]"]
    + [b":", b"null", b"''", b"/", b" / ", b"code_ogr", b'"code_ogr"', b"1", b"\\ud800", "Ã©".encode(), b"x"]
)  # fmt: skip


@cache
def samples() -> tuple[bytes, ...]:
    """The beginning of the real file when it is there, and the cases."""
    real = SHARED / "data" / "rome" / REAL
    found = [b"".join(real.read_bytes().splitlines(keepends=True)[:6])] if real.is_file() else []
    return (*found, *(path.read_bytes() for path in INPUTS))


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES).map(b"".join)))
def test_any_bytes_give_appellations_or_an_error(data: bytes) -> None:
    for read in (read_csv, read_json):
        assert_sound(read, data)
    assert_sound(read_csv, HEADER.encode() + data)
    is_rome_csv(data)
    is_rome_json(data)


@given(st.data())
def test_a_damaged_file_gives_appellations_or_an_error(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(samples()))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(PIECES) + whole[end:]
    assert_sound(read_json if whole[:1] == b"[" else read_csv, damaged)


def assert_sound(read: Callable[[bytes | str], tuple[RomeAppellation, ...]], data: bytes) -> None:
    try:
        found = read(data)
    except CatalogueError as error:
        assert all(problem.path == PATH and problem.key for problem in error.problems)
        assert len(error.problems) <= 100
        return
    assert found
    for one in found:
        assert one.label == one.label.strip()
        assert one.label
        assert one.code.isdecimal()
        assert 1 <= len(one.rome_codes) <= 2
        assert one.rome_codes == tuple(dict.fromkeys(one.rome_codes))


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"], exclude_characters="'Ã"), min_size=1)  # fmt: skip
CODES = st.from_regex(r"[A-Z][0-9]{4}", fullmatch=True)


@given(st.lists(st.tuples(st.integers(0, 999_999), LABELS, CODES, CODES), min_size=1, max_size=5))
def test_both_forms_say_the_same(rows: list[tuple[int, str, str, str]]) -> None:
    columns = ("code_ogr", "libelle_appellation_long", "code_rome", "code_rome_parent")
    quoted = ('"' + str(cell).replace('"', '""') + '"' for row in (columns, *rows) for cell in row)
    cells = list(quoted)
    text = "\n".join(",".join(cells[n : n + 4]) for n in range(0, len(cells), 4))
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    assert read_csv(text) == read_json(json.dumps(objects))
    assert read_csv(text) == read_json(json.dumps(objects, ensure_ascii=False))
