"""`balise catalogue import` and `update`, as they are typed; the data come from a local server."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bot.catalogue.index_file import read_index, write_index
from bot.catalogue.loading import read_sources
from tests.catalogue.fake_onisep import FakeOnisep, fails, fake_onisep, serves
from tests.cli.command import balise
from tests.conftest import SEEDS

Run = Callable[..., CompletedProcess[str]]
DATASETS = """
options: {{retries: 0, connect_timeout_s: 5, read_timeout_s: 5}}
datasets:
  - id: fiches
    name: Idéo-fiches métiers
    url: {url}/fiches.zip
    page: https://exemple.fr/
    licence: ODbL
    holds: des fiches
"""


@pytest.fixture
def run(model_cache: Path, tmp_path: Path) -> Run:
    def command(*arguments: str, typed: str = "") -> CompletedProcess[str]:
        data = str(tmp_path / "data")
        return balise(model_cache, "catalogue", *arguments, typed=typed, BALISE_DATA=data)

    return command


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FakeOnisep]:
    with fake_onisep() as playing:
        (tmp_path / "datasets.yml").write_text(DATASETS.format(url=playing.url), encoding="utf-8")
        yield playing


def archive(*metiers: str, **replaced: str) -> bytes:
    """Zip some of our fiches, with words replaced."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for metier in metiers:
            text = (SEEDS / f"{metier}.md").read_text("utf-8")
            for old, new in replaced.items():
                text = text.replace(old, new)
            packed.writestr(f"{metier}.md", text)
    return data.getvalue()


# import


def test_import_then_ask(run: Run, model_cache: Path, tmp_path: Path) -> None:
    done = run("import", str(SEEDS))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Fiches métiers : 61" in done.stdout
    index = tmp_path / "data" / "catalogue.sqlite"
    assert str(index) in done.stdout
    question = "quelles études pour être chargé de post-production"
    through = [
        balise(model_cache, "--catalogue", str(path), "ask", question).stdout
        for path in (index, SEEDS)
    ]
    assert through[0] == through[1]
    assert "BTS" in through[0]


def test_a_bad_source_leaves_the_former_index(run: Run, tmp_path: Path) -> None:
    index = tmp_path / "ici.sqlite"
    assert run("import", str(SEEDS), "--index", str(index)).returncode == 0
    before = index.read_bytes()
    bad = tmp_path / "bad.xml"
    bad.write_text("<metiers>\n<metier><identifiant>MET.1</identifiant>\n", encoding="utf-8")
    done = run("import", str(SEEDS), str(bad), "--index", str(index))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"bad\.xml.*ligne 3", done.stderr)
    assert index.read_bytes() == before


def test_no_source_is_bad_usage(run: Run) -> None:
    done = run("import")
    assert done.returncode == 2
    assert "SOURCE" in done.stderr


# update


def test_update_from_nothing_then_nothing_new(run: Run, server: FakeOnisep, tmp_path: Path) -> None:
    server.plays("/fiches.zip", serves(archive("MET.17", "MET.656"), etag='"1"'))
    datasets = str(tmp_path / "datasets.yml")
    done = run("update", "--datasets", datasets, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Métiers : ajoutés, 2" in done.stdout
    index = tmp_path / "data" / "catalogue.sqlite"
    assert {fiche.id for fiche in read_index(index).fiches} == {"MET.17", "MET.656"}
    assert [source.name for source in read_index(index).sources] == ["Idéo-fiches métiers"]
    before = index.stat()
    again = run("update", "--datasets", datasets)
    assert again.returncode == 0
    assert "Rien de nouveau" in again.stdout
    assert index.stat().st_mtime_ns == before.st_mtime_ns
    assert server.requests[-1][1]["If-None-Match"] == '"1"'


def test_the_difference_is_shown_before_anything_changes(
    run: Run, server: FakeOnisep, tmp_path: Path
) -> None:
    datasets = str(tmp_path / "datasets.yml")
    server.plays("/fiches.zip", serves(archive("MET.17", "MET.656"), etag='"1"'))
    assert run("update", "--datasets", datasets, "--yes").returncode == 0
    index = tmp_path / "data" / "catalogue.sqlite"
    before = index.read_bytes()
    changed = archive("MET.656", "MET.262", **{"bac + 2": "bac + 3"})
    server.plays("/fiches.zip", serves(changed, etag='"2"'))
    shown = run("update", "--datasets", datasets)
    assert shown.returncode == 1
    assert "Métiers : ajoutés, 1 ; retirés, 1 ; renommés, 0 ; modifiés, 1." in shown.stdout
    assert "« 2 » → « 3 »" in shown.stdout
    assert "--yes" in shown.stdout
    assert index.read_bytes() == before
    as_json = json.loads(run("update", "--datasets", datasets, "--json").stdout)
    assert [job["id"] for job in as_json["fiches"]["added"]] == ["MET.262"]
    assert index.read_bytes() == before
    assert run("update", "--datasets", datasets, "--yes").returncode == 0
    assert {fiche.id for fiche in read_index(index).fiches} == {"MET.656", "MET.262"}


def test_the_answers_that_change(run: Run, server: FakeOnisep, tmp_path: Path) -> None:
    datasets, dialogues = str(tmp_path / "datasets.yml"), tmp_path / "dialogues.yml"
    dialogues.write_text(
        "- dialogue: niveau\n  catalogue: seed\n  turns:\n"
        "  - user: quel niveau pour être chef monteur ?\n    expect: {intent: niveau_acces}\n"
        "  - user: merci\n    expect: {intent: remerciement}\n",
        encoding="utf-8",
    )
    server.plays("/fiches.zip", serves(archive("MET.656"), etag='"1"'))
    assert run("update", "--datasets", datasets, "--yes").returncode == 0
    level = {"minimum:** bac + 2": "minimum:** bac + 8"}
    server.plays("/fiches.zip", serves(archive("MET.656", **level), etag='"2"'))
    shown = run("update", "--datasets", datasets, "--json", "--answers", str(dialogues))
    (change,) = json.loads(shown.stdout)["answers"]
    assert (change["dialogue"], change["turn"]) == ("niveau", 1)
    assert "bac + 2" in change["before"]
    assert "bac + 8" in change["after"]


@pytest.mark.parametrize(
    ("name", "status"), [("busy", 500), ("gone", 404)], ids=["500 for ever", "404"]
)
def test_a_server_that_fails_changes_nothing(
    name: str, status: int, run: Run, server: FakeOnisep, tmp_path: Path
) -> None:
    datasets = str(tmp_path / "datasets.yml")
    server.plays("/fiches.zip", serves(archive("MET.656"), etag='"1"'))
    assert run("update", "--datasets", datasets, "--yes").returncode == 0
    files = {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()}
    server.plays("/fiches.zip", fails(status))
    done = run("update", "--datasets", datasets, "--yes")
    assert done.returncode == 2, name
    assert "Idéo-fiches métiers" in done.stderr
    assert {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()} == files


def test_a_file_that_is_no_catalogue_changes_nothing(
    run: Run, server: FakeOnisep, tmp_path: Path
) -> None:
    datasets = str(tmp_path / "datasets.yml")
    server.plays("/fiches.zip", serves(archive("MET.656"), etag='"1"'))
    assert run("update", "--datasets", datasets, "--yes").returncode == 0
    files = {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()}
    server.plays("/fiches.zip", serves(archive("MET.17")[:-40], etag='"2"'))
    done = run("update", "--datasets", datasets, "--yes")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()} == files


def test_a_local_source_is_joined(run: Run, server: FakeOnisep, tmp_path: Path) -> None:
    server.plays("/fiches.zip", serves(archive("MET.656"), etag='"1"'))
    own = tmp_path / "MET.17.md"
    shutil.copy(SEEDS / "MET.17.md", own)
    datasets = str(tmp_path / "datasets.yml")
    assert run("update", "--datasets", datasets, "--with", str(own), "--yes").returncode == 0
    index = tmp_path / "data" / "catalogue.sqlite"
    assert {fiche.id for fiche in read_index(index).fiches} == {"MET.656", "MET.17"}


def test_a_damaged_index_is_said_and_left(run: Run, server: FakeOnisep, tmp_path: Path) -> None:
    server.plays("/fiches.zip", serves(archive("MET.656"), etag='"1"'))
    index = tmp_path / "data" / "catalogue.sqlite"
    write_index(read_sources([SEEDS]), index)
    damaged = index.read_bytes()[:9000]
    index.write_bytes(damaged)
    done = run("update", "--datasets", str(tmp_path / "datasets.yml"), "--yes")
    assert done.returncode == 2
    assert "catalogue import" in done.stderr
    assert index.read_bytes() == damaged
