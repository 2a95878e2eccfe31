"""Loading: what is recognised, how sources merge, and every bad input with its place."""

from __future__ import annotations

import ast
import json
import os
import re
import string
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
import yaml

import bot.catalogue
from bot.catalogue.conflict import Conflict
from bot.catalogue.contents import Contents, SourceInfo
from bot.catalogue.fiche import Appellation
from bot.catalogue.formation import FormationMetier
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import load_catalogue, read_sources
from bot.catalogue.source_kind import KINDS
from bot.cli.words import command_words, problem_line
from bot.errors import CatalogueError, Problem
from tests.conftest import ROOT, SEEDS

LINK = "https://www.onisep.fr/http/redirection/metier/slug/"
ROME_HEADER = "code_ogr,libelle_appellation_long,libelle_appellation_court,code_rome\n"
FORMATIONS_HEADER = "for_id,libelle,duree\n"


def fiche(number: int, *, title: str = "rêveur/euse", rest: str = "") -> str:
    return f"# {title}\n**ID:** MET.{number}\n{rest}"


def formation(title: str, *jobs: str) -> str:
    listed = "\n".join(f"- {job}" for job in jobs)
    return f"# {title}\n\n## Informations générales\n\n## Métiers associés\n{listed}\n"


def xml(*records: tuple[int, str, str]) -> str:
    """An export of fiches: number, name and presentation of each."""
    metiers = "".join(
        f"<metier><identifiant>MET.{number}</identifiant><nom_metier>{name}</nom_metier>"
        f"<accroche_metier><![CDATA[<p>{text}</p>]]></accroche_metier></metier>"
        for number, name, text in records
    )
    return f"<metiers>{metiers}</metiers>"


def table(*rows: tuple[int, str, str, str]) -> str:
    return json.dumps(
        [
            {"libelle": name, "url_onisep": f"{LINK}MET.{n}", "codes_rome": rome, "domaine": domaine}
            for n, name, rome, domaine in rows
        ]
    )  # fmt: skip


XML_TABLE = (
    "<root><item><libelle_metier>rêveur</libelle_metier>"
    f"<lien_site_onisepfr>{LINK}MET.1</lien_site_onisepfr></item></root>"
)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def problems(*paths: Path) -> tuple[Problem, ...]:
    with pytest.raises(CatalogueError) as caught:
        read_sources(paths)
    for problem in caught.value.problems:
        assert_said(problem)
    return caught.value.problems


# What a person reads of an error


@cache
def sentences() -> dict[str, str]:
    """Every sentence of an error, by its key."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "intents" / "responses").glob("*.yml")):
        responses = yaml.safe_load(path.read_text("utf-8"))["responses"]
        for name, variants in responses.items():
            if name.startswith("utter_error_"):
                assert len(variants) == 1, name
                found[name.removeprefix("utter_error_")] = variants[0]["text"]
    return found


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def assert_said(problem: Problem) -> None:
    """The sentence of a problem exists, and the problem fills each of its blanks."""
    filled = blanks(sentences()[problem.key]) - {"place"}
    if problem.key.endswith("id_malformed"):
        filled.discard("detail")  # what was found may be nothing
    for blank in filled:
        assert getattr(problem, blank) not in {None, ""}, f"{problem} has no {blank}"
    said = problem_line(problem, command_words())
    assert said.encode().decode() == said


def keys_of(tree: ast.AST) -> Iterator[str]:
    """The keys of problems in a module: arguments of what makes one, and what `key` is set to."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        match node:
            case ast.keyword(arg="key", value=value):
                values = [value]
            case ast.Assign(targets=[ast.Name(id="key")], value=value):
                values = [value]
            case ast.Call(func=func, args=args) if MAKES_PROBLEMS.search(ast.unparse(func)):
                values = args
        yield from (text for value in values for text in constants(value) if KEY.fullmatch(text))


def constants(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, when they are written in it."""
    if isinstance(node, ast.IfExp):
        yield from (*constants(node.body), *constants(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


MAKES_PROBLEMS = re.compile(r"(?:failure|failed|problem|error|Error|_add)$")
KEY = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")
# Those that are put together, or stand in a table.
MORE_KEYS = {
    "table_link_missing", "table_name_missing", "formation_table_id_missing",
    "formation_table_label_missing", "rome_codes_only", "summaries_only", "certifications_only",
    "gzip", "rome_code_malformed", "rome_label_missing", "rome_label_garbled",
    "rome_rome_malformed", "zip_bad_name", "zip_encrypted", "zip_method", "zip_ratio",
}  # fmt: skip


def catalogue_keys() -> set[str]:
    modules = sorted(Path(next(iter(bot.catalogue.__path__))).glob("*.py"))
    sources = [path.read_text("utf-8") for path in modules]
    assert all(any(key.rpartition("_")[2] in text for text in sources) for key in MORE_KEYS)
    return MORE_KEYS.union(*(keys_of(ast.parse(text)) for text in sources))


def test_every_problem_of_the_catalogue_has_a_sentence() -> None:
    keys = catalogue_keys()
    assert len(keys) > 80
    assert {"index_damaged", "unreadable", "id_duplicate", "xml_repeated", "rome_empty"} <= keys
    assert sorted(keys - sentences().keys()) == []


def test_the_blanks_of_a_sentence_can_be_filled() -> None:
    for key in catalogue_keys():
        assert blanks(sentences()[key]) <= {
            "place",
            "path",
            "line",
            "field",
            "detail",
            "dataset",
        }, key


# What is recognised


def test_the_seeds_load() -> None:
    assert "MET.7984" in load_catalogue([SEEDS])


def test_companion_files_are_no_fiches(tmp_path: Path) -> None:
    write(tmp_path / "fiche.txt", fiche(1))
    for name in ("README.md", "LICENSE.md", "LICENCE.txt", "LISEZMOI.md", ".cache.md"):
        write(tmp_path / name, "# Licence\n\nDu texte.\n")
    write(tmp_path / "image.png", b"\x89PNG\0")
    write(tmp_path / "formations" / "autre.md", fiche(2))
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


def everything(folder: Path) -> Path:
    """A folder with a file of each sort that a folder may hold."""
    write(folder / "FOR.1_bts.md", formation("BTS des marées", "rêveur", "passeur"))
    write(folder / "a.TXT", fiche(1, title="rêveur"))
    write(folder / "appellations.csv", ROME_HEADER + "10,Rêveur / Rêveuse,Rêveur / Rêveuse,A1101\n")
    write(folder / "export.xml", xml((2, "passeur", "Passe.")))
    write(folder / "formations.csv", FORMATIONS_HEADER + "FOR.1,BTS des marées,2 ans\n")
    write(folder / "metiers.json", table((1, "x", "A1101", "nuit"), (3, "veilleur", "", "")))
    return folder


def test_a_folder_may_hold_every_kind(tmp_path: Path) -> None:
    contents = read_sources([everything(tmp_path / "data")])
    assert [fiche.id for fiche in contents.fiches] == ["MET.1", "MET.2", "MET.3"]
    assert [source.kind for source in contents.sources] == [
        *("formation_markdown", "markdown_fiche", "rome_csv", "ideo_xml"),
        *("formation_table_csv", "ideo_table_json"),
    ]
    assert {source.name for source in contents.sources} == {"data"}
    assert [source.records for source in contents.sources] == [1, 1, 1, 1, 1, 2]
    (bts,) = contents.formations
    assert (bts.duree, [metier.id for metier in bts.metiers]) == ("2 ans", ["MET.1", "MET.2"])
    assert contents.fiches[0].rome_codes == ("A1101",)
    assert [appellation.label for appellation in contents.appellations] == ["Rêveur / Rêveuse"]


def test_an_archive_is_the_folder_that_it_was_made_of(tmp_path: Path) -> None:
    folder = everything(tmp_path / "data")
    files = {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}
    archive = zipped(tmp_path / "data.zip", **files)
    nested = zipped(tmp_path / "deep.zip", **{f"2025/{name}": text for name, text in files.items()})
    unnamed = write(tmp_path / "telechargement", archive.read_bytes())
    inside = tmp_path / "folder"
    write(inside / "export.ZIP", archive.read_bytes())
    expected = read_sources([folder])
    for path in (archive, nested, unnamed, inside):
        found = read_sources([path])
        assert found.fiches == expected.fiches
        assert found.formations == expected.formations
        assert found.appellations == expected.appellations
        assert [source.name for source in found.sources] == [path.name] * 6


def test_a_source_is_cited_as_its_kind_says(tmp_path: Path) -> None:
    path = write(
        tmp_path / "rome.csv", ROME_HEADER + "1,Rêveur,Rêveur,A1101\n2,Passeur,Passeur,A1101\n"
    )
    assert read_sources([path]).sources == (
        SourceInfo(
            name="rome.csv",
            kind="rome_csv",
            dataset="ROME, référentiel des appellations",
            licence="Licence Ouverte 2.0",
            records=2,
        ),
    )


def test_a_path_given_twice_is_read_once() -> None:
    assert read_sources([SEEDS, SEEDS]) == read_sources([SEEDS])


def test_no_path_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one"):
        load_catalogue([])


def test_the_bytes_read_are_told_as_they_are(tmp_path: Path) -> None:
    told: list[int] = []
    folder = everything(tmp_path)
    read_sources([folder], on_bytes=told.append)
    assert min(told) >= 0
    assert sum(told) == sum(path.stat().st_size for path in folder.iterdir())


# How sources merge


def test_precedence_of_each_field(tmp_path: Path) -> None:
    fiches = tmp_path / "fiches"
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


def test_xml_comes_before_markdown_and_markdown_before_a_table(tmp_path: Path) -> None:
    """Whatever the order of the paths; and in one folder too."""
    folder = tmp_path / "all"
    paths = [
        write(folder / "1.md", fiche(1, title="du Markdown", rest="## Présentation\nMarkdown.\n")),
        write(folder / "2.xml", xml((1, "du XML", "XML."))),
        write(folder / "3.json", table((1, "de la table", "A1", "nuit"))),
    ]
    for order in (*permutations(paths), [folder]):
        contents = read_sources(order)
        (one,) = contents.fiches
        assert one.name == "du XML"
        assert one.presentation is not None
        assert one.presentation.text == "XML."
        assert one.rome_codes == ("A1",)
        assert [(c.field, c.kept, c.other) for c in contents.conflicts] == [
            ("presentation", "XML.", "Markdown.")
        ]


@pytest.mark.parametrize("make", ["markdown", "xml", "table"])
def test_between_two_paths_the_first_wins(tmp_path: Path, make: str) -> None:
    def source(name: str, value: str) -> Path:
        content = {
            "markdown": fiche(1, rest=f"**Codes ROME:**\n- {value}\n"),
            "xml": xml((1, "rêveur", "Texte.")).replace(
                "</metier>", f"<romesV3><romeV3>{value}</romeV3></romesV3></metier>"
            ),
            "table": table((1, "rêveur", value, "")),
        }[make]
        return write(tmp_path / name, content)

    a, b, c = source("a", "A1101"), source("b", "B1101"), source("c", "A1101")
    for order in permutations((a, b, c)):
        contents = read_sources(order)
        (one,) = contents.fiches
        kept, other = ("B1101", "A1101") if order[0] == b else ("A1101", "B1101")
        assert one.rome_codes == (kept,)
        assert contents.conflicts == (
            Conflict(id="MET.1", field="rome_codes", kept=kept, other=other),
        )
        assert len(contents.sources) == 3


def test_appellations_of_two_editions(tmp_path: Path) -> None:
    def edition(name: str, *rows: str) -> Path:
        return write(tmp_path / name, ROME_HEADER + "\n".join(rows))

    old = edition("v3.csv", "1,Rêveur,Rêveur,A1101", "2,Passeur,Passeur,B1101")
    new = edition("v4.csv", "3,Veilleur,Veilleur,C1101", "1,Songeur,Songeur,A1102")
    contents = read_sources([old, new])
    assert [(a.code, a.label) for a in contents.appellations] == [
        ("1", "Rêveur"), ("2", "Passeur"), ("3", "Veilleur"),
    ]  # fmt: skip
    assert [(c.id, c.field, c.kept, c.other) for c in contents.conflicts] == [
        ("1", "label", "Rêveur", "Songeur"),
        ("1", "rome_codes", "A1101", "A1102"),
    ]
    assert [a.label for a in read_sources([new, old]).appellations] == [
        *("Veilleur", "Songeur", "Passeur")
    ]


def test_an_index_wins_over_its_newer_sources(tmp_path: Path) -> None:
    index = tmp_path / "catalogue.sqlite"
    write_index(read_sources([write(tmp_path / "1.md", fiche(1, title="ancien"))]), index)
    newer = write(tmp_path / "2.xml", xml((1, "nouveau", "Texte."), (2, "autre", "Texte.")))
    for order in ([index, newer], [newer, index]):
        contents = read_sources(order)
        assert {f.id: f.name for f in contents.fiches} == {"MET.1": "ancien", "MET.2": "autre"}
        one = load_catalogue(order)["MET.1"]
        assert one.presentation is not None, "what the index has not is taken from the source"
        assert load_catalogue(order).index is None


def test_an_index_alone_is_searched_where_it_is(tmp_path: Path) -> None:
    index = tmp_path / "catalogue.sqlite"
    write_index(Contents(), index)
    for paths in ([index], [index, index]):
        built = load_catalogue(paths).index
        assert built is not None
        assert built.path == index


def test_the_order_of_jobs_does_not_depend_on_where_tables_are_given(tmp_path: Path) -> None:
    fiches = tmp_path / "fiches"
    for number in (3, 1):
        write(fiches / f"{9 - number}.md", fiche(number))
    names = write(
        tmp_path / "a.json", table((9, "neuf", "", ""), (1, "un", "", ""), (3, "trois", "", ""))
    )
    rows = write(tmp_path / "b.csv", FORMATIONS_HEADER + "FOR.2,b,1 an\nFOR.1,a,1 an\n")
    texts = write(tmp_path / "FOR.1_a.md", formation("a"))
    for paths in permutations((fiches, names, rows, texts)):
        contents = read_sources(paths)
        assert [f.id for f in contents.fiches] == ["MET.3", "MET.1", "MET.9"]
        assert [f.id for f in contents.formations] == ["FOR.1", "FOR.2"]


def test_a_title_of_two_jobs_names_neither_in_a_formation(tmp_path: Path) -> None:
    write(tmp_path / "1.md", fiche(1, title="rêveur"))
    write(tmp_path / "2.md", fiche(2, title="rêveur"))
    write(tmp_path / "3.md", fiche(3, title="passeur", rest="## Autres appellations\n### guide\n"))
    write(tmp_path / "4.md", fiche(4, title="guide"))
    jobs = ("rêveur", "Passeur", "guide", "inconnu")
    write(tmp_path / "FOR.1_bts.md", formation("BTS", *jobs))
    (bts,) = read_sources([tmp_path]).formations
    assert bts.metiers == tuple(
        FormationMetier(label=label, id=metier)  # type: ignore[arg-type]
        for label, metier in zip(jobs, (None, "MET.3", "MET.4", None), strict=True)
    )


def test_merging_again_changes_nothing(tmp_path: Path) -> None:
    contents = read_sources([everything(tmp_path / "data")])
    index = tmp_path / "catalogue.sqlite"
    write_index(contents, index)
    again = read_sources([index, tmp_path / "data"])
    assert again.fiches == contents.fiches
    assert again.formations == contents.formations
    assert again.appellations == contents.appellations
    assert again.conflicts == contents.conflicts


def test_the_real_sources_together(onisep: Path) -> None:
    sources = [onisep / "fiches-md", onisep / "metiers.json", onisep / "ideo-metiers_onisep.xml"]
    contents = read_sources(sources)
    assert len(contents.fiches) == 1078
    assert all(fiche.domaines for fiche in contents.fiches)
    # Where the table is of another opinion than the fiche, in 893 fiches.
    assert [(c.id, c.field) for c in contents.conflicts] == [
        ("MET.490", "rome_codes"), ("MET.718", "rome_codes"), ("MET.789", "rome_codes"),
    ]  # fmt: skip


# Every real file: (jobs, formations, appellations), or why it holds no catalogue.
REAL: dict[str, tuple[int, int, int] | str] = {
    "onisep": (1078, 6095, 0),
    "onisep/README.md": "id_missing",
    "onisep/fiches-md": (893, 0, 0),
    "onisep/fiches-md-ragflow": (9, 0, 0),
    "onisep/formations-md": (0, 2342, 0),
    "onisep/formations-md-ragflow": (0, 12, 0),
    "onisep/formations.csv": (0, 6095, 0),
    "onisep/ideo-fiches-metiers.sample.xml": (3, 0, 0),
    "onisep/ideo-metiers_onisep.xml": (1043, 0, 0),
    "onisep/metiers.json": (1075, 0, 0),
    "onisep/monprojetsup-metiers.jsonl": "summaries_only",
    "onisep/sources": (0, 4775, 0),
    "onisep/sources/onisep_formations_extended.json": (0, 4775, 0),
    "onisep/sources/table_de_passage_codes_certifications_et_formations.xml.gz": "gzip",
    "rome": "rome_codes_only",
    "rome/README.md": "id_missing",
    "rome/unix_referentiel_appellation_v460_utf8.csv": (0, 0, 13120),
    "rome/unix_referentiel_code_rome_v460_utf8.csv": "rome_codes_only",
}


@pytest.mark.parametrize(("name", "expected"), REAL.items(), ids=REAL)
def test_each_real_file_loads_or_says_why_not(
    shared_data: Path, name: str, expected: tuple[int, int, int] | str
) -> None:
    path = shared_data / name
    if isinstance(expected, str):
        assert [problem.key for problem in problems(path)] == [expected]
        return
    contents = read_sources([path])
    counts = len(contents.fiches), len(contents.formations), len(contents.appellations)
    assert counts == expected
    assert sum(source.records for source in contents.sources) >= max(counts)
    assert {source.name for source in contents.sources} == {path.name}
    assert {source.kind for source in contents.sources} <= {kind.name for kind in KINDS}


def test_no_real_file_is_forgotten(shared_data: Path) -> None:
    folders = [shared_data / name for name in ("onisep", "onisep/sources", "rome")]
    found = {shared_data / "onisep", shared_data / "rome"}
    found |= {path for folder in folders for path in folder.iterdir()}
    assert {str(path.relative_to(shared_data)) for path in found} == REAL.keys()


# Bad inputs


def test_every_problem_of_every_source_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "fiches"
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


def test_a_damaged_archive_hides_nothing_of_its_folder(tmp_path: Path) -> None:
    a = write(tmp_path / "a.md", "# sans identifiant\n")
    b = write(tmp_path / "b.zip", b"PK\x03\x04 rien")
    c = zipped(tmp_path / "c.zip", **{"vide.png": ""})
    d = zipped(tmp_path / "d.zip", **{"1.md": fiche(1), "2.md": "# sans identifiant\n"})
    damaged = bytearray(d.read_bytes())
    damaged[damaged.index(b"sans") + 1] ^= 1
    write(d, bytes(damaged))
    e = write(tmp_path / "e.md", "**ID:** MET.2\n")
    assert [(p.path, p.key) for p in problems(tmp_path)] == [
        (a, "id_missing"),
        (b, "zip_malformed"),
        (c, "empty_archive"),
        (d, "zip_damaged"),
        (e, "title_missing"),
    ]


def test_a_problem_inside_an_archive_names_the_file(tmp_path: Path) -> None:
    archive = zipped(
        tmp_path / "a.zip", **{"1.md": fiche(1), "x/2.md": "# sans\n", "3.zip": "PK\x03\x04\0"}
    )
    assert [(p.path, p.key) for p in problems(archive)] == [
        (archive / "x/2.md", "id_missing"),
        (archive / "3.zip", "binary"),
    ]


def test_a_fiche_that_lost_its_identifier_is_not_skipped(tmp_path: Path) -> None:
    write(tmp_path / "a.md", fiche(1))
    b = write(tmp_path / "b.txt", "Un fichier qui n'a plus rien d'une fiche.\n")
    assert {p.path for p in problems(tmp_path)} == {b}


def test_two_fiches_of_a_folder_with_one_identifier(tmp_path: Path) -> None:
    a = write(tmp_path / "a.md", fiche(1))
    b = write(tmp_path / "b.md", fiche(1))
    c = write(tmp_path / "c.md", fiche(1))
    found = problems(tmp_path)
    assert [(p.key, p.path, p.field) for p in found] == [
        ("id_duplicate", b, "ID"), ("id_duplicate", c, "ID"),
    ]  # fmt: skip
    assert {p.detail for p in found} == {f"MET.1 ({a})"}
    assert len(load_catalogue([a, b])) == 1, "between two paths they merge"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("export.xml", xml((1, "rêveur", "A."), (2, "passeur", "B."), (1, "rêveur", "A."))),
        ("formations.csv", FORMATIONS_HEADER + "FOR.1,a,1 an\nFOR.1,a,1 an\n"),
        ("rome.csv", ROME_HEADER + "1,Rêveur,Rêveur,A1101\n1,Rêveur,Rêveur,A1101\n"),
    ],
)
def test_one_identifier_twice_in_one_file(tmp_path: Path, name: str, content: str) -> None:
    path = write(tmp_path / name, content)
    assert [(p.key, p.path) for p in problems(path)] == [("id_duplicate", path)]


def test_duplicates_are_told_beside_what_else_is_wrong(tmp_path: Path) -> None:
    path = write(
        tmp_path / "formations.csv", FORMATIONS_HEADER + "FOR.1,a,\nFOR.1,b,\nx,c,\nFOR.2,,\n"
    )
    assert sorted(p.key for p in problems(path)) == [
        "formation_table_id_missing", "formation_table_label_missing", "id_duplicate",
    ]  # fmt: skip


def test_one_identifier_in_files_of_one_kind_of_a_path(tmp_path: Path) -> None:
    """Also between a file and an archive of one folder; not between two kinds."""
    write(tmp_path / "a.md", fiche(1))
    zipped(tmp_path / "b.zip", **{"1.md": fiche(1)})
    assert [p.key for p in problems(tmp_path)] == ["id_duplicate"]
    (tmp_path / "b.zip").unlink()
    write(tmp_path / "b.xml", xml((1, "rêveur", "Texte.")))
    assert len(load_catalogue([tmp_path])) == 1


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
        (b"<!DOCTYPE html><html></html>", "xml_doctype"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"SQLite format 3\0" + b"\0" * 100, "kind_unknown"),
        (b"[]", "table_empty"),
        (b"{}", "table_malformed"),
        (b"<metiers/>", "xml_no_record"),
        (b"for_id,libelle\n", "formation_table_empty"),
        (b"libelle metier;lien\n", "table_empty"),
        (ROME_HEADER.encode(), "rome_empty"),
        (b"PK\x05\x06" + b"\0" * 18, "zip_empty"),
        (b"PK\x03\x04", "zip_malformed"),
    ],
)
def test_what_is_no_source(tmp_path: Path, content: bytes, key: str) -> None:
    assert [p.key for p in problems(write(tmp_path / "a.md", content))] == [key]


def test_an_empty_folder(tmp_path: Path) -> None:
    write(tmp_path / "README.md", "# Rien\n")
    assert [(p.path, p.key) for p in problems(tmp_path)] == [(tmp_path, "empty_folder")]


@pytest.mark.parametrize("name", ["a.md", "a.zip", "a"])
def test_a_huge_file_is_refused_without_being_read(tmp_path: Path, name: str) -> None:
    """A hole of a terabyte: no machine could read it."""
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(1 << 40)
    for source in (path, tmp_path):
        if source == path or path.suffix:
            assert [(p.key, p.detail) for p in problems(source)] == [("too_large", "1048576")]


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    loop = tmp_path / "loop.md"
    loop.symlink_to(loop)
    fifo = tmp_path / "fifo.md"
    os.mkfifo(fifo)
    folder = tmp_path / "folder"
    (folder / "sub.md").mkdir(parents=True)
    absent = tmp_path / "absent.md"
    long = Path("a" * 5000)
    found = problems(loop, fifo, folder, absent, absent / "a.md", Path("a\0b"), long)
    assert [p.key for p in found] == [
        *("unreadable", "not_a_file", "not_a_file", "path_missing", "path_missing"),
        *("unreadable", "unreadable"),
    ]


def test_a_forbidden_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root reads everything, so the refusal of the system is played."""
    path = write(tmp_path / "a.md", fiche(1))

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    for source in (path, tmp_path):
        assert [(p.path, p.key, p.detail) for p in problems(source)] == [
            (path, "unreadable", "Permission denied")
        ]


class FailingDisk:
    """A file that opens, and gives an error once half of it was read."""

    def __init__(self, path: Path) -> None:
        self._stream = open(path, "rb")  # noqa: PTH123, SIM115
        self._whole = path.stat().st_size

    def __enter__(self) -> FailingDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, count: int = -1) -> bytes:
        if not 0 <= count <= 1 << 16:
            raise OSError(5, "Input/output error")
        return self._stream.read(count)

    def tell(self) -> int:
        return self._stream.tell()


def test_a_disk_that_fails_while_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = write(tmp_path / "a.json", table((1, "rêveur", "", "")))
    b = write(tmp_path / "b.md", "# sans identifiant\n")
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *mode: FailingDisk(path) if path == a else real(path, *mode)
    )
    assert [(p.path, p.key, p.detail) for p in problems(tmp_path)] == [
        (a, "unreadable", "Input/output error"),
        (b, "id_missing", ""),
    ]


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that no encoding explains become « ? », so that the name can be written and shown."""
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/m\xe9tiers")
    try:
        Path(folder).mkdir()
    except OSError:
        pytest.skip("this system has no such names")
    bad = os.fsdecode(os.fsencode(folder) + b"/FOR.1_\xe9.md")
    write(Path(bad), formation("BTS"))
    contents = read_sources([Path(folder)])
    assert [source.name for source in contents.sources] == ["m?tiers"]
    assert contents.formations[0].file == "FOR.1_?.md"
    write_index(contents, tmp_path / "catalogue.sqlite")
    assert read_sources([tmp_path / "catalogue.sqlite"]) == contents
    write(Path(bad), "# sans identifiant\n")
    assert [str(p.path) for p in problems(Path(folder))] == [f"{tmp_path}/m?tiers/FOR.1_?.md"]
