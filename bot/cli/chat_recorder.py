"""`/record` of `balise chat`: the conversation becomes a dialogue that `balise test` replays."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from bot.answers.wording import Wording
from bot.cli.words import error_lines
from bot.errors import FileError
from bot.evaluation.dialogue_file import DEFAULT_CATALOGUE, ScriptedTurn
from bot.evaluation.dialogue_recording import Recording
from bot.settings import Settings, packaged_folder

__all__ = ["ChatRecorder"]

# No name of a file has any on purpose, and the terminal would obey those that are said back.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class ChatRecorder:
    """Remembers the conversation under way, and records it when asked; returns what to say.

    A dialogue is replayed from nothing: it holds the conversation from its first message, even
    when the recording is asked for later.
    """

    def __init__(self, settings: Settings, words: Wording) -> None:
        """Record nothing yet; `settings` are those of the assistant talked to."""
        self._words = words
        self._turns: list[ScriptedTurn] = []
        self._current: Recording | None = None
        # A file named again goes on with the dialogue that it holds.
        self._begun: dict[Path, Recording] = {}
        # Only the packaged catalogue has a name that a dialogue can give.
        is_packaged = settings.catalogue == (packaged_folder("seeds"),)
        self._catalogue = "seed" if is_packaged else DEFAULT_CATALOGUE
        self._sources = () if is_packaged else settings.catalogue

    def command(self, argument: str) -> str:
        """Carry out `/record FILE`, or `/record` alone (or `stop`), which ends the recording."""
        if argument not in {"", "stop"}:
            return self._start(_path(argument))
        if self._current is None:
            return self._words.say("chat_record_needs_file")
        return self._stop(self._current)

    def hear(self, turn: ScriptedTurn) -> str:
        """Take a turn; return what to say if it could not be written, else nothing."""
        self._turns.append(turn)
        error = self._keep(self._current)
        return self._words.say("chat_record_failed", problem=error) if error else ""

    def reset(self) -> str:
        """End the conversation, not the recording: the next one is another dialogue of the file."""
        current, said = self._current, ""
        if current is not None and self._turns:
            kept = self._words.say("chat_record_next", path=current.path)
            said = self._lost(current) or kept
        self._turns, self._begun = [], {}
        if current is not None:
            current.next()
            self._begun[current.path] = current
        return said

    def leave(self) -> str:
        """End the conversation for good."""
        current = self._current
        return "" if current is None else self._lost(current) or self._done(current)

    def _start(self, path: Path) -> str:
        try:
            recording = self._begun.get(path) or Recording(path, catalogue=self._catalogue)
            recording.keep(self._turns)
        except FileError as error:
            return self._words.say("chat_record_refused", problem=self._problem(error))
        self._current = self._begun[path] = recording
        return self._words.say("chat_record_on", path=path)

    def _stop(self, recording: Recording) -> str:
        error = self._keep(recording)
        if error:
            return self._words.say("chat_record_failed", problem=error)
        self._current = None
        return self._done(recording)

    def _keep(self, recording: Recording | None) -> str:
        """Write the conversation; return what prevents it."""
        try:
            if recording is not None:
                recording.keep(self._turns)
        except FileError as error:
            return self._problem(error)
        return ""

    def _lost(self, recording: Recording) -> str:
        """Return the whole conversation if it cannot be written, else nothing."""
        error = self._keep(recording)
        text = recording.text(self._turns) if error else ""
        return error and self._words.say("chat_record_lost", problem=error, text=text)

    def _done(self, recording: Recording) -> str:
        if not self._turns:
            return self._words.say("chat_record_empty", path=recording.path)
        options = [part for source in self._sources for part in ("--catalogue", str(source))]
        return self._words.say(
            "chat_record_off",
            path=recording.path,
            count=len(self._turns),
            command=shlex.join(["balise", "test", str(recording.path), *options]),
        )

    def _problem(self, error: FileError) -> str:
        return "\n".join(error_lines(error, self._words))


def _path(argument: str) -> Path:
    """Read a path as it is typed: between quotes or not, `~` for the home folder."""
    typed = _CONTROLS.sub("", argument)
    is_quoted = len(typed) > 2 and typed[0] == typed[-1] and typed[0] in "\"'"
    path = Path(typed[1:-1] if is_quoted else typed)
    try:
        return path.expanduser()
    except RuntimeError:  # nobody has that name
        return path
