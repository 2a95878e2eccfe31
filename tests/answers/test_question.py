from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.question import answer_question
from bot.answers.sentence_ranking import rank, read_question
from bot.answers.sentence_reading import read_sentences
from bot.assistant import Assistant
from bot.catalogue.fiche import Fiche
from bot.dialogue.decision import RunAction
from bot.dialogue.tracker import Tracker
from bot.messages import UserMessage
from bot.understanding.notions import NotionTable
from tests.answers.question_cases import Asked, read_cases

# Floors a little below what was measured (tests/answers/fit_question_weights.py): a thesaurus or a
# stem that changes moves a question or two, not the ratios.
FLOORS = {"dev": (0.68, 0.79, 0.69), "held_out": (0.61, 0.72, 0.65)}
WEEKEND = "est-ce qu'il bosse le dimanche ?"
NOT_TOLD = "il a des tickets resto ?"
VENDOR = "MET.594"


@pytest.fixture(scope="module")
def notions(onisep_assistant: Assistant) -> NotionTable:
    return onisep_assistant.context(Tracker()).notions


def cases(name: str, assistant: Assistant) -> list[Asked]:
    context = assistant.context(Tracker())
    return read_cases(name, context.catalogue, context.normaliser, context.notions)


def asked(assistant: Assistant, text: str, metier: str = VENDOR) -> RunAction:
    interpretation = assistant.interpret(text)
    return RunAction(
        action="question_fiche",
        metiers=(metier,),
        words=interpretation.words,
        text=text,
        mentions=interpretation.entities,
    )


@pytest.mark.parametrize("name", FLOORS)
def test_the_sentence_that_answers_is_quoted_and_no_other_when_none_does(
    name: str, onisep_assistant: Assistant
) -> None:
    told, untold = [], []
    for case in cases(name, onisep_assistant):
        quoted = [sentence.text for sentence in rank(case.question, case.fiche)]
        if case.answers:
            places = [place for place, text in enumerate(quoted) if text in case.answers]
            told.append(places[0] if places else 3)
        else:
            untold.append(not quoted)
    first, three, missing = FLOORS[name]
    assert sum(place == 0 for place in told) / len(told) >= first
    assert sum(place < 3 for place in told) / len(told) >= three
    assert sum(untold) / len(untold) >= missing


@pytest.mark.parametrize("name", FLOORS)
def test_the_answers_written_down_are_sentences_of_their_fiche(
    name: str, onisep_assistant: Assistant
) -> None:
    wrong = [
        (case.id, answer)
        for case in cases(name, onisep_assistant)
        for answer in case.answers
        if answer not in {sentence.text for sentence in case.fiche.sentences}
    ]
    assert wrong == []


def test_no_fiche_is_in_both_files(onisep_assistant: Assistant) -> None:
    dev, held_out = (cases(name, onisep_assistant) for name in ("dev", "held_out"))
    assert {case.metier for case in dev}.isdisjoint(case.metier for case in held_out)


def test_quotes_are_the_text_of_the_fiche_unaltered(onisep_assistant: Assistant) -> None:
    context = onisep_assistant.context(Tracker())
    answer = answer_question(asked(onisep_assistant, WEEKEND), context).answer
    [fiche] = context.fiches([VENDOR])
    assert 1 <= len(answer.quotes) <= 3
    assert answer.missing == ()
    for quote in answer.quotes:
        assert quote.text in getattr(fiche, quote.field).text
    assert answer.quotes[0].text in answer.text
    assert "samedis" in answer.quotes[0].text


def test_what_the_fiche_does_not_tell_is_said_missing(onisep_assistant: Assistant) -> None:
    context = onisep_assistant.context(Tracker())
    answer = answer_question(asked(onisep_assistant, NOT_TOLD), context).answer
    assert answer.quotes == ()
    assert answer.missing == ("question_fiche",)


@pytest.mark.parametrize("text", ["", "?", "et pour ce métier, on fait quoi ?"])
def test_a_question_that_asks_nothing_is_not_answered(
    text: str, onisep_assistant: Assistant
) -> None:
    context = onisep_assistant.context(Tracker())
    answer = answer_question(asked(onisep_assistant, text), context).answer
    assert answer.missing == ("question_fiche",)


def test_the_name_of_the_job_is_no_part_of_the_question(onisep_assistant: Assistant) -> None:
    context = onisep_assistant.context(Tracker())
    named = asked(onisep_assistant, "le facteur il se lève tôt ?", "MET.763")
    assert [mention.id for mention in named.mentions] == ["MET.763"]
    unnamed = asked(onisep_assistant, "il se lève tôt ?", "MET.763")
    quotes = [answer_question(one, context).answer.quotes for one in (named, unnamed)]
    assert quotes[0] == quotes[1] != ()


def test_the_same_quotes_are_repeated(onisep_assistant: Assistant) -> None:
    def say(text: str) -> tuple[str, ...]:
        answer = onisep_assistant.reply(UserMessage(sender="question-again", text=text))
        return tuple(quote.text for quote in answer.quotes)

    say(f'/presentation{{"metier": "{VENDOR}"}}')
    context = onisep_assistant.context(Tracker())
    outcome = answer_question(asked(onisep_assistant, WEEKEND), context)
    [remembered] = [event.arguments for event in outcome.events if hasattr(event, "arguments")]
    again = RunAction(action="question_fiche", metiers=(VENDOR,), arguments=remembered)
    assert answer_question(again, context).answer.quotes == outcome.answer.quotes
    assert outcome.answer.quotes != ()
    first = say("il vend quoi comme câbles ?")
    assert say("répète") == first != ()


@settings(max_examples=60)
@given(words=st.lists(st.text(max_size=12), max_size=8))
def test_any_words_give_at_most_three_sentences_each_once(
    words: list[str], onisep_fiche: Fiche, notions: NotionTable
) -> None:
    fiche = read_sentences(onisep_fiche, notions)
    found = rank(read_question(words, notions), fiche)
    assert len(found) <= 3
    assert len({sentence.index for sentence in found}) == len(found)
    assert all(fiche.sentences[sentence.index] is sentence for sentence in found)


@pytest.fixture(scope="module")
def onisep_fiche(onisep_assistant: Assistant) -> Fiche:
    fiche = onisep_assistant.catalogue.get(VENDOR)
    assert fiche is not None
    return fiche
