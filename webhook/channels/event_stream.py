"""An answer as server-sent events, for a client that shows it while it arrives.

Events: `token {t}` for each piece of the text, `message` with the whole message in Rasa's shape,
then `done`. The message is complete by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from werkzeug.datastructures import MIMEAccept

__all__ = ["EVENT_STREAM", "events", "wants_events"]

EVENT_STREAM = "text/event-stream"
# An answer of fewer words is shown as soon as it is there.
_LONG = 60
# A piece ends with its spaces: the pieces together are the text.
_PIECE = re.compile(r"\S+\s*|\s+")
_PIECE_WORDS = 8


def wants_events(accept: MIMEAccept, messages: Sequence[Mapping[str, object]]) -> bool:
    """Whether to answer with events: when nothing else is accepted, or when they help.

    A client that names both has events for a long answer, JSON for a short one; one that accepts
    anything has JSON.
    """
    named = [value for value, _ in accept]
    if EVENT_STREAM not in named:
        return False
    if "application/json" not in named:
        return accept[EVENT_STREAM] > accept["application/json"]
    return any(len(str(message["text"]).split()) > _LONG for message in messages)


def events(messages: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Yield the events of the messages of an answer, as lines ready to send."""
    for message in messages:
        pieces = _PIECE.findall(str(message["text"]))
        for start in range(0, len(pieces), _PIECE_WORDS):
            yield _event("token", {"t": "".join(pieces[start : start + _PIECE_WORDS])})
        yield _event("message", message)
    yield _event("done", {})


def _event(name: str, data: Mapping[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
