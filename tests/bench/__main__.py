"""`make bench`: speed and memory on the real catalogue, as a Markdown table.

Every figure is measured in this run; what depends on the machine is given beside what it is
compared with (a null endpoint under the same server, settings and load).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path

from bot.assistant import Assistant, build_assistant, build_knowledge
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import read_sources
from bot.evaluation.suggestion_starts import Branches, starts_of
from bot.evaluation.suggestions import explore
from bot.evaluation.utterance_set import read_set
from bot.messages import UserMessage
from bot.settings import Settings, packaged_folder
from tests.bench.catalogue_work import catalogue_rows
from tests.bench.delivery_load import delivery_rows
from tests.bench.http_load import requests_per_second
from tests.bench.servers import Server, balise_server, null_server
from tests.conftest import SHARED

ROUNDS = 3
REQUESTS = 2000
CONCURRENCY = 8


def main() -> int:
    """Measure, print the table, return the exit status."""
    onisep = SHARED / "data" / "onisep"
    if not onisep.is_dir():
        print(f"{onisep} is absent: the bench needs the real catalogue", file=sys.stderr)
        return 2
    rome = SHARED / "data" / "rome" / "unix_referentiel_appellation_v460_utf8.csv"
    texts = [u.text for u in read_set(SHARED / "data" / "eval" / "dev.jsonl").utterances]
    with tempfile.TemporaryDirectory(prefix="balise-bench-") as folder:
        cache = Path(folder)
        print("| figure | measured | target |\n|---|---|---|")
        index = cache / "catalogue.sqlite"
        write_index(read_sources([onisep / "fiches-md", onisep / "metiers.json"]), index)
        rows = chain(
            _rows((index,), texts, cache),
            catalogue_rows(onisep, rome, cache),
            delivery_rows(cache),
        )
        for name, measured, target in rows:
            print(f"| {name} | {measured} | {target} |", flush=True)
    return 0


def _rows(
    sources: Sequence[Path], texts: Sequence[str], cache: Path
) -> Iterator[tuple[str, str, str]]:
    settings = Settings(
        catalogue=tuple(sources), intents=packaged_folder("intents"), state=None, cache=cache
    )
    start = time.perf_counter()
    assistant = build_assistant(settings)
    yield "build with training", f"{time.perf_counter() - start:.1f} s", ""
    yield from _in_process(assistant, texts)
    yield _suggestions(settings)
    yield from _cold_start(sources, cache)
    yield from _served(sources, cache, texts)


def _in_process(assistant: Assistant, texts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    def reply(index: int) -> object:
        return assistant.reply(UserMessage(sender=f"bench-{index}", text=texts[index]))

    def link(index: int) -> object:
        return assistant.interpreter.metiers.link(normalised[index])

    def parse(index: int) -> object:
        return assistant.interpret(texts[index])

    normalised = [assistant.interpreter.normaliser.normalise(text) for text in texts]
    targets: dict[str, tuple[Callable[[int], object], str]] = {
        f"`Assistant.reply`, {len(assistant.catalogue)} jobs, p50 / p99": (reply, "≤ 3 / ≤ 10 ms"),
        "`parse` (understanding alone), p50 / p99": (parse, "≤ 2 / ≤ 6 ms"),
        "linking alone, p50 / p99": (link, "p99 ≤ 2 ms"),
    }
    for name, (call, target) in targets.items():
        p50, p99 = _percentiles(call, len(texts))
        yield name, f"{p50:.2f} / {p99:.2f} ms", target


def _percentiles(call: Callable[[int], object], count: int) -> tuple[float, float]:
    """Median over the rounds of the 50th and 99th percentiles, in ms, after one warm round."""
    p50s, p99s = [], []
    for round_number in range(ROUNDS + 1):
        times = []
        for index in range(count):
            start = time.perf_counter()
            call(index)
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
        if round_number:
            p50s.append(times[count // 2])
            p99s.append(times[int(count * 0.99)])
    return statistics.median(p50s), statistics.median(p99s)


def _suggestions(settings: Settings) -> tuple[str, str, str]:
    """Press every button that an answer can offer, as `balise validate --suggestions` does."""
    with closing(Branches(settings, build_knowledge(settings))) as branches:
        start = time.perf_counter()
        found = explore(starts_of(branches), branches.press)
        seconds = time.perf_counter() - start
    name = f"every suggestion ({found.opened} answers, {found.pressed} buttons): faulty, time"
    return name, f"{len(found.defects)}, {seconds:.0f} s", "0, ≤ 60 s"


def _cold_start(sources: Sequence[Path], cache: Path) -> Iterator[tuple[str, str, str]]:
    question = "quelles études pour être chargé de post-production"
    for name, catalogue in (("seeds/", ()), ("the real catalogue, as an index", sources)):
        options = [part for path in catalogue for part in ("--catalogue", str(path))]
        command = [sys.executable, "-m", "bot.cli", *options, "ask", question]
        times = []
        for _ in range(6):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=Server.environment(cache))
            times.append(time.perf_counter() - start)
        yield f"`balise ask` cold, {name}", f"{statistics.median(times[1:]):.2f} s", "≤ 1.2 s"


def _served(
    sources: Sequence[Path], cache: Path, texts: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    rates: dict[str, list[float]] = {"balise": [], "null": []}
    with balise_server(sources, cache) as balise, null_server() as null:
        yield "server ready, the real catalogue, as an index", f"{balise.ready_s:.2f} s", "≤ 2 s"
        # One then the other, in turn: the machine's mood is shared by both.
        for _ in range(ROUNDS):
            for name, server in (("balise", balise), ("null", null)):
                rates[name].append(requests_per_second(server.port, texts, REQUESTS, CONCURRENCY))
        memory = balise.worker_memory_mb()
    own, other = statistics.median(rates["balise"]), statistics.median(rates["null"])
    yield (
        f"`POST /webhooks/rest/webhook` at concurrency {CONCURRENCY}, Balise / null endpoint",
        f"{own:.0f} / {other:.0f} req/s = {own / other:.2f}",
        "≥ 0.5",
    )
    yield "memory of one worker after the load", f"{memory:.0f} MB", "≤ 250 MB"


if __name__ == "__main__":
    raise SystemExit(main())
