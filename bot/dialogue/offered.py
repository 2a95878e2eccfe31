"""The buttons on screen, and which of them is meant by what is typed instead of pressed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from bot.dialogue.decision import RunAction
from bot.dialogue.intents import INTENTS
from bot.dialogue.said import ARGUMENTS, plain_words
from bot.understanding.normalisation import stem

__all__ = ["meant_button", "pressed", "titled_button"]

Offered = Sequence[tuple[str, str]]

_PAYLOAD = re.compile(r"/([a-z_]+)(\{.*\})?", re.DOTALL)
# Words that choose nothing by themselves: « plutôt celui de ligne » names « ligne ».
_LIGHT = frozenset(
    "le la les l' un une des du de d' et ou a au aux en celui celle ceux je j' veux prefere prends "
    "choisis plutot alors ben bah euh c' est ce plus ? oui ok stp svp pour sur dans qui que "
    "quel quelle quels quelles".split()
)
_MOST_WORDS = 4


def titled_button(text: str, offered: Offered) -> str | None:
    """Return the payload of the button whose title is typed whole, or None."""
    typed = _roots(text)
    found = {payload for title, payload in offered if typed and _roots(title) == typed}
    return found.pop() if len(found) == 1 else None


def meant_button(text: str, offered: Offered) -> str | None:
    """Return the payload of the button whose title holds the few words typed, or None.

    Of several, the one that says least besides: « de ligne » is « pilote de ligne » rather than
    « pilote de ligne automatisée ».
    """
    typed = _telling(text)
    if not typed or len(typed) > _MOST_WORDS:
        return None
    titles = ((_telling(title), payload) for title, payload in offered)
    found = sorted((len(title), payload) for title, payload in titles if typed <= title)
    if len(found) > 1 and found[0][0] == found[1][0]:
        return None
    return found[0][1] if found else None


def pressed(payload: str) -> RunAction | None:
    """Return what a button of ours asks; None when it is of another version."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match[1] not in INTENTS:
        return None
    values = json.loads(match[2]) if match[2] else {}
    pairs = tuple(
        (str(name), str(item))
        for name, value in values.items()
        for item in (value if isinstance(value, list) else [value])
    )
    return RunAction(
        action=match[1],
        metiers=tuple(value for name, value in pairs if name == "metier"),
        arguments=tuple(pair for pair in pairs if pair[0] in ARGUMENTS),
    )


def _telling(text: str) -> frozenset[str]:
    return frozenset(root for root in _roots(text) if root not in _LIGHT)


def _roots(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in plain_words(text) if word != "?")
