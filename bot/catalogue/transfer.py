"""Transfers one data set over HTTP: several attempts, redirections, limits, a receipt.

A public server is slow, busy, replaced by a maintenance page or cut in the middle of a file:
each of these has its own error, so that whoever reads the log of the night knows what to do.
What is received is trusted by nobody yet: the loader recognises and reads it afterwards.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import requests
from urllib3 import Retry
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, ReadTimeoutError

from bot.catalogue.datasets import Dataset, DownloadOptions
from bot.errors import DownloadError

__all__ = ["Clock", "Receipt", "SystemClock", "Transfer"]

_CHUNK_BYTES = 1 << 16
_HEAD_BYTES = 1 << 10
_REDIRECTS_MAX = 5
# A login or maintenance page sent with status 200; XHTML may declare itself XML first.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is remembered of a download, to ask the server for news only.

    `etag` and `last_modified` are the server's own words; `sha256` is in hexadecimal;
    `fetched_at` is ISO 8601, in UTC, to the second.
    """

    url: str
    etag: str | None
    last_modified: str | None
    sha256: str
    bytes: int
    fetched_at: str


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> datetime:
        """The date and time, with its zone."""

    def monotonic(self) -> float:
        """Seconds from an unknown start, which never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The date and time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class _PassingError(Exception):
    """A failure that may be over at the next attempt; `pause_s` is what the server asks for."""

    def __init__(self, key: str, detail: str = "", *, pause_s: float = 0) -> None:
        super().__init__(key)
        self.key = key
        self.detail = detail
        self.pause_s = pause_s


class Transfer:
    """The attempts at one data set. A compressed answer is counted once decompressed."""

    def __init__(
        self,
        dataset: Dataset,
        *,
        options: DownloadOptions,
        session: requests.Session,
        clock: Clock,
    ) -> None:
        """Start the time that the data set may take."""
        self._dataset = dataset
        self._options = options
        self._session = session
        self._clock = clock
        self._deadline = clock.monotonic() + options.duration_max_s
        # An adapter of requests would retry a request but not a body cut half-way: the same
        # policy is asked here, so that both draw on one number of attempts.
        self._policy = Retry(
            total=options.retries,
            backoff_factor=options.backoff_s,
            retry_after_max=options.retry_after_max_s,
        )

    def run(self, path: Path, kept: Receipt | None) -> Receipt:
        """Write the data set to `path` and return its receipt, or `kept` when nothing changed.

        Raises:
            DownloadError: see `download.fetch`; what is at `path` is then worth nothing.
            OSError: the file cannot be written.
        """
        while True:
            try:
                with contextlib.closing(self._open(kept)) as response:
                    if response.status_code == requests.codes.not_modified and kept is not None:
                        return kept
                    self._check_status(response)
                    return self._receive(response, path)
            except _PassingError as failure:
                self._wait_after(failure)

    def _wait_after(self, failure: _PassingError) -> None:
        try:
            self._policy = self._policy.increment("GET", self._dataset.url, error=failure)
        except MaxRetryError:
            raise self._error(failure.key, failure.detail) from failure
        # urllib3 tries again at once the first time, which no busy server is helped by.
        pause = max(self._options.backoff_s, self._policy.get_backoff_time())
        pause = failure.pause_s or pause
        if self._clock.monotonic() + pause > self._deadline:
            raise self._error(failure.key, failure.detail) from failure
        self._clock.sleep(pause)

    def _open(self, kept: Receipt | None) -> requests.Response:
        """Return the answer that is no redirection, its body not read."""
        headers = self._conditions(kept)
        url = self._dataset.url
        for _ in range(_REDIRECTS_MAX + 1):
            response = self._send(url, headers)
            if not response.is_redirect:
                return response
            response.close()
            url = self._redirected(url, response)
        raise self._error("download_redirect_loop", str(_REDIRECTS_MAX))

    def _conditions(self, kept: Receipt | None) -> dict[str, str]:
        if kept is None or kept.url != self._dataset.url:
            return {}
        asked = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
        return {name: value for name, value in asked.items() if value}

    def _send(self, url: str, headers: dict[str, str]) -> requests.Response:
        # Through the adapter: `Session.send` reads the whole body of a redirection, which a
        # hostile server can make endless, even when it is told not to follow it.
        session, options = self._session, self._options
        host = urlsplit(url).hostname or ""
        try:
            request = session.prepare_request(requests.Request("GET", url, headers=headers))
            means = session.merge_environment_settings(url, {}, True, True, None)
            timeout = (options.connect_timeout_s, options.read_timeout_s)
            return session.get_adapter(url).send(request, timeout=timeout, **means)
        except requests.exceptions.SSLError as exc:
            raise _PassingError("download_not_secure", host) from exc
        except requests.Timeout as exc:
            raise _PassingError("download_timeout", host) from exc
        except requests.ConnectionError as exc:
            raise _PassingError("download_unreachable", host) from exc
        except (requests.RequestException, HTTPError, ValueError) as exc:
            raise self._error("download_impossible", type(exc).__name__) from exc

    def _redirected(self, url: str, response: requests.Response) -> str:
        """Return where to go. Leaving https would give up the proof of who answers."""
        location = response.headers["Location"]
        try:
            target = urljoin(url, location)
            parts = urlsplit(target)
        except ValueError as exc:
            raise self._error("download_redirect", _printable(location)) from exc
        secure = parts.scheme == "https" or urlsplit(url).scheme == "http"
        if parts.scheme not in {"http", "https"} or not parts.hostname or not secure:
            raise self._error("download_redirect", _printable(target))
        return target

    def _check_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status == requests.codes.ok:
            return
        if status == requests.codes.too_many_requests or status >= 500:
            raise _PassingError("download_busy", str(status), pause_s=self._asked_pause(response))
        gone = status in {requests.codes.not_found, requests.codes.gone}
        raise self._error("download_gone" if gone else "download_refused", str(status))

    def _asked_pause(self, response: requests.Response) -> float:
        try:
            return self._policy.get_retry_after(response.raw) or 0
        except InvalidHeader:
            return 0

    def _receive(self, response: requests.Response, path: Path) -> Receipt:
        declared = response.headers.get("Content-Length", "")
        if declared.isdigit() and int(declared) > self._options.bytes_max:
            raise self._error("download_too_large", str(self._options.size_max_mb))
        digest, size, head = hashlib.sha256(), 0, b""
        with path.open("wb") as file:
            for chunk in self._chunks(response):
                size += len(chunk)
                if size > self._options.bytes_max:
                    raise self._error("download_too_large", str(self._options.size_max_mb))
                head += chunk[: _HEAD_BYTES - len(head)]
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        self._check_head(head)
        return Receipt(
            url=self._dataset.url,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
            sha256=digest.hexdigest(),
            bytes=size,
            fetched_at=self._clock.now().astimezone(UTC).isoformat(timespec="seconds"),
        )

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        """Yield what arrives as it arrives: a body sent byte by byte meets the deadline."""
        host = urlsplit(self._dataset.url).hostname or ""
        while True:
            if self._clock.monotonic() > self._deadline:
                raise self._error("download_too_slow", f"{self._options.duration_max_s:.0f}")
            try:
                chunk = response.raw.read1(_CHUNK_BYTES, decode_content=True)
            except ReadTimeoutError as exc:
                raise _PassingError("download_timeout", host) from exc
            except HTTPError as exc:
                raise _PassingError("download_cut", host) from exc
            if not chunk:
                return
            yield chunk

    def _check_head(self, head: bytes) -> None:
        if not head.strip():
            raise self._error("download_empty")
        if _HTML.match(head.removeprefix(_BOM)):
            raise self._error("download_html")

    def _error(self, key: str, detail: str = "") -> DownloadError:
        return DownloadError(key, dataset=self._dataset.name, detail=detail)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:200]
