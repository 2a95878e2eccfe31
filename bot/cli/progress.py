"""A progress bar on a terminal, and nothing elsewhere: a log is not a place for one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["reading_bar", "size_of"]


def size_of(paths: Sequence[Path]) -> int:
    """Return how many bytes the files of sources hold; a path that is not there has none."""
    files = (file for path in paths for file in (path.iterdir() if path.is_dir() else (path,)))
    return sum(file.stat().st_size for file in files if file.is_file())


@contextmanager
def reading_bar(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on the error output while sources are read, when that is a terminal.

    Args:
        title: what is being done.
        total: bytes to read.

    Yields:
        What to call with each number of bytes read.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # A tenth of a second, which a task without a terminal need not pay.
    from prompt_toolkit.output import create_output
    from prompt_toolkit.shortcuts import ProgressBar
    from prompt_toolkit.shortcuts.progress_bar import ProgressBarCounter

    with ProgressBar(title=title, output=create_output(stdout=sys.stderr)) as bar:
        counter: ProgressBarCounter[object] = bar(total=max(total, 1))

        def advance(count: int) -> None:
            counter.items_completed += count
            bar.invalidate()

        yield advance
