"""Measures the widget in a slowed browser: `python -m tests.widget.measure_widget`.

Prints the script's size, its main-thread time at load and the time to open at CPU x4 (medians of
fresh loads), the time of a frame while 500 messages scroll, and the first event of a stream.
"""

from __future__ import annotations

import gzip
import logging
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

import requests
from playwright.sync_api import Browser

from bot.assistant import build_assistant
from tests.browser import open_chromium
from tests.conftest import ROOT, SEEDS, settings_for
from tests.widget.stub import Stub, backend, serving, website
from webhook.app import create_app

LOADS = 7
SLOWER = 4
# Milliseconds of the frames of three seconds of scrolling, up and down.
FRAMES = """async () => { const root = document.querySelector('balise-chat').shadowRoot;
  const log = root.querySelector('.log'), scroll = root.querySelector('.scroll');
  for (let n = 0; n < 500; n++) log.append(log.firstChild.cloneNode(true));
  const times = []; let before = performance.now(); const start = before;
  while (before - start < 3000) { await new Promise(requestAnimationFrame);
    scroll.scrollTop += (Math.floor((before - start) / 500) % 2 ? -60 : 60);
    const now = performance.now(); times.push(now - before); before = now; }
  return times; }"""
OPEN = """async () => { const start = performance.now(); Balise.open();
  await new Promise(requestAnimationFrame); await new Promise(r => setTimeout(r)); return performance.now() - start; }"""


def main() -> None:
    """Measure and print a line for each figure."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    script = (ROOT / "webhook/widget/static/balise.js").read_bytes()
    print(f"script, gzip -9: {len(gzip.compress(script, 9))} bytes")
    stub = Stub()
    stub.reset()
    with (
        serving(backend(stub)) as origin,
        serving(website(stub)) as site,
        open_chromium() as browser,
    ):
        stub.origin = origin
        loads = [_load(browser, site) for _ in range(LOADS)]
        scripts, opens = zip(*loads, strict=True)
        print(f"script at load, CPU x{SLOWER}: {statistics.median(scripts):.0f} ms")
        print(f"opens in, CPU x{SLOWER}: {statistics.median(opens):.0f} ms")
        print(f"frame with 500 messages, median: {_frame(browser, site):.1f} ms")
    print(f"first event of a stream: {_first_event():.1f} ms")


def _load(browser: Browser, site: str) -> tuple[float, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(site)
    page.locator(".launcher").wait_for()
    values = {
        one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
    }
    opened = page.evaluate(OPEN)
    context.close()
    return values["ScriptDuration"] * 1000, opened


def _frame(browser: Browser, site: str) -> float:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site)
    page.locator(".launcher").click()
    page.locator("article").first.wait_for()
    times = page.evaluate(FRAMES)
    context.close()
    return float(statistics.median(times))


def _first_event() -> float:
    """Milliseconds from a request to the first event of its answer, median, by the real server."""
    with tempfile.TemporaryDirectory() as cache:
        settings = settings_for(SEEDS, cache=Path(cache))
        with (
            closing(build_assistant(settings)) as assistant,
            serving(create_app(assistant, settings)) as origin,
        ):
            times = []
            for number in range(20):
                start = time.perf_counter()
                body = {"sender": f"s{number}", "message": "parle-moi de chargé de post-production"}
                with requests.post(f"{origin}/webhooks/rest/webhook", json=body, headers={"Accept": "text/event-stream"}, stream=True, timeout=10) as response:  # fmt: skip
                    next(response.iter_lines())
                times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
