"""Which fiches the appellations of the ROME name: hand-made ones, then the real ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Block, Fiche, Section
from bot.catalogue.gendered_name import read_gendered_name
from bot.catalogue.rome import RomeAppellation
from bot.understanding.alias_ranking import AliasSettings
from bot.understanding.metier_names import metier_names, written_names
from bot.understanding.normalisation import Normaliser
from bot.understanding.rome_aliases import RomeAlias, aliases_of
from tests.understanding.rome_appellations import hide_other_names
from tests.understanding.small_catalogue import small_fiche

NORMALISER = Normaliser()
WINDOWS, DOORS, GARDENS = "F9901", "F9902", "A9901"
SETTINGS = AliasSettings()


def fiche(number: int, title: str, *others: str, codes: tuple[str, ...], told: str = "") -> Fiche:
    section = Section(blocks=(Block(text=told),)) if told else None
    return replace(small_fiche(number, title, None, *others), rome_codes=codes, summary=section)


CATALOGUE = Catalogue(
    [
        fiche(1, "poseur de fenêtres", "vitrier", codes=(WINDOWS,)),
        fiche(2, "fabricant de vitraux", codes=(WINDOWS,), told="Il assemble des mosaïques."),
        fiche(3, "serrurier", "dépanneur de portes", codes=(DOORS,)),
        fiche(4, "jardinier", codes=(GARDENS,)),
        fiche(5, "paysagiste", codes=(GARDENS,)),
        fiche(6, "poseur de clôtures", codes=()),
    ]
)


def appellation(label: str, *codes: str, number: int = 1) -> RomeAppellation:
    genders = read_gendered_name(label)
    return RomeAppellation(
        code=str(number),
        label=label,
        short_label=label,
        masculine=genders.masculine,
        feminine=genders.feminine,
        rome_codes=codes,
    )


def aliases(*appellations: RomeAppellation, known: tuple[str, ...] = ()) -> tuple[RomeAlias, ...]:
    return aliases_of(
        appellations,
        CATALOGUE,
        names=metier_names(written_names(CATALOGUE, {}), NORMALISER),
        normaliser=NORMALISER,
        is_known_word=set(known).__contains__,
    )


def named(*appellations: RomeAppellation) -> dict[str, list[str]]:
    return {alias.form: [m.id for m in alias.metiers] for alias in aliases(*appellations)}


def first(weights: AliasSettings, *appellations: RomeAppellation) -> str | None:
    """The fiche that the first appellation names."""
    names = metier_names(written_names(CATALOGUE, {}), NORMALISER)
    found = aliases_of(
        appellations, CATALOGUE, names=names, normaliser=NORMALISER, settings=weights
    )
    return next((a.metiers[0].id for a in found if a.form == appellations[0].label), None)


# Which fiche


def test_the_fiche_whose_name_is_close_comes_first() -> None:
    assert named(appellation("Poseur / Poseuse de fenêtres de toit", WINDOWS)) == {
        "Poseur / Poseuse de fenêtres de toit": ["MET.1"]
    }


def test_a_fiche_of_another_code_is_no_candidate() -> None:
    assert named(appellation("Poseur de fenêtres en bois", DOORS)) == {}
    assert named(appellation("Poseur de fenêtres en bois", "Z9999")) == {}


def test_the_parent_code_leads_to_the_fiche() -> None:
    assert named(appellation("Poseur de fenêtres en bois", "F9999", WINDOWS)) != {}


def test_words_of_one_root_are_close() -> None:
    (found,) = aliases(appellation("Serrurerie d'art", DOORS))
    assert [metier.id for metier in found.metiers] == ["MET.3"]


def test_neighbours_lead_to_a_fiche_that_shares_no_word() -> None:
    """« vitrier » is a name of a fiche, and the ROME files this one with it."""
    known = appellation("Vitrier", "F9911", WINDOWS, number=2)
    new = appellation("Miroitier d'atelier", "F9911", WINDOWS)
    weights = AliasSettings(floor=0.15)
    assert first(weights, new, known) == "MET.1"
    assert first(weights, new) is None
    assert first(weights, new, replace(known, rome_codes=("F9912", WINDOWS))) is None


def test_a_neighbour_makes_a_candidate_of_a_fiche_without_the_code() -> None:
    near = appellation("Installateur de clôtures", "A9911", number=2)
    assert first(SETTINGS, near, appellation("Poseur de clôtures", "A9911")) == "MET.6"


def test_the_text_of_a_fiche_tells_it_from_another() -> None:
    weights = AliasSettings(floor=0.0)
    like = appellation("Poseur de vitraux en mosaïque", WINDOWS)
    assert first(weights, like) == "MET.2"


def test_fiches_that_fit_equally_are_asked_about() -> None:
    (found,) = aliases(appellation("Jardinier paysagiste", GARDENS))
    assert found.is_ambiguous
    assert {metier.id for metier in found.metiers} == {"MET.4", "MET.5"}


# Which appellations


def test_a_name_that_a_fiche_has_is_no_alias() -> None:
    assert named(appellation("Vitrier / Vitrière", WINDOWS)) == {}


def test_an_appellation_that_fits_no_fiche_is_no_alias() -> None:
    assert named(appellation("Chauffeur de chaudière", WINDOWS)) == {}


@pytest.mark.parametrize("label", ["", "/", "de la", "?!"])
def test_a_label_without_a_word_is_no_alias(label: str) -> None:
    assert named(appellation(label, WINDOWS)) == {}


def test_no_appellation_no_alias() -> None:
    assert aliases() == ()


def test_each_gender_is_a_way_of_saying_when_stems_differ() -> None:
    found = aliases(appellation("Maître serrurier / Maîtresse serrurière", DOORS))
    assert [alias.stems for alias in found] == [
        ("maitr", "serurier"),
        ("maitres", "serurier"),
        ("maitr", "serurier", "maitres", "serurier"),
    ]
    (found_once,) = aliases(appellation("Aide-serrurier / Aide-serrurière", DOORS))
    assert found_once.stems == ("aid", "serurier")


def test_a_bare_french_word_needs_the_title() -> None:
    told = fiche(7, "artilleur", "mineur de fond", codes=("B9901",))
    catalogue = Catalogue([told])
    names = metier_names(written_names(catalogue, {}), NORMALISER)

    def found(label: str, *known: str) -> bool:
        return bool(
            aliases_of(
                [appellation(label, "B9901")],
                catalogue,
                names=names,
                normaliser=NORMALISER,
                is_known_word=set(known).__contains__,
                settings=AliasSettings(bare_floor=0.0, floor=0.0),
            )
        )

    assert found("Mineur")
    assert not found("Mineur", "mineur")
    assert found("Artillerie", "artillerie")
    assert not found("Mine")


# Laws

LABELS = (
    "Poseur de fenêtres de toit",
    "Fabricante de vitraux peints",
    "Dépanneur / Dépanneuse de serrures",
    "Jardinier paysagiste",
    "Vitrier",
    "Poseuse de fenêtres de toit",
    "Paysagiste concepteur",
)
SOME = st.lists(
    st.tuples(
        st.sampled_from(LABELS),
        st.lists(st.sampled_from([WINDOWS, DOORS, GARDENS, "F9911"]), min_size=1, max_size=2),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(SOME, st.randoms())
def test_aliases_are_sound_whatever_the_order(
    rows: list[tuple[str, list[str]]], random: object
) -> None:
    some = [appellation(label, *codes, number=n) for n, (label, codes) in enumerate(rows)]
    found = aliases(*some)
    own = {name.stems for name in metier_names(written_names(CATALOGUE, {}), NORMALISER)}
    assert len({alias.stems for alias in found}) == len(found)
    for alias in found:
        assert alias.stems not in own
        assert alias.form in LABELS
        weights = [metier.weight for metier in alias.metiers]
        assert 1 <= len(weights) <= SETTINGS.most
        assert weights == sorted(weights, reverse=True)
        assert SETTINGS.floor <= weights[0] <= 1
        assert all(metier.id in CATALOGUE for metier in alias.metiers)
        assert not alias.is_ambiguous or len(weights) > 1
    back = {alias.stems: alias.metiers[0].weight for alias in aliases(*reversed(some))}
    assert back == {alias.stems: alias.metiers[0].weight for alias in found}


# The real catalogue

RIGHT_OF_THOSE_SHARING_A_CODE = 0.75
RIGHT_WHEN_NOT_ASKING = 0.80


def test_other_names_hidden_in_turn_find_their_fiche(onisep_assistant: Assistant) -> None:
    """How an appellation does that no fiche has in other words: harder than most of them."""
    catalogue = onisep_assistant.catalogue
    hidden = hide_other_names(catalogue, onisep_assistant.interpreter.normaliser)
    sharing = [one for one in hidden if one.shares_code]
    taken = [one for one in hidden if one.found and not one.asks]
    wrong = [
        f"{one.name.form}: {[catalogue[metier.id].name for metier in one.found[:2]]}"
        for one in taken
        if not one.is_right
    ]
    print(
        f"{len(hidden)} hidden, first {_rate([one.is_right for one in hidden])}, "
        f"in five {_rate([one.is_among for one in hidden])}; "
        f"{len(sharing)} sharing a code, first {_rate([one.is_right for one in sharing])}, "
        f"in five {_rate([one.is_among for one in sharing])}; "
        f"{len(taken)} taken without asking, right {_rate([one.is_right for one in taken])}",
        *wrong,
        sep="\n",
    )
    assert len(sharing) > 300
    assert _rate([one.is_right for one in sharing]) >= RIGHT_OF_THOSE_SHARING_A_CODE
    assert _rate([one.is_right for one in taken]) >= RIGHT_WHEN_NOT_ASKING


def _rate(outcomes: list[bool]) -> float:
    return round(sum(outcomes) / len(outcomes), 3)
