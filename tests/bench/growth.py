"""How Balise grows with its catalogue: `python -m tests.bench.growth [--sizes 1000 10000 100000]`.

Catalogues are grown from the real one (`grown_catalogue`) and asked the same mix of questions
(`growth_mix`). Each figure is measured in a process of its own, so that its memory is its own; the
sizes come in turn, so that the machine's mood is shared. Prints a table, draws
`docs/images/growth.svg`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.assistant import Assistant, build_assistant
from bot.catalogue.loading import load_catalogue
from bot.messages import UserMessage
from bot.understanding.building import build_interpreter
from tests.bench.grown_catalogue import write_grown_index
from tests.bench.growth_mix import conversations
from tests.bench.log_chart import Line, log_chart
from tests.conftest import INTENTS, ROOT, SEEDS, SHARED, settings_for

ROUNDS = 3
REPEATS = 3
PICTURE = ROOT / "docs" / "images" / "growth.svg"
_LINES = (("médiane", "p50_ms"), ("95e centile", "p95_ms"), ("99e centile", "p99_ms"))
_MB = 1 << 20

Figures = Mapping[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, draw the picture, return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--step", choices=("build", "answer"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="keep the indexes and the model there")
    options = parser.parse_args(arguments)
    if not (SHARED / "data" / "onisep").is_dir():
        print(f"{SHARED} is absent: the bench needs the real catalogue", file=sys.stderr)
        return 2
    if options.step:
        step = {"build": _build, "answer": _answer}[options.step]
        print(json.dumps(step(options.sizes[0], options.folder)))
        return 0
    with tempfile.TemporaryDirectory(prefix="balise-growth-") as folder:
        _measure(sorted(options.sizes), options.repeats, options.folder or Path(folder))
    return 0


def _measure(sizes: Sequence[int], repeats: int, folder: Path) -> None:
    # The model is trained once, beforehand: what a start costs is asked with it.
    build_interpreter(INTENTS, load_catalogue([SEEDS]), cache=folder)
    built = {size: _run("build", size, folder) for size in sizes}
    runs: dict[int, list[Figures]] = {size: [] for size in sizes}
    for _ in range(repeats):
        for size in sizes:
            runs[size].append(_run("answer", size, folder))
    figures = {
        size: {**built[size], **{name: _median(runs[size], name) for name in runs[size][0]}}
        for size in sizes
    }
    _print(figures, runs)
    PICTURE.write_text(_picture(figures), encoding="utf-8")


def _run(step: str, size: int, folder: Path) -> Figures:
    """Take one step in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.growth", "--step", step]
    options = ["--sizes", str(size), "--folder", str(folder)]
    done = subprocess.run([*command, *options], check=True, capture_output=True, cwd=ROOT)
    figures: Figures = json.loads(done.stdout)
    return figures


def _build(size: int, folder: Path) -> Figures:
    onisep = SHARED / "data" / "onisep"
    path = _index(folder, size)
    start = time.perf_counter()
    write_grown_index((onisep / "fiches-md", onisep / "metiers.json"), path, count=size)
    return {
        "build_s": time.perf_counter() - start,
        "build_mb": _memory_mb("VmHWM"),
        "index_mb": path.stat().st_size / _MB,
    }


def _answer(size: int, folder: Path) -> Figures:
    start = time.perf_counter()
    assistant = build_assistant(settings_for(_index(folder, size), cache=folder))
    load_s = time.perf_counter() - start
    load_mb = _memory_mb("VmRSS")
    # What is made at its first use is no part of an answer: the text index, the kinship of jobs.
    for text in ("un métier avec les chevaux", "métiers proches de notaire"):
        assistant.reply(UserMessage(sender="first", text=text))
    rounds = [_replies_ms(assistant, turn) for turn in range(ROUNDS)]
    return {
        "load_s": load_s,
        "load_mb": load_mb,
        "memory_mb": _memory_mb("VmRSS"),
        "questions": len(rounds[0]),
        **{
            f"p{percent}_ms": statistics.median(
                times[len(times) * percent // 100] for times in rounds
            )
            for percent in (50, 95, 99)
        },
    }


def _replies_ms(assistant: Assistant, turn: int) -> list[float]:
    """Return how long each reply of the mix took, the shortest first."""
    times = []
    for number, messages in enumerate(conversations(assistant.catalogue, turn=turn)):
        for text in messages:
            start = time.perf_counter()
            assistant.reply(UserMessage(sender=f"growth-{turn}-{number}", text=text))
            times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def _memory_mb(field: str) -> float:
    """Return the memory of this process in RAM, now or at its peak; source: proc(5), `status`.

    Not the peak of `getrusage`: that one begins with what the parent held.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    value = next(line.split()[1] for line in lines if line.startswith(f"{field}:"))
    return int(value) / 1024


def _index(folder: Path, size: int) -> Path:
    return folder / f"grown-{size}.balise"


def _median(runs: Sequence[Figures], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def _print(figures: Mapping[int, Figures], runs: Mapping[int, Sequence[Figures]]) -> None:
    print("| fiches | index built | its size | loaded | memory | reply p50 / p95 / p99 |")
    print("|---|---|---|---|---|---|")
    for size, one in figures.items():
        spread = [run["p50_ms"] for run in runs[size]]
        print(
            f"| {size:,} | {one['build_s']:.0f} s, {one['build_mb']:,.0f} MB "
            f"| {one['index_mb']:,.0f} MB | {one['load_s']:.1f} s | {one['memory_mb']:,.0f} MB "
            f"| {one['p50_ms']:.2f} / {one['p95_ms']:.1f} / {one['p99_ms']:.1f} ms "
            f"(p50 {min(spread):.2f}-{max(spread):.2f}) |"
        )
    smallest, *others = figures
    for size in others:
        ratio = figures[size]["p50_ms"] / figures[smallest]["p50_ms"]
        more = figures[size]["memory_mb"] - figures[smallest]["memory_mb"]
        print(
            f"\n{size:,} against {smallest:,}: median reply × {ratio:.2f}, "
            f"{more / (size - smallest) * 1000:.1f} MB per 1,000 fiches"
        )


def _picture(figures: Mapping[int, Figures]) -> str:
    return log_chart(
        [
            Line(name=name, points=tuple((size, one[key]) for size, one in figures.items()))
            for name, key in _LINES
        ],
        title="Temps d’une réponse selon la taille du catalogue",
        x_label="fiches du catalogue",
        y_label="temps d’une réponse (ms)",
    )


if __name__ == "__main__":
    raise SystemExit(main())
