"""`balise chat`: a conversation in the terminal, or through a pipe, one message a line."""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
import uuid
from collections.abc import Callable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import InMemoryHistory

from bot.answers.answer import Button
from bot.answers.wording import Wording
from bot.assistant import Assistant, Turn, build_assistant
from bot.cli.chat_recorder import ChatRecorder
from bot.cli.french_parser import Subparsers
from bot.cli.reasons import reasons_of
from bot.cli.terminal import Style, wants_colours
from bot.cli.words import command_words
from bot.dialogue.intents import INTENTS
from bot.evaluation.dialogue_recording import recorded_turn
from bot.evaluation.explanation import Explainer
from bot.messages import UserMessage
from bot.settings import Settings
from webhook.channels.channel import LONGEST_MESSAGE

__all__ = ["Chat", "add_parser", "run"]

_PAYLOAD = re.compile(r"/([a-z_]+)\s*(\{.*\})?", re.DOTALL)


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise chat`."""
    subparsers.add_parser(
        "chat", help=wording.say("cli_chat_help"), description=wording.say("cli_chat_description")
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Talk until the person leaves; the conversation is kept in memory only."""
    words = command_words()
    assistant = build_assistant(dataclasses.replace(settings, state=None))
    style = Style(colours=wants_colours(sys.stdout))
    chat = Chat(assistant, words, style)
    try:
        print(words.say("chat_welcome"))
        _talk(chat, _lines(words, style))
        print(chat.leave())
    except (KeyboardInterrupt, EOFError):
        # Ctrl-C may be noticed late, while the first goodbye is being prepared.
        print(f"\n{chat.leave()}")
    return 0


def _talk(chat: Chat, lines: Iterator[str]) -> None:
    for line in lines:
        said = chat.hear(line)
        if said is None:
            return
        if said:
            print(f"\n{said}\n", flush=True)


def _lines(words: Wording, style: Style) -> Iterator[str]:
    """Yield what the person types: with editing on a terminal, else line by line."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        for raw in sys.stdin.buffer:
            yield raw.decode("utf-8", "replace")
        return
    # The lines typed can be called back, but no file keeps them.
    session: PromptSession[str] = PromptSession(history=InMemoryHistory())
    prompt = ANSI(style.strong(words.say("chat_prompt")) + " ")
    while True:
        # A terminal's bytes that are no text are handed over as half characters.
        yield session.prompt(prompt).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Chat:
    """One conversation: takes what is typed, returns what is shown."""

    def __init__(self, assistant: Assistant, words: Wording, style: Style) -> None:
        """Start a conversation that nobody else shares."""
        self._assistant = assistant
        self._words = words
        self._style = style
        self._sender = f"terminal-{uuid.uuid4().hex}"
        self._buttons: tuple[Button, ...] = ()
        self._explains = False
        self._explainer = Explainer(assistant.interpreter, assistant.settings.intents)
        self._recorder = ChatRecorder(assistant.settings, words)
        self._commands: dict[str, Callable[[], str | None]] = {
            "/quit": lambda: None,
            "/reset": self._reset,
            "/debug": self._switch_debug,
            "/aide": lambda: self._words.say("chat_help"),
        }

    def hear(self, line: str) -> str | None:
        """Answer a line: a command, the number of a button or a message; None to leave."""
        text = line.strip()
        if not text:
            return ""
        if text in self._commands:
            return self._commands[text]()
        command, *argument = text.split(maxsplit=1)
        if command == "/record":
            return self._recorder.command("".join(argument))
        if text.startswith("/") and not _is_payload(text):
            return self._words.say("chat_unknown_command", command=self._style.text(text))
        if self._buttons and text.isascii() and text.isdigit():
            return self._press(text)
        if len(text) > LONGEST_MESSAGE:
            return self._words.say(
                "error_question_too_long", detail=f"{len(text)} > {LONGEST_MESSAGE}"
            )
        return self._send(text)

    def leave(self) -> str:
        """End the conversation: what is recorded of it, and a goodbye."""
        said = (self._recorder.leave(), self._words.say("chat_goodbye"))
        return "\n".join(filter(None, said))

    def _press(self, number: str) -> str:
        count = len(self._buttons)
        if len(number) > 3 or not 1 <= int(number) <= count:
            return self._words.say("chat_no_such_button", number=number[:20], count=count)
        button = self._buttons[int(number) - 1]
        return f"{self._style.accent(f'› {button.title}')}\n\n{self._send(button.payload, button)}"

    def _send(self, text: str, button: Button | None = None) -> str:
        turn = self._assistant.turn(UserMessage(sender=self._sender, text=text, channel="terminal"))
        recorded = recorded_turn(text, turn.answer, button=button, offered=self._buttons)
        self._buttons = turn.answer.buttons
        problem = self._recorder.hear(recorded)
        return "\n".join([*self._shown(turn), *(["", problem] if problem else [])])

    def _shown(self, turn: Turn) -> Iterator[str]:
        yield self._style.text(turn.answer.text)
        if self._buttons:
            yield ""
        for number, button in enumerate(self._buttons, start=1):
            yield f"{self._style.accent(f'[{number}]')} {self._style.text(button.title)}"
        if self._explains:
            yield ""
            yield from map(self._style.faint, reasons_of(turn, self._words, self._explainer))

    def _reset(self) -> str:
        self._assistant.forget(self._sender)
        self._buttons = ()
        return "\n".join(filter(None, (self._words.say("chat_reset"), self._recorder.reset())))

    def _switch_debug(self) -> str:
        self._explains = not self._explains
        return self._words.say("chat_debug_on" if self._explains else "chat_debug_off")


def _is_payload(text: str) -> bool:
    match = _PAYLOAD.fullmatch(text)
    return match is not None and match[1] in INTENTS
