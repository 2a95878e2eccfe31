"""Linking mentions of jobs: a small catalogue of ours, laws, and every real title."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.catalogue.catalogue import Catalogue
from bot.understanding.interpretation import EntityMention
from bot.understanding.metier_linker import LinkingSettings, MetierLinker
from bot.understanding.normalisation import Normaliser
from tests.understanding.small_catalogue import (
    ALIASES,
    COMMON_WORDS,
    FRENCH_WORDS,
    small_catalogue,
    small_fiche,
)

REQUIRED_RATE = 0.99
NORMALISER = Normaliser()


@cache
def linker() -> MetierLinker:
    return MetierLinker(
        small_catalogue(),
        normaliser=NORMALISER,
        aliases=ALIASES,
        common_words=COMMON_WORDS,
        is_known_word=FRENCH_WORDS.__contains__,
    )


def link(text: str) -> tuple[EntityMention, ...]:
    return linker().link(NORMALISER.normalise(text))


def ids(text: str) -> list[str | None]:
    return [mention.id for mention in link(text)]


def number(mention: EntityMention) -> set[int]:
    return {int(candidate.id.removeprefix("MET.")) for candidate in mention.candidates}


# One job


@pytest.mark.parametrize(
    ("text", "metier", "cut"),
    [
        # gender, number, case, inclusive forms
        ("boulanger", 1, "boulanger"),
        ("devenir boulangère", 1, "boulangère"),
        ("les boulangères", 1, "boulangères"),
        ("BOULANGER ?", 1, "BOULANGER"),
        ("boulanger·ère", 1, "boulanger·ère"),
        ("un boulanger/ère", 1, "boulanger/ère"),
        ("cheffe monteuse", 6, "cheffe monteuse"),
        ("directrice d’hotel", 17, "directrice d’hotel"),
        # typos
        ("boulangé", 1, "boulangé"),
        ("boulenger", 1, "boulenger"),
        ("boullanger", 1, "boullanger"),
        ("bolanger", 1, "bolanger"),
        ("notere", 2, "notere"),
        # words glued or split, elision without its apostrophe
        ("un ergo thérapeute", 11, "ergo thérapeute"),
        ("masseurkinésithérapeute", 10, "masseurkinésithérapeute"),
        ("chargé de postproduction", 12, "chargé de postproduction"),
        ("chargée de post production", 12, "chargée de post production"),
        ("architecte dinterieur", 9, "architecte dinterieur"),
        ("guide conferencier", 14, "guide conferencier"),
        # names inside longer names
        ("avocat", 3, "avocat"),
        ("un avocat de famille", 3, "avocat"),
        ("avocate d'affaires", 4, "avocate d'affaires"),
        ("avocat en affaires", 4, "avocat en affaires"),
        ("l’architecte", 8, "architecte"),
        ("chef monteur", 6, "chef monteur"),
        # other names, and everyday names said whole
        ("monteur image", 6, "monteur image"),
        ("chef pâtissier", 15, "chef pâtissier"),
        ("kinés", 10, "kinés"),
        ("celui qui masse", 10, "celui qui masse"),
        ("la post-prod", 12, "post-prod"),
    ],
)
def test_one_job(text: str, metier: int, cut: str) -> None:
    (mention,) = link(text)
    assert (mention.entity, mention.id) == ("metier", f"MET.{metier}")
    assert text[mention.start : mention.end] == cut
    assert not mention.is_ambiguous
    assert mention.value == linker().by_id(f"MET.{metier}").value


# Several jobs, or one mention that fits several


@pytest.mark.parametrize(
    ("text", "metiers"),
    [
        ("notaire et avocat", [2, 3]),
        ("pâtissière ou chocolatière ?", [15, 16]),
        ("notaire ou avocate", [2, 3]),
        ("différence entre architecte et architecte d'intérieur", [8, 9]),
        ("du boulanger au notaire en passant par l'avocat", [1, 2, 3]),
    ],
)
def test_several_jobs_in_reading_order(text: str, metiers: list[int]) -> None:
    assert ids(text) == [f"MET.{metier}" for metier in metiers]


def test_a_job_said_twice_is_found_once() -> None:
    assert ids("notaire, oui notaire") == ["MET.2"]


@pytest.mark.parametrize(
    ("text", "cut", "metiers"),
    [
        ("monteur", "monteur", {5, 6, 7}),
        ("une monteuse ?", "monteuse", {5, 6, 7}),
        ("hôtelier", "hôtelier", {17, 18}),
        ("devenir guide", "guide", {13, 14}),
    ],
)
def test_a_name_that_fits_several_jobs_asks(text: str, cut: str, metiers: set[int]) -> None:
    (mention,) = link(text)
    assert mention.is_ambiguous
    assert mention.id is None
    assert text[mention.start : mention.end] == cut
    assert number(mention) == metiers


def test_at_most_five_candidates() -> None:
    many = Catalogue(small_fiche(n, f"monteur {word}") for n, word in enumerate("abcdefgh"))
    asked = MetierLinker(many, normaliser=NORMALISER).link(NORMALISER.normalise("monteur"))
    assert [len(mention.candidates) for mention in asked] == [LinkingSettings().most_candidates]


# No job


@pytest.mark.parametrize(
    "text",
    [
        *("", "?", "bonjour", "c'est quoi le monde", "une table ronde", "je cuisine", "12"),
        # a part of a name that tells nothing alone
        *("production", "haute montagne", "image", "cours", "installations thermiques"),
        # a common word where no job is expected
        "il me faudrait un petit cadre ou un bon guide pour choisir mes cours",
        # a French word that is close to a name
        *("moniteur", "compote"),
        # an everyday name said in part only, or of a fiche that this catalogue has not
        *("celui qui mange", "celui", "fantôme"),
        # a job that is not there
        *("dentiste", "plombier"),
    ],
)
def test_no_job(text: str) -> None:
    assert link(text) == ()


# Buttons


def test_a_button_carries_an_identifier() -> None:
    mention = linker().by_id("MET.2")
    assert (mention.entity, mention.id, mention.value) == ("metier", "MET.2", "notaire")


@pytest.mark.parametrize("text", ["MET.99", "", "notaire", "MET.2 "])
def test_a_button_of_another_catalogue(text: str) -> None:
    mention = linker().by_id(text)
    assert (mention.entity, mention.id) == ("metier_inconnu", None)


# Laws

WORDS = st.sampled_from(
    [
        "avocat",
        "avocate",
        "d'affaires",
        "daffaires",
        "chef",
        "monteur",
        "monteuse",
        "ou",
        "et",
        "de",
    ]
    + [
        "chargé",
        "post",
        "production",
        "post-prod",
        "guide",
        "haute",
        "montagne",
        "kiné",
        "hôtelier",
    ]
    + [
        "celui",
        "qui",
        "masse",
        "ergo",
        "thérapeute",
        "?",
        "😀",
        "œ",
        "½",
        "boulanger·ère",
        "devenir",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=14).map(" ".join)))
@example("AVOCA:CELU:AFIR:MAS")  # two mentions overlapped
def test_linking_any_text(text: str) -> None:
    catalogue, normalised = small_catalogue(), NORMALISER.normalise(text)
    mentions = linker().link(normalised)
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        assert mention.candidates
        assert len(mention.candidates) <= LinkingSettings().most_candidates
        assert all(candidate.id in catalogue for candidate in mention.candidates)
        assert (mention.id is None) == mention.is_ambiguous
        assert mention.id is None or mention.id == mention.candidates[0].id
        assert 0 <= mention.score <= 1
    assert linker().link(normalised) == mentions


@settings(max_examples=25)  # each one indexes a catalogue
@given(st.permutations(range(len(small_catalogue()))))
def test_the_order_of_the_catalogue_does_not_choose_the_job(order: list[int]) -> None:
    fiches = list(small_catalogue())
    shuffled = Catalogue(fiches[n] for n in order)
    other = MetierLinker(shuffled, normaliser=NORMALISER, aliases=ALIASES)
    for text in ("avocate d'affaires", "chef monteur", "boulenger", "guide de haute montagne"):
        assert [mention.id for mention in other.link(NORMALISER.normalise(text))] == ids(text)


# The real catalogue


def test_every_title_of_the_real_fiches_finds_its_fiche(onisep_assistant: Assistant) -> None:
    fiches = [fiche for fiche in onisep_assistant.catalogue if fiche.presentation or fiche.summary]
    assert len(fiches) == 893
    metiers = onisep_assistant.interpreter.metiers
    normaliser = onisep_assistant.interpreter.normaliser
    lost: list[str] = []
    tried = 0
    for fiche in fiches:
        for form in fiche.title.forms():
            tried += 1
            mentions = metiers.link(normaliser.normalise(form))
            found = {c.id for m in mentions for c in m.candidates}
            if fiche.id not in found:
                lost.append(f"{fiche.id} {form}: {[mention.value for mention in mentions]}")
    print(*lost, sep="\n")
    assert tried > 2 * len(fiches)
    assert 1 - len(lost) / tried >= REQUIRED_RATE, "\n".join(lost)


def test_a_real_title_is_taken_without_asking_unless_it_is_shared(
    onisep_assistant: Assistant,
) -> None:
    normaliser = onisep_assistant.interpreter.normaliser
    owners: dict[tuple[str, ...], set[str]] = {}
    for fiche in onisep_assistant.catalogue:
        for form in fiche.title.forms():
            owners.setdefault(normaliser.normalise(form).words, set()).add(fiche.id)
    own = [(words, next(iter(metiers))) for words, metiers in owners.items() if len(metiers) == 1]
    asked = []
    for words, metier in own:
        text = " ".join(words).replace("' ", "'")
        mentions = onisep_assistant.interpreter.metiers.link(normaliser.normalise(text))
        if [mention.id for mention in mentions] != [metier]:
            asked.append(f"{metier} {text}: {[mention.value for mention in mentions]}")
    assert len(own) > 1500
    assert 1 - len(asked) / len(own) >= REQUIRED_RATE, "\n".join(asked)
