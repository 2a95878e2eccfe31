"""What is said of one's data: true for the settings at hand, and for this conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.context import AnswerContext, Retention
from bot.answers.privacy import privacy
from bot.assistant import Assistant
from bot.dialogue.decision import RunAction
from bot.dialogue.tracker import Form, Pending, Tracker

FULL = Tracker(
    metier="MET.7984",
    listed=("MET.7984", "MET.656"),
    form=Form(asked="lieu", answers=(("niveau", "bac"),)),
    last_action="etudes",
    quiet=True,
    turns=5,
)


def ask(words: str = "vous gardez quoi ?", **arguments: str) -> RunAction:
    return RunAction(
        action="donnees_personnelles",
        words=tuple(words.split()),
        arguments=tuple(arguments.items()),
    )


@pytest.fixture
def context(seed_assistant: Assistant) -> AnswerContext:
    return seed_assistant.context(Tracker())


@pytest.mark.parametrize(
    ("retention", "said", "unsaid"),
    [
        (Retention(on_disk=False), "en mémoire seulement", "dans un fichier de ce service"),
        (Retention(on_disk=True), "dans un fichier de ce service", "en mémoire"),
        (Retention(on_disk=True, in_database=True), "dans une base de données", "un fichier"),
        (Retention(is_logged=False), "Aucun journal", "journal technique"),
        (Retention(is_logged=True), "journal technique", "Aucun journal"),
        (Retention(is_queued=True), "Sur une messagerie", "jamais"),
        (Retention(is_queued=False), "je ne garde pas", "une semaine"),
        (Retention(ttl_s=60), "1 minute après", "minutes"),
        (Retention(ttl_s=90), "2 minutes après", "heure"),
        (Retention(ttl_s=3600), "1 heure après", "heures"),
        (Retention(ttl_s=5400), "90 minutes après", "heure"),
        (Retention(ttl_s=24 * 3600), "24 heures après", "jours"),
        (Retention(ttl_s=30 * 24 * 3600), "30 jours après", "heures"),
    ],
)
def test_the_settings_are_told(
    context: AnswerContext, retention: Retention, said: str, unsaid: str
) -> None:
    outcome = privacy(ask(), replace(context, retention=retention))
    assert said in outcome.answer.text
    assert unsaid not in outcome.answer.text
    assert not outcome.forgets
    (button,) = outcome.answer.buttons
    assert button.payload == '/donnees_personnelles{"effacer": "oui"}'


@pytest.mark.parametrize(
    ("tracker", "held"),
    [
        (Tracker(turns=3), None),
        (Tracker(metier="MET.1"), "le métier en cours"),
        (
            Tracker(metier="MET.1", last_action="etudes"),
            "le métier en cours et la dernière question, avec ses critères et ses sujets",
        ),
        (
            Tracker(pending=Pending(action="salaire", candidates=())),
            "la dernière question, avec ses critères et ses sujets",
        ),
        (
            Tracker(metier="MET.1").with_reply("m1", "{}"),
            "le métier en cours et mes quatre dernières réponses au plus, pour qu'un message envoyé "
            "deux fois ait la même (elles peuvent reprendre un de vos mots)",
        ),
        (Tracker(quiet=True), "le fait que des numéros d'aide ont été donnés"),
        (
            FULL,
            "le métier en cours, la dernière liste de métiers, vos réponses au questionnaire, la "
            "dernière question, avec ses critères et ses sujets et le fait que des numéros d'aide ont été donnés",
        ),
    ],
)
def test_what_this_conversation_holds_is_told_and_erased_by_name(
    context: AnswerContext, tracker: Tracker, held: str | None
) -> None:
    context = replace(context, tracker=tracker)
    told, erased = (privacy(ask(words), context).answer.text for words in ("?", "efface tout"))
    if held is None:
        assert "je ne retiens rien de cette conversation" in told
        assert "rien à effacer" in erased
    else:
        assert f"je retiens : {held}." in told
        assert f"C'est effacé : {held}." in erased


@pytest.mark.parametrize(
    ("words", "erases"),
    [
        ("efface ma conversation", True),
        ("je veux que mes messages soient effaces", True),
        ("supprimez mes donnees", True),
        ("oublie mon prenom", True),
        ("enleve l' adresse que j' ai ecrite", True),
        ("detruis mes infos", True),
        ("delete mes data", True),
        ("je demande l' effacement de mes donnees", True),
        ("vous gardez mes messages ?", False),
        ("c' est efface pas ?", False),
        ("n' efface rien", False),
        ("si je ferme la page tout s' efface ?", False),
        ("tu oublies quand ?", False),
        ("rgpd", False),
    ],
)
def test_a_request_to_erase_is_told_from_a_question(
    context: AnswerContext, words: str, erases: bool
) -> None:
    assert privacy(ask(words), context).forgets is erases


def test_the_button_erases(context: AnswerContext) -> None:
    assert privacy(ask("", effacer="oui"), context).forgets


def test_speaking_of_data_is_not_coming_back_to_jobs(context: AnswerContext) -> None:
    quiet = Tracker(quiet=True)
    assert quiet.replay(privacy(ask(), replace(context, tracker=quiet)).events).quiet
    assert privacy(ask(), context).events == ()
