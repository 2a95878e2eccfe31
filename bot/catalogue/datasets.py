"""The data sets that an update downloads, read strictly from a list that a deployer may edit.

The packaged list is `datasets.yml`, beside this module. A misspelt key is refused rather than
ignored: an update that silently skips a data set, or waits for ever, is found out too late.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.catalogue.source_file import MAX_BYTES, decode_text, failure, read_bytes
from bot.errors import CatalogueError, Problem

__all__ = ["PACKAGED_LIST", "Dataset", "DatasetList", "DownloadOptions", "read_datasets"]

PACKAGED_LIST = Path(__file__).with_name("datasets.yml")
"""The list that ships with the code."""

_MEGABYTE = 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_TAG = "tag:yaml.org,2002:"
_TRUTHS = {"true": True, "false": False}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One data set.

    `id` is the producer's, and names the file kept; `url` is where it is downloaded, `page`
    where a person reads about it; `holds` says in a few words what it holds.
    """

    id: str
    name: str
    url: str
    page: str
    licence: str
    holds: str
    enabled: bool = True

    @property
    def file_name(self) -> str:
        """The name of the file kept: the identifier, and the suffix of the address."""
        suffix = Path(urlsplit(self.url).path).suffix.lower()
        return self.id + (suffix if _SUFFIX.fullmatch(suffix) else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadOptions:
    """How patient a download is.

    `read_timeout_s` bounds a silence of the server, `duration_max_s` all that one data set
    takes, pauses and new attempts included. `retries` are the attempts after the first one;
    the pause before each is `backoff_s`, then its double, or what the server asks for, at
    most `retry_after_max_s`.
    """

    connect_timeout_s: float = 10
    read_timeout_s: float = 60
    duration_max_s: float = 900
    retries: int = 4
    backoff_s: float = 2
    retry_after_max_s: int = 120
    size_max_mb: int = 50

    @property
    def bytes_max(self) -> int:
        """The largest file taken."""
        return self.size_max_mb * _MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetList:
    """What `datasets.yml` says: at least one data set is enabled."""

    options: DownloadOptions
    datasets: tuple[Dataset, ...]

    @property
    def enabled(self) -> tuple[Dataset, ...]:
        """The data sets to download, in the order of the list."""
        return tuple(dataset for dataset in self.datasets if dataset.enabled)


def read_datasets(path: Path | None = None) -> DatasetList:
    """Read a list of data sets, the packaged one by default.

    Raises:
        CatalogueError: every problem of the file, each with its line: an unknown, repeated or
            missing key, a value of the wrong type, an address that is not http(s), an
            identifier used twice, no data set enabled.
    """
    path = path or PACKAGED_LIST
    reader = _Reader(path)
    read = reader.read(_compose(path))
    if reader.problems:
        raise CatalogueError(*reader.problems)
    return read


def _compose(path: Path) -> yaml.Node | None:
    text = decode_text(read_bytes(path), path)
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        detail = getattr(exc, "problem", None) or getattr(exc, "reason", "")
        raise failure(path, "bad_yaml", line=line, detail=str(detail)) from exc


class _WrongError(Exception):
    """A value is not what it must be: the key of the sentence, and what was found."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.detail = detail


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag != f"{_TAG}str" or not node.value.strip():
        raise _WrongError("datasets_not_text", _shown(node))
    return str(node.value).strip()


def _truth(node: yaml.Node) -> bool:
    if node.tag != f"{_TAG}bool" or node.value not in _TRUTHS:
        raise _WrongError("datasets_not_truth", _shown(node))
    return _TRUTHS[node.value]


def _address(node: yaml.Node) -> str:
    text = _text(node)
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        usable = False
    # A password in an address would end up in the receipts and on the terminal.
    plain = text.isprintable() and " " not in text and "@" not in text.partition("?")[0]
    if not usable or not plain or parts.scheme not in {"http", "https"}:
        raise _WrongError("datasets_not_http", _shown(node))
    return text


def _identifier(node: yaml.Node) -> str:
    text = _text(node)
    if not _ID.fullmatch(text):
        raise _WrongError("datasets_bad_id", _shown(node))
    return text


def _number(low: int, high: int) -> Callable[[yaml.Node], int]:
    def read(node: yaml.Node) -> int:
        text = str(node.value)
        written = isinstance(node, yaml.ScalarNode) and node.tag == f"{_TAG}int"
        digits = written and text.isascii() and text.isdigit() and len(text) <= len(str(high))
        if not digits or not low <= int(text) <= high:
            raise _WrongError("datasets_not_number", f"{_shown(node)} ({low}-{high})")
        return int(text)

    return read


def _shown(node: yaml.Node) -> str:
    return str(node.value)[:80] if isinstance(node, yaml.ScalarNode) else "…"


_Fields = Mapping[str, Callable[[yaml.Node], Any]]

_DATASET: _Fields = {
    "id": _identifier,
    "name": _text,
    "url": _address,
    "page": _address,
    "licence": _text,
    "holds": _text,
    "enabled": _truth,
}
_OPTIONS: _Fields = {
    "connect_timeout_s": _number(1, 120),
    "read_timeout_s": _number(1, 600),
    "duration_max_s": _number(10, 86400),
    "retries": _number(0, 10),
    "backoff_s": _number(1, 60),
    "retry_after_max_s": _number(1, 3600),
    "size_max_mb": _number(1, MAX_BYTES // _MEGABYTE),
}
_REQUIRED = frozenset(_DATASET) - {"enabled"}


class _Reader:
    """Reads the nodes of the YAML, and gathers every problem with its line."""

    def __init__(self, path: Path) -> None:
        self.problems: list[Problem] = []
        self._path = path

    def read(self, root: yaml.Node | None) -> DatasetList:
        parts = dict(self._pairs(root, {"options", "datasets"}, line=1, field="datasets"))
        options = self._mapping(parts["options"], _OPTIONS) if "options" in parts else {}
        datasets = tuple(self._datasets(parts.get("datasets"), root))
        if not self.problems and not any(dataset.enabled for dataset in datasets):
            self._add("datasets_none", line=1, field="enabled")
        return DatasetList(options=DownloadOptions(**options), datasets=datasets)

    def _datasets(self, node: yaml.Node | None, root: yaml.Node | None) -> Iterator[Dataset]:
        if not isinstance(node, yaml.SequenceNode):
            if isinstance(root, yaml.MappingNode):
                self._add("datasets_no_list", line=_line(node or root), field="datasets")
            return
        seen: set[str] = set()
        for item in node.value:
            fields = self._mapping(item, _DATASET, required=_REQUIRED)
            if fields.keys() < _REQUIRED:
                continue
            if fields["id"] in seen:
                self._add("datasets_repeated", line=_line(item), field="id", detail=fields["id"])
            seen.add(fields["id"])
            yield Dataset(**fields)

    def _mapping(
        self, node: yaml.Node, fields: _Fields, *, required: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """Return the values that are right; those that are not are problems."""
        values: dict[str, Any] = {}
        before = len(self.problems)
        for name, value in self._pairs(node, fields.keys(), line=_line(node), field=""):
            try:
                values[name] = fields[name](value)
            except _WrongError as wrong:
                self._add(wrong.key, line=_line(value), field=name, detail=wrong.detail)
        if len(self.problems) == before:
            for name in sorted(required - values.keys()):
                self._add("datasets_missing", line=_line(node), field=name)
        return values

    def _pairs(
        self, node: yaml.Node | None, known: set[str] | Any, *, line: int, field: str
    ) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._add("datasets_not_mapping", line=line, field=field)
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "…"
            if name not in known or name in seen:
                wrong = "key_repeated" if name in seen else "key_unknown"
                self._add(wrong, line=_line(key), field=name)
                continue
            seen.add(name)
            yield name, value

    def _add(self, key: str, *, line: int, field: str, detail: str = "") -> None:
        problem = Problem(path=self._path, key=key, line=line, field=field, detail=detail)
        self.problems.append(problem)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
