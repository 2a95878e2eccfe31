"""Downloading, from a server that plays Onisep's: good days, bad days, and hostile ones."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from bot.catalogue.datasets import Dataset, DownloadOptions, read_datasets
from bot.catalogue.download import (
    Download,
    DownloadError,
    Receipt,
    SystemClock,
    fetch,
    open_session,
)
from bot.catalogue.zip_source import zip_members
from bot.errors import CatalogueError
from tests.catalogue.fake_onisep import (
    FakeOnisep,
    cuts,
    cuts_chunked,
    dribbles,
    fails,
    fake_onisep,
    falls_silent,
    floods,
    hangs_up,
    redirects,
    says_nothing,
    serves,
)

BODY = b'[{"libelle": "r\xc3\xaaveur"}]' * 100
PATH = "/downloads/5fa5949243f97/5fa5949243f97.json"
NAME = "5fa5949243f97.json"
TODAY = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)
MODIFIED = "Tue, 10 Feb 2026 02:00:00 GMT"
OPTIONS = DownloadOptions(
    connect_timeout_s=5, read_timeout_s=10, duration_max_s=1000, retries=3, backoff_s=2,
    retry_after_max_s=60, size_max_mb=1,
)  # fmt: skip


class FakeClock:
    """A clock that waits in no time; each look at it may take some."""

    def __init__(self, *, step_s: float = 0) -> None:
        self.pauses: list[float] = []
        self._elapsed = 0.0
        self._step = step_s

    def now(self) -> datetime:
        return TODAY

    def monotonic(self) -> float:
        self._elapsed += self._step
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._elapsed += seconds


@pytest.fixture
def onisep_site() -> Iterator[FakeOnisep]:
    with fake_onisep() as site:
        yield site


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with open_session() as session:
        session.trust_env = False  # a proxy of this machine has no part in these tests
        yield session


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def dataset(url: str) -> Dataset:
    return Dataset(
        id="5fa5949243f97", name="Idéo-métiers", url=url, page="https://exemple.fr/", licence="ODbL",
        holds="des métiers",
    )  # fmt: skip


def get(
    url: str,
    folder: Path,
    session: requests.Session,
    clock: FakeClock,
    *,
    previous: Receipt | None = None,
    options: DownloadOptions = OPTIONS,
) -> Download:
    return fetch(dataset(url), folder, previous, options=options, session=session, clock=clock)


def content(folder: Path) -> dict[str, bytes]:
    """What a folder holds, hidden files included."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def error(
    url: str,
    folder: Path,
    session: requests.Session,
    clock: FakeClock,
    *,
    options: DownloadOptions = OPTIONS,
) -> tuple[str, str]:
    """The key and the detail of the error; the file of the last time must be untouched."""
    (folder / NAME).write_bytes(b"[1]")
    with pytest.raises(DownloadError) as caught:
        get(url, folder, session, clock, options=options)
    assert content(folder) == {NAME: b"[1]"}
    assert caught.value.dataset == "Idéo-métiers"
    return caught.value.key, caught.value.detail


# Good days


def test_a_file_and_its_receipt(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, serves(BODY, etag='"a"', last_modified=MODIFIED))
    folder = tmp_path / "new" / "folder"
    done = get(url, folder, session, clock)
    assert done.changed
    assert done.path == folder / NAME
    assert content(folder) == {NAME: BODY}
    assert done.receipt == Receipt(
        url=url, etag='"a"', last_modified=MODIFIED, sha256=hashlib.sha256(BODY).hexdigest(),
        bytes=len(BODY), fetched_at="2026-02-10T03:00:00+00:00",
    )  # fmt: skip
    ((_, headers),) = onisep_site.requests
    assert headers["User-Agent"] == "balise"
    assert "If-None-Match" not in headers


@pytest.mark.parametrize("known", [{"etag": '"a"'}, {"last_modified": MODIFIED}])
def test_what_has_not_changed_is_not_sent_again(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    known: dict[str, str],
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, serves(BODY, **known))
    first = get(url, tmp_path, session, clock)
    again = get(url, tmp_path, session, clock, previous=first.receipt)
    assert not again.changed
    assert again.receipt == first.receipt
    assert content(tmp_path) == {NAME: BODY}
    asked = onisep_site.requests[1][1]
    assert asked.get("If-None-Match") == known.get("etag")
    assert asked.get("If-Modified-Since") == known.get("last_modified")


def test_the_same_content_sent_again_is_no_change(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, serves(BODY, etag='"a"'), serves(BODY, etag='"b"'))
    first = get(url, tmp_path, session, clock)
    again = get(url, tmp_path, session, clock, previous=first.receipt)
    assert not again.changed
    assert again.receipt.etag == '"b"'


def test_a_new_edition_replaces_the_former_one(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, serves(b"[1]", etag='"a"'), serves(b"[2]", etag='"b"'))
    first = get(url, tmp_path, session, clock)
    again = get(url, tmp_path, session, clock, previous=first.receipt)
    assert again.changed
    assert content(tmp_path) == {NAME: b"[2]"}


@pytest.mark.parametrize("left", [None, b"[]"])
def test_a_file_lost_or_altered_is_asked_for_whole(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    left: bytes | None,
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, serves(BODY, etag='"a"'))
    first = get(url, tmp_path, session, clock)
    first.path.unlink()
    if left is not None:
        first.path.write_bytes(left)
    assert get(url, tmp_path, session, clock, previous=first.receipt).changed
    assert content(tmp_path) == {NAME: BODY}


def test_another_address_is_asked_for_the_whole_file(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, serves(BODY, etag='"a"'))
    other = onisep_site.plays("/elsewhere.json", serves(b"[2]", etag='"a"'))
    first = get(url, tmp_path, session, clock)
    assert get(other, tmp_path, session, clock, previous=first.receipt).changed
    assert content(tmp_path) == {NAME: b"[2]"}


def test_old_files_that_are_hard_linked_stay_as_they_were(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    (old / NAME).write_bytes(b"[1]")
    os.link(old / NAME, new / NAME)
    get(onisep_site.plays(PATH, serves(BODY)), new, session, clock)
    assert (content(old), content(new)) == ({NAME: b"[1]"}, {NAME: BODY})


def test_a_redirection_is_followed(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, redirects("/moved.json", 301))
    onisep_site.plays("/moved.json", serves(BODY))
    done = get(url, tmp_path, session, clock)
    assert content(tmp_path) == {NAME: BODY}
    assert done.receipt.url == url


def test_a_body_sent_byte_by_byte_in_time(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    get(onisep_site.plays(PATH, dribbles(BODY[:200])), tmp_path, session, clock)
    assert content(tmp_path) == {NAME: BODY[:200]}


# Bad days that pass


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_tried_again(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    status: int,
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, fails(status), fails(status), serves(BODY))
    get(url, tmp_path, session, clock)
    assert content(tmp_path) == {NAME: BODY}
    assert clock.pauses == [2, 4]


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("7", 7),
        ("999999", 60),
        ("0", 2),
        ("bientôt".encode().decode("latin1"), 2),
        ("Fri, 10 Feb 2990 02:00:00 GMT", 60),
        ("Tue, 10 Feb 2015 02:00:00 GMT", 2),
    ],
    ids=["seconds", "too-long", "none", "no-number", "far-date", "past-date"],
)
def test_the_pause_that_the_server_asks_for_is_kept_within_reason(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    asked: str, pause: int,
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, fails(429, Retry_After=asked), serves(BODY))
    get(url, tmp_path, session, clock)
    assert clock.pauses == [pause]


@pytest.mark.parametrize(
    "trouble",
    [
        cuts(BODY, at=10),
        cuts(BODY, at=0),
        cuts(BODY, at=len(BODY), declared=len(BODY) + 1),
        cuts_chunked(BODY),
        hangs_up,
    ],
    ids=["middle", "start", "lying-length", "chunked", "no-answer"],
)
def test_a_cut_connection_is_tried_again(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock, trouble
) -> None:
    get(onisep_site.plays(PATH, trouble, trouble, serves(BODY)), tmp_path, session, clock)
    assert content(tmp_path) == {NAME: BODY}
    assert clock.pauses == [2, 4]


def test_a_silence_is_tried_again(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, says_nothing, falls_silent(BODY, at=10), serves(BODY))
    options = replace(OPTIONS, read_timeout_s=0.05)
    get(url, tmp_path, session, clock, options=options)
    assert content(tmp_path) == {NAME: BODY}
    assert clock.pauses == [2, 4]


def test_a_busy_server_is_asked_the_same_again(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    """News are asked for at each attempt, and what was half received is forgotten."""
    url = onisep_site.plays(PATH, serves(BODY, etag='"a"'), cuts(b"[2]" * 99, at=50), fails(500),
                            serves(BODY, etag='"a"'))  # fmt: skip
    first = get(url, tmp_path, session, clock)
    again = get(url, tmp_path, session, clock, previous=first.receipt)
    assert not again.changed
    assert [headers.get("If-None-Match") for _, headers in onisep_site.requests[1:]] == ['"a"'] * 3
    assert content(tmp_path) == {NAME: BODY}


# Bad days that last


@pytest.mark.parametrize(
    ("trouble", "found"),
    [
        (fails(500), ("download_busy", "500")),
        (fails(429), ("download_busy", "429")),
        (cuts(BODY, at=10), ("download_cut", "127.0.0.1")),
        (cuts_chunked(BODY), ("download_cut", "127.0.0.1")),
        (hangs_up, ("download_unreachable", "127.0.0.1")),
    ],
    ids=["500", "429", "cut", "cut-chunked", "no-answer"],
)
def test_attempts_are_counted(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock, trouble,
    found: tuple[str, str],
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, trouble)
    assert error(url, tmp_path, session, clock) == found
    assert len(onisep_site.requests) == 1 + OPTIONS.retries
    assert clock.pauses == [2, 4, 8]


@pytest.mark.parametrize("trouble", [says_nothing, falls_silent(BODY, at=10)])
def test_a_silence_that_lasts(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock, trouble
) -> None:
    options = replace(OPTIONS, retries=0, read_timeout_s=0.05)
    url = onisep_site.plays(PATH, trouble)
    found = error(url, tmp_path, session, clock, options=options)
    assert found == ("download_timeout", "127.0.0.1")
    assert clock.pauses == []


def test_pauses_never_pass_the_time_allowed(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, fails(503, Retry_After="50"))
    options = replace(OPTIONS, duration_max_s=120, retries=10)
    assert error(url, tmp_path, session, clock, options=options) == ("download_busy", "503")
    assert clock.pauses == [50, 50]


def test_a_body_that_takes_too_long(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session
) -> None:
    """Each piece comes in time, all of them together do not; it is not tried again."""
    url = onisep_site.plays(PATH, serves(b"[" * 900_000))
    options = replace(OPTIONS, duration_max_s=10)
    found = error(url, tmp_path, session, FakeClock(step_s=1), options=options)
    assert found == ("download_too_slow", "10")
    assert len(onisep_site.requests) == 1


def test_nobody_at_the_address(tmp_path: Path, session: requests.Session, clock: FakeClock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x.json"
        assert error(url, tmp_path, session, clock) == ("download_unreachable", "127.0.0.1")
    assert clock.pauses == [2, 4, 8]


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (404, ("download_gone", "404")),
        (410, ("download_gone", "410")),
        (401, ("download_refused", "401")),
        (403, ("download_refused", "403")),
        (206, ("download_refused", "206")),
        (304, ("download_refused", "304")),
        (302, ("download_refused", "302")),
    ],
)
def test_a_refusal_is_not_tried_again(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    status: int, found: tuple[str, str],
) -> None:  # fmt: skip
    assert error(onisep_site.plays(PATH, fails(status)), tmp_path, session, clock) == found
    assert len(onisep_site.requests) == 1


# Not the file


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>Maintenance</body></html>",
        b"\xef\xbb\xbf\r\n  <HTML lang=fr>",
        b'<?xml version="1.0"?>\n<!-- login -->\n<!doctype  html PUBLIC "-//W3C//DTD XHTML 1.0">',
        b"<body>Connexion</body>",
    ],
)
def test_a_page_is_not_a_data_set(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    page: bytes,
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, serves(page, content_type="text/html"))
    assert error(url, tmp_path, session, clock) == ("download_html", "")
    assert len(onisep_site.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><metiers><metier><!-- <html> --></metier></metiers>',
        b"<header/>",
        b"[]",
        b"PK\x03\x04<html>",
    ],
)
def test_what_only_mentions_html_is_taken(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    body: bytes,
) -> None:  # fmt: skip
    get(onisep_site.plays(PATH, serves(body, content_type="text/html")), tmp_path, session, clock)
    assert content(tmp_path) == {NAME: body}


@pytest.mark.parametrize("body", [b"", b" \n\n"])
def test_nothing_is_not_a_data_set(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    body: bytes,
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, serves(body))
    assert error(url, tmp_path, session, clock) == ("download_empty", "")


@pytest.mark.parametrize(
    "flood",
    [floods(), serves(b"[" * (1 << 20) + b"["), cuts(b"[", at=1, declared=10**12)],
    ids=["flood", "one-byte-too-many", "declared"],
)
def test_a_file_too_large_is_not_taken(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock, flood
) -> None:
    url = onisep_site.plays(PATH, flood)
    assert error(url, tmp_path, session, clock) == ("download_too_large", "1")
    assert len(onisep_site.requests) == 1
    assert onisep_site.heard_out == []


def test_the_largest_file_is_taken(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    get(onisep_site.plays(PATH, serves(b"[" * (1 << 20))), tmp_path, session, clock)
    assert (tmp_path / NAME).stat().st_size == 1 << 20


@pytest.mark.parametrize(
    ("name", "body", "key"),
    [("a.xml", b"\0" * (4 << 20), "zip_ratio"), ("../../a.xml", b"<metiers/>", "zip_bad_name")],
    ids=["bomb", "escape"],
)
def test_a_hostile_archive_is_received_and_not_opened(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    name: str, body: bytes, key: str,
) -> None:  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, body)
    done = get(onisep_site.plays(PATH, serves(buffer.getvalue())), tmp_path, session, clock)
    with pytest.raises(CatalogueError) as caught:
        next(zip_members(done.path))
    assert [problem.key for problem in caught.value.problems] == [key]
    assert content(tmp_path) == {NAME: buffer.getvalue()}


# Hostile redirections


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "https://", "http://[", "//[::1"],
)
def test_a_redirection_elsewhere_than_the_web_is_refused(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock,
    location: str,
) -> None:  # fmt: skip
    url = onisep_site.plays(PATH, redirects(location))
    key, detail = error(url, tmp_path, session, clock)
    assert key == "download_redirect"
    assert location in detail
    assert len(onisep_site.requests) == 1


def test_a_redirection_cannot_write_on_the_terminal(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, redirects("file:///\x1b[2J" + "x" * 500))
    _, detail = error(url, tmp_path, session, clock)
    assert detail.isprintable()
    assert len(detail) == 200


def test_a_redirection_without_end_is_left(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, redirects(PATH))
    assert error(url, tmp_path, session, clock) == ("download_redirect_loop", "5")
    assert len(onisep_site.requests) == 6


def test_the_body_of_a_redirection_is_not_read(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, floods(302, Location="/moved.json"))
    onisep_site.plays("/moved.json", serves(BODY))
    get(url, tmp_path, session, clock)
    assert content(tmp_path) == {NAME: BODY}
    assert onisep_site.heard_out == []


class PretendsHttps(HTTPAdapter):
    """Answers https addresses from the plain server, and notes how it was asked to verify."""

    def __init__(self, site: FakeOnisep) -> None:
        super().__init__()
        self.verified: list[object] = []
        self._site = site

    def send(self, request, **options):  # type: ignore[override]
        self.verified.append(options["verify"])
        request.url = request.url.replace("https://onisep.test", self._site.url)
        return super().send(request, **options)


def test_https_is_never_left_for_http(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    onisep_site.plays(PATH, redirects(onisep_site.url + "/moved.json"))
    session.mount("https://", PretendsHttps(onisep_site))
    key, detail = error("https://onisep.test" + PATH, tmp_path, session, clock)
    assert (key, detail) == ("download_redirect", onisep_site.url + "/moved.json")


def test_the_identity_of_the_server_is_always_verified(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    onisep_site.plays(PATH, serves(BODY))
    adapter = PretendsHttps(onisep_site)
    session.mount("https://", adapter)
    session.verify = False
    get("https://onisep.test" + PATH, tmp_path, session, clock)
    assert adapter.verified == [True]


def test_a_server_that_cannot_prove_who_it_is(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    url = onisep_site.plays(PATH, serves(BODY)).replace("http://", "https://")
    assert error(url, tmp_path, session, clock) == ("download_not_secure", "127.0.0.1")


# The machine


@pytest.mark.parametrize("url", ["http://", "https://exemple.fr:port/", "ftp://exemple.fr/x"])
def test_an_address_that_nothing_can_open(
    tmp_path: Path, session: requests.Session, clock: FakeClock, url: str
) -> None:
    options = replace(OPTIONS, retries=0)
    with pytest.raises(DownloadError) as caught:
        get(url, tmp_path, session, clock, options=options)
    assert caught.value.key == "download_impossible"
    assert content(tmp_path) == {}


def test_a_folder_that_cannot_be_made(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    (tmp_path / "taken").write_bytes(b"")
    url = onisep_site.plays(PATH, serves(BODY))
    with pytest.raises(DownloadError) as caught:
        get(url, tmp_path / "taken" / "folder", session, clock)
    assert caught.value.key == "download_not_written"
    assert caught.value.detail == os.strerror(20)
    assert onisep_site.requests == []


def test_a_place_that_is_taken(
    onisep_site: FakeOnisep, tmp_path: Path, session: requests.Session, clock: FakeClock
) -> None:
    (tmp_path / NAME).mkdir()
    url = onisep_site.plays(PATH, serves(BODY))
    with pytest.raises(DownloadError) as caught:
        get(url, tmp_path, session, clock)
    assert caught.value.key == "download_not_written"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_the_clock_of_the_machine() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.monotonic() >= before


def test_each_enabled_data_set_has_its_own_file() -> None:
    datasets = read_datasets().enabled
    assert len({dataset.file_name for dataset in datasets}) == len(datasets) == 4
