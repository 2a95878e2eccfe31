"""A conversation on Matrix, by a client library, through a real homeserver and a real server."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from nio import AsyncClient, LoginResponse, RoomCreateResponse, RoomMessageNotice, SyncResponse

from bot.assistant import Assistant
from tests.ports import free_port
from tests.webhook.delivery.served import Served
from tests.webhook.delivery.synapse import (
    AS_TOKEN,
    HS_TOKEN,
    NAME,
    USER,
    Synapse,
    running_synapse,
)
from webhook.channels.channel import Channel, Received, Request
from webhook.channels.registry import open_channels
from webhook.delivery.http import HttpTransport
from webhook.rendering.message import Message

T = TypeVar("T")
PASSWORD = "mot-de-passe-de-test"
PUPILS = ("lea", "noe", "ana", "max")


def run(talk: Coroutine[object, object, T]) -> T:
    """Run to its end, in a thread of its own: the browser's tests leave a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, talk).result()


class Pupil:
    """Somebody with a Matrix client, in a room with Balise."""

    def __init__(self, synapse: Synapse, name: str) -> None:
        self._client = AsyncClient(synapse.url, f"@{name}:{NAME}")
        self.room = ""
        self._heard: list[RoomMessageNotice] = []

    async def open_room(self) -> None:
        assert isinstance(await self._client.login(PASSWORD), LoginResponse)
        made = await self._client.room_create(invite=[USER], is_direct=True)
        assert isinstance(made, RoomCreateResponse)
        self.room = made.room_id

    async def say(self, text: str) -> None:
        content = {"msgtype": "m.text", "body": text}
        await self._client.room_send(self.room, "m.room.message", content)

    async def hear(self, count: int) -> list[RoomMessageNotice]:
        """Wait until so many messages of Balise were heard in all, and return them."""
        for _ in range(60):
            if len(self._heard) >= count:
                return self._heard
            answer = await self._client.sync(timeout=1000, full_state=False)
            assert isinstance(answer, SyncResponse)
            room = answer.rooms.join.get(self.room)
            for event in room.timeline.events if room else ():
                if isinstance(event, RoomMessageNotice) and event.sender == USER:
                    self._heard.append(event)
        raise AssertionError([event.body for event in self._heard])

    async def close(self) -> None:
        await self._client.close()


class Home:
    """The homeserver and the server that serves Balise on it."""

    def __init__(self, synapse: Synapse, served: Served) -> None:
        self.synapse = synapse
        self.served = served


@pytest.fixture(scope="module")
def home(seed_assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("matrix")
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhooks/matrix/webhook"
    # Our own messages are limited too, so that we meet a real 429.
    limits = {"rc_message": {"per_second": 3, "burst_count": 3}}
    with running_synapse(folder / "hs", url, limits) as synapse:
        channel = {
            "homeserver": synapse.url, "user": USER, "as_token": AS_TOKEN, "hs_token": HS_TOKEN,
        }  # fmt: skip
        served = Served(
            folder / "balise", state=str(folder / "balise.sqlite"), port=port,
            cache=seed_assistant.settings.cache, channels={"matrix": channel},
        )  # fmt: skip
        served.start()
        for name in PUPILS:
            synapse.register(name, PASSWORD)
        try:
            yield Home(synapse, served)
        finally:
            served.kill()


def test_a_conversation_with_choices_as_numbers(home: Home) -> None:
    async def talk() -> list[RoomMessageNotice]:
        lea = Pupil(home.synapse, "lea")
        try:
            await lea.open_room()
            await lea.hear(1)
            await lea.say("quelles études pour être boulangère ?")
            await lea.hear(2)
            await lea.say("quels métiers avec les animaux ?")
            heard = await lea.hear(3)
            await lea.say("2")
            heard = await lea.hear(4)
            more = re.search(r"^(\d+)\. Quel", heard[3].body, re.MULTILINE)
            assert more is not None, heard[3].body
            await lea.say(more[1])
            return await lea.hear(5)
        finally:
            await lea.close()

    heard = [event.body for event in run(talk())]
    assert "Balise" in heard[0]
    assert "boulangère ou boulanger" in heard[1]
    second = re.search(r"^2\. ([^—\n]+)", heard[2], re.MULTILINE)
    assert second is not None
    assert second[1].strip() in heard[3]
    assert "Pour choisir, répondez par un numéro" in heard[3]
    assert heard[4] != heard[3]
    assert second[1].strip().split(" ou ")[0] in heard[4]


def test_what_was_said_while_we_were_away_is_answered_once(home: Home) -> None:
    async def talk() -> list[RoomMessageNotice]:
        noe = Pupil(home.synapse, "noe")
        try:
            await noe.open_room()
            await noe.hear(1)
            home.served.kill()
            await noe.say("quel salaire pour un boulanger ?")
            home.served.start()
            heard = await noe.hear(2)
            await noe.say("merci")
            return list(await noe.hear(len(heard) + 1))
        finally:
            await noe.close()

    heard = [event.body for event in run(talk())]
    assert len(heard) == 3
    assert "alaire" in heard[1]
    assert "alaire" not in heard[2]


def test_a_message_sent_twice_is_one(home: Home) -> None:
    """What we do after a crash between the homeserver's answer and our note of it."""
    settings = {
        "homeserver": home.synapse.url, "user": USER, "as_token": AS_TOKEN, "hs_token": HS_TOKEN,
    }  # fmt: skip
    channel = open_channels({"matrix": settings})["matrix"]

    async def talk() -> tuple[list[dict[str, object]], list[RoomMessageNotice]]:
        lea = Pupil(home.synapse, "lea")
        try:
            await lea.open_room()
            await lea.hear(1)
            received = Received(event_id="$1", peer=lea.room)
            (message,) = [
                call
                for call in channel.render(Message(text="une seule fois"), received)
                if not call.is_sign
            ]
            request = channel.prepare(message, key="la-meme", access=None)
            answers = [taken(channel, request) for _ in range(2)]
            await lea.say("merci")
            return answers, list(await lea.hear(3))
        finally:
            await lea.close()

    answers, heard = run(talk())
    assert answers[0]["event_id"] == answers[1]["event_id"]
    assert [event.body for event in heard].count("une seule fois") == 1


def taken(channel: Channel, request: Request) -> dict[str, object]:
    """Send as often as the homeserver asks us to wait."""
    while True:
        answer = HttpTransport().send(request)
        wait = channel.classify_error(answer).retry_after_s
        if wait is None:
            return answer.json()
        threading.Event().wait(wait)


def test_many_messages_meet_the_limits_of_the_homeserver(home: Home) -> None:
    """Each is answered once, in order, though the homeserver asks us to wait."""
    asked = ["MET.17", "MET.152", "MET.656"]

    async def talk(name: str) -> list[RoomMessageNotice]:
        pupil = Pupil(home.synapse, name)
        try:
            await pupil.open_room()
            await pupil.hear(1)
            for metier in asked:
                await pupil.say(f'/fiche{{"metier": "{metier}"}}')
            return await pupil.hear(len(asked) + 1)
        finally:
            await pupil.close()

    async def talk_together() -> list[list[RoomMessageNotice]]:
        return await asyncio.gather(*(talk(name) for name in PUPILS))

    for heard in run(talk_together()):
        told = [re.search(r"MET\.\d+", event.body) for event in heard[1:]]
        assert [found and found[0] for found in told] == asked
    assert "M_LIMIT_EXCEEDED" in home.served.log()
