"""What becomes of a message, whatever the platform answers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.database import open_database
from bot.errors import DeliveryFailed
from tests.webhook.channels.platforms.telegram import PLATFORM
from webhook.channels.channel import Access, Call, Channel, Request, Response
from webhook.channels.registry import open_channels
from webhook.channels.telegram import Telegram
from webhook.delivery.dead_letters import letters
from webhook.delivery.queue import Backoff
from webhook.delivery.sending import Accesses, Sending
from webhook.delivery.store import Store

Answer = Callable[[Request], Response]


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Wire:
    """A transport that answers as it is told, the last answer again and again."""

    answers: list[Response | Exception] = field(default_factory=list)
    sent: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.sent.append(request)
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Post:
    """An outbox with Telegram, and its sender."""

    store: Store
    wire: Wire
    clock: Clock
    sending: Sending

    def write(self, *texts: str, peer: str = "5", window_ends: float | None = None) -> None:
        calls = [
            Call(
                path="/sendMessage",
                body={"chat_id": peer, "text": f"<b>{text}</b>", "parse_mode": "HTML"},
                plain={"chat_id": peer, "text": text},
            )
            for text in texts
        ]
        with self.store.database.begin() as connection:
            self.store.post(connection, "telegram", peer, calls, window_ends=window_ends)

    def work(self, seconds: float) -> None:
        """Let time pass, and the sender do what is to be done."""
        end = self.clock.time + seconds
        while self.clock.time < end:
            while self.sending.step():
                pass
            self.clock.time += 0.25

    @property
    def texts(self) -> list[str]:
        return [json.loads(request.body)["text"] for request in self.wire.sent]

    @property
    def dead(self) -> list[str]:
        return [letter.error for letter in letters(self.store)[1]]

    @property
    def waiting(self) -> int:
        return sum(letters(self.store)[0].values())


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    clock = Clock()
    store = Store(open_database(tmp_path / "a.sqlite"), now=clock, owner=lambda: "un", lease_s=60.0)
    wire = Wire(answers=[ok()])
    sending = Sending(
        open_channels({"telegram": PLATFORM.settings}), store, wire, now=clock,
        rng=random.Random(1), backoff=Backoff(base_s=1.0, cap_s=8.0, most_tries=4),
    )  # fmt: skip
    yield Post(store, wire, clock, sending)
    sending.close()
    store.close()


def ok() -> Response:
    return Response(status=200, body=b'{"ok": true}')


def refused(status: int, description: str = "", **parameters: object) -> Response:
    body = {"ok": False, "description": description, "parameters": parameters}
    return Response(status=status, body=json.dumps(body).encode())


def test_messages_leave_in_order_at_the_pace_of_the_platform(post: Post) -> None:
    post.write("un", "deux", "trois")
    post.write("autre", peer="6")
    post.work(0.25)
    assert post.texts == ["<b>un</b>", "<b>autre</b>"] or post.texts == [
        "<b>autre</b>", "<b>un</b>",
    ]  # fmt: skip
    post.work(1.0)
    post.work(1.0)
    assert [text for text in post.texts if "autre" not in text] == [
        "<b>un</b>", "<b>deux</b>", "<b>trois</b>",
    ]  # fmt: skip
    assert (post.waiting, post.dead) == (0, [])


@pytest.mark.parametrize(
    "failure",
    [
        refused(500),
        refused(502),
        Response(status=408),
        DeliveryFailed("ConnectTimeout"),
        refused(429, "Too Many Requests: retry after 3", retry_after=3),
    ],
    ids=["500", "502", "408", "no answer", "429"],
)
def test_a_failure_that_passes(post: Post, failure: Response | Exception) -> None:
    post.wire.answers = [failure, failure, ok()]
    post.write("un", "deux")
    post.work(60)
    assert post.texts == ["<b>un</b>"] * 3 + ["<b>deux</b>"]
    assert (post.waiting, post.dead) == (0, [])


def test_the_wait_that_the_platform_asks_for(post: Post) -> None:
    post.wire.answers = [refused(429, retry_after=30), ok()]
    post.write("un")
    post.work(29)
    assert len(post.wire.sent) == 1
    post.work(8)
    assert len(post.wire.sent) == 2


def test_a_failure_that_lasts_ends_among_the_dead_letters(post: Post) -> None:
    post.wire.answers = [refused(500, "Bad Gateway")]
    post.write("un")
    post.work(60)
    assert len(post.wire.sent) == 4
    assert post.dead == ["retry Bad Gateway"]


def test_markup_that_cannot_be_read_is_sent_plain_once(post: Post) -> None:
    post.wire.answers = [refused(400, "Bad Request: can't parse entities: x"), ok()]
    post.write("un")
    post.work(10)
    assert post.texts == ["<b>un</b>", "un"]
    assert (post.waiting, post.dead) == (0, [])


def test_plain_text_that_is_refused_too(post: Post) -> None:
    post.wire.answers = [refused(400, "Bad Request: can't parse entities: x")]
    post.write("un")
    post.work(10)
    assert post.texts == ["<b>un</b>", "un"]
    assert post.dead == ["plain Bad Request: can't parse entities: x"]


def test_somebody_who_blocked_us_gets_nothing_more(post: Post) -> None:
    post.wire.answers = [refused(403, "Forbidden: bot was blocked by the user")]
    post.write("un", "deux", "trois")
    post.work(10)
    assert len(post.wire.sent) == 1
    assert len(post.dead) == 3


def test_a_message_that_cannot_pass_does_not_stop_the_next(post: Post) -> None:
    post.wire.answers = [refused(400, "Bad Request: chat not found"), ok()]
    post.write("un", "deux")
    post.work(10)
    assert post.texts == ["<b>un</b>", "<b>deux</b>"]
    assert post.dead == ["permanent Bad Request: chat not found"]


def test_credentials_refused_pause_the_channel_and_lose_nothing(post: Post) -> None:
    post.wire.answers = [refused(401, "Unauthorized"), ok()]
    post.write("un")
    post.write("autre", peer="6")
    post.work(200)
    assert len(post.wire.sent) <= 2
    post.work(200)
    assert sorted(set(post.texts)) == ["<b>autre</b>", "<b>un</b>"]
    assert (post.waiting, post.dead) == (0, [])


def test_after_the_window_nothing_is_sent(post: Post) -> None:
    post.write("trop tard", window_ends=post.clock.time - 1)
    post.work(5)
    assert post.wire.sent == []
    assert post.dead == ["window_closed"]


def test_a_sign_is_tried_once(post: Post) -> None:
    post.wire.answers = [refused(500), ok()]
    sign = Call(path="/sendChatAction", body={"chat_id": "5"}, is_sign=True)
    with post.store.database.begin() as connection:
        post.store.post(connection, "telegram", "5", [sign], window_ends=None)
    post.write("un")
    post.work(0.25)
    assert [request.url.rsplit("/", 1)[1] for request in post.wire.sent] == [
        "sendChatAction", "sendMessage",
    ]  # fmt: skip
    assert (post.waiting, post.dead) == (0, [])


def test_a_channel_taken_out_of_the_settings(post: Post) -> None:
    with post.store.database.begin() as connection:
        post.store.post(connection, "ancienne", "5", [Call(path="/x", body={})], window_ends=None)
    post.work(1)
    assert post.dead == ["channel"]


class Lent(Telegram):
    """A channel whose token is lent."""

    def access_request(self, *, now: float) -> Request:
        return Request(method="POST", url="https://jetons.example/")

    def access_of(self, response: Response) -> Access:
        if response.status != 200:
            raise DeliveryFailed("token")
        return Access(token=str(response.json()["token"]), expires_s=3600.0)


def token(name: str) -> Response:
    return Response(status=200, body=json.dumps({"token": name}).encode())


def test_a_token_is_asked_for_once_and_again_before_it_expires() -> None:
    clock = Clock()
    wire = Wire(answers=[Response(status=500), token("un"), token("deux"), token("trois")])
    channel: Channel = lent()
    accesses = Accesses(wire, now=clock)
    with pytest.raises(DeliveryFailed):
        accesses.of(channel)
    assert [accesses.of(channel), accesses.of(channel)] == ["un", "un"]
    clock.time += 3600 - 60
    assert accesses.of(channel) == "deux"
    accesses.drop(channel)
    assert accesses.of(channel) == "trois"
    assert (
        Accesses(wire, now=clock).of(open_channels({"telegram": PLATFORM.settings})["telegram"])
        is None
    )


def lent() -> Lent:
    found = open_channels({"telegram": PLATFORM.settings})["telegram"]
    assert isinstance(found, Telegram)
    return Lent(found._settings)
