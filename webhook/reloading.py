"""Takes up a new catalogue while serving: a built index that is replaced is read within seconds.

The requests under way are answered from the former catalogue; a new index that cannot be read
is told in the log, and the former one stays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from bot.assistant import Assistant
from bot.catalogue.index_file import is_index
from bot.errors import BaliseError

__all__ = ["Stamp", "renew", "stamp_of", "watch"]

_log = logging.getLogger(__name__)

Stamp = tuple[tuple[int, int, int] | None, ...]
"""What changes when a file is replaced: its number on the disk, its date and its size."""


def stamp_of(paths: Sequence[Path]) -> Stamp:
    """Return the stamp of the indexes among the sources, None for another kind of source."""
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    if not is_index(path):
        return None
    status = path.stat()
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def renew(assistant: Assistant) -> bool:
    """Read the sources again; keep the former ones, and log why, when they cannot be read."""
    try:
        assistant.renew()
    except BaliseError as error:
        _log.error("catalogue.kept reason=%s", error)
        return False
    _log.warning("catalogue.renewed fiches=%d", len(assistant.catalogue))
    return True


def watch(
    assistant: Assistant, since: Stamp, stop: threading.Event, *, interval_s: float = 1.0
) -> threading.Thread:
    """Renew the assistant whenever an index of its catalogue is replaced, until `stop` is set.

    Args:
        assistant: what is renewed.
        since: the stamp of its sources, taken before they were read.
        stop: ends the thread.
        interval_s: how long between two looks.

    Returns:
        The thread, started; it does not keep the process alive.
    """
    thread = threading.Thread(
        target=_look, args=(assistant, since, stop, interval_s), name="catalogue", daemon=True
    )
    thread.start()
    return thread


def _look(assistant: Assistant, known: Stamp, stop: threading.Event, interval_s: float) -> None:
    while not stop.wait(interval_s):
        try:
            current = stamp_of(assistant.settings.catalogue)
        except OSError:  # replaced between two looks at it: the next one will tell
            continue
        if current != known and any(current):
            renew(assistant)
            known = current
