"""Search: who comes first, what is told apart, and the same answer from everywhere at any time."""

from __future__ import annotations

import gc
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.contents import Contents
from bot.catalogue.criteria import Criteria, LabelIndex
from bot.catalogue.fiche import Appellation, Block, Domaine, Fiche, MetierId, Section, Source
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import load_catalogue
from bot.catalogue.search import Search, SearchResult
from bot.catalogue.thesaurus import Thesaurus
from bot.understanding.building import thesaurus_from
from bot.understanding.training_data import read_lexicon
from tests.conftest import INTENTS

# Ours, in the words of people who look for a job.
QUERIES = (
    "animaux", "soigner les animaux", "travailler le bois", "être dehors", "la mer",
    "microbes", "faire du pain", "aider les personnes âgées", "conduire un camion", "avions",
    "dessiner des vêtements", "écrire des articles", "sauver des vies", "programmer des jeux vidéo",
    "enseigner les maths", "réparer des voitures", "cuisine", "montagne", "la musique", "théâtre",
    "construire des maisons", "plantes et fleurs", "défendre les gens au tribunal", "comptes",
    "vendre des bijoux", "protéger la nature", "photos de mode", "cinéma", "bébés", "les enfants",
    "sport", "coiffure", "électricité", "énergie solaire", "robots", "langues étrangères",
    "voyager", "histoire et vieux objets", "bateaux", "chevaux", "parfums", "lunettes",
    "dents", "police", "armée", "banque", "livres", "statistiques", "météo", "espace et étoiles",
)  # fmt: skip
CRITERIA = (
    Criteria(),
    Criteria(niveau="cap"),
    Criteria(niveau="bac+5", niveau_rule="equal"),
    Criteria(statuts=("fonctionnaire",)),
    Criteria(niveau="bac+3", statuts=("profession libérale", "artisan")),
)


COMMON = "On y travaille chaque jour avec soin et patience."


def section(text: str) -> Section:
    return Section(blocks=(Block(text=text),))


def fiche(number: int, name: str, text: str = "", **values: object) -> Fiche:
    """A job whose text is the common one, and `text`."""
    made = Fiche(
        id=MetierId(f"MET.{number}"),
        title=Appellation(name=name),
        presentation=section(f"{COMMON} {text}"),
        source=Source(url="u", dataset="d", licence="l"),
    )
    return replace(made, **values)  # type: ignore[arg-type]


def search(*fiches: Fiche, thesaurus: Thesaurus | None = None) -> Search:
    return Search(Catalogue(fiches), thesaurus or Thesaurus({}))


def found(searched: Search, words: str, criteria: Criteria | None = None) -> list[str]:
    with closing(searched):
        return list(searched.find(criteria or Criteria(), words).metiers)


# Enough jobs for words to be rare.
OTHERS = [
    fiche(100 + n, f"métier {name}", f"On est {name}.")
    for n, name in enumerate(
        "au bureau|en usine|en atelier|au magasin|à la ferme|en ville|au port|au théâtre|à l'école"
        "|à la mairie|au tribunal|à la gare|en cuisine|au jardin|à la piscine|au musée".split("|")
    )
]


# Who comes first


def test_a_name_that_holds_the_word_comes_first() -> None:
    named = fiche(1, "dresseur de loups")
    told = fiche(2, "dresseur", "Il vit avec des loups.")
    inside = fiche(3, "dresseur", nature=section("Voir des loups, et dresser des loups."))
    for order in ((named, told, inside), (inside, told, named)):
        result = found(search(*OTHERS, *order), "loups")
        assert result[0] == "MET.1"
        assert set(result) <= {"MET.1", "MET.2", "MET.3"}


def test_another_name_is_a_name() -> None:
    told = fiche(1, "dompteur", "Il vit avec des loups.")
    named = fiche(2, "garde", other_names=(Appellation(name="gardien", feminine="louvetière"),))
    assert found(search(*OTHERS, told, named), "louvetières")[0] == "MET.2"


def test_a_job_that_holds_all_the_words_comes_before_those_that_hold_one() -> None:
    both = fiche(3, "a", "Soigner les loups la nuit.")
    one, other = fiche(1, "b", "Soigner les loups."), fiche(2, "c", "Travailler la nuit.")
    assert found(search(*OTHERS, one, other, both), "loups, la nuit")[0] == "MET.3"


def test_jobs_that_answer_equally_keep_the_order_of_the_catalogue() -> None:
    twins = [fiche(n, "dompteur", "Il vit avec des loups.") for n in (3, 1, 2)]
    assert found(search(*OTHERS, *twins), "loups") == ["MET.3", "MET.1", "MET.2"]


def test_what_nobody_holds_finds_nothing() -> None:
    for words in ("kangourou", "xyz", "12345"):
        assert found(search(*OTHERS), words) == []


def test_a_word_of_the_thesaurus_finds_what_the_fiches_say() -> None:
    told = fiche(1, "bactériologiste", "Il étudie les bactéries.")
    thesaurus = Thesaurus({"bactéries": ["microbe", "petites bêtes invisibles"]}, empty=("les",))
    assert found(search(*OTHERS, told), "microbes") == []
    for words in ("microbes", "les petites bêtes invisibles"):
        assert found(search(*OTHERS, told, thesaurus=thesaurus), words) == ["MET.1"]


def test_the_word_itself_comes_before_what_stands_for_it() -> None:
    other = fiche(1, "laborantin", "Il étudie les bactéries.")
    itself = fiche(2, "chercheur", "Il étudie les microbes.")
    thesaurus = Thesaurus({"bactéries": ["microbe"]})
    result = found(search(*OTHERS, other, itself, thesaurus=thesaurus), "microbes")
    assert result == ["MET.2", "MET.1"]


def test_a_name_alone_leads_nowhere() -> None:
    """A job that only a table names has no text to show: it is never listed."""
    alone = replace(fiche(1, "dresseur de loups"), presentation=None, niveau_min="bac + 2")
    summed = replace(fiche(2, "gardien de loups"), presentation=None, summary=section(COMMON))
    with closing(search(alone, summed)) as searched:
        assert searched.find(Criteria(), "loups").metiers == ("MET.2",)
        assert searched.meeting(Criteria(niveau="bac+2")).metiers == ()


@pytest.mark.parametrize("fiches", [(), (fiche(1, "dresseur de loups"),)])
def test_a_catalogue_of_nothing_or_one_job(fiches: tuple[Fiche, ...], tmp_path: Path) -> None:
    write_index(Contents(fiches=fiches), tmp_path / "i")
    for catalogue in (Catalogue(fiches), load_catalogue([tmp_path / "i"])):
        with closing(Search(catalogue, Thesaurus({}))) as searched:
            assert searched.find(Criteria(), "loups").metiers == tuple(f.id for f in fiches)
            assert searched.find(Criteria(), "kangourou").metiers == ()
            assert len(searched.meeting(Criteria(), "loups").metiers) == len(fiches)
            assert searched.find(Criteria(niveau="bac"), "loups").metiers == tuple(
                f.id for f in fiches
            )


# Criteria beside words


def pack() -> list[Fiche]:
    return [
        fiche(1, "dresseur de loups", niveau_min="bac + 2", statuts=("salarié",)),
        fiche(2, "soigneur de loups", niveau_min="bac + 5", statuts=("salarié",)),
        fiche(3, "ami des loups", niveau_min="bac + 5", statuts=("artisan",)),
        fiche(4, "garde", "Il voit des loups.", niveau_min="bac + 2", statuts=("salarié",)),
        fiche(5, "dentiste", niveau_min="bac + 2", statuts=("salarié",)),
    ]


def test_what_misses_one_criterion_follows_told_apart() -> None:
    asked = Criteria(niveau="bac+2", statuts=("salarié",))
    with closing(search(*OTHERS, *pack()[1:])) as searched:
        result = searched.find(asked, "loups")
    assert result.metiers[: result.exact] == ("MET.4",)
    assert result.metiers[result.exact :] == ("MET.2",), "MET.3 misses two"


def test_nothing_near_comes_when_what_meets_all_answers_best() -> None:
    asked = Criteria(niveau="bac+2", statuts=("salarié",))
    with closing(search(*OTHERS, *pack())) as searched:
        result = searched.find(asked, "loups")
    assert result.metiers[0] == "MET.1"
    assert result.exact == len(result.metiers)


def test_without_words_only_what_meets_all_is_listed() -> None:
    asked = Criteria(niveau="bac+2", statuts=("salarié",))
    with closing(search(*pack())) as searched:
        for words in ("", " ", "?"):
            assert searched.find(asked, words) == SearchResult(
                metiers=tuple(MetierId(f"MET.{n}") for n in (1, 4, 5)), exact=3
            )
        assert searched.meeting(asked, "dentiste").metiers == ("MET.5", "MET.1", "MET.4")
        assert not searched.says_something("?")
        assert searched.says_something("loups")


def test_a_hint_puts_forward_and_drops_nobody() -> None:
    night = fiche(8, "gardien de loups", domaines=(Domaine(domaine="nuit"),))
    day = fiche(7, "gardien de loups")
    with closing(search(*OTHERS, day, night)) as searched:
        assert searched.find(Criteria(), "loups").metiers == ("MET.7", "MET.8")
        hints = Criteria(domaines=("nuit",))
        assert searched.find(Criteria(), "loups", hints=hints).metiers == ("MET.8", "MET.7")


# The real catalogue


@pytest.fixture(scope="module")
def catalogue(onisep: Path) -> Catalogue:
    return load_catalogue([onisep / "fiches-md", onisep / "metiers.json"])


@pytest.fixture(scope="module")
def thesaurus() -> Thesaurus:
    return thesaurus_from(read_lexicon(INTENTS))


@pytest.fixture(scope="module")
def real(catalogue: Catalogue, thesaurus: Thesaurus) -> Iterator[Search]:
    with closing(Search(catalogue, thesaurus)) as searched:
        yield searched


def answers(searched: Search, queries: tuple[str, ...] = QUERIES) -> list[SearchResult]:
    """Fifty searches, in turn with each of the criteria, and the same as lists."""
    asked = [(CRITERIA[n % len(CRITERIA)], words) for n, words in enumerate(queries)]
    results = [searched.find(criteria, words) for criteria, words in asked]
    results += [searched.find(Criteria(), words, hints=criteria) for criteria, words in asked[::5]]
    return results + [searched.meeting(criteria, words) for criteria, words in asked[::5]]


def test_the_queries_find_jobs(real: Search) -> None:
    assert len(set(QUERIES)) == 50
    assert all(real.find(Criteria(), words).metiers for words in QUERIES)


def test_an_index_answers_as_its_sources(
    catalogue: Catalogue, thesaurus: Thesaurus, real: Search, tmp_path: Path
) -> None:
    index = tmp_path / "catalogue.sqlite"
    write_index(catalogue.contents, index)
    built = load_catalogue([index])
    assert built.index is not None
    with closing(Search(built, thesaurus)) as searched:
        expected = answers(real)
        assert answers(searched) == expected
        searched.close()
        assert answers(searched) == expected, "opened again"


def test_two_searches_of_one_catalogue_answer_alike(
    catalogue: Catalogue, thesaurus: Thesaurus
) -> None:
    made = [Search(Catalogue(tuple(catalogue)[:100]), thesaurus) for _ in range(2)]
    with closing(made[0]), closing(made[1]):
        assert answers(made[0]) == answers(made[1])


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def test_accents_capitals_and_signs_do_not_matter(real: Search) -> None:
    expected = answers(real)
    for change in (plain, str.upper, str.title, lambda words: f"« {words} » ?!"):
        assert answers(real, tuple(map(change, QUERIES))) == expected
    decomposed = tuple(unicodedata.normalize("NFD", words) for words in QUERIES)
    assert decomposed != QUERIES
    assert answers(real, decomposed) == expected


def test_what_meets_the_criteria_is_told_from_what_comes_near(
    catalogue: Catalogue, real: Search
) -> None:
    fiches = {fiche.id: fiche for fiche in catalogue}
    near = 0
    for criteria in CRITERIA[1:]:
        for words in QUERIES:
            result = real.find(criteria, words)
            assert len(set(result.metiers)) == len(result.metiers)
            counts = LabelIndex([fiches[metier] for metier in result.metiers]).missed(criteria)
            assert set(counts[: result.exact].tolist()) <= {0}
            assert set(counts[result.exact :].tolist()) <= {1}
            near += len(result.metiers) - result.exact
    assert near > 100


def test_real_titles_find_their_job(catalogue: Catalogue, real: Search) -> None:
    """Nearly always first; another job may bear the same words."""
    named = [f for f in catalogue if f.presentation is not None][::5]
    places = []
    for one in named:
        metiers = real.find(Criteria(), one.title.masculine or one.name).metiers
        places.append(metiers.index(one.id) if one.id in metiers else len(metiers))
    assert len(places) > 150
    assert sum(place == 0 for place in places) >= 0.85 * len(places)
    assert sum(place < 5 for place in places) >= 0.97 * len(places)


# Threads, closing, and anything that may be typed


def test_threads_share_one_search(
    catalogue: Catalogue, thesaurus: Thesaurus, tmp_path: Path
) -> None:
    """Eight at once, while a ninth closes it under them without end."""
    index = tmp_path / "catalogue.sqlite"
    write_index(Contents(fiches=tuple(catalogue)[:200]), index)
    searched = Search(load_catalogue([index]), thesaurus)
    expected = answers(searched, QUERIES[:12])
    found: list[list[SearchResult]] = []
    start = threading.Barrier(9)

    def work() -> None:
        start.wait()
        found.append(answers(searched, QUERIES[:12]))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    start.wait()
    while any(thread.is_alive() for thread in threads):
        searched.close()
    assert found == [expected] * 8
    searched.close()


def test_closing_releases_the_index(tmp_path: Path) -> None:
    write_index(Contents(fiches=(*OTHERS, fiche(1, "dresseur de loups"))), tmp_path / "i")
    opened = Path("/dev/fd")
    if not opened.is_dir():
        pytest.skip("this system does not tell which files are open")
    searched = Search(load_catalogue([tmp_path / "i"]), Thesaurus({}))
    gc.collect()
    before = len(list(opened.iterdir()))
    for _ in range(3):
        assert searched.find(Criteria(), "loups").metiers == ("MET.1",)
        assert len(list(opened.iterdir())) == before + 1
        searched.close()
        searched.close()
        assert len(list(opened.iterdir())) == before


HOSTILE = (
    '"', "''", "a'b", "loups AND", "OR OR OR", "NOT loups", "NEAR(loups garde, 2)", "names:loups",
    "passage MATCH loups", "loups*", "^loups", "-loups", "(loups", "loups; DROP TABLE record",
    "\0", "loups\0loups", "é" * 1000, "loup " * 5000, "\U0001f43a", "²³", "١٢٣", "ﬁnance", "ß",
    "a" * 100_000, "İstanbul", "\u202eloups", "{loups}", "loups+garde", "?1", "%s%n",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_is_a_command(words: str) -> None:
    with closing(search(*OTHERS, *pack())) as searched:
        result = searched.find(Criteria(), words)
        if searched.says_something(words):
            assert set(result.metiers) <= {f"MET.{n}" for n in (1, 2, 3, 4)}
            assert bool(result.metiers) == ("loup" in words.casefold())
        else:
            assert result.exact == len(OTHERS) + len(pack())


@pytest.fixture(scope="module")
def wolves() -> Iterator[Search]:
    with closing(search(*OTHERS, *pack())) as searched:
        yield searched


@given(words=st.text())
def test_any_text_gives_a_list(wolves: Search, words: str) -> None:
    result = wolves.find(Criteria(niveau="bac"), words)
    assert 0 <= result.exact <= len(result.metiers)
    assert len(set(result.metiers)) == len(result.metiers)
    assert wolves.find(Criteria(niveau="bac"), words) == result
