"""Checks the official services that answers refer to: each has its page, read on a known day.

An address or a number without a source or a date cannot be checked again by whoever comes next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import FileError, Problem
from bot.rasa_yaml import read_entries, read_mapping, yaml_files

__all__ = ["check_referrals"]

_PREFIX = "utter_orientation_"
_OTHERS = ("utter_conseiller", "utter_detresse")
_FIELDS = ("topic", "label", "url", "source", "checked")


def check_referrals(intents: Path, *, today: date) -> Iterator[Problem]:
    """Yield what the referrals of `intents/responses/` lack.

    Args:
        intents: the folder of training data and wordings; a file that cannot be read is skipped.
        today: no page was read after this day.
    """
    found: dict[str, Path] = {}
    for path in yaml_files(intents / "responses"):
        for name, metadata, line in _referrals(path):
            found[name] = path
            yield from _check(path, name, line, metadata, today)
    folder = intents / "responses"
    for subject in _subjects(intents):
        if f"{_PREFIX}{subject}" not in found:
            yield Problem(
                path=folder, key="referral_missing", field=subject, detail=f"{_PREFIX}{subject}"
            )


def _referrals(path: Path) -> Iterator[tuple[str, Mapping[str, str], int]]:
    """Yield the name, the metadata and the line of each referral of a file."""
    try:
        responses = read_mapping(path).get("responses")
    except FileError:
        return  # whoever reads the file says so, with its line
    if not isinstance(responses, dict):
        return
    for name, variants in responses.items():
        if not str(name).startswith(_PREFIX) and name not in _OTHERS:
            continue
        first = variants[0] if isinstance(variants, list) and variants else {}
        metadata = first.get("metadata") if isinstance(first, dict) else None
        values = metadata if isinstance(metadata, dict) else {}
        texts = {str(field): str(value).strip() for field, value in values.items()}
        yield str(name), texts, _line(path, str(name))


def _line(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, start=1) if line.strip() == f"{name}:"), 1)


def _check(
    path: Path, name: str, line: int, metadata: Mapping[str, str], today: date
) -> Iterator[Problem]:
    for field in _FIELDS:
        if not metadata.get(field):
            yield Problem(path=path, line=line, key="referral_field", field=name, detail=field)
    for field in ("url", "source"):
        url = metadata.get(field)
        if url and not _is_https(url):
            yield Problem(path=path, line=line, key="referral_url", field=name, detail=url)
    checked, dated = metadata.get("checked"), metadata.get("dated")
    if checked and not _is_past(checked, today):
        yield Problem(path=path, line=line, key="referral_date", field=name, detail=checked)
    # A page may bear a month only.
    if dated and not _is_past(dated if dated.count("-") == 2 else f"{dated}-01", today):
        yield Problem(path=path, line=line, key="referral_date", field=name, detail=dated)


def _is_https(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and "." in (parts.hostname or "") and " " not in url


def _is_past(text: str, today: date) -> bool:
    try:
        # `fromisoformat` also reads « 20261126 » and « 2026-W48-4 ».
        return date.fromisoformat(text) <= today and text == date.fromisoformat(text).isoformat()
    except ValueError:
        return False


def _subjects(intents: Path) -> tuple[str, ...]:
    """The subjects that are heard, and the one of the rest."""
    path = intents / "synonyms" / "sujets.yml"
    try:
        heard = [entry.name for entry in read_entries(path)] if path.exists() else []
    except FileError:
        heard = []
    return tuple(dict.fromkeys((*heard, "autre")))
