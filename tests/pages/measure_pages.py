"""Measures the pages in a browser: weight, and time to the first paint, CPU slowed four times.

    python -m tests.pages.measure_pages [CATALOGUE]

The times depend on the machine: they are read, and no test asserts them.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bench.servers import balise_server

PAGES = ("/", "/metiers", "/metiers/MET.12", "/confidentialite")
ROUNDS = 5
PHONE = {"width": 390, "height": 844}
# The policy of our pages lets nothing be waited for by a text: the page tells by itself.
PAINT = """() => new Promise(tell => new PerformanceObserver(list => list.getEntries()
  .filter(one => one.name === 'first-contentful-paint').forEach(one => tell(one.startTime)))
  .observe({type: 'paint', buffered: true}))"""
WEIGHT = """[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


def measure(browser: Browser, address: str) -> tuple[float, int]:
    """Return the first paint (ms) and the weight (bytes) of a page opened afresh."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="load")
    measured = page.evaluate(PAINT), page.evaluate(WEIGHT)
    context.close()
    return measured


def main() -> None:
    """Print a line for each page."""
    sources = [Path(path) for path in sys.argv[1:]]
    with (
        tempfile.TemporaryDirectory() as cache,
        balise_server(sources, Path(cache)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for path in PAGES:
            address = f"http://127.0.0.1:{server.port}{path}"
            found = [measure(browser, address) for _ in range(ROUNDS)]
            paint = statistics.median(time for time, _ in found)
            print(f"{path:20} {paint:6.0f} ms {found[0][1]:8} bytes")
        browser.close()


if __name__ == "__main__":
    main()
