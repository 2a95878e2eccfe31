"""Two to four jobs side by side, one field of several jobs, and the first by a criterion."""

from __future__ import annotations

import itertools

import pytest

from bot.answers.answer import Answer, AnswerKind
from bot.answers.context import Outcome
from bot.answers.naming import both_genders
from bot.answers.registry import answer
from bot.assistant import Assistant
from bot.dialogue.decision import RunAction
from bot.dialogue.tracker import Tracker

BAKER, PASTRY, VET, VET_HELP, NURSE = "MET.17", "MET.152", "MET.171", "MET.323", "MET.38"
NOTARY, LAWYER, PLUMBER, MASON, SINGER = "MET.558", "MET.33", "MET.266", "MET.94", "MET.146"
SILENT = "la fiche ne le dit pas"


def compared(
    assistant: Assistant, *metiers: str, by: str | None = None, tracker: Tracker | None = None
) -> Outcome:
    arguments = (("critere", by),) if by else ()
    decision = RunAction(action="comparer", metiers=metiers, arguments=arguments)
    return answer(decision, assistant.context(tracker or Tracker()))


def rows(said: Answer) -> list[str]:
    """The fields of the first card, in order."""
    return [fact.label for fact in said.cards[0].facts]


def after(outcome: Outcome) -> Tracker:
    return Tracker().replay(outcome.events)


# Side by side


def test_what_differs_comes_first_then_what_is_common(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, BAKER, PLUMBER).answer
    differing, _, common = said.text.partition("**En commun**")
    assert "**Niveau minimum**" not in differing
    assert "CAP ou équivalent (niveau minimum)" in common
    assert "salarié, artisan" in common
    assert rows(said)[0] == "Formations recommandées"
    assert rows(said).index("Salaire") > rows(said).index("Pour qui aime")
    assert "1 801 € brut par mois pour débuter (salaire)" in common


def test_the_table_has_the_same_rows_for_each_job(seed_assistant: Assistant) -> None:
    metiers = [fiche.id for fiche in seed_assistant.catalogue]
    for pair in itertools.pairwise(metiers):
        said = compared(seed_assistant, *pair).answer
        assert said.kind is AnswerKind.ANSWER
        assert said.metiers == pair
        assert [card.title for card in said.cards] == [source.title for source in said.sources]
        assert len({tuple(fact.label for fact in card.facts) for card in said.cards}) == 1
        assert all(fact.value for card in said.cards for fact in card.facts)
        assert len(said.text.split()) < 450, pair


def test_each_job_is_named_with_both_genders(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, BAKER, PASTRY).answer
    for fiche in seed_assistant.context(Tracker()).fiches((BAKER, PASTRY)):
        assert f"**{both_genders(fiche.title)}**" in said.text


def test_a_field_that_one_fiche_has_not(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, "MET.7984", BAKER).answer
    assert f"chargé ou chargée de post-production : {SILENT}" in said.text
    assert SILENT in [fact.value for fact in said.cards[0].facts]


def test_four_jobs_at_most(seed_assistant: Assistant) -> None:
    five = (BAKER, PASTRY, VET, NURSE, NOTARY)
    said = compared(seed_assistant, *five).answer
    assert said.metiers == five[:4]
    assert "quatre au plus" in said.text
    assert "quatre au plus" not in compared(seed_assistant, *five[:4]).answer.text


def test_the_last_one_is_the_current_job_and_all_are_kept(seed_assistant: Assistant) -> None:
    tracker = after(compared(seed_assistant, BAKER, PASTRY))
    assert (tracker.metier, tracker.compared, tracker.focus) == (PASTRY, (BAKER, PASTRY), "jobs")


def test_the_fiches_of_one_data_set_are_cited_together(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, BAKER, PASTRY, VET).answer
    assert said.text.count("Sources : Onisep") == 1
    assert all(f"]({source.url})" in said.text for source in said.sources)


def test_buttons_ask_what_else_tells_them_apart(seed_assistant: Assistant) -> None:
    buttons = compared(seed_assistant, BAKER, PASTRY).answer.buttons
    assert [button.title for button in buttons] == [
        "Lequel m'irait ?", "Lequel paie le mieux ?", "boulanger/ère", "pâtissier/ère",
    ]  # fmt: skip


# With fewer than two


@pytest.mark.parametrize(
    ("metiers", "words"),
    [((), "deux noms"), ((BAKER,), "Avec quel autre métier"), ((BAKER, BAKER), "un seul et même")],
)
def test_another_job_is_asked_for(
    metiers: tuple[str, ...], words: str, seed_assistant: Assistant
) -> None:
    outcome = compared(seed_assistant, *metiers)
    assert outcome.answer.kind is AnswerKind.CLARIFICATION
    assert words in outcome.answer.text
    pending = after(outcome).pending
    assert pending is not None
    assert (pending.action, pending.metiers) == ("comparer", metiers[:1])


def test_the_jobs_proposed_are_compared_at_once(seed_assistant: Assistant) -> None:
    buttons = compared(seed_assistant, BAKER).answer.buttons
    assert 0 < len(buttons) <= 3
    assert all(
        button.payload.startswith(f'/comparer{{"metier": ["{BAKER}", ') for button in buttons
    )


# Whom each suits


def test_whom_each_suits_without_choosing(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, NURSE, VET, by="me_convient").answer
    assert said.fields == ("centres_interet", "competences", "conditions_travail")
    assert "Je ne choisis pas à votre place" in said.text
    assert said.text.count("Pour qui aime") == 2
    assert said.text.count("je veux être utile aux autres") == 2
    assert "Lequel m'irait ?" not in [button.title for button in said.buttons]


# One field of several jobs


def test_one_field_of_each(seed_assistant: Assistant) -> None:
    decision = RunAction(action="salaire", metiers=(VET, BAKER))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    assert (said.intent, said.metiers, said.fields) == ("salaire", (VET, BAKER), ("salaire",))
    assert "vétérinaire :" in said.text
    assert "boulanger ou boulangère :" in said.text


def test_one_field_that_none_tells(seed_assistant: Assistant) -> None:
    decision = RunAction(action="salaire", metiers=("MET.7984", "MET.7984"))
    said = answer(decision, seed_assistant.context(Tracker())).answer
    assert said.missing == ("salaire",)


def test_a_field_asked_by_which(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, NOTARY, "MET.769", by="statuts").answer
    assert said.intent == "comparer"
    assert "magistrat ou magistrate : fonctionnaire" in said.text


# The first by a criterion


@pytest.mark.parametrize(
    ("criterion", "first"),
    [("le_mieux_paye", VET), ("le_plus_long", VET), ("le_plus_court", BAKER)],
)
def test_the_first_is_named_and_becomes_the_current_job(
    criterion: str, first: str, seed_assistant: Assistant
) -> None:
    outcome = compared(seed_assistant, VET_HELP, VET, BAKER, by=criterion)
    assert outcome.answer.kind is AnswerKind.ANSWER
    assert outcome.answer.metiers[0] == first
    assert set(outcome.answer.metiers) == {VET_HELP, VET, BAKER}
    assert [source.id for source in outcome.answer.sources] == [first]
    assert after(outcome).metier == first


def test_two_that_are_equal(seed_assistant: Assistant) -> None:
    outcome = compared(seed_assistant, BAKER, PLUMBER, NURSE, by="le_plus_court")
    assert "à égalité" in outcome.answer.text
    assert after(outcome).metier is None


def test_all_that_are_equal(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, BAKER, PLUMBER, by="le_mieux_paye").answer
    assert "la paie est la même" in said.text


def test_pay_that_cannot_be_compared_is_not(seed_assistant: Assistant) -> None:
    said = compared(seed_assistant, SINGER, LAWYER, by="le_mieux_paye").answer
    assert said.missing == ("salaire",)
    assert "ne permettent pas de le dire" in said.text
    assert "salaires de début" not in said.text


def test_the_numbers_are_those_on_screen(seed_assistant: Assistant) -> None:
    shown = (VET_HELP, VET)
    tracker = Tracker(listed=(BAKER, *shown), shown_first=1, shown_last=3, focus="list")
    said = compared(seed_assistant, *shown, by="le_mieux_paye", tracker=tracker).answer
    assert "2. auxiliaire vétérinaire" in said.text
    assert "3. vétérinaire" in said.text


def test_repeating_what_was_said_of_several(seed_assistant: Assistant) -> None:
    first = compared(seed_assistant, BAKER, VET, by="le_mieux_paye", tracker=Tracker())
    tracker = Tracker(compared=(BAKER, VET)).replay(first.events)
    again = answer(RunAction(action="repeter"), seed_assistant.context(tracker)).answer
    assert again.text == first.answer.text
