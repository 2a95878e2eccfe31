"""Reads the JSON of platforms: what is not there, or of another type, is a `BadPayload`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from bot.errors import BadPayload

__all__ = ["form", "items", "json_object", "mapping", "optional_text", "text"]


def json_object(body: bytes) -> Mapping[str, object]:
    """Read a body that must be a JSON object.

    Raises:
        BadPayload: it is not.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadPayload("json") from error
    if not isinstance(value, dict):
        raise BadPayload("json")
    return value


def form(body: bytes) -> Mapping[str, str]:
    """Read a form; of a field that is there several times, the last one counts.

    Raises:
        BadPayload: it is not in UTF-8.
    """
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise BadPayload("form") from error
    return {name: values[-1] for name, values in fields.items()}


def mapping(values: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return the object called `name`.

    Raises:
        BadPayload: there is none.
    """
    value = values.get(name)
    if not isinstance(value, Mapping):
        raise BadPayload(name)
    return value


def items(values: Mapping[str, object], name: str) -> tuple[Mapping[str, object], ...]:
    """Return the objects of the list called `name`, none when it is missing.

    Raises:
        BadPayload: it is no list of objects.
    """
    value = values.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise BadPayload(name)
    return tuple(value)


def text(values: Mapping[str, object], name: str) -> str:
    """Return the text called `name`; a number is given as a text, identifiers are either.

    Raises:
        BadPayload: there is none, or it is empty.
    """
    value = values.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise BadPayload(name)
    return value


def optional_text(values: Mapping[str, object], name: str) -> str | None:
    """Return the text called `name`, None when it is missing, empty, or something else."""
    value = values.get(name)
    return value if isinstance(value, str) and value else None
