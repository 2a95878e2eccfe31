"""The page at `/`: what Balise is, and a conversation that needs no JavaScript.

The server keeps no text: the conversation shown is carried by the page itself, in a hidden
field signed so that nobody can put words in our mouth, and cut to its last turns.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer

from bot.answers.answer import Answer, Button
from bot.assistant import Assistant
from bot.messages import UserMessage
from webhook.channels.channel import LONGEST_MESSAGE
from webhook.edge.rate_limits import RateLimits
from webhook.metrics import Metrics
from webhook.pages.embedding import snippet
from webhook.pages.job_list import ways_in
from webhook.problems import TooMany
from webhook.rendering.html import to_html
from webhook.widget.routes import script_address

__all__ = ["add_routes"]

_MOST_TURNS = 6
_EXAMPLES = (
    "pages_example_studies", "pages_example_search", "pages_example_comparison",
    "pages_example_help",
)  # fmt: skip
_Turn = dict[str, object]


@dataclass(slots=True)
class _Conversation:
    """What the page carries: who speaks, and the last turns."""

    sender: str
    turns: list[_Turn]


def add_routes(
    pages: Blueprint, assistant: Assistant, metrics: Metrics, limits: RateLimits, secret: str
) -> None:
    """Add `/` to the pages; `secret` signs the conversation that it carries."""
    signer = URLSafeSerializer(secret, salt="conversation")

    def show(held: _Conversation, note: str = "") -> str:
        return render_template(
            "home.html",
            turns=held.turns,
            state=signer.dumps({"sender": held.sender, "turns": held.turns}),
            note=note,
            to_html=to_html,
            longest=LONGEST_MESSAGE,
            fiches=sum(fiche.is_told for fiche in assistant.catalogue),
            ways_in=ways_in(assistant.catalogue),
            examples=[assistant.wording.say(key) for key in _EXAMPLES],
            snippet=_snippet(assistant),
            # A conversation begun without the script goes on without it.
            widget=None if held.turns else script_address(),
        )

    def say(held: _Conversation, text: str, title: str = "") -> None:
        turn = assistant.turn(UserMessage(sender=held.sender, text=text, channel="page"))
        metrics.answered(turn.answer.kind.value, turn.elapsed_ms)
        # What the page carries is a memory too: an erased conversation begins anew.
        before = [] if turn.is_erased else held.turns
        held.turns = [*before, _turn(title or text, turn.answer)][-_MOST_TURNS:]

    @pages.get("/")
    def start() -> str:
        return show(_Conversation(_new_sender(), []))

    @pages.post("/")
    def ask() -> Response:
        held = _restore(signer, request.form.get("state", ""))
        # A button has a name and a payload; a press carries both.
        pressed, _, title = request.form.get("press", "").partition("\n")
        text = pressed or request.form.get("message", "").strip()
        if len(text) > LONGEST_MESSAGE:
            return make_response(show(held, assistant.wording.say("http_long_message")))
        fiche = assistant.catalogue.get(request.form.get("metier", ""))
        try:
            limits.check(sender=held.sender, address=request.remote_addr)
        except TooMany as error:
            note = assistant.wording.say("http_too_many", seconds=error.wait_s)
            response = make_response(show(held, note), HTTPStatus.TOO_MANY_REQUESTS)
            response.headers["Retry-After"] = str(error.wait_s)
            return response
        if fiche is not None:
            # A question put from the page of a job begins by that job.
            opening = Button.to(fiche.name, "presentation", {"metier": fiche.id})
            say(held, opening.payload, opening.title)
        if text:
            say(held, text, title)
        return make_response(show(held))


def _snippet(assistant: Assistant) -> str:
    """The lines to copy, for the site of the settings that the address names."""
    name = request.args.get("site", "")
    site = assistant.settings.sites.get(name)
    return snippet(request.url_root, name if site else "", site)


def _new_sender() -> str:
    return f"page-{secrets.token_urlsafe(12)}"


def _restore(signer: URLSafeSerializer, state: str) -> _Conversation:
    try:
        carried = signer.loads(state)
        return _Conversation(str(carried["sender"]), list(carried["turns"]))
    except (BadSignature, KeyError, TypeError):
        # Forged, cut, or signed before a restart: a new conversation begins.
        return _Conversation(_new_sender(), [])


def _turn(said: str, answer: Answer) -> _Turn:
    return {
        "said": said,
        "text": answer.text,
        "kind": answer.kind.value,
        "buttons": [[button.title, button.payload] for button in answer.buttons],
    }
