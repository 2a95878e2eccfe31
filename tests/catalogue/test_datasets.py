"""The list of data sets: what ships, and every mistake that an editor may make, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.datasets import (
    PACKAGED_LIST,
    Dataset,
    DatasetList,
    DownloadOptions,
    read_datasets,
)
from bot.errors import CatalogueError

ONE = """\
datasets:
  - id: abc
    name: Un jeu
    url: https://exemple.fr/a.zip
    page: https://exemple.fr/
    licence: ODbL
    holds: des métiers
"""


def read(tmp_path: Path, text: str | bytes) -> DatasetList:
    path = tmp_path / "datasets.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_datasets(path)


def problems(tmp_path: Path, text: str | bytes) -> list[tuple[str, int | None, str | None, str]]:
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, text)
    return [(found.key, found.line, found.field, found.detail) for found in caught.value.problems]


# What ships


def test_the_packaged_list() -> None:
    listed = read_datasets()
    assert [(dataset.name, dataset.file_name) for dataset in listed.enabled] == [
        ("Idéo-fiches métiers", "5fe0808a2da6f.zip"),
        ("Idéo-métiers Onisep", "5fa5949243f97.json"),
        ("Idéo-fiches formations", "5fe07a9ecc960.zip"),
        ("Idéo-formations initiales en France", "5fa591127f501.json"),
    ]
    for dataset in listed.datasets:
        assert (
            dataset.url
            == f"https://api.opendata.onisep.fr/downloads/{dataset.id}/{dataset.file_name}"
        )
        assert dataset.licence == "ODbL"


def test_the_packaged_options_are_the_defaults() -> None:
    assert read_datasets().options == DownloadOptions()
    written = yaml.safe_load(PACKAGED_LIST.read_text("utf-8"))["options"]
    assert set(written) == set(DownloadOptions.__slots__)


# What an editor may write


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    listed = read(tmp_path, "options: {retries: 0, size_max_mb: 2}\n" + ONE + "    enabled: true\n")
    assert listed.options == DownloadOptions(retries=0, size_max_mb=2)
    assert listed.options.bytes_max == 2 * 1024 * 1024
    assert listed.datasets == (
        Dataset(
            id="abc", name="Un jeu", url="https://exemple.fr/a.zip", page="https://exemple.fr/",
            licence="ODbL", holds="des métiers",
        ),
    )  # fmt: skip


def test_what_is_disabled_is_not_downloaded(tmp_path: Path) -> None:
    other = ONE.removeprefix("datasets:\n").replace("id: abc", "id: def") + "    enabled: false\n"
    listed = read(tmp_path, ONE + other)
    assert [dataset.id for dataset in listed.datasets] == ["abc", "def"]
    assert [dataset.id for dataset in listed.enabled] == ["abc"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://exemple.fr/a/B.ZIP", "abc.zip"),
        ("https://exemple.fr/csv", "abc"),
        ("https://exemple.fr/a.json?v=1.zip", "abc.json"),
        ("https://exemple.fr/a.tar.gz", "abc.gz"),
        ("https://exemple.fr/a.j-son", "abc"),
        ("http://[::1]:8000/a.xml", "abc.xml"),
    ],
)
def test_the_name_of_the_file(tmp_path: Path, address: str, name: str) -> None:
    listed = read(tmp_path, ONE.replace("https://exemple.fr/a.zip", f'"{address}"'))
    assert listed.datasets[0].file_name == name


# Mistakes


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("    name", "    nom", ("key_unknown", 3, "nom", "")),
        ("    name: Un jeu\n", "", ("datasets_missing", 2, "name", "")),
        ("name: Un jeu", "name: Un jeu\n    name: Deux", ("key_repeated", 4, "name", "")),
        ("name: Un jeu", "name: 12", ("datasets_not_text", 3, "name", "12")),
        ("name: Un jeu", "name:", ("datasets_not_text", 3, "name", "")),
        ("name: Un jeu", "name: ' '", ("datasets_not_text", 3, "name", " ")),
        ("name: Un jeu", "name: [a]", ("datasets_not_text", 3, "name", "…")),
        ("id: abc", "id: 123", ("datasets_not_text", 2, "id", "123")),
        ("id: abc", "id: ../abc", ("datasets_bad_id", 2, "id", "../abc")),
        ("id: abc", "id: .abc", ("datasets_bad_id", 2, "id", ".abc")),
        ("id: abc", f"id: {'a' * 65}", ("datasets_bad_id", 2, "id", "a" * 65)),
        ("holds: des métiers", "holds: x\n    enabled: oui", ("datasets_not_truth", 8, "enabled", "oui")),
        ("holds: des métiers", "holds: x\n    enabled: 'true'", ("datasets_not_truth", 8, "enabled", "true")),
        ("holds: des métiers", "holds: x\n    enabled: false", ("datasets_none", 1, "enabled", "")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_data_set(tmp_path: Path, before: str, after: str, found: tuple) -> None:
    assert problems(tmp_path, ONE.replace(before, after, 1)) == [found]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://exemple.fr/a", "file:///etc/passwd", "exemple.fr/a", "https://", "https:///a",
        "https://exemple.fr:99999/", "http://[::1", "https://anna:secret@exemple.fr/", "https://a b/",
        "javascript:alert(1)",
    ],
)  # fmt: skip
def test_an_address_that_is_not_one(tmp_path: Path, address: str) -> None:
    text = ONE.replace("https://exemple.fr/a.zip", f'"{address}"')
    assert problems(tmp_path, text) == [("datasets_not_http", 4, "url", address)]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("-1", "-1"), ("11", "11"), ("1.5", "1.5"), ("yes", "yes"), ("'2'", "2"), ("", ""),
        ("[1]", "…"), ("9" * 5000, "9" * 80),
    ],
)  # fmt: skip
def test_a_number_that_is_not_allowed(tmp_path: Path, value: str, shown: str) -> None:
    found = problems(tmp_path, f"options:\n  retries: {value}\n{ONE}")
    assert found == [("datasets_not_number", 2, "retries", f"{shown} (0-10)")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- a\n", [("datasets_not_mapping", 1, "datasets", "")]),
        ("texte\n", [("datasets_not_mapping", 1, "datasets", "")]),
        ("# rien\n", [("datasets_not_mapping", 1, "datasets", "")]),
        ("options: {}\n", [("datasets_no_list", 1, "datasets", "")]),
        ("datasets:\n", [("datasets_no_list", 1, "datasets", "")]),
        ("datasets: []\n", [("datasets_none", 1, "enabled", "")]),
        ("datasets:\n  a: 1\n", [("datasets_no_list", 2, "datasets", "")]),
        ("datasets:\n  - abc\n", [("datasets_not_mapping", 2, "", "")]),
        ("option: {}\n" + ONE, [("key_unknown", 1, "option", "")]),
        ("options: 3\n" + ONE, [("datasets_not_mapping", 1, "", "")]),
        ("options: {essais: 1}\n" + ONE, [("key_unknown", 1, "essais", "")]),
        ("? [a]\n: 1\n" + ONE, [("key_unknown", 1, "…", "")]),
        (ONE + ONE.removeprefix("datasets:\n"), [("datasets_repeated", 8, "id", "abc")]),
        (b"a: \xff\n", [("not_utf8", 1, None, "0xFF")]),
        (b"\n", [("empty_file", None, None, "")]),
    ],
)
def test_a_file_of_the_wrong_shape(tmp_path: Path, text: str | bytes, found: list) -> None:
    assert problems(tmp_path, text) == found


@pytest.mark.parametrize(
    ("text", "line"), [("datasets: [\n", 2), ("a: *rien\n", 1), ("a: 1\n---\nb: 2\n", 2)]
)
def test_what_is_no_yaml(tmp_path: Path, text: str, line: int) -> None:
    ((key, found, _, detail),) = problems(tmp_path, text)
    assert (key, found) == ("bad_yaml", line)
    assert detail


def test_every_mistake_is_said_at_once(tmp_path: Path) -> None:
    text = "options: {retries: x}\n" + ONE.replace("abc", "a b").replace(
        "https://exemple.fr/\n", "x\n"
    )
    assert [found[:3] for found in problems(tmp_path, text)] == [
        ("datasets_not_number", 1, "retries"),
        ("datasets_bad_id", 3, "id"),
        ("datasets_not_http", 6, "page"),
    ]


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_datasets(tmp_path / "absent.yml")
    assert caught.value.problems[0].key == "path_missing"


@given(
    st.dictionaries(
        st.sampled_from(["datasets", "options", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner) | st.dictionaries(st.sampled_from(list(Dataset.__slots__)), inner)
            ),
            max_leaves=12,
        ),
    )
)
def test_any_yaml_is_a_list_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, value: dict
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yml"
    path.write_text(yaml.safe_dump(value, allow_unicode=True), "utf-8")
    try:
        listed = read_datasets(path)
    except CatalogueError as error:
        assert all(problem.key for problem in error.problems)
    else:
        assert listed.enabled
