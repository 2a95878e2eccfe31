"""Loading: what is recognised, how sources merge, and every bad input with its place."""

from __future__ import annotations

import json
import os
import re
import string
from pathlib import Path

import pytest
import yaml

import bot.catalogue
from bot.catalogue.fiche import Appellation
from bot.catalogue.loading import load_catalogue
from bot.catalogue.source_file import MAX_BYTES
from bot.errors import CatalogueError, Problem
from tests.conftest import ROOT, SEEDS

SENTENCES = ROOT / "intents" / "responses" / "errors.yml"
LINK = "https://www.onisep.fr/http/redirection/metier/slug/"

XML_TABLE = (
    "<root><item><libelle_metier>rêveur</libelle_metier>"
    f"<lien_site_onisepfr>{LINK}MET.1</lien_site_onisepfr></item></root>"
)


def fiche(number: int, *, title: str = "rêveur/euse", rest: str = "") -> str:
    return f"# {title}\n**ID:** MET.{number}\n{rest}"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def problems(*paths: Path) -> tuple[Problem, ...]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(paths)
    return caught.value.problems


def table(*rows: tuple[int, str, str, str]) -> str:
    return json.dumps(
        [
            {"libelle": name, "url_onisep": f"{LINK}MET.{n}", "codes_rome": rome, "domaine": domaine}
            for n, name, rome, domaine in rows
        ]
    )  # fmt: skip


# What is recognised


def test_the_seeds_load() -> None:
    assert [fiche.id for fiche in load_catalogue([SEEDS])] == ["MET.7984"]


def test_companion_files_are_no_fiches(tmp_path: Path) -> None:
    write(tmp_path / "fiche.txt", fiche(1))
    for name in ("README.md", "LICENSE.md", "LICENCE.txt", "LISEZMOI.md", ".cache.md"):
        write(tmp_path / name, "# Licence\n\nDu texte.\n")
    write(tmp_path / "image.png", b"\x89PNG\0")
    (tmp_path / "formations").mkdir()
    assert len(load_catalogue([tmp_path])) == 1


def test_the_files_of_a_folder_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, number in (("b.md", 1), ("a.txt", 2), ("c.markdown", 3)):
        write(tmp_path / name, fiche(number))
    assert [fiche.id for fiche in load_catalogue([tmp_path])] == ["MET.2", "MET.1", "MET.3"]


@pytest.mark.parametrize("name", ["fiche.md", "fiche.txt", "fiche", "table.json"])
def test_a_fiche_is_recognised_whatever_its_name(tmp_path: Path, name: str) -> None:
    assert len(load_catalogue([write(tmp_path / name, "\ufeff\n" + fiche(1))])) == 1


@pytest.mark.parametrize("name", ["table.json", "table.md", "table"])
@pytest.mark.parametrize(
    "content",
    [
        table((1, "rêveur", "", "nuit/lune")),
        XML_TABLE,
        f"\ufefflibellé métier;lien site onisep.fr\nrêveur;{LINK}MET.1\n",
    ],
    ids=["json", "xml", "csv"],
)
def test_a_table_is_recognised_whatever_its_name(tmp_path: Path, name: str, content: str) -> None:
    assert [fiche.name for fiche in load_catalogue([write(tmp_path / name, content)])] == ["rêveur"]


def test_a_path_given_twice_is_read_once() -> None:
    assert len(load_catalogue([SEEDS, SEEDS])) == 1


def test_no_path_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one"):
        load_catalogue([])


# How sources merge


def test_precedence_of_each_field(tmp_path: Path) -> None:
    fiches = tmp_path / "fiches"
    fiches.mkdir()
    write(fiches / "1.md", fiche(1, rest="**Codes ROME:**\n- A1\n"))
    write(fiches / "2.md", fiche(2, rest="**Appellations:**\n- Féminin: rêveuse\n"))
    first = write(tmp_path / "a.json", table((1, "x", "Z9", "nuit/lune"), (2, "x / xe", "B2", "")))
    second = write(
        tmp_path / "b.json", table((2, "y", "C3", "jour"), (3, "veilleur / veilleuse", "D4", ""))
    )
    for order in ([fiches, first, second], [first, fiches, second]):
        one, two, three = load_catalogue(order)
        assert (one.name, one.rome_codes) == ("rêveur/euse", ("A1",))
        assert [d.sous_domaine for d in one.domaines] == ["lune"]
        assert two.title == Appellation(name="rêveur/euse", feminine="rêveuse")
        assert (two.rome_codes, two.domaines[0].domaine) == (("B2",), "jour")
        assert two.source.dataset == "Idéo-fiches métiers"
        assert (three.id, three.title.feminine) == ("MET.3", "veilleuse")
        assert three.source.dataset == "Idéo-métiers Onisep"


def test_the_table_gives_the_genders_that_a_fiche_has_not(tmp_path: Path) -> None:
    path = write(tmp_path / "1.md", fiche(1))
    names = write(tmp_path / "a.json", table((1, "rêveur / rêveuse", "", "")))
    (one,) = load_catalogue([path, names])
    assert one.title == Appellation(name="rêveur/euse", feminine="rêveuse", masculine="rêveur")


def test_the_real_sources_together(onisep: Path) -> None:
    sources = [onisep / "fiches-md", onisep / "metiers.json", onisep / "ideo-metiers_onisep.xml"]
    catalogue = load_catalogue(sources)
    assert len(catalogue) == 1078
    assert all(fiche.domaines for fiche in catalogue)


# Bad inputs


def test_every_problem_of_every_source_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "fiches"
    folder.mkdir()
    a = write(folder / "a.md", "# sans identifiant\n")
    b = write(folder / "b.md", "**ID:** MET.2\n")
    write(folder / "c.md", fiche(3))
    d = write(tmp_path / "d.json", "[{}]")
    found = problems(folder, tmp_path / "absent", d)
    assert [(p.path, p.key) for p in found] == [
        (a, "id_missing"),
        (b, "title_missing"),
        (tmp_path / "absent", "path_missing"),
        (d, "table_link_missing"),
    ]


def test_a_fiche_that_lost_its_identifier_is_not_skipped(tmp_path: Path) -> None:
    write(tmp_path / "a.md", fiche(1))
    b = write(tmp_path / "b.txt", "Un fichier qui n'a plus rien d'une fiche.\n")
    assert {p.path for p in problems(tmp_path)} == {b}


def test_two_fiches_with_one_identifier(tmp_path: Path) -> None:
    a = write(tmp_path / "a.md", fiche(1))
    b = write(tmp_path / "b.md", fiche(1))
    (problem,) = problems(tmp_path)
    assert (problem.key, problem.path, problem.field) == ("id_duplicate", b, "ID")
    assert problem.detail == f"MET.1 ({a})"
    assert [p.key for p in problems(a, b)] == ["id_duplicate"]


def test_not_utf8_names_the_line_of_the_first_bad_byte(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", b"# r\xc3\xaaveur\n**ID:** MET.1\n\nd\xe9j\xe0\n")
    for source in (path, tmp_path):
        (problem,) = problems(source)
        assert (problem.key, problem.line, problem.detail) == ("not_utf8", 4, "0xE9")


def test_a_table_that_is_not_utf8(tmp_path: Path) -> None:
    data = "libellé métier;lien site onisep.fr\nrêveur;x/MET.1\n".encode("latin-1")
    (problem,) = problems(write(tmp_path / "a.csv", data))
    assert (problem.key, problem.line) == ("not_utf8", 1)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (b"\x7fELF\0\0\0", "binary"),
        ("# titre\n".encode("utf-16"), "binary"),
        (b"# titre\n" + b"a" * 70_000 + b"\0", "binary"),
        (b"Bonjour.\n", "kind_unknown"),
        (b"nom;prenom\na;b\n", "kind_unknown"),
        (b"<html><body>403</body></html>", "kind_unknown"),
    ],
)
def test_what_is_no_source(tmp_path: Path, content: bytes, key: str) -> None:
    assert [p.key for p in problems(write(tmp_path / "a.md", content))] == [key]


def test_an_empty_folder(tmp_path: Path) -> None:
    write(tmp_path / "README.md", "# Rien\n")
    assert [(p.path, p.key) for p in problems(tmp_path)] == [(tmp_path, "empty_folder")]


def test_a_huge_file_is_refused_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    def refuse(_: Path) -> bytes:
        raise AssertionError("the file was read")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [(p.key, p.detail) for p in problems(path)] == [("too_large", "50")]


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    loop = tmp_path / "loop.md"
    loop.symlink_to(loop)
    fifo = tmp_path / "fifo.md"
    os.mkfifo(fifo)
    folder = tmp_path / "folder"
    (folder / "sub.md").mkdir(parents=True)
    absent = tmp_path / "absent.md"
    found = problems(loop, fifo, folder, absent, absent / "a.md", Path("a\0b"))
    assert [p.key for p in found] == [
        *("unreadable", "not_a_file", "not_a_file", "path_missing", "path_missing", "unreadable")
    ]


def test_a_forbidden_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root reads everything, so the refusal of the system is played."""
    path = write(tmp_path / "a.md", fiche(1))

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [(p.key, p.detail) for p in problems(path)] == [("unreadable", "Permission denied")]


# What a person reads of these errors


def _sentences() -> dict[str, str]:
    responses = yaml.safe_load(SENTENCES.read_text("utf-8"))["responses"]
    assert all(len(variants) == 1 for variants in responses.values())
    return {key: variants[0]["text"] for key, variants in responses.items()}


def test_every_problem_of_the_catalogue_has_a_sentence() -> None:
    package = Path(next(iter(bot.catalogue.__path__)))
    modules = [package / f"{name}.py" for name in ("loading", "source_file", "source_kind")]
    modules += [package / "markdown_reader.py", package / "ideo_table_reader.py"]
    source = "\n".join(path.read_text("utf-8") for path in modules)
    keys = set(re.findall(r'(?:key=|_id_problem\(|failure\([\w.]+, )"(\w+)"', source))
    keys |= {"table_link_missing", "table_name_missing"}
    assert len(keys) > 20
    assert {f"utter_error_{key}" for key in keys} <= _sentences().keys()


def test_a_sentence_says_where_and_fills_its_blanks() -> None:
    for key, text in _sentences().items():
        if key.startswith("utter_error_"):
            blanks = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert blanks <= {"path", "line", "field", "detail"}, key
