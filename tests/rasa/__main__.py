"""`make rasa-test`: a real Rasa 3.6.21, trained on what we export, plays our dialogues.

Its answers come from `balise actions` and must be ours. Rasa chooses the action by its own
understanding: where it errs, the answer differs, and the dialogue is told.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from bot.assistant import Assistant, build_assistant
from bot.evaluation.dialogue_file import Dialogue, dialogue_files, read_dialogues
from bot.messages import UserMessage
from bot.settings import Settings, packaged_folder
from tests.conftest import ROOT

LEAST_SAME = 20
MOST_PLAYED = 60
RASA_PORT, ACTIONS_PORT = 5006, 5055
START_S = 180.0
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


def main(arguments: Sequence[str]) -> int:
    """Train, play, print what was done; return 0 when enough dialogues have the same answers."""
    rasa = Path(arguments[0]).absolute() / "rasa"
    if not rasa.is_file():
        print(f"{rasa} is absent: run `make rasa-test`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="balise-rasa-") as made:
        project = Path(made) / "project"
        balise = [sys.executable, "-m", "bot.cli.main"]
        _run([*balise, "export", "rasa", str(project)], ROOT)
        for command in (["data", "validate"], ["train"]):
            start = time.perf_counter()
            _run([str(rasa), *command], project)
            print(f"rasa {' '.join(command)}: {time.perf_counter() - start:.0f} s")
        actions = [*balise, "actions", "--port", str(ACTIONS_PORT)]
        server = [str(rasa), "run", "-i", "127.0.0.1", "-p", str(RASA_PORT)]
        with (
            _running(actions, ROOT, f"http://127.0.0.1:{ACTIONS_PORT}/health"),
            _running(server, project, f"http://127.0.0.1:{RASA_PORT}/webhooks/rest/"),
        ):
            return _play(Path(made))


def _play(cache: Path) -> int:
    settings = Settings(
        catalogue=(packaged_folder("seeds"),),
        intents=packaged_folder("intents"),
        state=None,
        cache=cache,
    )
    assistant = build_assistant(settings)
    found = [
        dialogue
        for path in dialogue_files([ROOT / "tests" / "cases" / "dialogues"])
        for dialogue in read_dialogues(path)
        if dialogue.catalogue == "seed" and not any(turn.is_press for turn in dialogue.turns)
    ]
    # Some of each file, in their order.
    played = found[:: max(1, len(found) // MOST_PLAYED)][:MOST_PLAYED]
    same = 0
    for dialogue in played:
        different = _first_difference(assistant, dialogue)
        same += different is None
        if different is not None:
            print(f"differs: « {dialogue.name} », at « {different} »")
    print(f"{same} dialogues of {len(played)} have the same answers, turn by turn")
    return 0 if same >= LEAST_SAME else 1


def _first_difference(assistant: Assistant, dialogue: Dialogue) -> str | None:
    """Return the first thing said that Rasa answers otherwise than we do, None when there is none."""
    url = f"http://127.0.0.1:{RASA_PORT}/webhooks/rest/webhook"
    for turn in dialogue.turns:
        message = UserMessage(sender=dialogue.name, text=turn.text, channel="rasa")
        ours = assistant.reply(message).text
        body = {"sender": dialogue.name, "message": turn.text}
        answers = requests.post(url, json=body, timeout=60).json()
        # Rasa cuts a text that has no button at its blank lines.
        if "\n\n".join(answer["text"] for answer in answers if "text" in answer) != ours:
            return turn.text
    return None


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **QUIET}, capture_output=True, check=False
    )
    if done.returncode:
        print(done.stdout.decode()[-3000:], done.stderr.decode()[-3000:], file=sys.stderr)
        raise SystemExit(done.returncode)


@contextmanager
def _running(command: Sequence[str], folder: Path, url: str) -> Iterator[None]:
    """Run a server until the block ends; wait until it answers."""
    environment = {**os.environ, **QUIET, "BALISE_STATE": ":memory:"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + START_S
        while not _answers(url):
            assert process.poll() is None, f"{command[0]} stopped"
            assert time.monotonic() < deadline, f"{url} does not answer"
            time.sleep(0.5)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
