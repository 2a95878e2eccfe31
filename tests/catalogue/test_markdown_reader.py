"""The Markdown reader, on fiches written for it: golden files, then one test per trap."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.fiche import Appellation, Block, Fiche, FormationLink
from bot.catalogue.markdown_reader import parse_markdown, read_markdown
from bot.errors import CatalogueError
from tests.conftest import SEEDS

CASES = Path(__file__).parent / "cases" / "markdown"
INPUTS = sorted(path for path in CASES.iterdir() if path.suffix in {".md", ".txt"})
PATH = Path("fiche.md")
HEAD = "# allumeur de réverbères\n**ID:** MET.1\n"


def as_json(fiche: Fiche) -> dict[str, Any]:
    """The fiche as plain values, without the fields that the source has not."""
    return dict(_present(asdict(fiche)))


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _present(v) for k, v in value.items() if v not in (None, (), False)}
    return [_present(item) for item in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_golden(path: Path, update_golden: bool) -> None:
    expected = path.with_suffix(".expected.json")
    read = as_json(read_markdown(path))
    if update_golden:
        expected.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert read == json.loads(expected.read_text("utf-8"))


def test_the_golden_folder_is_not_empty() -> None:
    assert len(INPUTS) >= 4


def parse(text: str) -> Fiche:
    return parse_markdown(HEAD + text, PATH)


def test_seed_fiche() -> None:
    fiche = read_markdown(SEEDS / "000_6a130bb626355c75.txt")
    assert fiche.id == "MET.7984"
    assert fiche.title == Appellation(
        name="chargé/e de post-production",
        feminine="chargée de post-production",
        masculine="chargé de post-production",
    )
    assert fiche.niveau_min == "bac + 2"
    assert fiche.statuts == ("intermittent du spectacle",)
    assert fiche.formations[-1] == FormationLink(label="chef monteur (FEMIS)", id="FOR.11422")  # type: ignore[arg-type]
    assert [path.entry for path in fiche.study_paths] == ["Après le bac"]
    assert fiche.summary is not None and "Durée des études" not in fiche.summary.text
    assert fiche.nature is fiche.salary is fiche.access is None
    assert fiche.source.url == "https://www.onisep.fr/http/redirection/metier/slug/MET.7984"
    assert (fiche.source.dataset, fiche.source.licence) == ("Idéo-fiches métiers", "ODbL")


def test_an_absent_field_is_none_or_empty() -> None:
    fiche = parse("")
    assert (fiche.presentation, fiche.summary, fiche.niveau_min) == (None, None, None)
    assert not any((fiche.study_paths, fiche.formations, fiche.statuts, fiche.keywords))


def test_an_empty_section_is_none() -> None:
    assert parse("## Présentation\n\n## En bref\n\n   \n").presentation is None


def test_an_indented_heading_is_a_heading() -> None:
    fiche = parse("## Conditions de travail\n\n            ### La nuit\n            Dehors.\n")
    assert fiche.conditions is not None
    assert fiche.conditions.blocks == (Block(text="La nuit", heading=True), Block(text="Dehors."))


def test_an_inner_heading_named_like_a_section_stays_inside() -> None:
    """MET.136 has `### Accès au métier` within another section."""
    fiche = parse("## Nature du travail\n\n### Accès au métier\nPar la porte.\n")
    assert fiche.access is None
    assert fiche.nature is not None and fiche.nature.paragraphs == ("Par la porte.",)


def test_a_break_left_from_the_xml_is_a_line_break() -> None:
    fiche = parse("## Salaire\nSmic, dans le privé<br/>Plus, ailleurs\n<p>\nRien.\n</p>\nFin.\n")
    assert fiche.salary is not None
    assert fiche.salary.paragraphs == ("Smic, dans le privé\nPlus, ailleurs", "Rien.", "Fin.")


def test_text_is_kept_as_written() -> None:
    odd = "L’œil\u00a0: « 5\u202f% »... 3 < 4 & d'ici **gras** là…  deux espaces"
    fiche = parse(f"## Présentation\n\n            {odd}   \n")
    assert fiche.presentation is not None and fiche.presentation.text == odd


def test_text_after_the_list_of_a_label_goes_on_with_the_section() -> None:
    fiche = parse("## Accès au métier\nAvant.\n**Statuts possibles:**\n- artisan\n\nAprès.\n")
    assert fiche.statuts == ("artisan",)
    assert fiche.access is not None and fiche.access.paragraphs == ("Avant.", "Après.")


def test_a_comment_gives_keywords_and_hides_nothing_else() -> None:
    fiche = parse("<!-- SEARCH_KEYWORDS\n- un mot\n-->\n## Présentation\nUn texte.\n")
    assert fiche.keywords == ("un mot",)
    assert fiche.presentation is not None and fiche.presentation.text == "Un texte."


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("**ID:** MET.1\n", "title_missing", 1),
        ("#\n**ID:** MET.1\n", "title_missing", 1),
        ("# titre\n", "id_missing", None),
        ("# titre\n\n**ID:**\n", "id_missing", 3),
        ("# titre\n**ID:** MET_557\n", "id_malformed", 2),
        ("# titre\n**ID:** FOR.12\n", "id_malformed", 2),
        ("# titre\n**ID:** MET.1 MET.2\n", "id_malformed", 2),
        ("# titre\n**ID:** MET.1\n\n**ID:** MET.2\n", "id_repeated", 4),
        ("# titre\n**ID:** MET.1\n<!-- SEARCH_KEYWORDS\n- a\n", "comment_open", 3),
    ],
)
def test_what_is_no_fiche(text: str, key: str, line: int | None) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_markdown(text, PATH)
    (problem,) = caught.value.problems
    assert (problem.path, problem.key, problem.line) == (PATH, key, line)


def test_every_problem_of_a_fiche_is_told_at_once() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_markdown("## En bref\nDu texte.\n<!-- ouvert\n", PATH)
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["title_missing", "id_missing", "comment_open"]
