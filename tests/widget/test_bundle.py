"""The script as it is served: made from its sources, light, cached for ever under its version."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.answers.wording import read_wording
from bot.assistant import Assistant
from bot.settings_file import Contact, Site
from tests.browser import missing
from tests.conftest import INTENTS, ROOT
from webhook.app import create_app
from webhook.pages.embedding import snippet
from webhook.widget.routes import integrity, script_address
from webhook.widget.strings import strings_module

WIDGET = ROOT / "webhook" / "widget"
MOST_BYTES = 15_000


@pytest.fixture(scope="module")
def client(seed_assistant: Assistant) -> FlaskClient:
    return create_app(seed_assistant, seed_assistant.settings).test_client()


def test_it_is_light() -> None:
    assert len(gzip.compress((WIDGET / "static/balise.js").read_bytes(), 9)) <= MOST_BYTES


def test_its_strings_are_those_of_the_responses() -> None:
    written = (WIDGET / "source/strings.js").read_text("utf-8")
    assert written == strings_module(read_wording(INTENTS))


def test_every_string_is_said_by_the_source() -> None:
    source = "".join(
        path.read_text("utf-8")
        for path in (WIDGET / "source").glob("*.js")
        if path.name != "strings.js"
    )
    keys = re.findall(
        r'^    "(\w+)":', (WIDGET / "source/strings.js").read_text("utf-8"), re.MULTILINE
    )
    assert len(set(keys)) > 40
    assert [key for key in keys if not re.search(rf"\bwords\.{key}\b", source)] == []
    assert set(re.findall(r"\bwords\.(\w+)", source)) <= set(keys)


def _npm(*arguments: str, cwd: Path) -> None:
    if shutil.which("npm") is None:
        missing("npm is absent")
    subprocess.run(["npm", *arguments], cwd=cwd, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources with their tools, away from the project."""
    modules = WIDGET / "node_modules"
    if not modules.is_dir():
        missing("the tools of the widget are absent: npm ci in webhook/widget/")
    folder = tmp_path_factory.mktemp("widget")
    shutil.copytree(
        WIDGET,
        folder / "widget",
        ignore=shutil.ignore_patterns("node_modules", "static", "*.py", "__pycache__"),
    )
    (folder / "widget" / "node_modules").symlink_to(modules)
    (folder / "widget" / "static").mkdir()
    return folder / "widget"


def test_it_is_what_its_sources_make(sources: Path) -> None:
    _npm("run", "build", cwd=sources)
    for name in ("balise.js", "balise.css"):
        assert (sources / "static" / name).read_bytes() == (WIDGET / "static" / name).read_bytes()


def test_its_types_hold(sources: Path) -> None:
    _npm("run", "check", cwd=sources)


def test_no_way_of_running_text_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in (WIDGET / "source").glob("*.js"))
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setAttribute\('style'",
            source,
        )
        == []
    )


def test_a_version_is_kept_for_ever(client: FlaskClient) -> None:
    response = client.get(script_address())
    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    digest = base64.b64encode(hashlib.sha384(response.data).digest()).decode()
    assert integrity() == f"sha384-{digest}"
    newest = client.get("/widget.js")
    assert newest.data == response.data
    assert newest.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "path", ["/widget/0.0.1/balise.js", "/widget/1.0.0/routes.py", "/widget/1.0.0/../routes.py"]
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_embed_lines() -> None:
    contact = Contact(name="le CIO", url="https://cio.example.fr")
    site = Site(
        origins=("https://lycee.example.fr",),
        title='Le "coin" métiers',
        accent="#0b5c5c",
        address="tu",
        contact=contact,
    )
    lines = snippet("https://balise.example.fr/", "lycee", site)
    for part in (
        'src="https://balise.example.fr/widget/1.0.0/balise.js"', f'integrity="{integrity()}" crossorigin="anonymous"',
        'data-site="lycee"', 'data-title="Le &quot;coin&quot; métiers"', 'data-accent="#0b5c5c"', 'data-address="tu"',
        'data-human-url="https://cio.example.fr"',
    ):  # fmt: skip
        assert part in lines
    assert "data-label" not in lines


def test_opinions_are_counted_and_nothing_else(client: FlaskClient) -> None:
    for useful in (True, True, False):
        assert (
            client.post(
                "/webhooks/rest/rating", json={"id": "etudes MET.17", "useful": useful}
            ).status_code
            == 204
        )
    shown = client.get("/metrics").get_data(as_text=True)
    assert 'balise_ratings_total{opinion="useful"} 2' in shown
    assert 'balise_ratings_total{opinion="useless"} 1' in shown
    assert "MET.17" not in shown


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "a"},
        {"id": "a", "useful": "oui"},
        {"id": "", "useful": True},
        {"id": "a" * 201, "useful": True},
        [],
    ],
)
def test_a_wrong_opinion_is_refused(client: FlaskClient, body: object) -> None:
    response = client.post("/webhooks/rest/rating", json=body)
    assert 400 <= response.status_code < 500
    assert response.mimetype == "application/problem+json"
