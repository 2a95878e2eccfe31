"""Instagram: Messenger's rules, and a text of 1,000 bytes."""

from __future__ import annotations

from tests.webhook.channels.platforms.messenger import Messenger
from webhook.rendering.message import Unit


class Instagram(Messenger):
    limit, unit = 1000, Unit.BYTES


PLATFORM = Instagram()
