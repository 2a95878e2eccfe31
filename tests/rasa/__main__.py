"""`make rasa-test`: a real Rasa 3.6.21, trained on what is ours, plays our dialogues.

The exported project is validated and trained. Then Rasa is trained on `intents/` as it is, with the
files of docs/rasa, and plays; its answers come from `balise actions` and must be ours. Rasa
chooses the action by its own understanding: where it errs, the answer differs, and the dialogue is
told.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import requests

from bot.assistant import Assistant, build_assistant
from bot.evaluation.dialogue_file import Dialogue, dialogue_files, read_dialogues
from bot.messages import UserMessage
from bot.settings import Settings, packaged_folder
from tests.conftest import ROOT, SEEDS
from tests.rasa.systems import balise_command, rasa, run

LEAST_SAME = 20
MOST_PLAYED = 60
SHIPPED = ROOT / "docs" / "rasa"


def main(arguments: Sequence[str]) -> int:
    """Train, play, print what was done; return 0 when enough dialogues have the same answers."""
    bin_folder = Path(arguments[0]).absolute()
    if not (bin_folder / "rasa").is_file():
        print(f"{bin_folder}/rasa is absent: run `make rasa-test`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="balise-rasa-") as made:
        folder = Path(made)
        project = folder / "project"
        run(balise_command("--catalogue", str(SEEDS), "export", "rasa", str(project)), ROOT)
        told = _Told(bin_folder / "rasa")
        told.run("the exported project", ["data", "validate"], project)
        told.run("the exported project", ["train"], project)
        data = ["--data", str(ROOT / "intents"), str(SHIPPED / "rules.yml")]
        domain = ["--domain", str(SHIPPED / "domain.yml")]
        config = ["--config", str(SHIPPED / "config.yml")]
        told.run("intents/", ["data", "validate", *data, *domain, *config], folder)
        told.run("intents/", ["train", *data, *domain, *config, "--out", "models"], folder)
        options = [
            *("--endpoints", str(SHIPPED / "endpoints.yml")),
            *("--credentials", str(SHIPPED / "credentials.yml")),
        ]
        with rasa(bin_folder, folder, SEEDS, folder / "cache", options=options) as system:
            return _play(folder / "cache", system.port)


class _Told:
    """Runs commands of Rasa and tells how long each took."""

    def __init__(self, command: Path) -> None:
        self._command = command

    def run(self, what: str, arguments: Sequence[str], folder: Path) -> None:
        """Run a command to its end, in a folder."""
        start = time.perf_counter()
        run([str(self._command), *arguments], folder)
        named = " ".join(one for one in arguments[:2] if not one.startswith("-"))
        print(f"rasa {named}, {what}: {time.perf_counter() - start:.0f} s", flush=True)


def _play(cache: Path, port: int) -> int:
    settings = Settings(
        catalogue=(SEEDS,), intents=packaged_folder("intents"), state=None, cache=cache
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
        different = _first_difference(assistant, dialogue, port)
        same += different is None
        if different is not None:
            print(f"differs: « {dialogue.name} », at « {different} »")
    print(f"{same} dialogues of {len(played)} have the same answers, turn by turn")
    return 0 if same >= LEAST_SAME else 1


def _first_difference(assistant: Assistant, dialogue: Dialogue, port: int) -> str | None:
    """Return the first thing said that Rasa answers otherwise than we do, None when there is none."""
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    for turn in dialogue.turns:
        message = UserMessage(sender=dialogue.name, text=turn.text, channel="rasa")
        ours = assistant.reply(message).text
        body = {"sender": dialogue.name, "message": turn.text}
        answers = requests.post(url, json=body, timeout=60).json()
        # Rasa cuts a text that has no button at its blank lines.
        if "\n\n".join(answer["text"] for answer in answers if "text" in answer) != ours:
            return turn.text
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
