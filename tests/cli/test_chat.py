"""`balise chat`: through a pipe, and on a terminal as a person has it."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.cli.chat import Chat
from bot.cli.terminal import Style
from bot.cli.words import command_words
from bot.evaluation.dialogue_file import read_dialogues
from tests.cli.command import BALISE, balise, environment

QUESTION = "quelles études pour être chargé de post-production ?"


@pytest.fixture
def chat(seed_assistant: Assistant) -> Chat:
    return Chat(seed_assistant, command_words(), Style(colours=False))


def test_a_conversation_through_a_pipe(model_cache: Path) -> None:
    typed = f"{QUESTION}\n1\n/debug\net le salaire ?\n/reset\net le salaire ?\n/quit\nbonjour\n"
    done = balise(model_cache, "chat", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout
    assert said.startswith("Bonjour ! Posez une question")
    assert said.endswith("Au revoir !\n")
    assert said.count("Au revoir !") == 1
    assert "[1] Quelles formations ?" in said
    assert "› Quelles formations ?\n\n" in said
    assert "Intentions : salaire" in said
    assert "métier en cours : MET.7984" in said
    assert "De quel métier parlez-vous ?" in said.partition("La conversation est oubliée.")[2]
    assert "\x1b" not in said


def test_the_end_of_the_input_is_a_goodbye(model_cache: Path) -> None:
    done = balise(model_cache, "chat", typed="bonjour")
    assert done.returncode == 0
    assert done.stdout.endswith("Au revoir !\n")


def test_bytes_that_are_no_text(model_cache: Path) -> None:
    done = subprocess.run(
        [*BALISE, "chat"],
        input=b"\xe9tudes \x00\x1b[31m\xff\n" + b"a" * 5000 + b"\n\n",
        capture_output=True,
        env=environment(model_cache),
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert b"trop long (5000 > 2000" in done.stdout


def test_a_button_pressed_by_its_number(chat: Chat) -> None:
    said = chat.hear(QUESTION)
    assert said is not None
    offered = re.findall(r"^\[(\d)\] (.+)$", said, re.MULTILINE)
    assert [number for number, _ in offered] == ["1", "2", "3"]
    pressed = chat.hear("2")
    assert pressed is not None
    assert pressed.startswith(f"› {offered[1][1]}\n\n")


@pytest.mark.parametrize("number", ["0", "4", "99", "9" * 5000])
def test_a_number_that_no_button_has(chat: Chat, number: str) -> None:
    chat.hear(QUESTION)
    assert "choisissez entre 1 et 3" in str(chat.hear(number))


def test_a_number_without_buttons_is_a_message(chat: Chat) -> None:
    assert "bouton" not in str(chat.hear("2"))


def test_commands(chat: Chat) -> None:
    assert "/debug" in str(chat.hear("/aide"))
    assert "/efface n'existe pas" in str(chat.hear("/efface"))
    assert "sont affichées" in str(chat.hear("/debug"))
    assert "Temps : " in str(chat.hear("bonjour"))
    assert "sont cachées" in str(chat.hear("/debug"))
    assert "Temps : " not in str(chat.hear("bonjour"))
    assert chat.hear("   ") == ""
    assert chat.hear("/quit") is None


def test_a_payload_may_be_typed(chat: Chat) -> None:
    assert "BTS" in str(chat.hear('/etudes{"metier": "MET.7984"}'))


def test_two_conversations_are_apart(seed_assistant: Assistant) -> None:
    words = command_words()
    first, second = (Chat(seed_assistant, words, Style(colours=False)) for _ in range(2))
    first.hear(QUESTION)
    assert "De quel métier parlez-vous ?" in str(second.hear("ça gagne combien ?"))


class Terminal:
    """`balise chat` on a terminal of its own."""

    def __init__(self, cache: Path, **changed: str) -> None:
        self._screen, inside = pty.openpty()
        self.seen = ""
        self.process = subprocess.Popen(
            [*BALISE, "chat"],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env=environment(cache, TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1", **changed),
            start_new_session=True,
        )
        os.close(inside)

    def type(self, keys: str) -> None:
        os.write(self._screen, keys.encode("utf-8", "surrogateescape"))

    def wait_for(self, text: str, *, timeout_s: float = 60) -> str:
        """Read the screen until it shows a text; return what it has shown since the last call."""
        end = time.monotonic() + timeout_s
        while text not in self.seen:
            ready, _, _ = select.select([self._screen], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} not shown, but {self.seen!r}"
            self.seen += os.read(self._screen, 65536).decode("utf-8", "replace")
        before, _, self.seen = self.seen.partition(text)
        return before + text

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._screen)


@pytest.fixture
def terminal(model_cache: Path, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(model_cache, BALISE_STATE=str(tmp_path / "balise" / "state.sqlite"))
    yield terminal
    terminal.close()


PROMPT = "vous >"


def test_a_conversation_on_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for(PROMPT)
    # Typed with a mistake, mended with the arrow keys.
    terminal.type("ça gagn combien chargé de post-production ?" + "\x1b[D" * 36 + "e\r")
    shown = terminal.wait_for("[1]")
    assert "ne dit rien sur le salaire" in shown
    assert "\x1b[1m" in shown  # bold, on a terminal
    terminal.wait_for(PROMPT)
    terminal.type("1\r")
    terminal.wait_for("BTS")
    terminal.wait_for(PROMPT)
    terminal.type("\x04")
    terminal.wait_for("Au revoir !")
    assert terminal.process.wait(timeout=20) == 0
    # What was typed is in no file.
    assert list(tmp_path.iterdir()) == []


def test_a_recording_ends_with_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "d.yml"
    terminal.wait_for(PROMPT)
    terminal.type(f"/record {path}\r")
    terminal.wait_for("s'enregistre")
    terminal.wait_for(PROMPT)
    # A byte that is no text, as a terminal of another encoding sends.
    terminal.type("m\udce9tier\r")
    terminal.wait_for(PROMPT)
    terminal.wait_for(PROMPT)
    terminal.type("\x04")
    assert "(messages : 1)" in terminal.wait_for("Au revoir !")
    (dialogue,) = read_dialogues(path)
    assert dialogue.turns[0].text == "m\ufffdtier"


def test_ctrl_c_ends_cleanly(terminal: Terminal) -> None:
    terminal.wait_for(PROMPT)
    terminal.type("une question que je n'envoie p\x03")
    shown = terminal.wait_for("Au revoir !")
    assert "Traceback" not in shown
    assert terminal.process.wait(timeout=20) == 0


def test_an_interruption_while_reading_a_pipe(model_cache: Path) -> None:
    process = subprocess.Popen(
        [*BALISE, "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(model_cache),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"bonjour\n")
    process.stdin.flush()
    while "Quel métier" not in process.stdout.readline().decode():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, b"")
    assert out.decode().endswith("Au revoir !\n")


def test_no_colour_on_demand(model_cache: Path) -> None:
    terminal = Terminal(model_cache, NO_COLOR="1")
    try:
        terminal.wait_for(PROMPT)
        terminal.type(f"{QUESTION}\r")
        assert "\x1b[36m" not in terminal.wait_for("Quelles formations ?")
    finally:
        terminal.close()
