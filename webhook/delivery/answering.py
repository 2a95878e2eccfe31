"""Answers the messages of the inbox: one at a time in each conversation, whichever host has them.

The answer goes into the outbox in the transaction that ends the message: both, or neither.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from bot.answers.answer import Answer, AnswerKind, Citation
from bot.assistant import Assistant
from bot.errors import StoreError
from bot.messages import UserMessage
from webhook.channels.channel import LONGEST_MESSAGE, Channel, Received
from webhook.delivery.choices import choices_of
from webhook.delivery.queue import Backoff, Lost
from webhook.delivery.store import Store, received_of
from webhook.rendering.message import Choice, Message

__all__ = ["Answering", "message_of"]

_log = logging.getLogger(__name__)
_AT_ONCE = 16


class Answering:
    """Takes messages out of the inbox and puts their answers in the outbox."""

    def __init__(
        self,
        assistant: Assistant,
        channels: Mapping[str, Channel],
        store: Store,
        *,
        now: Callable[[], float],
        rng: random.Random,
        backoff: Backoff | None = None,
    ) -> None:
        """Answer for `channels`, by name."""
        self._assistant = assistant
        self._channels = channels
        self._store = store
        self._now = now
        self._rng = rng
        self._backoff = backoff or Backoff(base_s=0.5, cap_s=30.0, most_tries=6)

    def step(self) -> int:
        """Answer what waits, a few messages at most; return how many were taken.

        Raises:
            StoreError: the database cannot be reached: nothing is lost, it is for another time.
        """
        rows = self._store.inbox.claim(_AT_ONCE)
        for row in rows:
            try:
                self._handle(row)
            except Lost:
                _log.warning("inbox.lost channel=%s", row.channel)
            except StoreError:
                raise
            except Exception as error:  # one message must not stop those of the others
                _log.exception("inbox.failed channel=%s", row.channel)
                self._failed(row, type(error).__name__)
        return len(rows)

    def _handle(self, row: sa.Row[tuple[object, ...]]) -> None:
        channel = self._channels.get(row.channel)
        if channel is None:
            # A channel taken out of the settings: its messages wait to be looked at.
            with self._store.database.begin() as connection:
                self._store.inbox.bury(connection, row.id, error="channel")
            return
        received = received_of(row)
        text = self._said(channel.name, received)
        if text is None:
            key = "channel_unreadable" if received.token is None else "channel_choice_gone"
            self._end(row, channel, received, _plain(self._assistant.wording.say(key)))
            return
        turn = self._assistant.turn(
            UserMessage(
                sender=f"{channel.name}:{received.peer}",
                text=text[:LONGEST_MESSAGE],
                channel=channel.name,
                site=channel.site,
                message_id=received.event_id,
            )
        )
        self._end(row, channel, received, turn.answer, is_erased=turn.is_erased)

    def _said(self, channel: str, received: Received) -> str | None:
        """Return what the person says: the payload of a choice, or what was typed."""
        choices = self._store.choices
        if received.token is not None:
            return choices.pressed(channel, received.peer, received.token)
        if received.text is None or not received.text.strip():
            return None
        return choices.typed(channel, received.peer, received.text) or received.text

    def _end(
        self,
        row: sa.Row[tuple[object, ...]],
        channel: Channel,
        received: Received,
        answer: Answer,
        *,
        is_erased: bool = False,
    ) -> None:
        offered = choices_of(answer)
        message = message_of(answer, tuple(choice for choice, _ in offered), self._assistant)
        calls = channel.render(message, received)
        window_s = channel.capabilities.window_s
        ends = None if window_s is None else row.made + window_s
        with self._store.database.begin() as connection:
            self._store.inbox.finish(connection, row.id, state="done", body=None)
            if is_erased:
                self._store.forget(connection, channel.name, received.peer)
            self._store.choices.keep(connection, channel.name, received.peer, offered, row.id)
            self._store.post(connection, channel.name, received.peer, calls, window_ends=ends)

    def _failed(self, row: sa.Row[tuple[object, ...]], error: str) -> None:
        tries = row.tries + 1
        try:
            if tries >= self._backoff.most_tries:
                self._give_up(row, error)
                return
            due = self._now() + self._backoff.wait_s(tries, self._rng)
            with self._store.database.begin() as connection:
                self._store.inbox.postpone(connection, row.id, due=due, error=error)
        except Lost:
            _log.warning("inbox.lost channel=%s", row.channel)

    def _give_up(self, row: sa.Row[tuple[object, ...]], error: str) -> None:
        """Say that it did not work, rather than nothing."""
        _log.error("inbox.dead channel=%s error=%s", row.channel, error)
        channel = self._channels[row.channel]
        sorry = _plain(self._assistant.wording.say("channel_failed"))
        calls = channel.render(message_of(sorry, (), self._assistant), received_of(row))
        with self._store.database.begin() as connection:
            self._store.inbox.bury(connection, row.id, error=error)
            self._store.post(connection, row.channel, row.peer, calls, window_ends=None)


def message_of(answer: Answer, choices: tuple[Choice, ...], assistant: Assistant) -> Message:
    """Return what a channel renders of an answer: its sources too, where its text has none."""
    links = [_link(source) for source in answer.sources if source.url not in answer.text]
    say = assistant.wording.say
    sources = f"\n\n{say('channel_sources', links=', '.join(links))}" if links else ""
    return Message(
        text=f"{answer.text}{sources}",
        choices=choices,
        numbers_intro=say("channel_numbers"),
        menu_label=say("channel_menu"),
    )


def _link(source: Citation) -> str:
    licence = f" ({source.licence})" if source.licence else ""
    return f"[{source.title}]({source.url}){licence}"


def _plain(text: str) -> Answer:
    return Answer(kind=AnswerKind.FALLBACK, intent="hors_sujet", text=text)
