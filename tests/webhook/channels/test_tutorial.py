"""The channel of the documentation is a channel: it opens, hears and answers."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import pytest

from bot.errors import BadSignature
from tests.conftest import ROOT
from webhook.channels.channel import Fate, Incoming, Received, Response
from webhook.channels.registry import open_channels
from webhook.rendering.message import Choice, Message


@pytest.fixture
def tutorial(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "channels.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    module = types.ModuleType("webhook.channels.exemple")
    exec(compile(code, "docs/channels.md", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_it_is_a_channel(tutorial: None) -> None:
    channel = open_channels({"exemple": {"token": "jeton"}})["exemple"]
    body = b'{"id": "1", "room": "r", "text": "bonjour"}'

    def sent(token: str) -> Incoming:
        headers = {"x-exemple-token": token}
        return Incoming(method="POST", url="https://b.example", headers=headers, body=body)

    channel.verify(sent("jeton"), now=0.0)
    with pytest.raises(BadSignature):
        channel.verify(sent("autre"), now=0.0)
    (received,) = channel.parse(sent("jeton")).messages
    assert received == Received(event_id="1", peer="r", text="bonjour")
    choices = (Choice(title="Quelles études ?", token="t", number=1),)
    message = Message(text="**un** " * 200, choices=choices, numbers_intro="Choisissez :")
    calls = channel.render(message, received)
    texts = [str(call.body["text"]) for call in calls]
    assert all(len(text) <= 500 for text in texts)
    assert texts[-1].endswith("1. Quelles études ?")
    request = channel.prepare(calls[0], key="k", access=None)
    assert request.url == "https://api.exemple.example/messages"
    assert channel.classify_error(Response(status=200)).fate is Fate.SENT


def test_every_channel_has_its_page() -> None:
    from webhook.channels.registry import channel_names

    pages = {path.stem for path in Path(ROOT / "docs" / "channels").glob("*.md")}
    assert pages == set(channel_names())
    index = (ROOT / "docs" / "channels.md").read_text("utf-8")
    for name in pages:
        assert f"(channels/{name}.md)" in index
        page = (ROOT / "docs" / "channels" / f"{name}.md").read_text("utf-8")
        assert f"/webhooks/{name}/webhook" in page
        assert f"balise channels check {name}" in page
