"""Downloads one data set: the whole file, or an error and the previous file as it was."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from bot.catalogue.datasets import Dataset, DownloadOptions
from bot.catalogue.transfer import Clock, Receipt, SystemClock, Transfer
from bot.errors import DownloadError

__all__ = [
    "Clock",
    "Download",
    "DownloadError",
    "Receipt",
    "SystemClock",
    "fetch",
    "open_session",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A data set that is at `path`; `changed` is false when its content was there already."""

    dataset: Dataset
    path: Path
    receipt: Receipt
    changed: bool


def open_session() -> requests.Session:
    """Return a session that says who asks, and honours the proxy and certificate variables."""
    session = requests.Session()
    # A compressed answer often has another ETag, or none: data sets are compressed already.
    session.headers.update({"User-Agent": "balise", "Accept-Encoding": "identity"})
    return session


def fetch(
    dataset: Dataset,
    folder: Path,
    previous: Receipt | None = None,
    *,
    options: DownloadOptions,
    session: requests.Session,
    clock: Clock,
) -> Download:
    """Download a data set to `folder / dataset.file_name`, when it has changed.

    The server is asked for news only when the file of `previous` is still there, whole, and
    was downloaded from the same address. The new file takes the place of the old one in one
    step, once complete. To keep the old files until the new ones are accepted, give a folder
    that holds hard links to them: their content is never written to.

    Raises:
        DownloadError: the server does not answer, is busy after every attempt, refuses, cuts
            the answer, sends a page or too much, redirects where it must not; or the file
            cannot be written. The folder is then as it was.
    """
    path = folder / dataset.file_name
    transfer = Transfer(dataset, options=options, session=session, clock=clock)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = previous if previous and _sha256(path) == previous.sha256 else None
        # Beside its final place, so that putting it there is a renaming on one disk.
        with TemporaryDirectory(prefix=".balise-", dir=folder) as scratch:
            receipt = transfer.run(Path(scratch) / path.name, kept)
            changed = kept is None or receipt.sha256 != kept.sha256
            if changed:
                (Path(scratch) / path.name).replace(path)
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise DownloadError("download_not_written", dataset=dataset.name, detail=reason) from exc
    return Download(dataset=dataset, path=path, receipt=receipt, changed=changed)


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
