"""`balise ask`: one question, one answer; nothing is kept."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from bot.answers.answer import Answer, AnswerKind
from bot.answers.wording import Wording
from bot.assistant import build_assistant
from bot.cli.french_parser import Subparsers
from bot.cli.reasons import reasons_of
from bot.cli.terminal import Style, wants_colours
from bot.cli.words import command_words
from bot.errors import ConfigurationError
from bot.evaluation.explanation import Explainer
from bot.messages import UserMessage
from bot.settings import Settings
from webhook.channels.channel import LONGEST_MESSAGE

__all__ = ["add_parser", "run"]

_SENDER = "terminal"
_NOT_UNDERSTOOD = 3


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise ask`."""
    parser = subparsers.add_parser(
        "ask", help=wording.say("cli_ask_help"), description=wording.say("cli_ask_description")
    )
    parser.add_argument(
        "question", nargs="+", metavar=wording.say("cli_question"),
        help=wording.say("cli_ask_question"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=wording.say("cli_ask_json"))
    parser.add_argument("--why", action="store_true", help=wording.say("cli_ask_why"))


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the answer; return 0, or 3 when the question was not understood.

    Raises:
        ConfigurationError: the question is empty or too long.
    """
    question = _question(args.question)
    assistant = build_assistant(dataclasses.replace(settings, state=None))
    channel = "rest" if args.json else "terminal"
    turn = assistant.turn(UserMessage(sender=_SENDER, text=question, channel=channel))
    if args.json:
        print(json.dumps(_messages(turn.answer), ensure_ascii=False, indent=2))
    else:
        print(_shown(turn.answer, Style(colours=wants_colours(sys.stdout))))
    if args.why:
        # With --json, stdout must stay one JSON value.
        out = sys.stderr if args.json else sys.stdout
        explainer = Explainer(assistant.interpreter, settings.intents)
        print("", *reasons_of(turn, command_words(), explainer), sep="\n", file=out)
    return _NOT_UNDERSTOOD if turn.answer.kind is AnswerKind.FALLBACK else 0


def _question(words: list[str]) -> str:
    # Bytes of the command line that are not text arrive as lone surrogates.
    text = " ".join(words).encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    if not text:
        raise ConfigurationError("question_empty")
    if len(text) > LONGEST_MESSAGE:
        raise ConfigurationError("question_too_long", f"{len(text)} > {LONGEST_MESSAGE}")
    return text


def _messages(answer: Answer) -> list[dict[str, object]]:
    # Imported here: Flask, which the channel needs, would slow every question down by a tenth.
    from webhook.channels.rest import render

    return render(answer, _SENDER)


def _shown(answer: Answer, style: Style) -> str:
    offers = [style.accent(f"→ {style.text(button.title)}") for button in answer.buttons]
    return "\n".join([style.text(answer.text), *([""] if offers else []), *offers])
