"""Plays the dialogues of `tests/cases/dialogues/`, the files that `balise test` plays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.evaluation.dialogue_file import Dialogue, read_dialogues
from bot.evaluation.dialogue_player import play_dialogue

CASES = Path(__file__).parents[1] / "cases" / "dialogues"
DIALOGUES = [dialogue for path in sorted(CASES.glob("*.yml")) for dialogue in read_dialogues(path)]


def test_there_are_dialogues() -> None:
    assert len(DIALOGUES) >= 40
    assert {dialogue.catalogue for dialogue in DIALOGUES} == {"seed", "onisep"}


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_dialogue(
    dialogue: Dialogue, seed_assistant: Assistant, onisep_assistant: Assistant
) -> None:
    assistant = seed_assistant if dialogue.catalogue == "seed" else onisep_assistant
    played = play_dialogue(dialogue, assistant, sender=f"dialogue-{dialogue.name}")
    assert not played.failures
