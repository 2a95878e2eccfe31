"""The queue: one row of a conversation at a time, in order; a lease lost changes nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import open_database
from tests.postgresql import PostgreSQL
from webhook.channels.channel import Call, Received
from webhook.delivery.dead_letters import drop, letters, retry
from webhook.delivery.pace import ALL, Pace
from webhook.delivery.queue import Backoff, Lost
from webhook.delivery.store import Store, received_of

LEASE_S = 60.0


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "a.sqlite"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


def opened(where: Path | str, clock: Clock, owner: str = "un") -> Store:
    return Store(open_database(where), now=clock, owner=lambda: owner, lease_s=LEASE_S)


@pytest.fixture
def store(where: Path | str, clock: Clock) -> Iterator[Store]:
    made = opened(where, clock)
    yield made
    made.close()


@pytest.fixture
def other(where: Path | str, clock: Clock, store: Store) -> Iterator[Store]:
    """The store of another process."""
    made = opened(where, clock, owner="autre")
    yield made
    made.close()


def said(event: str, peer: str = "lea") -> Received:
    return Received(event_id=event, peer=peer, text=f"message {event}", reply={"fil": event})


def finish(store: Store, row_id: int) -> None:
    with store.database.begin() as connection:
        store.inbox.finish(connection, row_id, state="done", body=None)


def answer(store: Store, row_id: int) -> None:
    with store.database.begin() as connection:
        store.post(connection, "telegram", "lea", [Call(path="/x", body={})], window_ends=None)
        store.inbox.finish(connection, row_id, state="done", body=None)


def test_a_message_sent_again_is_one(store: Store) -> None:
    assert store.receive("telegram", [said("1"), said("2"), said("1")]) == 2
    assert store.receive("telegram", [said("2")]) == 0
    assert store.receive("matrix", [said("2")]) == 1
    row, matrix = store.inbox.claim(10)
    assert received_of(row) == said("1")
    assert matrix.channel == "matrix"
    finish(store, row.id)
    assert store.receive("telegram", [said("1")]) == 0  # answered already


def test_one_of_a_conversation_at_a_time(store: Store, other: Store, clock: Clock) -> None:
    store.receive("telegram", [said("1"), said("2"), said("3", "noe")])
    first, noe = store.inbox.claim(10)
    assert [first.event, noe.event] == ["1", "3"]
    assert list(other.inbox.claim(10)) == []
    finish(store, first.id)
    (second,) = other.inbox.claim(10)
    assert second.event == "2"


def test_what_a_dead_process_held_is_taken_after_its_lease(
    store: Store, other: Store, clock: Clock
) -> None:
    store.receive("telegram", [said("1")])
    (row,) = store.inbox.claim(10)
    clock.time += LEASE_S - 1
    assert list(other.inbox.claim(10)) == []
    clock.time += 1
    (again,) = other.inbox.claim(10)
    assert again.id == row.id
    # The first was only slow: it may not end what is another's now.
    with pytest.raises(Lost):
        answer(store, row.id)
    assert list(store.outbox.claim(10)) == []
    finish(other, again.id)


def test_a_row_given_back_waits_and_those_behind_it_too(store: Store, clock: Clock) -> None:
    store.receive("telegram", [said("1"), said("2")])
    (row,) = store.inbox.claim(10)
    with store.database.begin() as connection:
        store.inbox.postpone(connection, row.id, due=clock.time + 5, error="panne")
    assert list(store.inbox.claim(10)) == []
    assert store.inbox.next_due() == clock.time  # the second, which is blocked
    clock.time += 5
    (again,) = store.inbox.claim(10)
    assert (again.event, again.tries, again.error) == ("1", 1, "panne")


def test_dead_letters(store: Store, clock: Clock) -> None:
    with store.database.begin() as connection:
        for peer in ("lea", "noe"):
            store.post(connection, "telegram", peer, [Call(path="/x", body={})], window_ends=None)
    for row in store.outbox.claim(10):
        with store.database.begin() as connection:
            store.outbox.bury(connection, row.id, error="peer_gone")
    store.receive("matrix", [said("1")])
    waiting, dead = letters(store)
    assert waiting == {"matrix": 1}
    assert [(one.direction, one.channel, one.error) for one in dead] == [
        ("outbound", "telegram", "peer_gone")
    ] * 2
    assert retry(store, [dead[0].id]) == 1
    assert drop(store, [dead[0].id]) == 0  # it waits again
    assert len(store.outbox.claim(10)) == 1
    assert drop(store, None) == 1
    assert letters(store)[1] == []


def test_what_is_old_is_swept(store: Store, clock: Clock) -> None:
    store.receive("telegram", [said("1"), said("2", "noe")])
    row, waiting = store.inbox.claim(10)
    finish(store, row.id)
    clock.time += 30 * 24 * 3600
    store.sweep()
    assert [row.id for row in store.inbox.claim(10)] == [waiting.id]
    assert store.receive("telegram", [said("1")]) == 1  # forgotten, after a month


def test_a_number_is_never_given_again(store: Store) -> None:
    numbers = []
    keys = set()
    for _ in range(3):
        with store.database.begin() as connection:
            store.post(connection, "matrix", "a", [Call(path="/x", body={})], window_ends=None)
        (row,) = store.outbox.claim(1)
        numbers.append(row.id)
        keys.add(row.key)
        with store.database.begin() as connection:
            store.outbox.finish(connection, row.id)
    assert numbers == sorted(set(numbers))
    assert len(keys) == 3


def test_the_pace(store: Store, clock: Clock) -> None:
    pace = Pace(store.database, now=clock)

    def take(peer: str) -> float:
        with store.database.begin() as connection:
            return pace.take(connection, "telegram", peer, per_peer_s=1.0, per_channel_s=0.25)

    assert take("lea") == 0.0
    assert take("lea") == pytest.approx(1.0)
    # A second of messages to all may leave at once, then one each quarter of a second.
    assert [take(f"p{n}") for n in range(4)] == [0.0] * 4
    assert take("p9") == pytest.approx(0.25)
    clock.time += 1.0
    assert take("lea") == 0.0
    with store.database.begin() as connection:
        pace.hold(connection, "telegram", ALL, wait_s=30.0)
        pace.hold(connection, "matrix", "lea", wait_s=30.0)
    assert take("somebody") == pytest.approx(30.0)
    with store.database.begin() as connection:
        assert pace.take(connection, "matrix", "noe", per_peer_s=1, per_channel_s=0) == 0.0
        assert pace.take(connection, "matrix", "lea", per_peer_s=1, per_channel_s=0) == 30.0


@given(tries=st.integers(1, 2000), seed=st.integers())
def test_the_wait_after_a_failure(tries: int, seed: int) -> None:
    wait = Backoff(base_s=1.0, cap_s=600.0).wait_s(tries, random.Random(seed))
    assert 0.0 <= wait <= min(600.0, 2.0 ** min(tries, 30))


@settings(max_examples=15)
@given(data=st.data())
def test_whatever_happens_each_conversation_is_in_order(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two processes claim, finish, give back and die in any order; time passes."""
    clock = Clock()
    path = tmp_path_factory.mktemp("q") / "a.sqlite"
    stores = [opened(path, clock, owner) for owner in ("un", "deux")]
    peers = ("a", "b", "c")
    events = [said(f"{peer}{n}", peer) for n in range(4) for peer in peers]
    stores[0].receive("telegram", events)
    held: list[tuple[Store, int, str, str]] = []
    done: dict[str, list[str]] = {peer: [] for peer in peers}
    for _ in range(60):
        store = data.draw(st.sampled_from(stores))
        held += [(store, r.id, r.peer, r.event) for r in store.inbox.claim(2)]
        if held:
            chosen = held.pop(data.draw(st.integers(0, len(held) - 1)))
            match data.draw(st.sampled_from(["finish", "finish", "give back", "die"])):
                case "finish":
                    try:
                        finish(chosen[0], chosen[1])
                        done[chosen[2]].append(chosen[3])
                    except Lost:
                        pass
                case "give back":
                    try:
                        with chosen[0].database.begin() as connection:
                            chosen[0].inbox.postpone(connection, chosen[1], due=clock.time)
                    except Lost:
                        pass
        clock.time += data.draw(st.sampled_from([0.0, 1.0, LEASE_S]))
    for made in stores:
        made.close()
    for peer in peers:
        assert done[peer] == [f"{peer}{n}" for n in range(len(done[peer]))]
