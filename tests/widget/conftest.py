"""What the tests of the widget share: the browser, the two servers, a page that embeds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.widget.stub import Stub, backend, serving, website

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[Stub, str]]:
    stub = Stub()
    with serving(backend(stub)) as origin, serving(website(stub)) as site:
        stub.origin = origin
        yield stub, site


@pytest.fixture
def stub(servers: tuple[Stub, str]) -> Stub:
    servers[0].reset()
    return servers[0]


@pytest.fixture
def visit(browser: Browser, servers: tuple[Stub, str], stub: Stub) -> Iterator[Open]:
    """Open the website in a new context: `data` are attributes of the script, `more` other switches."""
    contexts = []

    def visit(
        data: str = "", more: str = "", *, before: str = "", clock: bool = False, **options: object
    ) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        if clock:
            page.clock.install()
        if before:
            page.add_init_script(before)
        page.goto(f"{servers[1]}/?{urlencode({'data': data})}&{more}")
        return page

    yield visit
    for context in contexts:
        context.close()
