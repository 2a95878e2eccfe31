"""What every channel owes: nothing unsigned, nothing over the limits, nothing of the answer lost."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadPayload, BadSignature, ConfigurationError
from tests.webhook.channels.platforms.platform import NOW, Platform, Shown, all_platforms
from tests.webhook.channels.strategies import MESSAGES
from webhook.channels.channel import Channel, Incoming, Received
from webhook.channels.registry import channel_names, open_channels
from webhook.rendering.message import Message

PLATFORMS = all_platforms()
CASES = Path(__file__).parent / "cases"


@cache
def opened(name: str) -> Channel:
    return open_channels({name: PLATFORMS[name].settings})[name]


each_channel = pytest.mark.parametrize("name", sorted(PLATFORMS))


def cases() -> Iterator[Any]:
    """Payloads of the platforms: `body` (or `raw`), `more`, and what they `expect`."""
    for name in sorted(PLATFORMS):
        files = sorted((CASES / name).glob("*.json"))
        assert files, name
        for path in files:
            yield pytest.param(name, json.loads(path.read_text("utf-8")), id=f"{name}/{path.stem}")


def test_every_platform_has_its_tests() -> None:
    assert set(channel_names()) == set(PLATFORMS)


# Settings


@each_channel
def test_without_a_secret_it_does_not_start(name: str) -> None:
    platform = PLATFORMS[name]
    for secret in platform.secrets:
        for wrong in ({}, {secret: ""}, {secret: None}):
            values = {k: v for k, v in platform.settings.items() if k != secret} | wrong
            with pytest.raises(ConfigurationError) as error:
                open_channels({name: values})
            assert secret in error.value.detail


@each_channel
def test_a_setting_that_it_does_not_know(name: str) -> None:
    platform = PLATFORMS[name]
    with pytest.raises(ConfigurationError, match="inconnu"):
        open_channels({name: {**platform.settings, "inconnu": "x"}})


@each_channel
def test_an_error_shows_no_secret(name: str) -> None:
    platform = PLATFORMS[name]
    values = {**platform.settings, platform.secrets[0]: ["pas", "un", "texte", "SECRET"]}
    with pytest.raises(ConfigurationError) as error:
        open_channels({name: values})
    assert "SECRET" not in str(error.value)


# What comes in


@pytest.mark.parametrize(("name", "case"), list(cases()))
def test_a_payload(name: str, case: Mapping[str, Any]) -> None:
    channel, platform = opened(name), PLATFORMS[name]
    body = case["raw"].encode() if "raw" in case else json.dumps(case["body"]).encode()
    incoming = platform.signed(body, **case.get("more", {}))
    channel.verify(incoming, now=NOW)
    expect = case["expect"]
    if expect == "bad_payload":
        with pytest.raises(BadPayload):
            channel.parse(incoming)
        return
    parsed = channel.parse(incoming)
    found = [
        {"event_id": m.event_id, "peer": m.peer}
        | ({"text": m.text} if m.text is not None else {})
        | ({"token": m.token} if m.token is not None else {})
        | ({"reply": dict(m.reply)} if m.reply else {})
        for m in parsed.messages
    ]
    assert found == expect["messages"]
    ack = expect.get("ack")
    if ack is not None:
        assert {key: getattr(parsed.ack, key) for key in ack} == ack


@each_channel
def test_what_is_forged_is_refused(name: str) -> None:
    channel, platform = opened(name), PLATFORMS[name]
    body = first_body(name)
    channel.verify(platform.signed(body), now=NOW)
    forged = platform.forged(body)
    assert len(forged) >= 3
    for wrong, incoming in forged.items():
        assert is_refused(channel, incoming), wrong


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)


@each_channel
@settings(max_examples=25)
@given(body=st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused(name: str, body: bytes) -> None:
    with contextlib.suppress(BadPayload):
        opened(name).parse(PLATFORMS[name].signed(body))


@each_channel
@settings(max_examples=25)
@given(data=st.data())
def test_a_payload_with_a_part_changed_is_read_or_refused(name: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from([p.values[1] for p in cases() if p.values[0] == name]))
    if "raw" in case:
        fields = changed_in(dict(parse_qsl(case["raw"], keep_blank_values=True)), data)
        body = urlencode(fields if isinstance(fields, dict) else {}).encode()
    else:
        body = json.dumps(changed_in(case["body"], data)).encode()
    with contextlib.suppress(BadPayload):
        opened(name).parse(PLATFORMS[name].signed(body, **case.get("more", {})))


def changed_in(value: Any, data: st.DataObject) -> Any:
    """The value, with one part of it replaced by anything."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 4)):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: changed_in(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 4)):
        return [changed_in(value[0], data), *value[1:]]
    return data.draw(JSON)


def is_refused(channel: Channel, incoming: Incoming) -> bool:
    try:
        channel.verify(incoming, now=NOW)
    except BadSignature:
        return True
    return False


# What goes out


def requests_of(channel: Channel, platform: Platform, message: Message) -> list[Shown]:
    received = received_of(channel.name)
    shown = []
    for place, call in enumerate(channel.render(message, received)):
        sent = platform.accept(channel.prepare(call, key=f"k{place}", access="un-jeton"))
        assert (sent is None) == call.is_sign
        if sent is not None:
            shown.append(sent)
        if call.plain is not None:
            bare = msgspec.structs.replace(call, body=call.plain)
            again = platform.accept(channel.prepare(bare, key=f"k{place}", access="un-jeton"))
            assert again is not None
            assert sent is not None
            offered = " ".join(title for title, _ in again.choices) or again.text
            unlisted = {choice.token for choice in message.choices if not choice.is_listed}
            assert all(
                letters(t) in letters(offered) for t, token in sent.choices if token in unlisted
            )
            rest = iter(letters(again.text))  # without markup, links show their addresses
            assert all(letter in rest for letter in letters(sent.text))
    assert shown
    return shown


def received_of(name: str) -> Received:
    """The first message of the recorded payloads, to which we answer."""
    channel = opened(name)
    for path in sorted((CASES / name).glob("text*.json")):
        case = json.loads(path.read_text("utf-8"))
        incoming = signed_case(name, case)
        return channel.parse(incoming).messages[0]
    raise AssertionError(f"{name}: no payload of a text")


def signed_case(name: str, case: Mapping[str, Any]) -> Incoming:
    body = case["raw"].encode() if "raw" in case else json.dumps(case["body"]).encode()
    return PLATFORMS[name].signed(body, **case.get("more", {}))


def first_body(name: str) -> bytes:
    case = json.loads(sorted((CASES / name).glob("text*.json"))[0].read_text("utf-8"))
    return case["raw"].encode() if "raw" in case else json.dumps(case["body"]).encode()


def letters(text: str) -> str:
    """What must not be lost: letters and figures, whatever the marks and the spaces."""
    return "".join(character for character in text if character.isalnum())


@each_channel
@settings(max_examples=25)
@given(message=MESSAGES)
def test_any_answer_is_within_the_limits_and_whole(name: str, message: Message) -> None:
    shown = requests_of(opened(name), PLATFORMS[name], message)
    said = letters("".join(part.text for part in shown))
    # Every word is there, in order: links may be written with their address or without.
    place = 0
    for word in re.findall(r"\w+", bare(message.text)):
        found = said.find(letters(word), place)
        assert found >= 0, word
        place = found + len(letters(word))
    offered = [choice for part in shown for choice in part.choices]
    if offered:
        assert [token for _, token in offered] == [c.token for c in message.choices]
        titles = [title for title, _ in offered]
        assert len(set(titles)) == len(titles)
    else:
        for choice in message.choices:
            assert letters(f"{choice.number}{choice.title}") in said


def bare(text: str) -> str:
    """The words of an answer, its links without their addresses."""
    return re.sub(r"\]\(https://\S+?\)", "] ", text)
