"""The tree of errors that Balise raises on purpose.

    BaliseError
    ├── ConfigurationError      a setting, an option or an environment variable is wrong
    ├── CatalogueError          a source of fiches cannot be read (file, line, field, remedy)
    ├── DownloadError           a data set could not be downloaded (which one, why)
    ├── IntentsError            a file under intents/ cannot be read (file, line, remedy)
    ├── StoreError              the conversation store cannot be opened or written
    └── ChannelError            a message from or to a platform is wrong
        ├── BadPayload          the platform's body has not the documented shape
        ├── BadSignature        the body is not signed as it should be
        └── DeliveryFailed      the platform refused our message

Misuse by a programmer is `ValueError`. Not understanding a person is a value
(`dialogue.decision.Fallback`), never an exception. What a person reads of these
errors is written in `intents/responses/errors.yml`; here are only the facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "BadPayload",
    "BadSignature",
    "BaliseError",
    "CatalogueError",
    "ChannelError",
    "ConfigurationError",
    "DeliveryFailed",
    "DownloadError",
    "FileError",
    "IntentsError",
    "Problem",
    "StoreError",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a file.

    `key` names the sentence of `intents/responses/errors.yml` that says it; `detail`
    fills its blank (a field, an identifier, what was found instead).
    """

    path: Path
    key: str
    line: int | None = None
    field: str | None = None
    detail: str = ""

    def __str__(self) -> str:
        place = f"{self.path}" + (f":{self.line}" if self.line else "")
        field = f" [{self.field}]" if self.field else ""
        return f"{place}{field} {self.key} {self.detail}".rstrip()


class BaliseError(Exception):
    """Root of the errors that Balise raises on purpose."""


class ConfigurationError(BaliseError):
    """A setting is wrong.

    `key` names the sentence of `intents/responses/errors.yml`, `detail` fills its blank.
    """

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key} {detail}".rstrip())
        self.key = key
        self.detail = detail


class FileError(BaliseError):
    """Base of the errors that list the problems found in files, all of them at once."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("a FileError needs at least one problem")
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class CatalogueError(FileError):
    """A source of fiches cannot be read; nothing of it was loaded."""


class IntentsError(FileError):
    """A file under `intents/` cannot be read; nothing of it was loaded."""


class DownloadError(BaliseError):
    """A data set could not be downloaded; the file of the last time is untouched.

    `key` names the sentence of `intents/responses/update.yml`, `dataset` is the name of the
    data set and `detail` what was found (a status, a host, a size).
    """

    def __init__(self, key: str, *, dataset: str, detail: str = "") -> None:
        super().__init__(f"{key} [{dataset}] {detail}".rstrip())
        self.key = key
        self.dataset = dataset
        self.detail = detail


class StoreError(BaliseError):
    """The conversation store cannot be opened, read or written."""


class ChannelError(BaliseError):
    """A message from or to a messaging platform is wrong."""


class BadPayload(ChannelError):
    """The body has not the shape that the platform documents."""


class BadSignature(ChannelError):
    """The body is not signed as the platform documents."""


class DeliveryFailed(ChannelError):
    """The platform did not take our message."""
