"""The page at `/`: a conversation that needs no JavaScript.

The server keeps no text: the conversation shown is carried by the page itself, in a hidden
field signed so that nobody can put words in our mouth, and cut to its last turns.
"""

from __future__ import annotations

import secrets

from flask import Blueprint, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer

from bot.answers.answer import Answer
from bot.assistant import Assistant
from bot.messages import UserMessage
from webhook.channels.channel import LONGEST_MESSAGE
from webhook.metrics import Metrics
from webhook.widget.markup import to_html

__all__ = ["blueprint"]

_MOST_TURNS = 6
_Turn = dict[str, object]


def blueprint(assistant: Assistant, metrics: Metrics, secret: str) -> Blueprint:
    """Return the page; `secret` signs the conversation that it carries."""
    signer = URLSafeSerializer(secret, salt="conversation")
    pages = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static",
        static_url_path="/static",
    )  # fmt: skip

    def show(sender: str, turns: list[_Turn], note: str = "") -> str:
        state = signer.dumps({"sender": sender, "turns": turns})
        return render_template(
            "page.html",
            turns=turns,
            state=state,
            note=note,
            to_html=to_html,
            longest=LONGEST_MESSAGE,
            fiches=len(assistant.catalogue),
            say=assistant.wording.say,
        )

    @pages.get("/")
    def start() -> str:
        return show(_new_sender(), [])

    @pages.post("/")
    def ask() -> str:
        sender, turns = _restore(signer, request.form.get("state", ""))
        # A button has a name and a payload; a press carries both.
        pressed, _, title = request.form.get("press", "").partition("\n")
        text = pressed or request.form.get("message", "").strip()
        if not text:
            return show(sender, turns)
        if len(text) > LONGEST_MESSAGE:
            return show(sender, turns, note=assistant.wording.say("http_long_message"))
        message = UserMessage(sender=sender, text=text, channel="page")
        turn = assistant.turn(message)
        metrics.answered(turn.answer.kind.value, turn.elapsed_ms)
        # What the page carries is a memory too: an erased conversation begins anew.
        before = [] if turn.is_erased else turns
        turns = [*before, _turn(title or text, turn.answer)][-_MOST_TURNS:]
        return show(sender, turns)

    return pages


def _new_sender() -> str:
    return f"page-{secrets.token_urlsafe(12)}"


def _restore(signer: URLSafeSerializer, state: str) -> tuple[str, list[_Turn]]:
    try:
        carried = signer.loads(state)
        return str(carried["sender"]), list(carried["turns"])
    except (BadSignature, KeyError, TypeError):
        # Forged, cut, or signed before a restart: a new conversation begins.
        return _new_sender(), []


def _turn(said: str, answer: Answer) -> _Turn:
    return {
        "said": said,
        "text": answer.text,
        "kind": answer.kind.value,
        "buttons": [[button.title, button.payload] for button in answer.buttons],
    }
