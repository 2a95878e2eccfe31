"""Linking mentions of jobs: a small catalogue of ours, laws, and every real title."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.gendered_name import read_gendered_name
from bot.catalogue.rome import RomeAppellation
from bot.understanding.interpretation import EntityMention
from bot.understanding.metier_linker import LinkingSettings, MetierLinker
from bot.understanding.normalisation import Normaliser, fold
from bot.understanding.training_data import read_lexicon
from tests.conftest import INTENTS
from tests.understanding.rome_appellations import development_pairs, real_appellations
from tests.understanding.small_catalogue import (
    ALIASES,
    COMMON_WORDS,
    FRENCH_WORDS,
    small_catalogue,
    small_fiche,
)

REQUIRED_RATE = 0.99
APPELLATION_AT_RANK_1 = 0.90
APPELLATION_TAKEN = 0.88
APPELLATION_AT_RANK_5 = 0.97
NORMALISER = Normaliser()


@cache
def linker() -> MetierLinker:
    return MetierLinker(
        small_catalogue(),
        normaliser=NORMALISER,
        aliases=ALIASES,
        common_words=COMMON_WORDS,
        someone=["gens", "dame"],
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


@pytest.mark.parametrize(
    ("text", "metier", "cut"),
    [
        ("Directeur / Directrice d'hôtel", 17, "Directeur / Directrice d'hôtel"),
        ("être chef monteur ou cheffe monteuse", 6, "chef monteur ou cheffe monteuse"),
        ("un avocat / une avocate", 3, "avocat"),
    ],
)
def test_both_genders_name_one_job(text: str, metier: int, cut: str) -> None:
    (mention,) = link(text)
    assert mention.id == f"MET.{metier}"
    assert text[mention.start : mention.end] == cut


def test_an_or_inside_a_title_parts_nothing() -> None:
    title = "chef d'équipe ou de projet"
    catalogue = Catalogue([small_fiche(1, title), small_fiche(2, "boulanger ou pâtissier d'usine")])
    find = MetierLinker(catalogue, normaliser=NORMALISER).link
    for text in (title, "cheffe d'équipe ou de projet"):
        (mention,) = find(NORMALISER.normalise(text))
        assert (mention.id, mention.start, mention.end) == ("MET.1", 0, len(text))


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


@pytest.mark.parametrize(
    "text", ["la dame qui masse", "les gens qui massent", "celui qui masse", "des gens qui masse"]
)
def test_a_job_told_by_what_is_done(text: str) -> None:
    assert ids(f"{text}, ça gagne combien ?") == ["MET.10"]


def test_brackets_that_spell_a_sigle_need_not_be_said() -> None:
    (mention,) = link("devenir responsable RSE")
    assert (mention.id, mention.score) == ("MET.19", 1.0)


def test_an_everyday_name_after_a_subject_is_a_verb() -> None:
    assert ids("une garde des cimes") == ["MET.13"]
    assert ids("je garde des cimes") == []


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


# Names of the ROME


SHOPS, SCREENS, OFFICES, HILLS = "D9901", "L9901", "K9901", "G9901"
CODES = {1: SHOPS, 15: SHOPS, 16: SHOPS, 5: SCREENS, 6: SCREENS, 12: SCREENS}
CODES |= {2: OFFICES, 11: OFFICES, 13: HILLS}
LABELS = {
    "Boulanger / Boulangère de nuit": SHOPS,
    "Boulanger / Boulangère": SHOPS,
    "Fournier / Fournière en boulangerie": SHOPS,
    "Pâtissier-chocolatier / Pâtissière-chocolatière": SHOPS,
    "Monteur / Monteuse": SCREENS,
    "Monteur / Monteuse de films": SCREENS,
    "Guidon": SCREENS,
    "Marin de haute montagne": HILLS,
    "Guide de haute montagne": HILLS,
    "Assistant / Assistante de post-production": SCREENS,
    "Notaire-ergothérapeute": OFFICES,
}


@cache
def rome_linker() -> MetierLinker:
    fiches = [
        replace(fiche, rome_codes=(CODES[n],)) if (n := _number(fiche.id)) in CODES else fiche
        for fiche in small_catalogue()
    ]
    appellations = []
    for number, (label, code) in enumerate(LABELS.items()):
        genders = read_gendered_name(label)
        appellations.append(
            RomeAppellation(
                code=str(number),
                label=label,
                short_label=label,
                masculine=genders.masculine,
                feminine=genders.feminine,
                rome_codes=(code,),
            )
        )
    return MetierLinker(
        Catalogue(fiches),
        normaliser=NORMALISER,
        aliases=ALIASES,
        appellations=appellations,
        common_words=COMMON_WORDS,
        is_known_word=(FRENCH_WORDS | {"marine", "marin", "guidon"}).__contains__,
    )


def _number(metier: str) -> int:
    return int(metier.removeprefix("MET."))


def rome_link(text: str) -> tuple[EntityMention, ...]:
    return rome_linker().link(NORMALISER.normalise(text))


@pytest.mark.parametrize(
    ("text", "metier", "cut"),
    [
        ("devenir boulangère de nuit", 1, "boulangère de nuit"),
        ("Boulanger / Boulangère de nuit", 1, "Boulanger / Boulangère de nuit"),
        ("un fournier en boulangerie ?", 1, "fournier en boulangerie"),
        ("founier en boulangerie", 1, "founier en boulangerie"),
        ("assistante de post-production", 12, "assistante de post-production"),
        # a name of the fiche that says as much comes first
        ("boulanger", 1, "boulanger"),
        ("chef monteur", 6, "chef monteur"),
    ],
)
def test_an_appellation_names_a_fiche(text: str, metier: int, cut: str) -> None:
    (mention,) = rome_link(text)
    assert mention.id == mention.candidates[0].id == f"MET.{metier}"
    assert text[mention.start : mention.end] == cut


def test_an_appellation_that_fits_two_fiches_asks() -> None:
    (mention,) = rome_link("un notaire ergothérapeute")
    assert mention.is_ambiguous
    assert number(mention) == {2, 11}
    assert mention.value == "notaire ergothérapeute"


def test_a_fiche_that_fits_hardly_less_is_told_with_the_one_taken() -> None:
    (mention,) = rome_link("pâtissier-chocolatier")
    assert mention.id == "MET.16"
    assert [candidate.id for candidate in mention.candidates] == ["MET.16", "MET.15"]


def test_a_bare_word_that_names_begin_with_still_asks() -> None:
    (mention,) = rome_link("monteur")
    assert number(mention) == {5, 6, 7}


def test_a_french_word_that_only_has_the_stem_is_nothing() -> None:
    for text in ("marin de haute montagne", "MARINS de hautes montagnes"):
        assert [mention.id for mention in rome_link(text)] == ["MET.13"]
    assert rome_link("la marine de haute montagne") == ()


def test_two_jobs_are_not_one_appellation() -> None:
    assert [mention.id for mention in rome_link("pâtissier et chocolatier")] == ["MET.15", "MET.16"]


@pytest.mark.parametrize("text", ["le guidon", "fournier", "de nuit", "assistante"])
def test_a_part_of_an_appellation_is_nothing(text: str) -> None:
    assert rome_link(text) == ()


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
    assert_sound(linker(), text)


ROME_WORDS = st.sampled_from(
    "boulanger boulangère boulangerie de en nuit / ou et , pâtissier chocolatier monteur monteuse "
    "films assistante post-production chef devenir founier fournier guidon".split()
)


@given(st.one_of(st.text(), st.lists(ROME_WORDS, max_size=14).map(" ".join)))
def test_linking_any_text_with_appellations(text: str) -> None:
    assert_sound(rome_linker(), text)


def assert_sound(tried: MetierLinker, text: str) -> None:
    catalogue, normalised = small_catalogue(), NORMALISER.normalise(text)
    mentions = tried.link(normalised)
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
    assert tried.link(normalised) == mentions


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


# The real appellations


def real_linker(assistant: Assistant, appellations: Sequence[RomeAppellation]) -> MetierLinker:
    lexicon = read_lexicon(INTENTS)
    return MetierLinker(
        assistant.catalogue,
        normaliser=assistant.interpreter.normaliser,
        aliases=lexicon.synonyms["metiers"],
        appellations=appellations,
        common_words=lexicon.word_classes["common_words"],
        is_known_word={fold(word) for word in assistant.catalogue.words}.__contains__,
    )


@pytest.fixture(scope="module")
def real_rome_linker(onisep_assistant: Assistant) -> MetierLinker:
    return real_linker(onisep_assistant, real_appellations())


@pytest.fixture(scope="module")
def plain_linker(onisep_assistant: Assistant) -> MetierLinker:
    return real_linker(onisep_assistant, ())


@pytest.mark.parametrize("gender", ["label", "masculine", "feminine"])
def test_real_appellations_find_their_fiche(
    onisep_assistant: Assistant, real_rome_linker: MetierLinker, gender: str
) -> None:
    normaliser = onisep_assistant.interpreter.normaliser
    pairs = development_pairs()
    first = taken = among = 0
    wrong = []
    for pair in pairs:
        genders = read_gendered_name(pair["mention"])
        said = genders.masculine if gender == "masculine" else genders.feminine
        text = pair["mention"] if gender == "label" or said is None else said
        mentions = real_rome_linker.link(normaliser.normalise(text))
        candidates = [c.id for mention in mentions[:1] for c in mention.candidates]
        first += candidates[:1] == [pair["met_id"]]
        among += pair["met_id"] in candidates
        taken += [mention.id for mention in mentions] == [pair["met_id"]]
        if candidates[:1] != [pair["met_id"]]:
            wrong.append(f"{text} → {pair['metier']}: {[m.value for m in mentions]}")
    print(f"{len(pairs)} pairs: {first} first, {taken} taken, {among} in five", *wrong, sep="\n")
    assert len(pairs) > 150
    assert first / len(pairs) >= APPELLATION_AT_RANK_1, wrong
    assert taken / len(pairs) >= APPELLATION_TAKEN, wrong
    assert among / len(pairs) >= APPELLATION_AT_RANK_5, wrong


def test_appellations_do_not_hide_the_titles(
    onisep_assistant: Assistant, real_rome_linker: MetierLinker, plain_linker: MetierLinker
) -> None:
    normaliser = onisep_assistant.interpreter.normaliser
    changed = [
        form
        for fiche in onisep_assistant.catalogue
        for form in fiche.title.forms()
        if (text := normaliser.normalise(form))
        and [m.id for m in plain_linker.link(text)] != [m.id for m in real_rome_linker.link(text)]
    ]
    assert changed == []


def test_the_titles_that_hold_an_or(onisep_assistant: Assistant) -> None:
    normaliser = onisep_assistant.interpreter.normaliser
    for metier in ("MET.44", "MET.7764", "MET.8068"):
        for form in onisep_assistant.catalogue[metier].title.forms():
            (mention,) = onisep_assistant.interpreter.metiers.link(normaliser.normalise(form))
            assert mention.id == metier


def test_appellations_bring_no_job_where_none_was(
    onisep_assistant: Assistant,
    real_rome_linker: MetierLinker,
    plain_linker: MetierLinker,
    shared_data: Path,
) -> None:
    """Orders to a smart home, small talk and questions of orientation, all by real people."""
    normaliser = onisep_assistant.interpreter.normaliser
    texts = [
        json.loads(line)[field]
        for name, field in (("out-of-scope", "text"), ("questions-public", "question"))
        for line in (shared_data / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    new = [
        text
        for text in texts
        if (said := normaliser.normalise(text))
        and not plain_linker.link(said)
        and real_rome_linker.link(said)
    ]
    assert len(texts) > 1400
    assert new == []
