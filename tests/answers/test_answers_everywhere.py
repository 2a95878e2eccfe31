"""Every question about a field, on every real fiche: what no answer may ever look like."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pytest

from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext
from bot.answers.fiche_field import FIELD_ACTIONS
from bot.answers.quoting import sentences
from bot.answers.registry import answer
from bot.assistant import Assistant
from bot.catalogue.fiche import Fiche, Section
from bot.dialogue.decision import RunAction
from bot.dialogue.policy import decide
from bot.dialogue.tracker import Tracker
from tests.conftest import INTENTS, ROOT

# The fields that are quoted whole, by the question that they answer.
QUOTED = {
    "competences": "skills",
    "conditions_travail": "conditions",
    "salaire": "salary",
    "debouches": "job_market",
}
SAMPLED = 60
LINK = re.compile(r"\]\(https?://[^)\s]+\)")


def context_of(assistant: Assistant, tracker: Tracker | None = None) -> AnswerContext:
    """What an action looks at, in a conversation of ours."""
    return assistant.context(tracker or Tracker())


def ask(action: str, fiche: Fiche, context: AnswerContext, *, whole: bool = False) -> Answer:
    """Ask about a field: the short answer, or all that « en savoir plus » gives."""
    detail = (("detail", "oui"),) if whole else ()
    return answer(RunAction(action=action, metiers=(fiche.id,), arguments=detail), context).answer


@dataclass(frozen=True)
class Asked:
    """A question about a field of a fiche, and its answer."""

    fiche: Fiche
    action: str
    answer: Answer

    def __str__(self) -> str:
        return f"{self.action} {self.fiche.id}"

    @cached_property
    def source(self) -> str:
        """All the text of the fiche."""
        return "\n".join(texts(self.fiche))


def texts(fiche: Fiche) -> Iterator[str]:
    sections = [getattr(fiche, name) for name in ("presentation", "summary", "nature", "access")]
    sections += [getattr(fiche, name) for name in QUOTED.values()]
    yield from (section.text for section in sections if section is not None)
    for name in fiche.names():
        yield from name.forms()
    for path in fiche.study_paths:
        yield path.text
        yield path.entry or ""
    yield from (link.label for link in fiche.formations)
    yield from (*fiche.statuts, *fiche.centres_interet, *fiche.rome_codes, fiche.niveau_min or "")


@pytest.fixture(scope="module")
def fiches(onisep_assistant: Assistant) -> list[Fiche]:
    """The real fiches; the jobs that only a table knows have no field to ask about."""
    found = [fiche for fiche in onisep_assistant.catalogue if fiche.presentation or fiche.summary]
    assert len(found) == 893
    return found


@pytest.fixture(scope="module")
def asked(onisep_assistant: Assistant, fiches: list[Fiche]) -> list[Asked]:
    """Every question on every fiche: that none raises an error is already something."""
    context = context_of(onisep_assistant)
    assert len(FIELD_ACTIONS) == 13
    return [
        Asked(fiche=fiche, action=action, answer=ask(action, fiche, context))
        for fiche in fiches
        for action in FIELD_ACTIONS
    ]


@pytest.fixture(scope="module")
def whole(onisep_assistant: Assistant, fiches: list[Fiche]) -> list[Asked]:
    """Every question on every fiche, answered with all that the fiche tells."""
    context = context_of(onisep_assistant)
    return [
        Asked(fiche=fiche, action=action, answer=ask(action, fiche, context, whole=True))
        for fiche in fiches
        for action in FIELD_ACTIONS
    ]


@pytest.fixture(scope="module")
def sample(seed_assistant: Assistant, onisep_assistant: Assistant, fiches: list[Fiche]):
    """The fiche of `seeds/`, and real ones spread over the catalogue."""
    spread = fiches[:: len(fiches) // SAMPLED][:SAMPLED]
    assert len(spread) == SAMPLED
    return [
        *((seed_assistant, fiche) for fiche in seed_assistant.catalogue),
        *((onisep_assistant, fiche) for fiche in spread),
    ]


def wrong(asked: list[Asked], *failing: Asked) -> str:
    return f"{len(failing)} of {len(asked)}: " + ", ".join(map(str, failing[:12]))


# What an answer always has


def test_the_source_is_cited(asked: list[Asked]) -> None:
    for one in asked:
        (citation,) = one.answer.sources
        assert (citation.id, citation.url) == (one.fiche.id, one.fiche.source.url), one
        assert citation.url in one.answer.text, one
        assert citation.licence in one.answer.text, one


def test_it_is_about_the_job_asked(asked: list[Asked]) -> None:
    for one in asked:
        assert one.answer.kind is AnswerKind.ANSWER, one
        assert one.answer.intent == one.action, one
        assert one.answer.metiers == (one.fiche.id,), one


def test_a_field_is_answered_or_said_to_be_missing(asked: list[Asked]) -> None:
    for one in asked:
        said = (one.answer.fields, one.answer.missing)
        assert said in {((one.action,), ()), ((), (one.action,))}, one
        if one.action in QUOTED and getattr(one.fiche, QUOTED[one.action]) is not None:
            assert one.answer.missing == (), one


def test_an_answer_says_more_than_its_source(asked: list[Asked]) -> None:
    for one in asked:
        *paragraphs, source = one.answer.text.split("\n\n")
        assert source.startswith("Source"), one
        assert "".join(paragraphs).strip(), one


def test_its_custom_object_is_json(asked: list[Asked]) -> None:
    for one in asked:
        custom = json.loads(json.dumps(one.answer.custom()))
        assert custom["kind"] == "answer"
        assert custom["slots"] == list(one.answer.fields)


# What it never has


def test_no_blank_left_unfilled(asked: list[Asked]) -> None:
    failing = [one for one in asked if re.search(r"\{\w*\}|\bNone\b", one.answer.text)]
    assert not failing, wrong(asked, *failing)


def test_no_identifier_in_sight(asked: list[Asked]) -> None:
    """The link of the source holds it, and the question on the fiche asks for it."""
    failing = [
        one
        for one in asked
        if one.action != "fiche" and re.search(r"MET\.\d+|FOR\.\d+", LINK.sub("", one.answer.text))
    ]
    assert not failing, wrong(asked, *failing)


def test_no_empty_bullet_and_no_empty_paragraph(asked: list[Asked]) -> None:
    empty = re.compile(r"^\s*[-•]\s*$|\n{3,}|\*{4}|^\*\*\s+\*\*$|\A\s|\s\Z", re.MULTILINE)
    failing = [one for one in asked if empty.search(one.answer.text)]
    assert not failing, wrong(asked, *failing)


def test_no_double_space_but_the_source_s_own(asked: list[Asked]) -> None:
    failing = []
    for one in asked:
        ours = one.answer.text
        for line in one.source.split("\n") if "  " in ours else ():
            ours = ours.replace(line, "") if "  " in line else ours
        if "  " in ours:
            failing.append(one)
    assert not failing, wrong(asked, *failing)


# The text of a fiche is quoted unaltered


def test_a_section_is_quoted_whole(whole: list[Asked]) -> None:
    quoted = 0
    for one in whole:
        section = getattr(one.fiche, QUOTED.get(one.action, ""), None)
        if isinstance(section, Section):
            quoted += 1
            assert_pieces(one, section.text)
            for block in section.blocks:
                assert block.text in one.answer.text, one
    assert quoted > 500


def assert_pieces(one: Asked, source: str) -> None:
    """What stands between the introduction and the source comes from the field."""
    _, *paragraphs, _ = one.answer.text.split("\n\n")
    assert paragraphs, one
    for paragraph in paragraphs:
        bare = paragraph.removeprefix("**").removesuffix("**")
        assert paragraph in source or bare in source, one


def test_the_hints_of_the_summary_are_its_sentences(asked: list[Asked]) -> None:
    hinted = 0
    for one in asked:
        known = one.answer.fields and one.action in QUOTED
        if not known or getattr(one.fiche, QUOTED[one.action]) is not None:
            continue
        hinted += 1
        assert one.fiche.summary is not None
        _, quoted, _ = one.answer.text.split("\n\n")
        said = [
            sentence
            for paragraph in one.fiche.summary.paragraphs
            for sentence in sentences(paragraph)
        ]
        for line in quoted.split("\n"):
            assert line.removeprefix("- ") in said, one
    assert hinted > 100


def test_the_presentation_is_quoted_whole(whole: list[Asked]) -> None:
    for one in whole:
        if one.action == "presentation" and one.answer.fields:
            section = one.fiche.presentation or one.fiche.summary
            assert section is not None
            assert section.text in one.answer.text, one


def test_no_way_in_is_left_out_of_the_studies(asked: list[Asked], whole: list[Asked]) -> None:
    cut = 0
    for one, full in zip(asked, whole, strict=True):
        if one.action in {"etudes", "duree_etudes"}:
            for path in one.fiche.study_paths:
                assert (path.entry or "") in one.answer.text, one
            if one.answer.text != full.answer.text:
                cut += 1
                assert '"detail": "oui"' in one.answer.buttons[0].payload, one
                assert said_words(full.answer) > 90, one
    assert 100 < cut < 250


def said_words(answer: Answer) -> int:
    """The words before the source."""
    told = answer.text.rsplit("\n\n", 1)[0]
    return sum(any(character.isalnum() for character in word) for word in told.split())


BY_PATH = {"etudes", "duree_etudes"}


def offers_more(answer: Answer) -> bool:
    return any('"detail": "oui"' in button.payload for button in answer.buttons)


def is_least(one: Asked) -> bool:
    """Whether an answer is a single sentence, or one for each way in (the first has no name)."""
    told = [line for line in one.answer.text.rsplit("\n\n", 1)[0].split("\n") if line]
    headings = [line for line in told if line.startswith("**") or line.endswith(":")]
    said = sum(len(sentences(line)) for line in told if line not in headings)
    return said <= (len(one.fiche.study_paths) if one.action in BY_PATH else 1)


def test_sixty_words_come_before_more(asked: list[Asked]) -> None:
    """Or one sentence, or one under each heading, where these are longer already."""
    cut = [one for one in asked if offers_more(one.answer)]
    assert len(cut) > 2500
    for one in cut:
        if said_words(one.answer) > 60:
            assert is_least(one), one


def test_an_answer_with_nothing_more_is_short(asked: list[Asked]) -> None:
    """But a single sentence of the fiche, or the names of a job that has many."""
    for one in asked:
        if not offers_more(one.answer) and one.action != "appellations":
            is_short = said_words(one.answer) <= (90 if one.action in BY_PATH else 60)
            assert is_short or is_least(one), one


def test_every_clause_of_the_studies_is_quoted(whole: list[Asked]) -> None:
    told = 0
    for one in whole:
        if one.action in {"etudes", "duree_etudes"}:
            for path in one.fiche.study_paths:
                told += 1
                assert (path.entry or "") in one.answer.text, one
                for clause in path.durations:
                    assert clause.text.strip() in one.answer.text, one
    assert told > 1000


def test_every_label_of_a_list_is_quoted(whole: list[Asked]) -> None:
    for one in whole:
        labels = {
            "formations": [link.label for link in one.fiche.formations],
            "statuts": one.fiche.statuts,
            "centres_interet": one.fiche.centres_interet,
            "niveau_acces": [one.fiche.niveau_min] if one.fiche.niveau_min else [],
        }
        for label in labels.get(one.action, []):
            assert label in one.answer.text, one


# Buttons


def test_two_to_four_buttons_on_every_answer(asked: list[Asked]) -> None:
    failing = [one for one in asked if not 2 <= len(one.answer.buttons) <= 4]
    assert not failing, wrong(asked, *failing)
    for one in asked:
        titles = [button.title for button in one.answer.buttons]
        assert all(title.strip() for title in titles), one
        assert len(set(titles)) == len(titles), one


def press(button: Button, assistant: Assistant) -> Answer:
    tracker = Tracker()
    decision = decide(assistant.interpret(button.payload), tracker)
    return answer(decision, context_of(assistant, tracker)).answer


@pytest.mark.parametrize("action", FIELD_ACTIONS)
def test_every_button_has_a_real_answer(action: str, sample: list[tuple[Assistant, Fiche]]) -> None:
    for assistant, fiche in sample:
        said = ask(action, fiche, context_of(assistant))
        for button in said.buttons:
            pressed = press(button, assistant)
            assert pressed.kind is not AnswerKind.FALLBACK, (fiche.id, button)
            assert pressed.missing == (), (fiche.id, button)
            # Only « en savoir plus » asks the same again, and it must say more.
            asks_more = '"detail"' in button.payload
            assert (pressed.intent == action) == asks_more, (fiche.id, button)
            assert pressed.text != said.text, (fiche.id, button)
            assert pressed.metiers == (fiche.id,), (fiche.id, button)


# The same question in the same state has the same answer, to the byte


@pytest.mark.parametrize("action", FIELD_ACTIONS)
def test_asking_twice(action: str, sample: list[tuple[Assistant, Fiche]]) -> None:
    for assistant, fiche in sample:
        context = context_of(assistant, Tracker(turns=3, metier=fiche.id))
        first, second = ask(action, fiche, context), ask(action, fiche, context)
        assert repr(first) == repr(second)


SCRIPT = """
import hashlib, sys
from pathlib import Path
from bot.assistant import build_assistant
from bot.messages import UserMessage
from bot.settings import Settings
seeds, intents, cache, *fiches = map(Path, sys.argv[1:])
assistant = build_assistant(
    Settings(catalogue=(seeds, *fiches), intents=intents, state=None, cache=cache)
)
said = ["bonjour", "je veux travailler avec les animaux", "la suite", "métiers artistiques à bac + 2",
        "monteur", "je sais pas quoi faire", "tu connais quels métiers ?", "ingénieur", "chef"]
for fiche in assistant.catalogue:
    said += [f"c'est quoi {fiche.name} ?", "et les études ?", "des métiers proches ?", "quelles qualités ?",
             "on travaille la nuit ?", "il faut être bon en maths ?"]
digest = hashlib.sha256()
for text in said:
    turn = assistant.turn(UserMessage(sender="anna", text=text))
    digest.update(repr((turn.answer, turn.tracker, turn.interpretation)).encode())
print(len(said), digest.hexdigest())
"""


def test_another_process_answers_the_same(onisep, fiches: list[Fiche], model_cache) -> None:
    """The order of sets and dictionaries of one process is not that of another."""
    files = sorted((onisep / "fiches-md").iterdir())[::20]
    arguments = [ROOT / "seeds", INTENTS, model_cache, *files]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    first, second = (process.communicate()[0] for process in running)
    assert int(first.split()[0]) > 200
    assert first == second
