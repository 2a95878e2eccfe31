"""Delivery by a real server: nothing lost, in order, whatever dies or fails on the way."""

from __future__ import annotations

import contextlib
import random
import re
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.assistant import Assistant
from tests.postgresql import PostgreSQL, running_postgresql
from tests.webhook.delivery.fake_telegram import FakeTelegram, Fault, fake_telegram
from tests.webhook.delivery.served import Served, update

CHATS = range(1, 17)
EACH = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "state" / "balise.sqlite")
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with fake_telegram() as fake:
        yield fake


def served(
    folder: Path, state: str, telegram: FakeTelegram, assistant: Assistant, **more
) -> Served:
    return Served(folder, state=state, api=telegram.url, cache=assistant.settings.cache, **more)


@contextlib.contextmanager
def started(server: Served) -> Iterator[Served]:
    server.start()
    try:
        yield server
    finally:
        server.kill()


def titles(assistant: Assistant) -> list[tuple[str, str]]:
    """Questions with one answer each, and the words that tell which was answered."""
    return [(f'/fiche{{"metier": "{fiche.id}"}}', fiche.id) for fiche in assistant.catalogue]


def asked(assistant: Assistant, chat: int, turn: int) -> tuple[str, str]:
    found = titles(assistant)
    return found[(chat * 7 + turn) % len(found)]


def answered(fake: FakeTelegram, chat: int) -> list[str]:
    """The fiches that a chat was told of, in order."""
    with fake.changed:
        return [
            found[0] for text in fake.said[str(chat)] if (found := re.findall(r"MET\.\d+", text))
        ]


def expected(assistant: Assistant, chat: int) -> list[str]:
    return [asked(assistant, chat, turn)[1] for turn in range(EACH)]


def without_repeats(told: list[str]) -> list[str]:
    return [one for place, one in enumerate(told) if place == 0 or told[place - 1] != one]


def talk(server: Served, assistant: Assistant, chat: int) -> None:
    """Send the messages of a chat in order; each again until it is acknowledged."""
    for turn in range(EACH):
        body = update(chat * 1000 + turn, chat, asked(assistant, chat, turn)[0])
        while server.send(body) != 200:
            threading.Event().wait(0.1)


def everybody_talks(servers: list[Served], assistant: Assistant) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=talk, args=(servers[chat % len(servers)], assistant, chat))
        for chat in CHATS
    ]
    for thread in threads:
        thread.start()
    return threads


def all_answered(assistant: Assistant, fake: FakeTelegram) -> bool:
    return all(
        without_repeats(answered(fake, chat))[-1:] == expected(assistant, chat)[-1:]
        and len(without_repeats(answered(fake, chat))) >= EACH
        for chat in CHATS
    )


def has_said(count: int, fake: FakeTelegram) -> bool:
    return sum(map(len, fake.said.values())) >= count


def nothing_lost_nor_moved(assistant: Assistant, fake: FakeTelegram) -> int:
    """Check every chat; return how many messages were sent twice."""
    twice = 0
    assert fake.refused == []
    for chat in CHATS:
        told = answered(fake, chat)
        assert without_repeats(told) == expected(assistant, chat)
        twice += len(told) - len(without_repeats(told))
    return twice


def test_a_conversation(
    state: str, telegram: FakeTelegram, seed_assistant: Assistant, tmp_path: Path
) -> None:
    with started(served(tmp_path / "a", state, telegram, seed_assistant)) as server:
        assert server.send(update(1, 5, "/start")) == 200
        telegram.wait_for(lambda fake: len(fake.said["5"]) == 1)
        assert server.send(update(2, 5, "quels métiers avec les animaux ?")) == 200
        telegram.wait_for(lambda fake: len(fake.said["5"]) == 2)
        assert server.send(update(3, 5, "2")) == 200
        telegram.wait_for(lambda fake: len(fake.said["5"]) == 3)
        listed = telegram.said["5"][1]
        second = re.search(r"^2\. ([^—\n]+)", listed, re.MULTILINE)
        assert second is not None
        assert second[1].strip() in telegram.said["5"][2]
        # A button of the list, pressed, and the same message sent again by Telegram.
        keyboard = telegram.bodies[1]["reply_markup"]["inline_keyboard"]  # type: ignore[index]
        press = {
            "update_id": 4,
            "callback_query": {
                "id": "9", "data": keyboard[0][0]["callback_data"],
                "message": {"message_id": 2, "chat": {"id": 5}},
            },
        }  # fmt: skip
        assert [server.send(press), server.send(press), server.send(update(3, 5, "2"))] == [200] * 3
        telegram.wait_for(lambda fake: len(fake.said["5"]) == 4)
        # Somebody else's token means nothing.
        press["update_id"] = 5
        press["callback_query"]["message"]["chat"]["id"] = 6  # type: ignore[index]
        assert server.send(press) == 200
        telegram.wait_for(lambda fake: len(fake.said["6"]) == 1)
        assert "trop" in telegram.said["6"][0]
        assert len(telegram.said["5"]) == 4
        assert server.stop() == 0


def test_faults_of_the_platform(
    state: str, telegram: FakeTelegram, seed_assistant: Assistant, tmp_path: Path
) -> None:
    rng = random.Random(7)
    faults: list[Fault] = ["429", "500", "reset", "slow"]
    telegram.fault = lambda _: rng.choice(faults) if rng.random() < 0.12 else "none"
    with started(served(tmp_path / "a", state, telegram, seed_assistant)) as server:
        for thread in everybody_talks([server], seed_assistant):
            thread.join()
        telegram.wait_for(lambda fake: all_answered(seed_assistant, fake), 60)
        assert nothing_lost_nor_moved(seed_assistant, telegram) == 0


def test_killed_at_any_moment(
    state: str, telegram: FakeTelegram, seed_assistant: Assistant, tmp_path: Path
) -> None:
    rng = random.Random(11)
    server = served(tmp_path / "a", state, telegram, seed_assistant)
    kills = 3
    with started(server):
        threads = everybody_talks([server], seed_assistant)
        for kill in range(1, kills + 1):
            told = kill * len(CHATS) * EACH // (kills + 2)
            telegram.wait_for(partial(has_said, told), 60)
            threading.Event().wait(rng.uniform(0.0, 0.05))
            server.kill()
            server.start()
        for thread in threads:
            thread.join()
        telegram.wait_for(lambda fake: all_answered(seed_assistant, fake), 60)
        # A crash between the platform's answer and our note of it, for each request under way.
        assert nothing_lost_nor_moved(seed_assistant, telegram) <= kills * 8


def test_two_machines_share_a_database(
    postgresql: PostgreSQL, telegram: FakeTelegram, seed_assistant: Assistant, tmp_path: Path
) -> None:
    """Messages of one conversation come to either; the sender, apart, dies on the way."""
    state = postgresql.new_database()
    servers = [
        served(tmp_path / name, state, telegram, seed_assistant, options=("--no-sender",))
        for name in ("a", "b")
    ]
    sender = served(tmp_path / "c", state, telegram, seed_assistant, command="sender")
    with started(servers[0]), started(servers[1]), started(sender):

        def talk_to_both(chat: int) -> None:
            for turn in range(EACH):
                body = update(chat * 1000 + turn, chat, asked(seed_assistant, chat, turn)[0])
                # Each is kept before the next one comes, as by a platform that waits for its answer.
                assert servers[turn % 2].send(body) == 200

        threads = [threading.Thread(target=talk_to_both, args=(chat,)) for chat in CHATS]
        for thread in threads:
            thread.start()
        telegram.wait_for(partial(has_said, 20), 60)
        sender.kill()
        sender.start()
        for thread in threads:
            thread.join()
        telegram.wait_for(lambda fake: all_answered(seed_assistant, fake), 60)
        assert nothing_lost_nor_moved(seed_assistant, telegram) <= 16
        assert sender.stop() == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "crashed"])
def test_the_database_restarts(
    how: signal.Signals, telegram: FakeTelegram, seed_assistant: Assistant, tmp_path: Path
) -> None:
    with running_postgresql() as database:
        server = served(tmp_path / "a", database.new_database(), telegram, seed_assistant)
        with started(server):
            threads = everybody_talks([server], seed_assistant)
            telegram.wait_for(partial(has_said, 10), 60)
            database.stop(how)
            database.start()
            for thread in threads:
                thread.join()
            telegram.wait_for(lambda fake: all_answered(seed_assistant, fake), 60)
            assert nothing_lost_nor_moved(seed_assistant, telegram) <= 16
