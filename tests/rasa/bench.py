"""`make bench-rasa`: Rasa 3.6.21 and Balise beside each other, in one run on one machine.

Both are trained on the same examples, know the same catalogue, and are asked the same utterances
by the same client. The report goes to docs/benchmark.md by `--write`.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib.metadata import distribution, distributions, version
from pathlib import Path

import requests

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.loading import load_catalogue
from bot.evaluation.utterance_set import Utterance, read_set
from bot.settings import packaged_folder
from bot.understanding.training_data import read_examples
from tests.bench.http_load import requests_per_second
from tests.bench.servers import null_server
from tests.conftest import ROOT, SEEDS, SHARED
from tests.rasa import report
from tests.rasa.measured import CONCURRENCIES, PLAIN, QUESTION, Facts, Measured
from tests.rasa.systems import (
    System,
    balise,
    balise_command,
    disk_mb,
    project_of,
    rasa,
    run,
    train_rasa,
)
from tests.rasa.understanding import Names, ask_balise, ask_rasa, naive_linker, scores

ROUNDS = 3
CUTOFFS = (0.0, 90.0)


def main(arguments: Sequence[str]) -> int:
    """Measure everything, print the report, return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.rasa.bench")
    parser.add_argument("rasa", type=Path, help="the bin/ folder of Rasa's environment")
    parser.add_argument("--epochs", type=int, default=100, help="of DIET (Rasa's default is 100)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmark.md")
    options = parser.parse_args(arguments)
    bin_folder = options.rasa.absolute()
    if not (bin_folder / "rasa").is_file():
        print(f"{bin_folder}/rasa is absent: run `make bench-rasa`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="balise-bench-rasa-") as made:
        folder = Path(made)
        source, sets = _data(folder)
        catalogue = load_catalogue([source])
        facts = _facts(catalogue, sets)
        measured = [
            *_rasa_systems(bin_folder, folder, source, catalogue, sets, options.epochs),
            _balise(folder, source, sets),
            *_baselines(catalogue, sets),
        ]
        print(report.text(measured, facts))
        if options.write:
            report.write(measured, facts, ROOT / "docs")
    return 0


def _data(folder: Path) -> tuple[Path, dict[str, Sequence[Utterance]]]:
    """The catalogue and the sets of utterances: the real ones where they are, ours elsewhere."""
    own = ROOT / "tests" / "cases" / "utterances" / "adults.jsonl"
    sets: dict[str, Sequence[Utterance]] = {"adults": read_set(own).utterances}
    onisep = SHARED / "data" / "onisep"
    if not onisep.is_dir():
        return SEEDS, sets
    index = folder / "catalogue.sqlite"
    sources = [str(onisep / "fiches-md"), str(onisep / "metiers.json")]
    run(balise_command("catalogue", "import", *sources, "--index", str(index)), ROOT)
    dev = read_set(SHARED / "data" / "eval" / "dev.jsonl").utterances
    return index, {"dev": dev, **sets}


def _rasa_systems(
    bin_folder: Path,
    folder: Path,
    source: Path,
    catalogue: Catalogue,
    sets: dict[str, Sequence[Utterance]],
    epochs: int,
) -> Iterator[Measured]:
    names = Names(catalogue)
    environment_mb = disk_mb(bin_folder.parent)
    for pipeline, title in (("diet", f"Rasa, DIET ({epochs} epochs)"), ("light", "Rasa, light")):
        found = Measured(name=title, environment_mb=environment_mb)
        project = project_of(source, folder, pipeline, epochs)
        found.train_s = train_rasa(bin_folder, project)
        _say(f"{title}: trained in {found.train_s:.0f} s")
        found.model_mb = disk_mb(project / "models")
        with rasa(bin_folder, project, source, folder / "cache") as system:
            _served(system, found)
            for name, utterances in sets.items():
                found.scores[name] = scores(utterances, ask_rasa(system.port, names))
            _load(system, found, count=200)
            found.memory_mb = system.memory_mb()
        yield found


def _balise(folder: Path, source: Path, sets: dict[str, Sequence[Utterance]]) -> Measured:
    found = Measured(name="Balise")
    cache = folder / "balise"
    with balise(source, cache) as system:
        first_s = system.ready_s
    found.model_mb = sum(one.stat().st_size for one in cache.glob("*") if "conv" not in one.name)
    found.model_mb /= 2**20
    with balise(source, cache) as system:
        # The first start trains the model, the second finds it.
        found.train_s = first_s - system.ready_s
        _served(system, found)
        for name, utterances in sets.items():
            found.scores[name] = scores(utterances, ask_balise(system.port))
        _load(system, found, count=1500)
        found.memory_mb = system.memory_mb()
    found.environment_mb = _locked_mb(ROOT / "requirements.lock")
    return found


def _served(system: System, found: Measured) -> None:
    found.ready_s = system.ready_s
    _say(f"{found.name}: answers after {system.ready_s:.1f} s")


def _load(system: System, found: Measured, *, count: int) -> None:
    """Ask from a new sender each time: a conversation of Rasa's gets slower with each turn."""
    found.reply_ms = _replies(system.port, count // 2)
    for question in (QUESTION, PLAIN):
        for concurrency in CONCURRENCIES:
            found.requests[question, concurrency] = _median_rate(
                system.port, question, count, concurrency
            )
    _say(f"{found.name}: {found.requests}")


def _median_rate(port: int, question: str, count: int, concurrency: int) -> float:
    return statistics.median(
        requests_per_second(port, [question], count, concurrency) for _ in range(ROUNDS)
    )


def _replies(port: int, count: int) -> tuple[float, float]:
    """The 50th and 99th percentiles of an answer to one client, in ms."""
    session, times = requests.Session(), []
    for index in range(count):
        body = {"sender": f"reply-{time.time_ns()}-{index}", "message": QUESTION}
        start = time.perf_counter()
        session.post(f"http://127.0.0.1:{port}/webhooks/rest/webhook", json=body, timeout=60)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return times[count // 2], times[count * 99 // 100]


def _baselines(catalogue: Catalogue, sets: dict[str, Sequence[Utterance]]) -> Iterator[Measured]:
    names = Names(catalogue)
    for cutoff in CUTOFFS:
        found = Measured(name=f"`process.extract` (cutoff {cutoff:.0f})")
        for name, utterances in sets.items():
            found.scores[name] = scores(utterances, naive_linker(names, cutoff))
        yield found
    ceiling = Measured(name="null Flask endpoint")
    with ExitStack() as opened:
        server = opened.enter_context(null_server())
        for concurrency in CONCURRENCIES:
            ceiling.requests[QUESTION, concurrency] = _median_rate(
                server.port, QUESTION, 3000, concurrency
            )
    yield ceiling


def _locked_mb(lock: Path) -> float:
    """What the pinned dependencies take once installed, in MB: those of the tests are not used."""
    pinned = {line.split("==")[0].lower() for line in lock.read_text().splitlines() if "==" in line}
    total = 0
    for one in distributions():
        if (one.metadata["Name"] or "").lower() in pinned:
            files = [Path(str(one.locate_file(path))) for path in one.files or ()]
            total += sum(path.stat().st_size for path in files if path.is_file())
    return total / 2**20


def _facts(catalogue: Catalogue, sets: dict[str, Sequence[Utterance]]) -> Facts:
    model = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.is_file():
        lines = cpu.read_text().splitlines()
        model = next((x.split(": ")[1] for x in lines if x.startswith("model name")), model)
    return Facts(
        date=time.strftime("%Y-%m-%d"),
        machine=model,
        cores=os.cpu_count() or 1,
        load=os.getloadavg()[0],
        jobs=len(catalogue),
        examples=len(read_examples(packaged_folder("intents"))),
        sets={name: len(utterances) for name, utterances in sets.items()},
        versions={
            "Balise": version("balise"),
            "Python of Balise": platform.python_version(),
            **{name: distribution(name).version for name in ("flask", "rapidfuzz", "rasa-sdk")},
        },
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
