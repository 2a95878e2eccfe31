"""What the catalogue costs: importing, loading, updating, linking through the ROME."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.assistant import build_assistant
from bot.catalogue.index_file import read_index
from bot.settings import Settings, packaged_folder
from tests.bench.servers import Server
from tests.catalogue.fake_onisep import fake_onisep, serves

Row = tuple[str, str, str]
ROUNDS = 3
_XML_BYTES = 13_000_000
# A child counts the memory of who started it: this small one starts the command, and tells.
_LAUNCHER = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run([sys.executable, "-m", "bot.cli", *sys.argv[1:]], check=True, stdout=2)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_DATASETS = """
options: {{retries: 0}}
datasets:
  - {{id: fiches, name: fiches, url: "{url}/fiches.xml", page: "{url}/", licence: ODbL, holds: x}}
"""


def catalogue_rows(onisep: Path, rome: Path, cache: Path) -> Iterator[Row]:
    """Measure on the real files; `cache` holds the trained model and what is built."""
    fiches, index = onisep / "fiches-md", cache / "fiches.sqlite"
    seconds, _ = _commands(("import", str(fiches), "--index", str(index)), cache)
    yield "import of the 893 fiches", f"{seconds:.1f} s", "≤ 3 s"
    xml = grown_xml(onisep / "ideo-fiches-metiers.sample.xml", cache / "grown.xml")
    command = ("import", str(xml), "--index", str(cache / "grown.sqlite"))
    seconds, memory = _commands(command, cache)
    size = xml.stat().st_size / 1e6
    yield (
        f"import of {size:.0f} MB of Idéo XML",
        f"{seconds:.1f} s, {memory:.0f} MB",
        "≤ 5 s, ≤ 150 MB",
    )
    yield "index load (893 fiches)", f"{_load_s(index):.2f} s", "≤ 0.5 s"
    yield "`catalogue update` with nothing new", f"{_update_s(xml, cache):.2f} s", "≤ 1 s"
    yield from _linking_rows((fiches, onisep / "metiers.json", rome), onisep, cache)


def grown_xml(sample: Path, path: Path) -> Path:
    """Write the records of the sample again and again under new identifiers, up to 13 MB."""
    text = sample.read_text(encoding="utf-8")
    head, _, rest = text.partition("<metiers>")
    records = re.findall(r"<metier>.*?</metier>\s*(?=<metier>|</metiers>)", rest, re.DOTALL)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{head}<metiers>")
        number = 100_000
        while file.tell() < _XML_BYTES:
            for record in records:
                number += 1
                file.write(re.sub(r"MET\.\d+", f"MET.{number}", record, count=1))
        file.write("</metiers>")
    return path


def _commands(arguments: Sequence[str], cache: Path) -> tuple[float, float]:
    """Run `balise catalogue …` several times: median seconds and the largest memory in MB."""
    times, memories = [], []
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, "catalogue", *arguments],
            capture_output=True,
            check=True,
            text=True,
            env=Server.environment(cache) | {"BALISE_DATA": str(cache / "data")},
        )
        seconds, kilobytes = done.stdout.split()
        times.append(float(seconds))
        memories.append(int(kilobytes) / 1024)
    return statistics.median(times), max(memories)


def _load_s(index: Path) -> float:
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        read_index(index)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def _update_s(xml: Path, cache: Path) -> float:
    with fake_onisep() as server:
        server.plays("/fiches.xml", serves(xml.read_bytes(), etag='"1"'))
        datasets = cache / "datasets.yml"
        datasets.write_text(_DATASETS.format(url=server.url), encoding="utf-8")
        options = ("update", "--datasets", str(datasets), "--yes")
        _commands(options, cache)
        return _commands(options, cache)[0]


def _linking_rows(sources: Sequence[Path], onisep: Path, cache: Path) -> Iterator[Row]:
    settings = Settings(
        catalogue=tuple(sources), intents=packaged_folder("intents"), state=None, cache=cache
    )
    interpreter = build_assistant(settings).interpreter
    pairs = onisep.parent / "linking" / "dev.jsonl"
    read = [json.loads(line) for line in pairs.read_text(encoding="utf-8").splitlines()]
    ranks, times = [], []
    for pair in read:
        text = interpreter.normaliser.normalise(pair["mention"])
        start = time.perf_counter()
        mentions = interpreter.metiers.link(text)
        times.append((time.perf_counter() - start) * 1000)
        found = [c.id for mention in mentions for c in mention.candidates]
        found = found or [mention.id for mention in mentions if mention.id is not None]
        ranks.append(found.index(pair["met_id"]) + 1 if pair["met_id"] in found else 99)
    first, fifth = (sum(rank <= most for rank in ranks) / len(ranks) for most in (1, 5))
    times.sort()
    name = "linking of ROME wordings (164 pairs, 13,120 appellations): rank 1 / 5, p99"
    p99 = times[int(len(times) * 0.99)]
    yield name, f"{first:.3f} / {fifth:.3f}, {p99:.1f} ms", "≥ 0.90 / ≥ 0.97, ≤ 3 ms"
