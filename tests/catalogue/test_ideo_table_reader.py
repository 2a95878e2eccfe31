"""The Idéo-métiers table in its three forms, and the names that it writes in two genders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.catalogue.fiche import Appellation, Domaine, Fiche
from bot.catalogue.gendered_name import read_gendered_name
from bot.catalogue.ideo_table_reader import (
    parse_domaines,
    parse_table_csv,
    parse_table_json,
    parse_table_xml,
)
from bot.catalogue.loading import load_catalogue
from bot.errors import CatalogueError

PATH = Path("table")
LINK = "https://www.onisep.fr/http/redirection/metier/slug/"

JSON_ROWS = [
    {
        "libelle": "horloger / horlogère de la Lune",
        "codes_rome": [{"code": "B9901", "libelle": "Heures"}],
        "url_onisep": f"{LINK}MET.900001",
        "domaine": "temps/cadrans, aiguilles| nuit/lune/croissants",
        "sous_domaine": None,
        "annee": 2024,
    },
    {
        "libelle": "horloger / horlogère de la Lune",
        "codes_rome": [{"code": "B9902"}, {"code": "B9901"}],
        "url_onisep": f"{LINK}MET.900001",
        "domaine": "nuit/lune/croissants",
    },
    {"libelle": "rêveur", "codes_rome": [], "url_onisep": f"{LINK}MET.900002", "domaine": None},
]
XML = f"""<?xml version="1.0"?><root>
<item><libelle_metier>horloger / horlogère de la Lune</libelle_metier>
<lien_site_onisepfr>{LINK}MET.900001</lien_site_onisepfr><annee>2024</annee>
<code_rome>B9901</code_rome>
<domainesous-domaine>temps/cadrans, aiguilles| nuit/lune/croissants</domainesous-domaine></item>
<item><libelle_metier>horloger / horlogère de la Lune</libelle_metier>
<lien_site_onisepfr>{LINK}MET.900001</lien_site_onisepfr><code_rome>B9902 | B9901</code_rome>
<domainesous-domaine>nuit/lune/croissants</domainesous-domaine></item>
<item><libelle_metier>rêveur</libelle_metier>
<lien_site_onisepfr>{LINK}MET.900002</lien_site_onisepfr><code_rome/></item>
</root>"""
CSV = f"""\ufefflibellé métier;lien site onisep.fr;nom publication;code ROME;domaine/sous-domaine
horloger / horlogère de la Lune;{LINK}MET.900001;"La ""Lune"" ; guide";B9901;temps/cadrans, aiguilles| nuit/lune/croissants
horloger / horlogère de la Lune;{LINK}MET.900001;Heures;B9902 | B9901;nuit/lune/croissants

rêveur;{LINK}MET.900002;;;
"""


@pytest.fixture(params=["json", "xml", "csv"])
def fiches(request: pytest.FixtureRequest) -> tuple[Fiche, ...]:
    if request.param == "json":
        return parse_table_json(json.dumps(JSON_ROWS).encode(), PATH)
    if request.param == "xml":
        return parse_table_xml(XML.encode(), PATH)
    return parse_table_csv(CSV.encode(), PATH)


def test_the_rows_of_a_job_are_one_fiche(fiches: tuple[Fiche, ...]) -> None:
    lune, reveur = fiches
    assert lune.id == "MET.900001"
    assert lune.title == Appellation(
        name="horloger / horlogère de la Lune",
        masculine="horloger de la Lune",
        feminine="horlogère de la Lune",
    )
    assert lune.rome_codes == ("B9901", "B9902")
    assert lune.domaines == (
        Domaine(domaine="temps", sous_domaine="cadrans, aiguilles"),
        Domaine(domaine="nuit", sous_domaine="lune/croissants"),
    )
    assert lune.source.url == f"{LINK}MET.900001"
    assert lune.source.dataset == "Idéo-métiers Onisep"
    assert (reveur.rome_codes, reveur.domaines) == ((), ())


def test_the_answer_of_the_api_is_read_too() -> None:
    rows = [{"libelle_metier": "rêveur", "lien_site_onisepfr": f"{LINK}MET.1", "codeRome": "A1"}]
    (fiche,) = parse_table_json(json.dumps({"total": 1, "results": rows}).encode(), PATH)
    assert (fiche.name, fiche.rome_codes) == ("rêveur", ("A1",))


def test_domaines() -> None:
    assert parse_domaines("hôtellerie,  tourisme/bar | social|| ") == (
        Domaine(domaine="hôtellerie, tourisme", sous_domaine="bar"),
        Domaine(domaine="social"),
    )


@pytest.mark.parametrize(
    ("name", "masculine", "feminine"),
    [
        ("acheteur / acheteuse", "acheteur", "acheteuse"),
        ("robinétier /robinétière nucléaire", "robinétier nucléaire", "robinétière nucléaire"),
        ("acheteur / acheteuse (mode)", "acheteur (mode)", "acheteuse (mode)"),
        ("chef de rang / cheffe de rang", "chef de rang", "cheffe de rang"),
        ("décorateur / décoratrice-scénographe", "décorateur-scénographe", "décoratrice-scénographe"),
        ("secrétaire médical / médicale", "secrétaire médical", "secrétaire médicale"),
        ("analyste financier / financière et ESG", "analyste financier et ESG", "analyste financière et ESG"),
        ("traiteur de réception/ traiteuse de réception", "traiteur de réception", "traiteuse de réception"),
        ("technicien / technicienne d'études et /ou des méthodes", "technicien d'études et /ou des méthodes", "technicienne d'études et /ou des méthodes"),
        ("accessoiriste", None, None),
        ("interprète français / LSF", None, None),
        ("femme / valet de chambre", None, None),
        ("job coach (conseiller / conseillère en emploi)", None, None),
        ("teinturier / teinturière blanchisseur / blanchisseuse", None, None),
        ("responsable d'études et/ou des méthodes", None, None),
        (" / ", None, None),
    ],
)  # fmt: skip
def test_names_in_two_genders(name: str, masculine: str | None, feminine: str | None) -> None:
    assert read_gendered_name(name) == Appellation(
        name=name, masculine=masculine, feminine=feminine
    )


def test_the_names_of_the_real_table_agree_with_the_fiches(onisep: Path) -> None:
    """The fiches give the genders in full. They differ from the table in a few wordings
    (« RH » and « ressources humaines ») and have mistakes of their own (« poseur » twice)."""
    table = parse_table_xml((onisep / "ideo-metiers_onisep.xml").read_bytes(), PATH)
    pairs = [fiche for fiche in table if " / " in fiche.name]
    assert len(pairs) > 700
    assert sum(fiche.title.feminine is None for fiche in pairs) <= 8

    fiches = load_catalogue([onisep / "fiches-md"])
    both = [
        (fiche.title, fiches[fiche.id].title)
        for fiche in pairs
        if fiche.title.feminine and fiche.id in fiches
    ]
    same = [(a.feminine, a.masculine) == (b.feminine, b.masculine) for a, b in both]
    assert len(same) > 600
    assert sum(same) / len(same) > 0.94


@pytest.mark.parametrize(
    ("file", "jobs", "with_rome"),
    [("ideo-metiers_onisep.xml", 1043, 919), ("metiers.json", 1075, 924)],
)
def test_the_real_tables(onisep: Path, file: str, jobs: int, with_rome: int) -> None:
    data = (onisep / file).read_bytes()
    parse = parse_table_xml if file.endswith("xml") else parse_table_json
    fiches = parse(data, PATH)
    assert len(fiches) == len({fiche.id for fiche in fiches}) == jobs
    assert sum(bool(fiche.rome_codes) for fiche in fiches) == with_rome
    assert all(fiche.domaines for fiche in fiches)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE root [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE root [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE root SYSTEM "http://example.org/x.dtd">',
    ],
)
def test_a_document_type_is_refused(declaration: bytes) -> None:
    data = b"<?xml version='1.0'?>\n" + declaration + b"<root><item>&b;</item></root>"
    with pytest.raises(CatalogueError) as caught:
        parse_table_xml(data, PATH)
    assert [(p.key, p.line) for p in caught.value.problems] == [("xml_doctype", 2)]


@pytest.mark.parametrize(
    ("data", "key", "line"),
    [
        (b"<root>\n<item></root>", "xml_malformed", 2),
        (b"<?xml version='1.0' encoding='utf-7'?><root/>", "xml_malformed", 1),
        (b"<root><item>&x;</item></root>", "xml_malformed", 1),
        (b"<root/>", "table_empty", None),
        (b"<root>\n<item><libelle_metier>a</libelle_metier></item></root>", "table_link_missing", 2),
    ],
)  # fmt: skip
def test_bad_xml(data: bytes, key: str, line: int | None) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_table_xml(data, PATH)
    assert [(p.key, p.line) for p in caught.value.problems] == [(key, line)]


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ('[\n{"libelle": }]', "json_malformed", 2),
        ("[" * 100_000, "json_too_deep", None),
        ('{"a": 1}', "table_malformed", None),
        ("[" + "9" * 5000 + "]", "table_malformed", None),
        ("[]", "table_empty", None),
        ("[1]", "table_link_missing", None),
        ('[{"libelle": "a", "url_onisep": "x/MET_557"}]', "table_link_missing", None),
        ('[{"libelle": "", "url_onisep": "x/MET.557"}]', "table_name_missing", None),
        ('[{"libelle": "\\ud800", "url_onisep": "x/MET.557"}]', "table_name_missing", None),
    ],
)
def test_bad_json(text: str, key: str, line: int | None) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_table_json(text.encode(), PATH)
    assert [(p.key, p.line) for p in caught.value.problems] == [(key, line)]


def test_every_bad_row_is_told_with_its_line_and_field() -> None:
    data = f"libelle_metier;lien_site_onisepfr\na;nulle part\n;{LINK}MET.1\nb;{LINK}MET.2\n"
    with pytest.raises(CatalogueError) as caught:
        parse_table_csv(data.encode(), PATH)
    assert [(p.key, p.line, p.field, p.detail) for p in caught.value.problems] == [
        ("table_link_missing", 2, "lien site onisep.fr", "1"),
        ("table_name_missing", 3, "libellé métier", "2"),
    ]


def test_a_cell_too_long_for_csv() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_table_csv(b"libelle_metier;b\na;" + b"x" * 200_000, PATH)
    assert [(p.key, p.line) for p in caught.value.problems] == [("csv_malformed", 2)]
