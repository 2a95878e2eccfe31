"""One dialogue of twelve turns through every channel: no fact, source or choice is lost."""

from __future__ import annotations

import re

import pytest

from bot.answers.answer import Answer
from bot.assistant import Assistant
from bot.messages import UserMessage
from tests.webhook.channels.platforms.platform import Shown, all_platforms
from tests.webhook.channels.test_channels import letters, opened, requests_of
from webhook.delivery.answering import message_of
from webhook.delivery.choices import choices_of

PLATFORMS = all_platforms()
TURNS = (
    "bonjour",
    "quelles études pour être chargé de post-production ?",
    "et le salaire ?",
    "quels métiers avec les animaux ?",
    "2",
    "compare boulanger et pâtissier",
    "lequel m'irait ?",
    "c'est quoi un bts",
    "j'ai aucune idée de métier",
    "parler à un conseiller",
    "c'est quoi parcoursup ?",
    "vous gardez quoi ?",
)


@pytest.fixture(scope="module")
def answers(seed_assistant: Assistant) -> list[Answer]:
    said = [
        seed_assistant.reply(UserMessage(sender="douze tours", text=text, channel="telegram"))
        for text in TURNS
    ]
    assert len({answer.kind for answer in said}) >= 4
    assert any(answer.sources for answer in said)
    assert sum(bool(answer.buttons) for answer in said) >= 6
    return said


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_nothing_is_lost(name: str, answers: list[Answer], seed_assistant: Assistant) -> None:
    for answer in answers:
        offered = choices_of(answer)
        message = message_of(answer, tuple(choice for choice, _ in offered), seed_assistant)
        shown = requests_of(opened(name), PLATFORMS[name], message)
        text = "".join(part.text for part in shown)
        said = letters(text)
        for fact in facts(answer):
            assert letters(fact) in said, fact
        for source in answer.sources:
            assert letters(source.title) in said
        the_choices_are_there(shown, [button.title for button in answer.buttons], text)


def facts(answer: Answer) -> list[str]:
    """The lines of an answer, without marks and addresses, cut where a link is."""
    bare = re.sub(r"\]\([^)]*\)", "\n", answer.text)
    return [
        line.lstrip("- ") for line in re.split(r"[\n\[]", bare.replace("**", "")) if line.strip()
    ]


def the_choices_are_there(shown: list[Shown], titles: list[str], text: str) -> None:
    offered = [title for part in shown for title, _ in part.choices]
    if offered:
        assert len(offered) == len(titles)
        for short, title in zip(offered, titles, strict=True):
            assert title.startswith(short.removesuffix("…").rstrip())
        return
    numbers = re.findall(r"^(\d+)\. ", text, re.MULTILINE)
    assert len(set(numbers)) == len(numbers)  # a number means one thing
    assert len(numbers) >= len(titles)
