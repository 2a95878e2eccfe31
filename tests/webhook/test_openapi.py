"""The description of the interface is true: routes, answers, refusals, whatever is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import settings
from schemathesis import Case

from bot.assistant import Assistant
from webhook.app import create_app
from webhook.openapi import description

# Pages and files for browsers, which no program calls.
FOR_BROWSERS = {"pages", "widget", "site", "assets"}
DESCRIBED = schemathesis.openapi.from_dict(description())
# A text that is too long is refused as a body that is too large.
DESCRIBED.config.checks.negative_data_rejection.expected_statuses += ["413"]


@pytest.fixture(scope="module")
def app(seed_assistant: Assistant) -> Flask:
    return create_app(seed_assistant, seed_assistant.settings)


def operations(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in FOR_BROWSERS:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield path, method.lower()


def test_every_route_is_described_and_no_other(app: Flask) -> None:
    paths: dict[str, Any] = description()["paths"]
    described = {(path, method) for path, item in paths.items() for method in item}
    assert described == set(operations(app))


@DESCRIBED.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_whatever_is_sent(case: Case, app: Flask) -> None:
    case.call_and_validate(app=app)
