"""Stores: what is kept survives a crash, what is old or foreign is a new conversation."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.database import open_database
from bot.dialogue.sql_tracker_store import SqlTrackerStore
from bot.dialogue.tracker import Tracker
from bot.dialogue.tracker_store import MemoryTrackerStore, TrackerStore
from bot.errors import StoreError
from tests.conftest import ROOT

TTL_S = 60.0
TRACKER = Tracker(metier="MET.1", question="etudes", listed=("MET.1", "MET.2"), turns=3)


class Clock:
    """A clock that is told the time."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "conversations.sqlite"


def opened(where: Path | str, clock: Clock) -> SqlTrackerStore:
    return SqlTrackerStore(open_database(where), ttl_s=TTL_S, now=clock)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, path: Path, clock: Clock):
    store: TrackerStore
    match request.param:
        case "memory":
            store = MemoryTrackerStore(ttl_s=TTL_S, now=clock)
        case "sqlite":
            store = opened(path, clock)
        case _:
            store = opened(request.getfixturevalue("postgresql").new_database(), clock)
    yield store
    store.close()


def rows(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    try:
        return dict(connection.execute("SELECT sender, tracker FROM conversation"))
    finally:
        connection.close()


# Either store


def test_an_unknown_conversation_is_new(store: TrackerStore) -> None:
    assert store.load("anna") == Tracker()


@pytest.mark.parametrize(
    "sender", ["anna", "", "é œ 😀", "a'; DROP TABLE conversation; --", "x" * 5000]
)
def test_each_conversation_has_its_own_tracker(store: TrackerStore, sender: str) -> None:
    store.save(sender, TRACKER)
    store.save("un autre", Tracker(turns=1))
    assert store.load(sender) == TRACKER
    store.save(sender, Tracker(turns=9))
    assert store.load(sender) == Tracker(turns=9)
    assert store.load("un autre") == Tracker(turns=1)


def test_forgetting(store: TrackerStore) -> None:
    store.save("anna", TRACKER)
    assert store.forget("anna") is True
    assert store.load("anna") == Tracker()
    assert store.forget("anna") is False


def test_an_idle_conversation_expires(store: TrackerStore, clock: Clock) -> None:
    store.save("anna", TRACKER)
    clock.time += TTL_S
    assert store.load("anna") == TRACKER
    clock.time += 1
    assert store.load("anna") == Tracker()


def test_each_message_gives_it_time_again(store: TrackerStore, clock: Clock) -> None:
    for _ in range(5):
        store.save("anna", TRACKER)
        clock.time += TTL_S - 1
        assert store.load("anna") == TRACKER


def test_two_threads(store: TrackerStore) -> None:
    failures: list[BaseException] = []

    def talk(sender: str) -> None:
        try:
            for turn in range(200):
                store.save(sender, Tracker(turns=turn, metier=sender))
                assert store.load(sender) == Tracker(turns=turn, metier=sender)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=talk, args=(f"MET.{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [store.load(f"MET.{n}").turns for n in range(2)] == [199, 199]


# The file


def test_it_survives_being_closed(path: Path, clock: Clock) -> None:
    first = opened(path, clock)
    first.save("anna", TRACKER)
    first.close()
    again = opened(path, clock)
    assert again.load("anna") == TRACKER
    again.close()


def test_it_survives_the_death_of_the_process(path: Path, clock: Clock) -> None:
    script = (
        "import pathlib, sys\n"
        "from bot.dialogue.tracker import Tracker\n"
        "from bot.database import open_database\n"
        "from bot.dialogue.sql_tracker_store import SqlTrackerStore\n"
        "database = open_database(pathlib.Path(sys.argv[1]))\n"
        "store = SqlTrackerStore(database, ttl_s=60, now=lambda: 1000.0)\n"
        "for turn in range(50):\n"
        "    store.save('anna', Tracker(metier='MET.1', turns=turn))\n"
        "print('saved', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "saved\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    store = opened(path, clock)
    assert store.load("anna") == Tracker(metier="MET.1", turns=49)
    store.save("anna", TRACKER)
    store.close()


def test_two_processes_share_the_file(path: Path, clock: Clock) -> None:
    one = opened(path, clock)
    other = opened(path, clock)
    one.save("anna", TRACKER)
    assert other.load("anna") == TRACKER
    other.forget("anna")
    assert one.load("anna") == Tracker()
    one.close()
    other.close()


def test_expired_rows_leave_the_file(path: Path, clock: Clock) -> None:
    store = opened(path, clock)
    store.save("anna", TRACKER)
    clock.time += TTL_S + 1
    store.save("basile", Tracker(turns=1))
    store.close()
    assert set(rows(path)) == {"basile"}
    clock.time += TTL_S + 1
    opened(path, clock).close()
    assert rows(path) == {}


def test_forgetting_leaves_nothing_in_the_file(path: Path, clock: Clock) -> None:
    store = opened(path, clock)
    store.save("anna", TRACKER)
    assert set(rows(path)) == {"anna"}
    store.forget("anna")
    assert rows(path) == {}
    store.close()


def test_what_is_forgotten_is_not_in_the_bytes_of_any_file(path: Path, clock: Clock) -> None:
    """A deleted row stays readable in SQLite's free pages and in its log unless it is wiped."""
    store = opened(path, clock)
    for sender in ("whatsapp:33600000001", "whatsapp:33600000002"):
        for turn in range(20):
            store.save(sender, Tracker(metier=f"MET.{turn}", turns=turn))
    assert bytes_of(path).count(b"33600000001") > 0
    store.forget("whatsapp:33600000001")
    assert b"33600000001" not in bytes_of(path)
    clock.time += TTL_S + 1
    store.save("basile", TRACKER)
    assert b"33600000002" not in bytes_of(path)
    assert b"basile" in bytes_of(path)
    store.close()


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_expired_conversations_leave_the_memory(clock: Clock) -> None:
    store = MemoryTrackerStore(ttl_s=TTL_S, now=clock)
    store.save("anna", TRACKER)
    clock.time += TTL_S + 1
    store.save("basile", TRACKER)
    assert store.forget("anna") is False
    assert store.forget("basile") is True


@pytest.mark.parametrize(
    "text", ["{", "[]", "1", "null", '"a"', '{"humeur": "gaie"}', '{"pending": {}}']
)
def test_the_row_of_another_version_is_a_new_conversation(
    path: Path, clock: Clock, text: str
) -> None:
    store = opened(path, clock)
    store.save("anna", TRACKER)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE conversation SET tracker = ?", (text,))
    connection.commit()
    connection.close()
    assert store.load("anna") == Tracker()
    store.save("anna", TRACKER)
    assert store.load("anna") == TRACKER
    store.close()


def test_a_file_that_is_no_database(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("ceci n'est pas une base de données " * 50)
    with pytest.raises(StoreError, match=r"notes\.txt"):
        opened(path, clock)
    assert path.read_text().startswith("ceci n'est pas")


def other_table(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE conversation (a, b)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "prepare",
    [Path.mkdir, other_table, lambda path: path.parent.rmdir() or path.parent.write_text("")],
)
def test_what_cannot_be_opened(
    tmp_path: Path, clock: Clock, prepare: Callable[[Path], object]
) -> None:
    path = tmp_path / "state" / "a.sqlite"
    path.parent.mkdir()
    prepare(path)
    with pytest.raises(StoreError):
        opened(path, clock)


def test_a_closed_store_says_so(path: Path, clock: Clock) -> None:
    store = opened(path, clock)
    store.close()
    with pytest.raises(StoreError):
        store.save("anna", TRACKER)
