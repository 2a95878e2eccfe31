"""Counters for Prometheus: answers by kind and time, opinions. No text, no identifier."""

from __future__ import annotations

import threading
from collections import Counter

from flask import Blueprint, Response

__all__ = ["Metrics", "blueprint"]

_BOUNDS_MS = (1, 2, 5, 10, 20, 50, 100, 500)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kinds: Counter[str] = Counter()
        self._buckets: Counter[int] = Counter()
        self._total_ms = 0.0
        self._ratings: Counter[str] = Counter()
        self._received: Counter[str] = Counter()

    def answered(self, kind: str, elapsed_ms: float) -> None:
        """Count one answer, and its time in milliseconds."""
        with self._lock:
            self._kinds[kind] += 1
            self._total_ms += elapsed_ms
            for bound in _BOUNDS_MS:
                if elapsed_ms <= bound:
                    self._buckets[bound] += 1

    def rated(self, *, useful: bool) -> None:
        """Count one opinion on an answer."""
        with self._lock:
            self._ratings["useful" if useful else "useless"] += 1

    def received(self, channel: str, count: int) -> None:
        """Count the messages of one request of a messaging platform."""
        with self._lock:
            self._received[channel] += count

    def text(self) -> str:
        """Write the counters in Prometheus' text format 0.0.4."""
        with self._lock:
            count = sum(self._kinds.values())
            lines = ["# TYPE balise_answers_total counter"]
            lines += [
                f'balise_answers_total{{kind="{kind}"}} {number}'
                for kind, number in sorted(self._kinds.items())
            ]
            lines.append("# TYPE balise_ratings_total counter")
            lines += [
                f'balise_ratings_total{{opinion="{opinion}"}} {number}'
                for opinion, number in sorted(self._ratings.items())
            ]
            lines.append("# TYPE balise_received_total counter")
            lines += [
                f'balise_received_total{{channel="{channel}"}} {number}'
                for channel, number in sorted(self._received.items())
            ]
            lines.append("# TYPE balise_answer_seconds histogram")
            lines += [
                f'balise_answer_seconds_bucket{{le="{bound / 1000}"}} {self._buckets[bound]}'
                for bound in _BOUNDS_MS
            ]
            lines += [
                f'balise_answer_seconds_bucket{{le="+Inf"}} {count}',
                f"balise_answer_seconds_sum {self._total_ms / 1000:.6f}",
                f"balise_answer_seconds_count {count}",
            ]
        return "\n".join(lines) + "\n"


def blueprint(metrics: Metrics) -> Blueprint:
    """Return the route of the counters."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def show() -> Response:
        return Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

    return routes
