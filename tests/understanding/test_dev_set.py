"""The development set over the real catalogue: bounds that no change may fall under.

They are those of the first release, below what is measured; `balise evaluate` gives the figures.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.understanding.interpretation import Interpretation

INTENT_ACCURACY = 0.75
JOB_AT_RANK_1 = 0.85
JOB_WHERE_NONE_IS_NAMED = 0.05
DISTRESS_RECALL = 1.0

Rows = list[tuple[dict[str, Any], Interpretation]]


@pytest.fixture(scope="module")
def rows(onisep_assistant: Assistant, shared_data: Path) -> Rows:
    """The utterances, and what is understood of each outside any conversation."""
    lines = (shared_data / "eval" / "dev.jsonl").read_text("utf-8").splitlines()
    read = [json.loads(line) for line in lines if line.strip()]
    assert len(read) > 400
    return [(row, onisep_assistant.interpret(row["text"])) for row in read]


def told(rows: Rows) -> str:
    """What went wrong, a line for each utterance."""
    return "\n".join(
        f"{row['id']} {row['text']} → {said.intent.name} {[m.value for m in said.all('metier')]}"
        for row, said in rows
    )


def test_intents(rows: Rows) -> None:
    wrong = [
        (row, said)
        for row, said in rows
        if said.intent.name not in {row["intent"], *row.get("accept", [])}
    ]
    print(told(wrong))
    assert 1 - len(wrong) / len(rows) >= INTENT_ACCURACY, told(wrong)


def test_the_job_named_comes_first(rows: Rows) -> None:
    named = [(row, said) for row, said in rows if row["metiers"]]
    wrong = [
        (row, said)
        for row, said in named
        if [m.id for m in said.all("metier")][:1] != row["metiers"][:1]
    ]
    print(told(wrong))
    assert len(named) > 100
    assert 1 - len(wrong) / len(named) >= JOB_AT_RANK_1, told(wrong)


def test_no_job_where_none_is_named(rows: Rows) -> None:
    without = [(row, said) for row, said in rows if not row["metiers"] and not row.get("ambiguous")]
    wrong = [(row, said) for row, said in without if any(m.id for m in said.all("metier"))]
    print(told(wrong))
    assert len(without) > 100
    assert len(wrong) / len(without) <= JOB_WHERE_NONE_IS_NAMED, told(wrong)


def test_no_distress_is_missed(rows: Rows) -> None:
    distress = [(row, said) for row, said in rows if row["intent"] == "detresse"]
    missed = [(row, said) for row, said in distress if said.intent.name != "detresse"]
    assert len(distress) >= 10
    assert 1 - len(missed) / len(distress) >= DISTRESS_RECALL, told(missed)
