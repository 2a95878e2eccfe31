"""What the tests of the pages share: Flask's clients, over the seeds and over the real catalogue."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bot.assistant import Assistant
from webhook.app import create_app

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="session")
def client(seed_assistant: Assistant) -> FlaskClient:
    return create_app(seed_assistant, seed_assistant.settings).test_client()


@pytest.fixture(scope="session")
def onisep_client(onisep_assistant: Assistant) -> FlaskClient:
    return create_app(onisep_assistant, onisep_assistant.settings).test_client()
