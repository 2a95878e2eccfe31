"""The report of `make bench-rasa`: Markdown tables and two pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bar_chart import bar_chart
from tests.bench.log_chart import Line, log_chart
from tests.rasa.measured import CONCURRENCIES, PLAIN, QUESTION, Facts, Measured
from tests.rasa.understanding import Scores

__all__ = ["text", "write"]

_BETWEEN = re.compile(r"(?<=<!-- measured -->\n).*(?=<!-- /measured -->)", re.DOTALL)


def text(measured: Sequence[Measured], facts: Facts) -> str:
    """Return what was measured, as Markdown."""
    diet, light, ours, *others = measured
    systems = (ours, light, diet)
    lines = [_head(facts), ""]
    for name, size in facts.sets.items():
        lines += [f"### Understanding, set `{name}` ({size} utterances)", ""]
        lines += _table(systems, _understanding(name))
    lines += ["### A naive linker", "", *_naive(ours, others, facts), ""]
    lines += ["### Serving", "", *_table(systems, _SERVING)]
    null = others[-1]
    lines += [*_against_null(systems, null), ""]
    lines += ["### Cost", "", *_table(systems, _COST)]
    return "\n".join(lines)


def write(measured: Sequence[Measured], facts: Facts, docs: Path) -> None:
    """Put the report in docs/benchmark.md, between its marks, and the pictures beside."""
    page = docs / "benchmark.md"
    found = page.read_text("utf-8")
    page.write_text(_BETWEEN.sub(lambda _: text(measured, facts) + "\n", found), encoding="utf-8")
    diet, light, ours, *others = measured
    images = docs / "images"
    lines = [
        Line(name=name, points=tuple((c, one.requests[QUESTION, c]) for c in CONCURRENCIES))
        for name, one in (("null endpoint", others[-1]), ("Balise", ours), ("Rasa, light", light))
    ]
    chart = log_chart(lines, title="Answers per second", x_label="clients", y_label="per second")
    (images / "benchmark-requests.svg").write_text(chart, encoding="utf-8")
    groups = [
        (f"{label}, {name}", [read(one.scores[name]) for one in (ours, light, diet)])
        for name in facts.sets
        for label, read in (("intent", _intent), ("jobs", _rank_1), ("out of scope", _recall))
    ]
    names = [one.name for one in (ours, light, diet)]
    bars = bar_chart(groups, names, title="Understood rightly")
    (images / "benchmark-understanding.svg").write_text(bars, encoding="utf-8")


def _intent(scores: Scores) -> float:
    return scores.intent


def _rank_1(scores: Scores) -> float:
    return scores.rank_1


def _recall(scores: Scores) -> float:
    return scores.scope_recall


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A figure: how it is read from what was measured, and how it is written."""

    name: str
    read: Callable[[Measured], float | None]
    form: str = "{:.3f}"


def _understanding(name: str) -> Sequence[_Row]:
    def of(field: str) -> Callable[[Measured], float]:
        return lambda one: float(getattr(one.scores[name], field))

    return (
        _Row(name="intent right", read=of("intent")),
        _Row(name="jobs named, all found and in order", read=of("rank_1")),
        _Row(name="a job found where none is named", read=of("false_job")),
        _Row(name="out of scope: recall", read=of("scope_recall")),
        _Row(name="out of scope: precision", read=of("scope_precision")),
        _Row(name="`/model/parse`, p50 (ms)", read=of("p50_ms"), form="{:.1f}"),
        _Row(name="`/model/parse`, p99 (ms)", read=of("p99_ms"), form="{:.1f}"),
    )


def _clients(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"


def _rate(question: str, concurrency: int) -> Callable[[Measured], float]:
    return lambda one: one.requests[question, concurrency]


_SERVING = (
    _Row(
        name="an answer about a job, one client: p50 (ms)",
        read=lambda one: one.reply_ms[0] if one.reply_ms else None,
        form="{:.1f}",
    ),
    _Row(
        name="the same: p99 (ms)",
        read=lambda one: one.reply_ms[1] if one.reply_ms else None,
        form="{:.1f}",
    ),
    *(
        _Row(name=f"{what}, {_clients(count)} (answers/s)", read=_rate(said, count), form="{:.0f}")
        for what, said in (("about a job", QUESTION), ("« merci », no action for Rasa", PLAIN))
        for count in CONCURRENCIES
    ),
)
_COST = (
    _Row(name="training (s)", read=lambda one: one.train_s, form="{:.0f}"),
    _Row(name="start to the first answer (s)", read=lambda one: one.ready_s, form="{:.1f}"),
    _Row(name="memory after the load (MB)", read=lambda one: one.memory_mb, form="{:.0f}"),
    _Row(name="environment on disk (MB)", read=lambda one: one.environment_mb, form="{:.0f}"),
    _Row(name="model on disk (MB)", read=lambda one: one.model_mb, form="{:.1f}"),
)


def _table(systems: Sequence[Measured], rows: Sequence[_Row]) -> Iterator[str]:
    ours, *others = systems
    names = [ours.name, *(name for one in others for name in (one.name, "/ Balise"))]
    yield f"| | {' | '.join(names)} |"
    yield f"|---|{'---|' * len(names)}"
    for row in rows:
        base = row.read(ours)
        cells = [_cell(base, row.form)]
        for one in others:
            value = row.read(one)
            ratio = value / base if value is not None and base else None
            cells += [
                _cell(value, row.form),
                _cell(ratio, "{:.2f}" if (ratio or 0) < 10 else "{:.0f}"),
            ]
        yield f"| {row.name} | {' | '.join(cells)} |"
    yield ""


def _naive(ours: Measured, others: Sequence[Measured], facts: Facts) -> Iterator[str]:
    yield "| | set | jobs right | a job where none is named | p50 (ms) | p99 (ms) |"
    yield "|---|---|---|---|---|---|"
    for one in (ours, *others[:-1]):
        for name in facts.sets:
            found = one.scores[name]
            times = (
                "as above | as above" if one is ours else f"{found.p50_ms:.1f} | {found.p99_ms:.1f}"
            )
            yield f"| {one.name} | `{name}` | {found.rank_1:.3f} | {found.false_job:.3f} | {times} |"


def _against_null(systems: Sequence[Measured], null: Measured) -> Iterator[str]:
    yield f"| answers/s about a job | {' | '.join(_clients(c) for c in CONCURRENCIES)} |"
    yield f"|---|{'---|' * len(CONCURRENCIES)}"
    rates = [null.requests[QUESTION, c] for c in CONCURRENCIES]
    yield f"| {null.name} | {' | '.join(f'{rate:.0f}' for rate in rates)} |"
    for one in systems:
        shares = [
            one.requests[QUESTION, c] / rate for c, rate in zip(CONCURRENCIES, rates, strict=True)
        ]
        yield f"| {one.name}, of that | {' | '.join(f'{share:.3f}' for share in shares)} |"


def _cell(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _head(facts: Facts) -> str:
    versions: Mapping[str, str] = facts.versions
    said = ", ".join(f"{name} {number}" for name, number in versions.items())
    return (
        f"{facts.date}, {facts.machine}, {facts.cores} cores, load {facts.load:.1f} at the start. "
        f"Rasa 3.6.21 on Python 3.10; {said}. {facts.jobs} jobs, {facts.examples} examples."
    )
